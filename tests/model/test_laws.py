"""The laws of the model: in every shipped scenario, on random and extreme lever settings."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from model import (
    InvariantError,
    Scenario,
    levers,
    load_scenario,
    outputs,
    shipped_scenarios,
    simulate,
)
from model.invariants import LAWS, RELATIVE_TOLERANCE, check, variables
from model.simulation import loaded_model

BASELINE = Path(__file__).parents[2] / "scenarios" / "baseline.yaml"
DRAWS = 200
FLAT = tuple(output.id for output in outputs().values() if output.dims == ("region",))
SHARES = (
    "urbanisation_rate_resident",
    "urbanisation_rate_hukou",
    "unemployment_rate",
    "share_age_0_14",
    "share_age_15_64",
    "share_age_65_plus",
)
SOME = (*SHARES, "resident_population", "debt", "land_revenue", "service_adequacy")


@cache
def baseline() -> Scenario:
    return load_scenario(BASELINE)


def drawn(generator: np.random.Generator, corner: bool) -> Scenario:
    """Return the baseline with every lever and assumption drawn from its range."""
    places = generator.random(len(levers()))
    if corner:
        places = places.round()
    return baseline().with_levers(
        {
            lever.id: float(lever.low + place * (lever.high - lever.low))
            for lever, place in zip(levers().values(), places, strict=True)
        }
    )


def test_every_law_holds_in_every_shipped_scenario() -> None:
    dataset = simulate(list(shipped_scenarios()), outputs=FLAT)
    assert set(dataset.attrs["invariants"]) == {law.name for law in LAWS}
    assert max(dataset.attrs["invariants"].values()) <= RELATIVE_TOLERANCE
    for name in FLAT:
        assert np.isfinite(dataset[name]).all(), name


@pytest.mark.parametrize("corner", [False, True], ids=["inside", "corners"])
def test_every_law_holds_on_random_levers(corner: bool) -> None:
    generator = np.random.default_rng(20201101)
    runs = [drawn(generator, corner) for _ in range(DRAWS)]
    dataset = simulate(runs, outputs=SOME)
    assert dataset.sizes["scenario"] == DRAWS
    assert max(dataset.attrs["invariants"].values()) <= RELATIVE_TOLERANCE
    for name in SHARES:
        assert float(dataset[name].min()) >= 0, name
        assert float(dataset[name].max()) <= 100, name
    for name in SOME:
        assert np.isfinite(dataset[name]).all(), name


def test_runs_to_2050_keep_every_law() -> None:
    dataset = simulate(baseline(), outputs=SOME, end=2050)
    assert dataset.sizes["time"] == 31
    assert np.isfinite(dataset["urbanisation_rate_resident"]).all()


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_a_broken_law_is_named_with_its_place(law) -> None:
    result = loaded_model().run({"FINAL TIME": 2021}, outputs=variables(), runs=1)
    broken = result.copy(deep=True)
    place = {"run": 0, "time": 3}
    if "Region" in broken[law.variable].dims:
        place["Region"] = 4
    broken[law.variable][place] = -0.01 * float(np.abs(result[law.scale]).max())
    with pytest.raises(InvariantError, match=law.variable) as caught:
        check(broken, ["somebody's scenario"])
    assert "somebody's scenario" in str(caught.value)
    assert "2020.75" in str(caught.value)
    assert ("zaozhuang" in str(caught.value)) == ("Region" in place)


def test_a_number_that_is_not_finite_is_refused() -> None:
    with pytest.raises(InvariantError, match="finite"):
        simulate(baseline(), outputs=SOME, end=2021, parameters={"perception time": 0})


def run(**parameters: object) -> xr.Dataset:
    """Return the baseline with constants of the model replaced, words joined by underscores."""
    named = {name.replace("_", " "): value for name, value in parameters.items()}
    return simulate(baseline(), parameters=named)


def test_without_migration_towns_grow_by_nature_and_reclassification_alone() -> None:
    dataset = run(
        base_rural_to_urban_hazard=0,
        base_province_leave_hazard=0,
        base_outside_leave_hazard=0,
        outside_inflow_level=0,
        local_return_hazard=0,
        settled_return_hazard=0,
        provincial_return_hazard=0,
        outside_return_hazard=0,
        outside_migrant_return_hazard=0,
    )
    assert float(np.abs(dataset["urban_growth_migration"]).max()) == pytest.approx(0, abs=1e-6)
    assert float(np.abs(dataset["net_migration"]).max()) == pytest.approx(0, abs=1e-6)
    grown = dataset["urban_growth_reclassification"] + dataset["urban_growth_natural"]
    change = dataset["urban_population"].diff("time")
    np.testing.assert_allclose(grown.isel(time=slice(1, None)), change, rtol=1e-8, atol=1e-3)


def test_closed_doors_let_nobody_settle() -> None:
    dataset = run(settling_openness=0)
    assert float(dataset["hukou_conversions"].max()) == 0
    left = dataset["conversion_cost"].sel(region="shandong")
    assert (left.diff("time") < 0).all(), "only those who settled before are still paid for"


def test_without_land_sales_there_is_no_land_revenue() -> None:
    assert float(run(land_market_cycle=0)["land_revenue"].max()) == 0
    assert float(run(land_sold_share=0)["land_revenue"].max()) == 0


def test_without_births_there_are_no_children_under_five_after_five_years() -> None:
    # People from other provinces may bring small children, so they stay away here.
    ages = run(fertility_factor=0, outside_inflow_level=0)["population_by_age"]
    assert float(ages.sel(age="0-4", time=2025).max()) == pytest.approx(0, abs=1e-6)
    assert float(ages.sel(age="0-4", time=2024).min()) > 0


def test_doubled_fertility_doubles_births_and_nothing_else_at_first() -> None:
    once, twice = run(), run(fertility_factor=2)
    first = {"time": 2020}
    np.testing.assert_allclose(twice["births"].sel(first), 2 * once["births"].sel(first))
    for name in ("rural_to_urban_migration", "hukou_conversions", "deaths", "net_migration"):
        np.testing.assert_allclose(twice[name].sel(first), once[name].sel(first), err_msg=name)
    for name in ("urbanisation_rate_resident", "gdp"):
        np.testing.assert_allclose(
            twice[name].sel(time=2021), once[name].sel(time=2021), rtol=5e-3, err_msg=name
        )


def test_without_deaths_nobody_dies() -> None:
    assert float(run(mortality_factor=0)["deaths"].max()) == 0


def test_without_a_plan_quota_new_land_comes_only_from_settlers_and_disposal() -> None:
    scarce, usual = run(annual_plan_quota_factor=0), run()
    assert (
        scarce["new_construction_land"].sel(time=2035)
        < usual["new_construction_land"].sel(time=2035)
    ).all()
    assert float(scarce["new_construction_land"].min()) >= 0


NET = (
    "net_migration",
    "net_migration_province",
    "net_migration_outside",
    "natural_increase",
    "urban_growth",
    "urban_growth_migration",
    "urban_growth_natural",
)
"""Differences of large flows, which cross zero: judged against one percent of the residents."""


REMAINDERS = (
    "new_construction_land",
    "reclassification",
    "urban_growth_reclassification",
    "land_revenue",
    "quota_bank",
    "quota_from_settlers",
    "capital_spending",
)
"""What follows the little land left inside a boundary, or the instant at which a limit binds: a
tenth of a percent of the land in use is two percent of what remains."""


def step_tolerance(
    name: str, values: np.ndarray, spending: np.ndarray, residents: np.ndarray
) -> np.ndarray:
    """Return what half a percent means for an output, region by region."""
    if name in NET:
        return 0.005 * 0.01 * residents
    if name == "fiscal_balance":
        return 0.005 * spending
    if outputs()[name].unit == "percent":
        return 0.005 * np.maximum(values, 10)
    return (0.02 if name in REMAINDERS else 0.005) * values


def test_halving_the_step_moves_no_figure_by_more_than_half_a_percent() -> None:
    full, half = (
        simulate(baseline(), outputs=FLAT, parameters={"TIME STEP": step}).sel(
            time=[2025, 2030, 2035]
        )
        for step in (0.25, 0.125)
    )
    spending, residents = (full[name].to_numpy() for name in ("spending", "resident_population"))
    for name in FLAT:
        values = np.abs(full[name].to_numpy())
        excess = abs(full[name] - half[name]).to_numpy()
        excess = excess - step_tolerance(name, values, spending, residents)
        place = np.unravel_index(excess.argmax(), excess.shape)
        assert excess[place] <= 0, f"{name} in {full['region'].values[place[0]]}"
