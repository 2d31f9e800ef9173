"""Extreme conditions, cut loops, half steps, conclusions: what the structure must do, as a table.

`structure_checks.csv`: a scenario, constants set in all regions ("name = number", several with
";"), an output of the province in a year, what must hold of it, and why. In a predicate,
`baseline` is the same scenario unchanged, and `scenario` and a name another scenario under the
same constants; `~` is within half a percent; `refused` is a run that a law of the model stops.
"""

import csv
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import xarray as xr

from model import InvariantError, load_scenario, shipped_scenarios, simulate
from model.loops import loops

TABLE = Path(__file__).with_name("structure_checks.csv")
CHECKS = list(csv.DictReader(TABLE.read_text("utf-8").splitlines()))
OUTPUTS = sorted({check["output"] for check in CHECKS})
REFUSED = "refused"
TINY = 1e-6
NEAR = 0.005
PREDICATES: dict[str, Callable[[float, float], bool]] = {
    "=": lambda value, wanted: abs(value - wanted) < TINY,
    "!=": lambda value, wanted: abs(value - wanted) > 10 * TINY * abs(wanted),
    "~": lambda value, wanted: abs(value - wanted) < NEAR * abs(wanted),
    "<": lambda value, wanted: value < wanted - TINY,
    ">": lambda value, wanted: value > wanted + TINY,
}


@cache
def run(stem: str, change: str) -> xr.Dataset:
    """Return the province under changed constants, or under none."""
    scenario = load_scenario(next(path for path in shipped_scenarios() if path.stem == stem))
    pairs = (each.partition("=") for each in change.split(";") if change)
    parameters = {name.strip(): float(number) for name, _, number in pairs}
    return simulate(scenario, outputs=OUTPUTS, parameters=parameters).sel(region="shandong")


def value(check: dict[str, str], stem: str, change: str) -> float:
    """Return the output of a check."""
    return float(run(stem, change)[check["output"]].sel(time=int(check["year"])))


def label(check: dict[str, str]) -> str:
    """Return a short name of a check."""
    return f"{check['scenario']}-{check['change'][:40]}-{check['output']}-{check['predicate'][0]}"


@pytest.mark.parametrize("check", CHECKS, ids=label)
def test_the_structure_does_what_it_must(check: dict[str, str]) -> None:
    sign, _, wanted = check["predicate"].partition(" ")
    if sign == REFUSED:
        with pytest.raises(InvariantError):
            run(check["scenario"], check["change"])
        return
    kind, _, other = wanted.partition(" ")
    if kind == "baseline":
        limit = value(check, check["scenario"], "")
    elif kind == "scenario":
        limit = value(check, other, check["change"])
    else:
        limit = float(wanted)
    found = value(check, check["scenario"], check["change"])
    assert PREDICATES[sign](found, limit), f"{found:g} is not {sign} {limit:g}: {check['reason']}"


def test_every_check_says_why() -> None:
    assert all(check["reason"] for check in CHECKS)
    assert {check["predicate"].split()[0] for check in CHECKS} == {*PREDICATES, REFUSED}
    assert len({tuple(check.values())[:5] for check in CHECKS}) == len(CHECKS)


def test_every_loop_is_checked() -> None:
    changes = {check["change"] for check in CHECKS}
    assert {f"loop {loop} switch = 0" for loop in loops()} <= changes
