"""The coordinates of results, kept for runs with the same times, number and subscripts, and
results as tables."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import pandas as pd
import xarray as xr

from engine.errors import ParameterError
from engine.ir import Variable


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


def refuse_run(outputs: Iterable[Variable]) -> None:
    """Raises ParameterError for outputs that a result with a dimension `run` has no room for."""
    for v in outputs:
        if "run" in (v.name, *v.dims):
            raise ParameterError(
                f"{v.name}: `run` names the runs of a sweep; ask for other outputs, or run once"
            )


def flat(result: xr.Dataset) -> pd.DataFrame:
    """A result as a table: a row per time, or per run and time, and a column per element, headed
    `name` or `name[element,element]` as Vensim heads what it exports."""
    rows = [d for d in ("run", "time") if d in result.dims]
    columns = {}
    for name, array in result.data_vars.items():
        inner = [d for d in array.dims if d not in rows]
        labels: list = [array.coords[d].to_numpy() for d in inner]
        values = array.transpose(*rows, *inner).to_numpy().reshape(-1, *map(len, labels))
        for place in itertools.product(*(range(len(e)) for e in labels)):
            chosen = ",".join(str(e[i]) for e, i in zip(labels, place, strict=True))
            columns[f"{name}[{chosen}]" if inner else str(name)] = values[:, *place]
    index = pd.MultiIndex.from_product([result[d].to_numpy() for d in rows], names=rows)
    return pd.DataFrame(columns, index if len(rows) > 1 else index.get_level_values(0))
