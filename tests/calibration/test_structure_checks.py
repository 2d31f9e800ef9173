"""Extreme conditions and cut loops: what the structure must do, as a table of checks.

`structure_checks.csv`: a scenario, a constant set in all regions, an output of the province in a
year, what must hold of it, and why. `baseline` in a predicate is the same scenario unchanged.
"""

import csv
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import xarray as xr

from model import load_scenario, shipped_scenarios, simulate

TABLE = Path(__file__).with_name("structure_checks.csv")
CHECKS = list(csv.DictReader(TABLE.read_text("utf-8").splitlines()))
OUTPUTS = sorted({check["output"] for check in CHECKS})
TINY = 1e-6
PREDICATES: dict[str, Callable[[float, float], bool]] = {
    "=": lambda value, wanted: abs(value - wanted) < TINY,
    "<": lambda value, wanted: value < wanted - TINY,
    ">": lambda value, wanted: value > wanted + TINY,
}


@cache
def run(stem: str, change: str) -> xr.Dataset:
    """Return the province under one changed constant, or under none."""
    scenario = load_scenario(next(path for path in shipped_scenarios() if path.stem == stem))
    name, _, number = change.partition(" = ")
    parameters = {name: float(number)} if change else None
    return simulate(scenario, outputs=OUTPUTS, parameters=parameters).sel(region="shandong")


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: f"{check['change']}-{check['output']}")
def test_the_structure_does_what_it_must(check: dict[str, str]) -> None:
    sign, _, wanted = check["predicate"].partition(" ")
    place = {"time": int(check["year"])}
    usual, changed = run(check["scenario"], ""), run(check["scenario"], check["change"])
    limit = float(usual[check["output"]].sel(place)) if wanted == "baseline" else float(wanted)
    found = float(changed[check["output"]].sel(place))
    assert PREDICATES[sign](found, limit), f"{found:g} is not {sign} {limit:g}: {check['reason']}"


def test_every_check_says_why() -> None:
    assert len(CHECKS) > 20
    assert all(check["reason"] and check["predicate"][0] in PREDICATES for check in CHECKS)
