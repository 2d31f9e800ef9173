"""The shipped scenarios: one for each policy package the plans name, each with its sentence."""

import numpy as np
import pytest

from model import Scenario, levers, load_scenario, region_ids, shipped_scenarios

TIMES = np.arange(2020.0, 2050.25, 0.25)
POLICIES = (
    "collective_land_and_homestead_exit",
    "county_towns",
    "open_settling",
    "people_land_money_linkage",
    "permit_parity",
    "resident_weighted_transfers",
    "rural_income_support",
    "stock_land_first",
    "water_limited",
)
# One sentence of each, copied from the plan by hand.
SENTENCES = {
    "baseline": "全省常住人口城镇化率达到 75%左右",
    "collective_land_and_homestead_exit": "提高农民土地增值收益分享比例",
    "combined_package": "着力缩小户籍与常住人口城镇化率差距，提高农业转移人口市民化质量",
    "county_towns": "增强产业支撑能力，增加基本公共服务供给，提高县城综合承载能力",
    "open_settling": "城市落户限制全面消除",
    "people_land_money_linkage": "适度扩大农业转移人口市民化奖励资金规模，健全奖励资金分配机制",
    "permit_parity": "实现城镇基本公共服务向常住人口全覆盖",
    "resident_weighted_transfers": "城镇基本公共服务支出需求全部按常住人口测算",
    "rural_income_support": "到 2035 年，城乡居民人均可支配收入比下降到 1.8 左右",
    "stock_land_first": "健全“人地挂钩”“增违挂钩”“增存挂钩”的新增建设用地指标分配机制",
    "water_limited": "坚持以水定城、以水定地、以水定人、以水定产，合理规划人口、城市和产业发展",
}


def shipped() -> dict[str, Scenario]:
    return {path.stem: load_scenario(path) for path in shipped_scenarios()}


def column(region: str) -> int:
    return region_ids().index(region)


def test_the_list_is_complete_and_starts_with_the_baseline() -> None:
    names = [path.stem for path in shipped_scenarios()]
    assert names[0] == "baseline"
    assert set(names) == {"baseline", "combined_package", "land_market_slump", *POLICIES}


def test_the_baseline_is_the_status_quo() -> None:
    baseline = shipped()["baseline"]
    assert not baseline.levers
    assert not baseline.assumptions


def test_each_has_titles_questions_and_notes_in_both_languages() -> None:
    scenarios = shipped()
    for scenario in scenarios.values():
        for texts in (scenario.title, scenario.question):
            assert texts["zh"] != texts["en"]
    titles = [
        scenario.title[language] for scenario in scenarios.values() for language in ("zh", "en")
    ]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("name", SENTENCES)
def test_each_quotes_its_plan(name: str) -> None:
    sources = shipped()[name].sources
    assert SENTENCES[name] in [source["quote"] for source in sources]
    for source in sources:
        assert "规划" in source["plan"]
        assert "line " in source["location"]
        assert source["plan_en"]
        assert source["quote_en"]


def test_each_differs_from_every_other() -> None:
    prints = {scenario.fingerprint for scenario in shipped().values()}
    assert len(prints) == len(shipped())


def test_policy_scenarios_change_levers_and_the_slump_changes_an_assumption() -> None:
    scenarios = shipped()
    for name in POLICIES:
        assert scenarios[name].levers
        assert not scenarios[name].assumptions
    assert not scenarios["land_market_slump"].levers
    assert list(scenarios["land_market_slump"].assumptions) == ["land_market_cycle"]


def test_the_combined_package_is_exactly_the_nine_policies() -> None:
    scenarios = shipped()
    combined = scenarios["combined_package"]
    together: dict[str, object] = {}
    for name in POLICIES:
        assert not together.keys() & scenarios[name].levers.keys()
        together |= scenarios[name].levers
    assert combined.levers == together
    assert not combined.assumptions


def test_settling_is_open_by_2025() -> None:
    scenario = shipped()["open_settling"]
    openness = scenario.lever_values("settling_openness", [2025.0])[0]
    years = scenario.lever_values("residence_years_required", [2025.0])[0]
    elsewhere = [index for index, code in enumerate(region_ids()) if code != "qingdao_other"]
    assert (openness[elsewhere] == 1).all()
    assert (years[elsewhere] == 0).all()


def test_qingdao_gives_five_percent_of_new_land_every_year_from_2021() -> None:
    scenario = shipped()["people_land_money_linkage"]
    share = scenario.lever_values("settler_land_reward_share", [2020.0, 2035.0])
    inside = [column("qingdao_other"), column("pingdu")]
    assert (share[:, inside] == 0.05).all()
    assert (np.delete(share, inside, axis=1) == 0).all()


def test_the_slump_follows_government_fund_revenue() -> None:
    scenario = shipped()["land_market_slump"]
    # Government-fund revenue, 100m yuan: the province (with Qingdao), and Qingdao.
    province = {2020: 7161.0444, 2021: 7976.94, 2022: 6080.8616, 2023: 4925.5396, 2024: 4832.12}
    qingdao = {2020: 1051.9605, 2021: 1192.7276, 2022: 896.3, 2023: 531.0, 2024: 299.02}
    for year in (2021, 2022, 2023, 2024):
        factor = scenario.lever_values("land_market_cycle", [year - 0.5])[0]
        rest = (province[year] - qingdao[year]) / (province[2020] - qingdao[2020])
        assert factor[column("pingdu")] == pytest.approx(qingdao[year] / qingdao[2020], abs=0.005)
        assert factor[column("heze")] == pytest.approx(rest, abs=0.005)
    after = scenario.lever_values("land_market_cycle", [2024.0, 2035.0])
    assert (after[0] == after[1]).all()


@pytest.mark.parametrize("name", [*POLICIES, "combined_package", "land_market_slump"])
def test_every_value_stays_within_its_range_and_some_move(name: str) -> None:
    scenario = shipped()[name]
    for lever_id in {**scenario.levers, **scenario.assumptions}:
        lever = levers()[lever_id]
        values = scenario.lever_values(lever_id, TIMES)
        assert values.min() >= lever.low
        assert values.max() <= lever.high
        assert (values != np.array(lever.status_quo)).any()
