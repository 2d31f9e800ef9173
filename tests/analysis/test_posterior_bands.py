"""Bands and chances: quantiles of the draws, and the part of them that meets a target."""

from functools import cache

import numpy as np
import pytest
import xarray as xr

from analysis.bands import Bands, bands, chance
from analysis.targets import assess_one
from calibration.ensemble import ensemble
from model import Scenario, load_scenario, shipped_scenarios, simulate, targets

OUTPUTS = ("urbanisation_rate_resident", "income_ratio", "urban_population")
DRAWS = 60


@cache
def scenario(stem: str = "baseline") -> Scenario:
    return load_scenario(next(path for path in shipped_scenarios() if path.stem == stem))


@cache
def runs() -> xr.Dataset:
    return ensemble(scenario(), OUTPUTS, draws=DRAWS)


@cache
def found() -> Bands:
    (only,) = bands([scenario()], OUTPUTS, draws=DRAWS)
    return only


def test_bands_are_quantiles_of_the_draws() -> None:
    values = runs()["income_ratio"].sel(region="qingdao", time=2030).to_numpy()
    assert values.shape == (DRAWS,)
    place = {"region": "qingdao", "time": 2030}
    for band, at in ((found().low, 0.1), (found().middle, 0.5), (found().high, 0.9)):
        assert float(band["income_ratio"].sel(place)) == pytest.approx(np.quantile(values, at))
        assert band["income_ratio"].attrs["units"] == "ratio"


def test_a_chance_is_the_part_of_single_runs_that_meet_the_target() -> None:
    for target in targets().values():
        if target.output not in OUTPUTS:
            continue
        met = [assess_one(runs().isel(draw=draw), target).met for draw in range(DRAWS)]
        assert found().chances[target.id] == pytest.approx(np.mean([bool(each) for each in met]))


def test_some_chance_is_neither_none_nor_all() -> None:
    assert any(0 < part < 1 for part in found().chances.values())


def test_a_target_beyond_the_run_has_no_chance() -> None:
    short = ensemble(scenario(), OUTPUTS, draws=3, end=2030)
    assert chance(short, targets()["shandong_urbanisation_2035"]) is None
    assert chance(short, targets()["shandong_urbanisation_2025"]) is not None


def test_the_band_starts_at_the_census_and_widens() -> None:
    width = found().high["urban_population"] - found().low["urban_population"]
    width = width.sel(region="shandong")
    assert float(width.sel(time=2020)) == pytest.approx(0, abs=1)
    assert float(width.sel(time=2035)) > float(width.sel(time=2025)) > 1e5


def test_the_point_estimate_lies_within_the_draws() -> None:
    point = simulate(scenario(), outputs=["urbanisation_rate_resident"])
    rate = float(point["urbanisation_rate_resident"].sel(region="shandong", time=2035))
    drawn = runs()["urbanisation_rate_resident"].sel(region="shandong", time=2035)
    assert float(drawn.min()) < rate < float(drawn.max())


def test_a_scenario_keeps_what_it_assumes() -> None:
    slump = scenario("land_market_slump")
    names = ["land_revenue"]
    wide = ensemble(scenario(), names, draws=40)["land_revenue"]
    narrow = ensemble(slump, names, draws=40)["land_revenue"]
    place = {"region": "shandong", "time": 2024.0}
    assert "land_market_cycle" in slump.assumptions
    spread = [float(np.log(each.sel(place)).std()) for each in (wide, narrow)]
    assert spread[1] < 0.7 * spread[0]
