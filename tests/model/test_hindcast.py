"""From the census of 2010 the same equations reach the census of 2020."""

import csv
from functools import cache

import numpy as np
import pytest
import xarray as xr

from calibration.census import by_age, counts
from calibration.hindcast import FIT_TABLE, HAZARD_TABLE, Hindcast, inputs_fingerprint
from model import load_scenario, region_ids, shipped_scenarios, simulate

GOAL = 0.005


@cache
def hindcast() -> xr.Dataset:
    """Return the run from 2010 to 2020 for the 17 regions."""
    baseline = next(path for path in shipped_scenarios() if path.stem == "baseline")
    dataset = simulate(load_scenario(baseline), start=2010, end=2020)
    return dataset.sel(region=list(region_ids()), time=2020)


@pytest.mark.parametrize("place", ["urban", "rural"])
def test_every_region_reaches_its_population_of_2020(place: str) -> None:
    reached = hindcast()[f"{place}_population"].to_numpy()
    np.testing.assert_allclose(reached, counts(f"{place}_resident_population", 2020), rtol=GOAL)


def test_ages_of_the_province_are_within_a_point() -> None:
    found = hindcast()["population_by_age"].sum("region").to_numpy()
    census = by_age(2020).sum(axis=0)
    difference = 100 * (found / found.sum() - census / census.sum())
    assert np.abs(difference).max() < 1


def test_the_income_ratio_falls_as_it_did() -> None:
    total = hindcast()[["income_urban", "urban_population", "income_rural", "rural_population"]]
    urban = float(
        (total.income_urban * total.urban_population).sum() / total.urban_population.sum()
    )
    rural = float(
        (total.income_rural * total.rural_population).sum() / total.rural_population.sum()
    )
    assert urban / rural == pytest.approx(2.33, abs=0.15)


def test_the_committed_hazards_are_those_of_a_new_fit() -> None:
    fitted = np.exp(Hindcast().fit())
    table = list(csv.DictReader(HAZARD_TABLE.read_text("utf-8").splitlines()))
    held = np.array([[float(row[code]) for code in region_ids()] for row in table])
    np.testing.assert_allclose(fitted, held, rtol=1e-4)


def test_the_hazards_name_the_inputs_they_were_fitted_to() -> None:
    for row in csv.DictReader(HAZARD_TABLE.read_text("utf-8").splitlines()):
        assert inputs_fingerprint() in row["note"]
        assert row["grade"] == "estimated"


def test_the_table_of_fit_is_that_of_the_committed_hazards() -> None:
    table = list(csv.DictReader(FIT_TABLE.read_text("utf-8").splitlines()))
    urban = {
        row["region"]: float(row["hindcast"])
        for row in table
        if row["measure"] == "urban population"
    }
    reached = hindcast()["urban_population"]
    for region in region_ids():
        assert urban[region] == pytest.approx(float(reached.sel(region=region)), rel=1e-4)
