"""Every lever, moved from its low to its high end, moves its natural outputs the right way.

The expectations stand in `lever_effects.csv`: lever, region, output (with `:kind` where an output
has one), year, sign, and why.
"""

import csv
from functools import cache
from pathlib import Path

import pytest
import xarray as xr

from model import levers, load_scenario, simulate

EFFECTS = list(
    csv.DictReader((Path(__file__).parent / "lever_effects.csv").read_text("utf-8").splitlines())
)
BASELINE = Path(__file__).parents[2] / "scenarios" / "baseline.yaml"
LEAST_RELATIVE_EFFECT = 1e-4


@cache
def ends() -> xr.Dataset:
    """Return one run per end of each lever, all regions moved together, in one batch."""
    baseline = load_scenario(BASELINE)
    runs = [
        baseline.with_levers({lever.id: end})
        for lever in levers().values()
        for end in (lever.low, lever.high)
    ]
    return simulate(
        runs, outputs=list(dict.fromkeys(row["output"].split(":")[0] for row in EFFECTS))
    )


@pytest.mark.parametrize("row", EFFECTS, ids=lambda row: f"{row['lever']}-{row['output']}")
def test_a_lever_moves_an_output_the_right_way(row: dict[str, str]) -> None:
    output, _, kind = row["output"].partition(":")
    values = ends()[output].sel(region=row["region"], time=int(row["year"]))
    if kind:
        values = values.sel(migrant=kind)
    place = 2 * list(levers()).index(row["lever"])
    low, high = (float(values[place + end]) for end in (0, 1))
    size = abs(low) + abs(high)
    assert abs(high - low) > LEAST_RELATIVE_EFFECT * size, f"no effect: {low:g}, {high:g}"
    assert (high > low) == (row["sign"] == "+"), f"{low:g} to {high:g}: {row['reason']}"


def test_every_lever_has_an_expected_effect() -> None:
    assert set(levers()) == {row["lever"] for row in EFFECTS}
