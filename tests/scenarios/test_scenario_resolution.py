"""Which definition wins, what a scenario holds, and that its text means the same again."""

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model import (
    LeverPath,
    Scenario,
    ScenarioError,
    levers,
    load_scenario,
    read_scenario,
    region_ids,
    regions,
)
from model.scenario.files import SCENARIOS

TITLE = "title: {zh: 试验, en: trial}\n"


def scenario_of(text: str) -> Scenario:
    return read_scenario(TITLE + text, "trial.yaml")


def value(scenario: Scenario, lever: str, region: str, time: float = 2030.0) -> float:
    return float(scenario.lever_values(lever, [time])[0, region_ids().index(region)])


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(TITLE + text, encoding="utf-8")
    return path


def test_without_levers_everything_is_the_status_quo() -> None:
    scenario = scenario_of("")
    for lever in levers().values():
        values = scenario.lever_values(lever.id, [2010.0, 2020.0, 2035.0])
        assert values.shape == (3, 17)
        assert values.dtype == np.float64
        assert (values == np.array(lever.status_quo)).all()


def test_narrower_areas_override_wider_ones_whatever_the_order_of_lines() -> None:
    scenario = scenario_of(
        "levers: {linkage_strength: {pingdu: 0.9, qingdao: 0.8, yantai: 0.7, shandong: 0.6}}\n"
    )
    assert value(scenario, "linkage_strength", "pingdu") == 0.9
    assert value(scenario, "linkage_strength", "qingdao_other") == 0.8
    assert value(scenario, "linkage_strength", "yantai") == 0.7
    assert value(scenario, "linkage_strength", "heze") == 0.6


def test_a_lever_without_regions_applies_to_the_members_of_the_file_s_region() -> None:
    scenario = scenario_of("region: qingdao\nlevers: {linkage_strength: 1}\n")
    assert set(scenario.levers["linkage_strength"]) == {"qingdao_other", "pingdu"}
    status_quo = levers()["linkage_strength"].status_quo_of("yantai")
    assert value(scenario, "linkage_strength", "yantai") == status_quo


def test_a_child_overrides_its_parent_even_with_a_wider_area(tmp_path: Path) -> None:
    write(tmp_path, "parent", "levers: {linkage_strength: {pingdu: 0.9}, debt_ceiling: 0.5}\n")
    child = write(tmp_path, "child", "extends: parent\nlevers: {linkage_strength: 0.4}\n")
    scenario = load_scenario(child)
    assert value(scenario, "linkage_strength", "pingdu") == 0.4
    assert value(scenario, "debt_ceiling", "pingdu") == 0.5


def test_a_child_inherits_region_question_and_targets_but_not_title_and_source(
    tmp_path: Path,
) -> None:
    write(
        tmp_path,
        "parent",
        "region: yantai\nquestion: {zh: 问}\ntargets: [yantai_urbanisation_2025]\n"
        "source: {plan: a, quote: b, location: c}\nlevers: {linkage_strength: 1}\n",
    )
    scenario = load_scenario(write(tmp_path, "child", "extends: ./parent.yaml\n"))
    assert scenario.region == "yantai"
    assert scenario.question == {"zh": "问", "en": "问"}
    assert scenario.targets == ("yantai_urbanisation_2025",)
    assert scenario.source == {}
    assert set(scenario.levers["linkage_strength"]) == {"yantai"}


def test_a_child_in_another_region_leaves_the_parent_s_values_where_they_were(
    tmp_path: Path,
) -> None:
    write(tmp_path, "parent", "region: yantai\nlevers: {linkage_strength: 1}\n")
    path = write(
        tmp_path, "child", "extends: parent\nregion: heze\nlevers: {linkage_strength: 0.5}\n"
    )
    scenario = load_scenario(path)
    assert value(scenario, "linkage_strength", "yantai") == 1
    assert value(scenario, "linkage_strength", "heze") == 0.5
    assert "weihai" not in scenario.levers["linkage_strength"]


def test_a_file_elsewhere_may_extend_a_shipped_scenario(tmp_path: Path) -> None:
    scenario = load_scenario(write(tmp_path, "mine", "extends: open_settling\n"))
    assert scenario.fingerprint == load_scenario(SCENARIOS / "open_settling.yaml").fingerprint
    assert scenario.id == "mine"


def test_years_may_stand_in_any_order_and_be_quoted() -> None:
    one = scenario_of("levers: {linkage_strength: {2030: 0.9, 2025: 0.5, path: linear}}\n")
    two = scenario_of('levers: {linkage_strength: {"2025": 0.5, path: linear, 2030: 0.9}}\n')
    assert one.levers == two.levers
    assert one.fingerprint == two.fingerprint


def test_fingerprint_follows_the_values_and_nothing_else() -> None:
    plain = scenario_of("")
    quo = scenario_of("levers: {annual_plan_quota: 1}\nregion: heze\nquestion: {zh: 问}\n")
    moved = scenario_of("levers: {annual_plan_quota: 1.05}\n")
    later = scenario_of("levers: {annual_plan_quota: {2026: 1.05}}\n")
    assert plain.fingerprint == quo.fingerprint
    assert len({plain.fingerprint, moved.fingerprint, later.fingerprint}) == 3
    assert len(plain.fingerprint) == 64


def test_with_levers_is_a_child_of_this_scenario() -> None:
    base = scenario_of("region: qingdao\nlevers: {linkage_strength: {shandong: 0.6}}\n")
    moved = base.with_levers({"linkage_strength": 0.9, "outside_pull": {"heze": {2025: 1.5}}})
    assert value(moved, "linkage_strength", "pingdu") == 0.9
    assert value(moved, "linkage_strength", "heze") == 0.6
    assert value(moved, "outside_pull", "heze") == 1.5
    assert value(base, "linkage_strength", "pingdu") == 0.6
    assert moved.title == base.title


def test_with_levers_takes_paths_and_numpy_numbers() -> None:
    path = LeverPath(((2025, 0.5), (2030, 0.9)), "linear")
    moved = scenario_of("").with_levers({"linkage_strength": path, "debt_ceiling": np.float64(0.5)})
    assert moved.levers["linkage_strength"]["heze"] == path
    assert value(moved, "debt_ceiling", "heze") == 0.5


def test_with_levers_back_to_the_status_quo_is_the_baseline_again() -> None:
    status_quo = levers()["linkage_strength"].status_quo_of("shandong")
    moved = scenario_of("").with_levers({"linkage_strength": 0.9})
    back = moved.with_levers({"linkage_strength": status_quo})
    assert moved.fingerprint != back.fingerprint == scenario_of("").fingerprint


def test_with_levers_refuses_all_bad_values_at_once() -> None:
    with pytest.raises(ScenarioError) as caught:
        scenario_of("").with_levers({"linkage_strength": 2, "nothing": 1, "outside_pull": "high"})
    problems = caught.value.problems
    assert {each.code for each in problems} == {"out_of_range", "unknown_lever", "expected_number"}
    assert {each.place() for each in problems} == {""}


def random_scenario(random: np.random.Generator) -> Scenario:
    """Return a scenario with random levers, areas, years and shapes, all within their ranges."""
    region = str(random.choice(list(regions())))
    scenario = scenario_of(f"region: {region}\ntargets: [pingdu_residents_2035]\n")
    for name in random.choice(list(levers()), 6, replace=False):
        lever = levers()[str(name)]
        entry: dict[str, object] = {}
        for area in random.choice(list(regions()), random.integers(1, 5), replace=False):
            years = random.choice(np.arange(2021, 2051), random.integers(1, 4), replace=False)
            values = {int(year): float(random.uniform(lever.low, lever.high)) for year in years}
            shape = str(random.choice(["step", "linear"]))
            constant = float(random.uniform(lever.low, lever.high))
            entry[str(area)] = {**values, "path": shape} if random.random() < 0.7 else constant
        scenario = scenario.with_levers({lever.id: entry})
    return scenario


def test_text_reads_back_to_the_same_scenario() -> None:
    random = np.random.default_rng(7)
    times = np.arange(2020.0, 2050.25, 0.25)
    for _ in range(60):
        scenario = random_scenario(random)
        again = read_scenario(scenario.to_yaml(), "trial.yaml")
        assert again == scenario
        assert again.fingerprint == scenario.fingerprint
        for lever_id in {**scenario.levers, **scenario.assumptions}:
            same = again.lever_values(lever_id, times) == scenario.lever_values(lever_id, times)
            assert same.all()
        assert again.to_yaml() == scenario.to_yaml()


@pytest.mark.parametrize(
    "title",
    [
        "a: b",
        "# 号",
        "- x",
        "'quoted'",
        '"',
        "null",
        "2025",
        "yes",
        "多 行\n文 字",
        "é—“”",
        "{x}",
        "*a",
    ],
)
def test_any_title_survives_the_round_trip(title: str) -> None:
    scenario = replace(
        scenario_of(""), title={"zh": title, "en": title}, note={"zh": "", "en": title}
    )
    again = read_scenario(scenario.to_yaml(), "trial.yaml")
    assert again.title == {"zh": title, "en": title}
    assert again.note["en"] == title


def test_scenarios_pickle_and_hash() -> None:
    scenario = scenario_of("levers: {linkage_strength: 1}\n")
    again = pickle.loads(pickle.dumps(scenario))
    assert again == scenario
    assert {scenario, again} == {scenario}
