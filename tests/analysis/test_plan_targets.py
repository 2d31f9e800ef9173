"""`model/targets.csv` against the plans, copied by hand a second time."""

import pytest

from model import outputs, targets

# Region, output, year, since, value, sense, words of the plan.
RATE, RATIO = "urbanisation_rate_resident", "income_ratio"
PLANS = {
    "shandong_urbanisation_2025": ("shandong", RATE, 2025, None, 67, "at_least", "67%以上"),
    "shandong_urbanisation_2025_original": ("shandong", RATE, 2025, None, 68, "about", "68%左右"),
    "shandong_urbanisation_2035": ("shandong", RATE, 2035, None, 75, "about", "75%左右"),
    "shandong_income_ratio_2025": ("shandong", RATIO, 2025, None, 2.2, "about", "2.2 左右"),
    "shandong_income_ratio_2035": ("shandong", RATIO, 2035, None, 1.8, "about", "1.8 左右"),
    "shandong_housing_2025": (
        *("shandong", "housing_floor_per_person", 2025, None, 40, "at_least"),
        "到 2025 年城镇居民人均住房建筑面积提高到 40",
    ),
    "shandong_unemployment_2025": (
        *("shandong", "unemployment_rate", 2025, None, 5.5, "at_most"),
        "控制在 5.5%以内",
    ),
    "qingdao_urbanisation_2025": ("qingdao", RATE, 2025, None, 78, "about", "78% 左右"),
    "qingdao_income_ratio_2025": ("qingdao", RATIO, 2025, None, 2.2, "about", "2.2 左右"),
    "qingdao_income_ratio_2035": ("qingdao", RATIO, 2035, None, 2, "about", "降至 2 左右"),
    "pingdu_residents_2035": (
        *("pingdu", "resident_population", 2035, None, 1_550_000, "about"),
        "155 万",
    ),
    "pingdu_gdp_per_person_2035": (
        *("pingdu", "gdp_per_person", 2035, None, 12.5, "at_least"),
        "超过 12.5 万元",
    ),
    "yantai_urbanisation_2025": ("yantai", RATE, 2025, None, 70, "about", "70% 左右"),
    "yantai_urban_increase_2025": (
        *("yantai", "urban_population", 2025, 2020, 200_000, "about"),
        "20 万人左右",
    ),
    "yantai_urbanisation_2035": ("yantai", RATE, 2035, None, 75, "about", "75% 左右"),
    "yantai_income_ratio_2025": ("yantai", RATIO, 2025, None, 1.9, "about", "1.9 左右"),
    "yantai_gdp_2025": ("yantai", "gdp", 2025, None, 11000, "at_least", "突破 11000 亿元"),
    "yantai_affordable_homes_2025": (
        *("yantai", "affordable_rental_stock", 2025, 2020, 6000, "at_least"),
        "6000套（间）以上",
    ),
    "dongying_urbanisation_2025": ("dongying", RATE, 2025, None, 75, "about", "75%左右"),
    "dongying_urbanisation_2035": ("dongying", RATE, 2035, None, 80, "about", "80%左右"),
    "dongying_income_ratio_2025": ("dongying", RATIO, 2025, None, 2.2, "about", "2.2左右"),
    "dongying_unemployment_2025": (
        *("dongying", "unemployment_rate", 2025, None, 5.5, "at_most"),
        "控制在5.5%以内",
    ),
}


def test_no_target_is_missing_and_none_is_invented() -> None:
    assert set(targets()) == set(PLANS)


@pytest.mark.parametrize("name", PLANS)
def test_target_is_the_plan_s(name: str) -> None:
    target = targets()[name]
    found = (target.region, target.output, target.year, target.since, target.value, target.sense)
    assert found == PLANS[name][:6]
    assert PLANS[name][6] in target.quote


def test_only_the_figure_of_68_percent_is_superseded() -> None:
    superseded = [target.id for target in targets().values() if target.status == "superseded"]
    assert superseded == ["shandong_urbanisation_2025_original"]
    assert "鲁政发〔2024〕1号" in targets()["shandong_urbanisation_2025"].source


def test_qingdao_has_no_urbanisation_target_for_2035() -> None:
    years = {
        target.year
        for target in targets().values()
        if (target.region, target.output) == ("qingdao", RATE)
    }
    assert years == {2025}


def test_pingdu_s_wordy_target_is_told_in_a_note() -> None:
    note = targets()["pingdu_residents_2035"].note("zh")
    assert "达到全省县域平均水平" in note
    assert "119.1万" in note


def test_every_target_says_where_it_comes_from() -> None:
    for target in targets().values():
        assert target.plan("zh")
        assert target.plan("en")
        assert target.quote
        assert target.source
        assert "line " in target.location or "〔2024〕" in target.source
        assert bool(target.note("zh")) == bool(target.note("en"))


def test_about_has_a_tolerance_and_a_bound_has_none() -> None:
    for target in targets().values():
        assert (target.tolerance > 0) == (target.sense == "about")
        assert target.tolerance < abs(target.value) * 0.03
        assert target.direction == ("fall" if target.sense == "at_most" else target.direction)
        assert target.direction == ("rise" if target.sense == "at_least" else target.direction)
        assert outputs()[target.output]
