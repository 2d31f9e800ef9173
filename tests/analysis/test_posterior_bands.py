"""Bands and chances: quantiles of the draws, and the part of them that meets a target."""

from functools import cache

import numpy as np
import pytest
import xarray as xr

from analysis.bands import all_edges, chance, drawn, edges
from analysis.targets import assess_one
from calibration.ensemble import ensemble
from model import Scenario, load_scenario, shipped_scenarios, simulate, targets

OUTPUTS = ("urbanisation_rate_resident", "income_ratio", "urban_population")
DRAWS = 60


@cache
def scenario(stem: str = "baseline") -> Scenario:
    return load_scenario(next(path for path in shipped_scenarios() if path.stem == stem))


@cache
def runs(stem: str = "baseline") -> xr.Dataset:
    return ensemble(scenario(stem), OUTPUTS, draws=DRAWS)


def test_a_band_is_made_of_quantiles_of_the_draws() -> None:
    values = runs()["income_ratio"].sel(region="qingdao", time=2030).to_numpy()
    assert values.shape == (DRAWS,)
    low, high = edges(runs(), "income_ratio", "qingdao")
    assert low.shape == high.shape == (16,)
    assert low[10] == pytest.approx(np.quantile(values, 0.1))
    assert high[10] == pytest.approx(np.quantile(values, 0.9))


def test_the_band_of_a_difference_compares_draw_by_draw() -> None:
    code = "urbanisation_rate_resident"
    other = runs("open_settling")
    low, high = edges(other, code, "shandong", runs())
    by_draw = drawn(other, code, "shandong") - drawn(runs(), code, "shandong")
    assert high[-1] == pytest.approx(np.quantile(by_draw[:, -1], 0.9))
    # What is unknown about both scenarios cancels: narrower than either scenario's own band.
    own_low, own_high = edges(other, code, "shandong")
    assert high[-1] - low[-1] < 0.5 * (own_high[-1] - own_low[-1])
    for end in edges(runs(), code, "shandong", runs()):
        np.testing.assert_array_equal(end, 0)


@pytest.mark.parametrize("region", ["shandong", "qingdao", "yantai"])
def test_one_region_alone_is_as_among_all(region: str) -> None:
    names = ("income_ratio", "births", "debt_ratio", "income_gap")
    every = ensemble(scenario(), names, draws=20)
    alone = ensemble(scenario(), names, draws=20, region=region)
    assert alone.sizes["region"] == 1
    xr.testing.assert_allclose(alone, every.sel(region=[region]), rtol=1e-12)
    with pytest.raises(KeyError):
        ensemble(scenario(), names, draws=20, region="atlantis")


def test_bands_of_many_outputs_are_those_of_each() -> None:
    many = all_edges(runs("open_settling"), OUTPUTS, "pingdu", runs())
    for output in OUTPUTS:
        alone = edges(runs("open_settling"), output, "pingdu", runs())
        np.testing.assert_array_equal(many[output], alone)


def test_a_difference_needs_the_same_draws() -> None:
    few = runs().isel(draw=slice(0, 5))
    with pytest.raises(ValueError, match="same draws"):
        edges(runs(), "income_ratio", "shandong", few)


def test_a_chance_is_the_part_of_single_runs_that_meet_the_target() -> None:
    parts = []
    for target in targets().values():
        if target.output not in OUTPUTS:
            continue
        met = [assess_one(runs().isel(draw=draw), target).met for draw in range(DRAWS)]
        parts.append(np.mean([bool(each) for each in met]))
        assert chance(runs(), target) == pytest.approx(parts[-1])
    assert any(0 < part < 1 for part in parts)


def test_a_target_beyond_the_run_has_no_chance() -> None:
    short = ensemble(scenario(), OUTPUTS, draws=3, end=2030)
    assert chance(short, targets()["shandong_urbanisation_2035"]) is None
    assert chance(short, targets()["shandong_urbanisation_2025"]) is not None


def test_the_band_starts_at_the_census_and_widens() -> None:
    low, high = edges(runs(), "urban_population", "shandong")
    width = high - low
    assert width[0] == pytest.approx(0, abs=1)
    assert width[15] > width[5] > 1e5


def test_the_point_estimate_lies_within_the_draws() -> None:
    point = simulate(scenario(), outputs=["urbanisation_rate_resident"])
    rate = float(point["urbanisation_rate_resident"].sel(region="shandong", time=2035))
    values = drawn(runs(), "urbanisation_rate_resident", "shandong")[:, -1]
    assert values.min() < rate < values.max()


def test_a_scenario_keeps_what_it_assumes() -> None:
    slump = scenario("land_market_slump")
    names = ["land_revenue"]
    wide = ensemble(scenario(), names, draws=40)["land_revenue"]
    narrow = ensemble(slump, names, draws=40)["land_revenue"]
    place = {"region": "shandong", "time": 2024.0}
    assert "land_market_cycle" in slump.assumptions
    spread = [float(np.log(each.sel(place)).std()) for each in (wide, narrow)]
    assert spread[1] < 0.7 * spread[0]
