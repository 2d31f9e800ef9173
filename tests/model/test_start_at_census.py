"""A run starts exactly at the census of 2020: people by region and age, town and village, hukou."""

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from calibration.census import AGES
from model import region_ids, simulate

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "calibration" / "source"
CITIES = [code for code in region_ids() if code not in ("qingdao_other", "pingdu")]
PUBLISHED = [*CITIES, "pingdu", "qingdao", "shandong"]


@cache
def start() -> xr.Dataset:
    """Return the baseline's first year."""
    return simulate(ROOT / "scenarios" / "baseline.yaml", end=2021).sel(time=2020)


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a published table."""
    return list(csv.DictReader((SOURCE / f"{name}.csv").read_text("utf-8").splitlines()))


@pytest.mark.parametrize(
    ("output", "indicator"),
    [
        ("resident_population", "resident_population"),
        ("urban_population", "urban_resident_population"),
        ("rural_population", "rural_resident_population"),
        ("registered_elsewhere_same_county", "registered_elsewhere_same_county"),
        ("registered_elsewhere_same_province", "registered_elsewhere_same_province"),
        ("registered_elsewhere_other_province", "registered_in_other_province"),
    ],
)
def test_counts_are_those_of_the_census(output: str, indicator: str) -> None:
    published = {
        row["region"]: float(row["value"])
        for row in rows("census_regions")
        if row["indicator"] == indicator and row["year"] == "2020"
    }
    assert set(PUBLISHED) <= set(published)
    for region in PUBLISHED:
        found = float(start()[output].sel(region=region))
        assert found == pytest.approx(published[region], abs=0.01), region


def test_hukou_population_is_the_registered_one() -> None:
    published = {
        row["region"]: float(row["value"])
        for row in rows("census_regions")
        if row["indicator"] == "hukou_population" and row["year"] == "2020"
    }
    for region in [*CITIES, "qingdao", "shandong"]:
        found = float(start()["hukou_population"].sel(region=region))
        assert found == pytest.approx(published[region], abs=0.01), region


def test_ages_are_those_of_the_census() -> None:
    ages = start()["population_by_age"]
    for row in rows("census_age_sex"):
        if row["year"] == "2020":
            found = float(ages.sel(region=row["region"], age=row["age_group"]))
            assert found == pytest.approx(float(row["male"]) + float(row["female"]), abs=0.01)
    assert list(ages["age"].values) == list(AGES)


def test_people_by_age_and_status_fit_both_margins() -> None:
    cells = start()["population"]
    np.testing.assert_allclose(cells.sum("status"), start()["population_by_age"], rtol=1e-12)
    np.testing.assert_allclose(cells.sum("age"), start()["population_by_status"], rtol=1e-12)
    assert float(cells.min()) >= 0


@pytest.mark.parametrize("year", [2010, 2020])
def test_statuses_by_category_add_up_to_the_census(year: int) -> None:
    path = ROOT / "model" / "data" / f"census_status_{year}.csv"
    table = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    published = {
        (row["region"], row["indicator"]): float(row["value"])
        for row in rows("census_regions")
        if row["year"] == str(year)
    }
    names = {
        "same_county": "registered_elsewhere_same_county",
        "same_province": "registered_elsewhere_same_province",
        "other_province": "registered_in_other_province",
    }
    statuses = [name for name in table[0] if name not in ("region", "category")]
    for region in CITIES:
        of_region = {row["category"]: row for row in table if row["region"] == region}
        for category, indicator in names.items():
            total = sum(float(of_region[category][status]) for status in statuses)
            assert total == pytest.approx(published[region, indicator], abs=1), region
        rural = sum(float(row["rural"]) for row in of_region.values())
        assert rural == pytest.approx(published[region, "rural_resident_population"], abs=1)


def test_estimated_hukou_shares_stay_within_their_anchors() -> None:
    rates = start()["urbanisation_rate_hukou"]
    assert 47 < float(rates.sel(region="shandong")) < 54
    assert (rates < start()["urbanisation_rate_resident"]).all()
