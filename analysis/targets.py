"""The plans' targets against a run: the value at the target year, the gap, and when it is met."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from model.codelists import Target, targets

# Figures are compared as the plans print them; this is for rounding in the arithmetic only.
ROUNDING = 1e-9


@dataclass(frozen=True)
class Assessment:
    """One target against one run, in the unit of the target's output.

    `value` is the result at the end of the target year: the level, or the change since
    `target.since`. `gap` is `value` less the target, whatever the direction. `met` says whether
    the target holds at that date; `first_met` is the model time (a year-end, with fractions)
    when it first holds, None when it does not within the run. All are None when the run does
    not reach the dates the target needs.
    """

    target: Target
    value: float | None
    gap: float | None
    met: bool | None
    first_met: float | None


def relevant_targets(region: str, superseded: bool = False) -> tuple[Target, ...]:
    """Return a region's targets in the order of the file, the superseded ones only on request."""
    return tuple(
        target
        for target in targets().values()
        if target.region == region and (superseded or target.status == "current")
    )


def assess(dataset: xr.Dataset, chosen: Iterable[Target]) -> tuple[Assessment, ...]:
    """Return the assessment of each target in one run (no `scenario` dimension).

    Raises KeyError when the dataset lacks a target's output or region.
    """
    return tuple(assess_one(dataset, target) for target in chosen)


def assess_one(dataset: xr.Dataset, target: Target) -> Assessment:
    """Return the assessment of one target; the series is linear between year-ends."""
    series = dataset[target.output].sel(region=target.region)
    times = np.asarray(series["time"].values, dtype=np.float64)
    values = np.asarray(series.values, dtype=np.float64)
    if target.since is not None:
        base = value_at(times, values, target.since)
        if base is None:
            return Assessment(target, None, None, None, None)
        started = times >= target.since
        times, values = times[started], values[started] - base
    value = value_at(times, values, target.year)
    return Assessment(
        target,
        value,
        None if value is None else value - target.value,
        None if value is None else bool(margin(target, np.array([value]))[0] >= 0),
        first_time(times, margin(target, values)),
    )


def first_year(found: Assessment) -> int | None:
    """Return the calendar year in which a target is first met: time 2024.3 lies within 2025, for
    a time stamp is the end of its year."""
    return None if found.first_met is None else math.ceil(found.first_met - 1e-9)


def value_at(times: NDArray[np.float64], values: NDArray[np.float64], year: int) -> float | None:
    """Return the value at the end of `year`, or None outside the run."""
    if times.size == 0 or not times[0] <= year <= times[-1]:
        return None
    return float(np.interp(year, times, values))


def margin(target: Target, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return by how much the values meet the target: zero or more where it is met.

    "at_least" and "at_most" are taken at their word. "about" allows the target's tolerance on the
    near side, and anything beyond: a plan that wants about 75% does not miss it at 78%.
    """
    towards = 1.0 if target.direction == "rise" else -1.0
    allowed = target.tolerance if target.sense == "about" else 0.0
    return towards * (values - target.value) + allowed + ROUNDING * max(1.0, abs(target.value))


def first_time(times: NDArray[np.float64], margins: NDArray[np.float64]) -> float | None:
    """Return the first time at which the margin reaches zero, linear between the times."""
    met = np.flatnonzero(margins >= 0)
    if met.size == 0:
        return None
    index = int(met[0])
    if index == 0:
        return float(times[0])
    before, after = margins[index - 1], margins[index]
    part = -before / (after - before)
    return float(times[index - 1] + part * (times[index] - times[index - 1]))
