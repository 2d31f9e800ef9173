"""Births from census cohorts up to 2020, and from first marriages after it."""

import numpy as np
import pandas as pd
import pytest

from calibration.census import by_age, published, region_ids, vital_events
from calibration.fertility import (
    births_after_marriages,
    births_at_one,
    cohort_births,
    fertility_scales,
    marriages,
    total_fertility,
    women_of,
)
from calibration.figures import LAST_YEAR
from calibration.statuses import undercount_2010


def births(years: range) -> float:
    """Return the province's births at the path of total fertility."""
    path = total_fertility()
    return float(sum(path.loc[year] * births_at_one(year).sum() for year in years))


@pytest.mark.parametrize(("group", "years"), [(0, range(2016, 2021)), (1, range(2011, 2016))])
def test_five_years_of_births_are_the_children_counted_and_those_who_died(
    group: int, years: range
) -> None:
    counted = by_age(2020)[:, group].sum()
    assert births(years) == pytest.approx(cohort_births()[group].sum(), rel=1e-9)
    assert 1 < births(years) / counted < 1.02


def test_the_year_of_the_census_keeps_its_registered_births() -> None:
    assert births(range(2020, 2021)) == pytest.approx(vital_events("births")[2020], rel=1e-9)


def test_women_grow_older_from_census_to_census() -> None:
    ages = slice(3, 10)
    for year in (2010, 2020):
        np.testing.assert_allclose(women_of(year)[:, ages], by_age(year, "female")[:, ages])
    np.testing.assert_allclose(women_of(2025)[:, 4:10], by_age(2020, "female")[:, 3:9])


def test_no_event_after_2020_enters() -> None:
    assert max(published("vital_events")["year"].astype(int)) == LAST_YEAR


def test_births_fall_after_2020_as_marriages_did_before() -> None:
    path = total_fertility()
    after = births_after_marriages(path)
    held = total_fertility().to_numpy(float)[10] * births_at_one(2021).sum()
    assert after[2021] < float(held)
    married = marriages()
    assert married[2020] < 0.6 * married[2014]
    assert (np.diff(path.loc[2020:2026].to_numpy(float)) < 0).all()


def test_without_a_fall_of_marriages_fertility_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    births_of = {year: births_at_one(year).sum() for year in range(2010, 2027)}
    monkeypatch.setattr("calibration.fertility.marriages", lambda: births_of)
    path = pd.Series(1.5, index=range(2010, 2021))
    for year, count in births_after_marriages(path).items():
        # Marriages come a year or two before, and women grew fewer meanwhile.
        assert count / births_of[year] == pytest.approx(1.5, rel=0.2)


def test_scales_of_both_periods_are_means_of_one() -> None:
    early, late = fertility_scales()
    for years, scale in ((range(2011, 2016), early), (range(2016, 2021), late)):
        weights = sum(births_at_one(year) for year in years)
        assert np.average(scale, weights=weights) == pytest.approx(1, abs=0.02)
    heze = region_ids().index("heze")
    assert early[heze] > 1.3 > late[heze]


def test_births_by_city_are_ordered_as_the_registers_have_them() -> None:
    """The registers of 2011, which no fit uses, also count late registrations and the absent."""
    table = published("registered_births_2011")
    registered = dict(zip(table["region"].astype(str), table["value"], strict=True))
    births = fertility_scales()[0] * total_fertility().to_numpy(float)[1] * births_at_one(2011)
    model = dict(zip(region_ids(), births, strict=True))
    model["qingdao"] = model.pop("qingdao_other") + model.pop("pingdu")
    found = np.corrcoef([model[code] for code in registered], list(registered.values()))
    assert found[0, 1] > 0.9


def test_children_missed_in_2010_add_up_to_the_province_s_share() -> None:
    youngest, older = undercount_2010()
    assert np.average(youngest, weights=by_age(2010)[:, 0]) == pytest.approx(1.14, abs=1e-9)
    assert (older == 1.03).all()
    assert youngest[region_ids().index("zaozhuang")] == youngest.max()
