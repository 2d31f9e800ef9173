"""The coordinates of results, kept for runs with the same times, number and subscripts."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import xarray as xr


@lru_cache(maxsize=8)
def coordinates(
    times: tuple[float, ...], runs: int | None, ranges: tuple[tuple[str, tuple[str, ...]], ...]
) -> xr.Coordinates:
    """Labels of times, of runs unless None, and of subscript ranges (name, elements).

    To make them takes longer than a short run; a dataset takes copies, so they can be shared.
    """
    labels: dict[str, object] = {"time": ("time", np.array(times))}
    if runs is not None:
        labels["run"] = ("run", np.arange(runs))
    return xr.Coordinates(labels | {name: (name, list(elements)) for name, elements in ranges})
