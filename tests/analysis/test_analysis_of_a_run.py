"""The analysis on the shipped model: its questions have answers, and the answers add up."""

import numpy as np
import pytest
import xarray as xr

from analysis.finding import finding
from analysis.growth import growth_split
from analysis.observed import all_observed
from model import load_scenario, outputs, regions, simulate, targets
from model.scenario.files import SCENARIOS


@pytest.fixture(scope="module")
def baseline() -> xr.Dataset:
    return simulate(load_scenario(SCENARIOS / "baseline.yaml"))


@pytest.mark.parametrize("region", list(regions()))
def test_every_region_has_a_finding_whose_growth_adds_up(baseline: xr.Dataset, region: str) -> None:
    found = finding(baseline, region)
    assert 0 < found.rate_start < 100
    assert sum(found.growth.parts.values()) == pytest.approx(found.growth.change, abs=1)
    decided = len(found.met) + len(found.missed)
    assert decided == len(found.assessments)


def test_growth_of_the_province_is_that_of_its_regions(baseline: xr.Dataset) -> None:
    whole = growth_split(baseline, "shandong", 2020, 2035)
    parts = [growth_split(baseline, code, 2020, 2035) for code in regions()["shandong"].members]
    for name, value in whole.parts.items():
        assert sum(each.parts[name] for each in parts) == pytest.approx(value, rel=1e-9)


def test_every_target_can_be_compared_with_the_run(baseline: xr.Dataset) -> None:
    for target in targets().values():
        series = baseline[target.output].sel(region=target.region)
        assert series.dims == ("time",)
        assert np.isfinite(series.sel(time=float(target.year)))


def test_the_run_starts_at_the_observed_census(baseline: xr.Dataset) -> None:
    compared = 0
    for record in all_observed().to_dict("records"):
        counted = record["year"] == 2020 and record["series"] == "census"
        if counted and record["variable"] in outputs():
            start = baseline[record["variable"]].sel(region=record["region"], time=2020.0)
            assert float(start) == pytest.approx(record["value"], rel=1e-5), record
            compared += 1
    assert compared >= 8 * len(regions())
