"""What must hold in every run, checked on the model's own balance variables.

The .mdl carries each law as a variable that is zero, or never negative, up to rounding. A run that
breaks one raises InvariantError, which names the law, the scenario, the region, the year and the
size; results of such a run are never returned.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

RELATIVE_TOLERANCE = 1e-9
"""Of the scale of each law: rounding of sixty steps stays a hundred times below it."""


@dataclass(frozen=True)
class Law:
    """One law: `variable` must be zero ("zero"), or at least zero ("positive"), or at least zero
    unless it started below, and then not lower ("floor").

    Sizes are judged against the largest `scale` variable of the run.
    """

    name: str
    variable: str
    kind: str
    scale: str


LAWS = (
    Law("people are conserved", "population balance error", "zero", "resident population"),
    Law("urban growth is split completely", "urban balance error", "zero", "resident population"),
    Law(
        "moves between regions sum to zero",
        "interregional balance error",
        "zero",
        "resident population",
    ),
    Law(
        "each provincial migrant is absent from one region",
        "absentee balance error",
        "zero",
        "resident population",
    ),
    Law(
        "settlers leave a migrant kind and enter settled",
        "settler balance error",
        "zero",
        "resident population",
    ),
    Law("land changes by documented flows", "land balance error", "zero", "arable land"),
    Law("money closes", "money balance error", "zero", "cumulative spending"),
    Law(
        "the payers pay the cost of settling",
        "settling cost balance error",
        "zero",
        "government spending",
    ),
    Law(
        "no cell of people is negative",
        "smallest cell of people",
        "positive",
        "resident population",
    ),
    Law("urban land is not negative", "urban construction land", "positive", "arable land"),
    Law("idle land is not negative", "idle approved land", "positive", "arable land"),
    Law("village land is not negative", "rural settlement land", "positive", "arable land"),
    Law("arable land keeps its floor", "arable margin", "floor", "arable land"),
    Law("quota is not negative", "construction quota bank", "positive", "arable land"),
    Law("debt is not negative", "government debt", "positive", "government debt"),
    Law("services are not negative", "service capacity", "positive", "service capacity"),
    Law("homes are not negative", "housing floor area", "positive", "housing floor area"),
    Law("jobs are not negative", "urban jobs", "positive", "resident population"),
    Law(
        "no more at work than in the labour force",
        "urban unemployed",
        "positive",
        "resident population",
    ),
    Law("no more urban than all residents", "rural population", "positive", "resident population"),
    Law("usable water is not negative", "usable water", "positive", "usable water"),
)


class InvariantError(RuntimeError):
    """A run broke a law of the model; the text names the law, scenario, region, year and size."""


def variables() -> list[str]:
    """Return the model variables that the checks read."""
    return list(dict.fromkeys(name for law in LAWS for name in (law.variable, law.scale)))


def check(result: xr.Dataset, names: Sequence[str]) -> dict[str, float]:
    """Return the largest violation of each law, relative to its scale.

    `result` is an engine run with `variables()`, dimensions run, time and Region where it applies;
    `names` are the runs' scenarios. Raises InvariantError on the first law broken, and when a
    value is not finite.
    """
    refuse_faults(result, names)
    found = {}
    for law in LAWS:
        values = result.variables[law.variable].to_numpy()
        violation = violated(values, law.kind)
        scale = float(np.abs(result.variables[law.scale].to_numpy()).max())
        relative = violation / max(scale, np.finfo(float).tiny)
        found[law.name] = float(relative.max())
        if not found[law.name] <= RELATIVE_TOLERANCE:
            raise InvariantError(describe(law, result[law.variable], relative, names))
    return found


def violated(values: np.ndarray, kind: str) -> np.ndarray:
    """Return how far values (run, time, ...) are from what a kind of law allows."""
    if kind == "zero":
        return np.abs(values)
    # A floor that a region is already under when the run starts may only not be left further.
    lowest = np.minimum(values[:, :1], 0) if kind == "floor" else 0
    return np.maximum(lowest - values, 0)


def refuse_faults(result: xr.Dataset, names: Sequence[str]) -> None:
    """Raise InvariantError when the engine met a number that is not finite."""
    if runs := result.attrs.get("fault_runs"):
        faults = result.attrs.get("faults")
        raise InvariantError(f"{names[runs[0]]}: a value is not finite: {faults}")


def describe(law: Law, values: xr.DataArray, relative: np.ndarray, names: Sequence[str]) -> str:
    """Return the text of a broken law: where it is broken most, and by how much."""
    place = np.unravel_index(np.nanargmax(relative), relative.shape)
    at = values[place]
    scenario = names[int(place[0])]
    region = f", region {at.coords['Region'].item()}" if "Region" in at.coords else ""
    return (
        f"law broken: {law.name}: {law.variable} = {at.item():.6g} in {scenario}{region}, "
        f"year {at.coords['time'].item():g} ({relative[place]:.1e} of {law.scale})"
    )
