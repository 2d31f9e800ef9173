"""How sure the model is: the band of an output over the posterior, and the chance of a target.

Both are read off the draws that `calibration.ensemble.ensemble` runs a scenario under: a dataset
with dimensions draw, region and time.
"""

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
    values = drawn(runs, output, region)
    if base is not None:
        if base.sizes["draw"] != runs.sizes["draw"]:
            raise ValueError("both scenarios need the same draws")
        values = values - drawn(base, output, region)
    low, high = np.quantile(values, [(1 - SHARE) / 2, (1 + SHARE) / 2], axis=0)
    return low, high


def drawn(runs: xr.Dataset, output: str, region: str) -> np.ndarray:
    """Return an output's values in a region (draw, time)."""
    return runs[output].sel(region=region).transpose("draw", "time").to_numpy()


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
