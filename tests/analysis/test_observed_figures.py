"""Observed figures: sums, units and the traps between series."""

import pytest

from analysis.observed import USABLE, all_observed, observed
from model import outputs, region_ids, regions


def census(variable: str, year: int) -> dict[str, float]:
    frame = all_observed()
    chosen = frame[(frame["variable"] == variable) & (frame["year"] == year)]
    return dict(zip(chosen["region"], chosen["value"], strict=True))


def by_year(output: str, region: str) -> dict[int, float]:
    frame = observed(output, region)
    return dict(zip(frame["year"], frame["value"], strict=True))


@pytest.mark.parametrize("year", [2010, 2020])
@pytest.mark.parametrize(
    "variable", ["resident_population", "urban_population", "rural_population"]
)
def test_seventeen_regions_add_up_to_the_province(variable: str, year: int) -> None:
    figures = census(variable, year)
    assert set(figures) == set(regions())
    assert sum(figures[code] for code in region_ids()) == figures["shandong"]
    assert figures["qingdao_other"] + figures["pingdu"] == figures["qingdao"]


@pytest.mark.parametrize("year", [2010, 2020])
def test_urban_and_rural_add_up_and_give_the_rate(year: int) -> None:
    residents, urban = census("resident_population", year), census("urban_population", year)
    rural, rate = census("rural_population", year), census("urbanisation_rate_resident", year)
    for code in regions():
        assert urban[code] + rural[code] == residents[code]
        assert rate[code] == pytest.approx(100 * urban[code] / residents[code], abs=1e-4)


# Figures copied by hand from the 2020 census tables.
@pytest.mark.parametrize(
    ("region", "variable", "value"),
    [
        ("shandong", "resident_population", 101_527_453),
        ("shandong", "urban_population", 64_014_254),
        ("qingdao", "resident_population", 10_071_722),
        ("pingdu", "resident_population", 1_191_348),
        ("pingdu", "urban_population", 519_957),
        ("qingdao", "hukou_population", 8_368_395),
    ],
)
def test_census_figures_of_2020(region: str, variable: str, value: int) -> None:
    assert census(variable, 2020)[region] == value


def test_age_shares_add_up() -> None:
    for year in (2010, 2020):
        shares = [census(f"share_age_{name}", year) for name in ("0_14", "15_64", "65_plus")]
        for code in regions():
            assert sum(each[code] for each in shares) == pytest.approx(100, abs=2e-4)


def test_the_provincial_rate_after_2020() -> None:
    figures = by_year("urbanisation_rate_resident", "shandong")
    expected = {2021: 63.94, 2022: 64.54, 2023: 65.53, 2025: 67.5}
    assert {year: figures[year] for year in figures if year > 2020} == expected
    assert set(figures) - set(expected) == {2010, 2020}


def test_figures_from_before_the_revision_are_not_shown() -> None:
    assert observed("births", "shandong")["year"].tolist() == [2020, 2021, 2022, 2023, 2024]
    assert 2019 in all_observed().query("variable == 'births'")["year"].tolist()
    assert not set(observed("resident_population", "qingdao")["year"]) - {2010, 2020}


def test_fiscal_rows_of_the_province_include_qingdao() -> None:
    whole = by_year("government_fund_revenue", "shandong")
    qingdao = by_year("government_fund_revenue", "qingdao")
    without = {2020: 6109.0839, 2022: 5184.5616, 2023: 4394.5396}
    for year, value in without.items():
        assert whole[year] == pytest.approx(value + qingdao[year])
    assert whole[2021] == 7976.94
    assert whole[2024] == 4832.12


def test_fund_revenue_stands_in_for_land_revenue_and_says_so() -> None:
    frame = observed("land_revenue", "qingdao")
    assert set(frame["variable"]) == {"government_fund_revenue"}
    assert set(frame["proxy_for"]) == {"land_revenue"}
    assert observed("land_revenue", "qingdao", proxies=False).empty


def test_the_contradicted_revenue_of_qingdao_2020_is_replaced() -> None:
    frame = observed("general_revenue", "qingdao").set_index("year")
    assert frame.loc[2020, "value"] == pytest.approx(1368 / 1.091, abs=1e-3)
    assert frame.loc[2020, "grade"] == "estimated"
    kept = all_observed().query("series == 'conflict'")
    assert kept["value"].tolist() == [1329]


def test_one_usable_figure_per_region_variable_and_year() -> None:
    records = all_observed().to_dict("records")
    usable = [each for each in records if each["series"] in USABLE]
    keys = {(each["region"], each["variable"], each["year"]) for each in usable}
    assert len(keys) == len(usable)


def test_figures_of_outputs_are_in_the_output_s_unit_and_have_a_source() -> None:
    frame = all_observed()
    for record in frame.to_dict("records"):
        assert record["source"]
        if record["variable"] in outputs():
            assert record["unit"] == outputs()[record["variable"]].unit
        if record["proxy_for"]:
            assert record["unit"] == outputs()[record["proxy_for"]].unit


def test_an_unknown_region_is_refused() -> None:
    with pytest.raises(KeyError):
        observed("births", "atlantis")
