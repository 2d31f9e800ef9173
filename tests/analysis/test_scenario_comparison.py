"""What differs between scenarios, in what they set and in what comes of it."""

import numpy as np
import pytest
import xarray as xr

from analysis.comparison import area_names, lever_differences, output_differences
from analysis.finding import finding
from analysis.growth import growth_split
from model import levers, read_scenario, region_ids

BASE = read_scenario("title: {zh: 基准, en: base}\n", "base.yaml")


def test_equal_scenarios_do_not_differ() -> None:
    same = BASE.with_levers({"linkage_strength": levers()["linkage_strength"].status_quo[0]})
    assert lever_differences([BASE, same]).empty
    assert lever_differences([BASE]).empty


def test_one_row_per_lever_area_and_year() -> None:
    other = BASE.with_levers(
        {"linkage_strength": {"shandong": {2026: 0.8}, "pingdu": 0.9}, "outside_pull": 1.5}
    )
    frame = lever_differences([BASE, other], years=(2025, 2035))
    status_quo = levers()["linkage_strength"].status_quo[0]
    rows = {
        (record["lever"], record["regions"], record["year"]): (record[0], record[1])
        for record in frame.to_dict("records")
    }
    everywhere_else = tuple(code for code in region_ids() if code != "pingdu")
    assert rows == {
        ("linkage_strength", everywhere_else, 2025): (status_quo, status_quo),
        ("linkage_strength", everywhere_else, 2035): (status_quo, 0.8),
        ("linkage_strength", ("pingdu",), 2025): (status_quo, 0.9),
        ("linkage_strength", ("pingdu",), 2035): (status_quo, 0.9),
        ("outside_pull", ("shandong",), 2025): (1.0, 1.5),
        ("outside_pull", ("shandong",), 2035): (1.0, 1.5),
    }
    assert dict(zip(frame["lever"], frame["kind"], strict=True))["outside_pull"] == "assumption"


def test_a_year_s_value_is_the_one_in_force_when_it_ends() -> None:
    other = BASE.with_levers({"linkage_strength": {2025: 0.5, 2026: 0.9}})
    frame = lever_differences([BASE, other], years=(2024, 2025, 2026))
    quo = levers()["linkage_strength"].status_quo[0]
    assert frame[1].tolist() == [quo, 0.5, 0.9]


def test_areas_take_the_widest_names() -> None:
    assert area_names(region_ids()) == ("shandong",)
    assert area_names(["pingdu", "heze", "qingdao_other"]) == ("qingdao", "heze")
    assert area_names(["pingdu"]) == ("pingdu",)


def dataset() -> xr.Dataset:
    """Return two runs of one region, 2020-2035, whose figures are easy to work out by hand."""
    times = np.arange(2020.0, 2036.0)
    years = times - 2020
    urban = np.stack([1000 + 30 * years, 1000 + 60 * years])
    parts = {
        "urban_growth_migration": np.stack([np.full(16, 20.0), np.full(16, 40.0)]),
        "urban_growth_reclassification": np.stack([np.full(16, 15.0), np.full(16, 21.0)]),
        "urban_growth_natural": np.stack([np.full(16, -5.0), np.full(16, -1.0)]),
        "urban_population": urban,
        "urbanisation_rate_resident": np.stack([63 + 0.5 * years, 63 + 0.9 * years]),
        "income_ratio": np.stack([2.3 - 0.01 * years, 2.3 - 0.05 * years]),
        "housing_floor_per_person": np.full((2, 16), 38.0),
        "unemployment_rate": np.full((2, 16), 5.0),
    }
    return xr.Dataset(
        {name: (("scenario", "region", "time"), each[:, None]) for name, each in parts.items()},
        coords={"scenario": ["base", "other"], "region": ["shandong"], "time": times},
    )


def test_results_are_set_against_the_first_scenario() -> None:
    frame = output_differences(dataset(), ["urban_population"], "shandong", [2020, 2035])
    found = frame.set_index(["scenario", "year"])
    assert found.loc[("base", 2035), "difference"] == 0
    assert found.loc[("other", 2035), "value"] == 1900
    assert found.loc[("other", 2035), "difference"] == 450
    assert found.loc[("other", 2035), "ratio"] == pytest.approx(450 / 1450)
    assert found.loc[("other", 2020), "ratio"] == 0


def test_a_difference_from_nothing_has_no_ratio() -> None:
    data = dataset().assign(urban_population=dataset()["urban_population"] * 0)
    frame = output_differences(data, ["urban_population"], "shandong", [2035])
    assert np.isnan(frame["ratio"].to_numpy()).all()


def test_growth_splits_exactly_over_the_flows_after_the_start() -> None:
    split = growth_split(dataset().isel(scenario=0), "shandong", 2020, 2035)
    assert split.change == 450
    assert split.parts == {"migration": 300, "reclassification": 225, "natural": -75}
    assert sum(split.parts.values()) == split.change
    assert split.largest == "migration"


def test_growth_over_a_year_outside_the_run_is_refused() -> None:
    with pytest.raises(KeyError):
        growth_split(dataset().isel(scenario=0), "shandong", 2020, 2050)


def test_the_finding_names_what_is_met_missed_and_hardest() -> None:
    found = finding(dataset().isel(scenario=1), "shandong")
    assert (found.rate_start, found.rate_end) == pytest.approx((63.0, 76.5))
    assert found.growth.change == 900
    assert [each.target.id for each in found.met] == [
        "shandong_urbanisation_2025",
        "shandong_urbanisation_2035",
        "shandong_income_ratio_2025",
        "shandong_income_ratio_2035",
        "shandong_unemployment_2025",
    ]
    assert [each.target.id for each in found.missed] == ["shandong_housing_2025"]
    assert found.hardest is found.missed[0]


def test_the_hardest_target_is_the_one_farthest_off_in_proportion() -> None:
    found = finding(dataset().isel(scenario=0), "shandong")
    assert found.hardest is not None
    assert found.hardest.target.id == "shandong_income_ratio_2035"
