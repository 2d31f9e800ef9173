"""How sure the model is: the band of an output over the posterior, and the chance of a target.

Both are read off the draws that `calibration.ensemble.ensemble` runs a scenario under: a dataset
with dimensions draw, region and time.
"""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from analysis.targets import margin, value_at
from model.codelists import Target

SHARE = 0.8
"""Part of the draws that lies inside a band."""

Edges = tuple[np.ndarray, np.ndarray]


def edges(runs: xr.Dataset, output: str, region: str, base: xr.Dataset | None = None) -> Edges:
    """Return the lower and the upper end of an output's band in a region, by year-end.

    The band is the central `SHARE` of the draws. With `base`, the draws of another scenario, it is
    that of the difference from it draw by draw: as both stand under the same parameters and the
    same outside events, what is unknown about both cancels. Raises ValueError when the two do not
    have the same number of draws, KeyError for an unknown output or region.
    """
    return all_edges(runs, [output], region, base)[output]


def all_edges(
    runs: xr.Dataset, outputs: Sequence[str], region: str, base: xr.Dataset | None = None
) -> dict[str, Edges]:
    """Return the bands of several outputs, as `edges` does of one, in a fraction of the time."""
    values = np.stack([drawn(runs, output, region) for output in outputs])
    if base is not None:
        if base.sizes["draw"] != runs.sizes["draw"]:
            raise ValueError("both scenarios need the same draws")
        values -= np.stack([drawn(base, output, region) for output in outputs])
    low, high = np.quantile(values, [(1 - SHARE) / 2, (1 + SHARE) / 2], axis=1)
    return {output: (low[place], high[place]) for place, output in enumerate(outputs)}


def drawn(runs: xr.Dataset, output: str, region: str) -> np.ndarray:
    """Return an output's values in a region (draw, time)."""
    place = runs.indexes["region"].get_loc(region)
    return runs.variables[output].isel(region=place).transpose("draw", "time").to_numpy()


def chance(runs: xr.Dataset, target: Target) -> float | None:
    """Return the part of the draws that meet a target in its year, None beyond the run.

    A target met is what `analysis.targets` calls met.
    """
    series = drawn(runs, target.output, target.region)
    times = runs["time"].to_numpy()
    values = [value_at(times, each, target.year) for each in series]
    if target.since is not None:
        before = [value_at(times, each, target.since) for each in series]
        values = [
            None if value is None or base is None else value - base
            for value, base in zip(values, before, strict=True)
        ]
    reached = [value for value in values if value is not None]
    if not reached:
        return None
    return float((margin(target, np.array(reached)) >= 0).mean())
