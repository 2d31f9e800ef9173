"""The user's own scenario: edits, undo, redo, reset, and what they do to the base scenario."""

import numpy as np
import pytest

from model import ScenarioError, levers, load_scenario, read_scenario, region_ids, shipped_scenarios
from views.workbench import Edit, Workbench, base_values, containing

LEVER = "permit_entitlement_share"
TITLE = {"zh": "我的情景", "en": "My scenario"}


@pytest.fixture(scope="module")
def baseline():
    return load_scenario(shipped_scenarios()[0])


def value(scenario, region: str, time: float = 2035.0) -> float:
    return scenario.lever_values(LEVER, np.array([time]))[0, region_ids().index(region)]


def test_undo_and_redo_walk_through_the_edits() -> None:
    bench = Workbench()
    bench.put(LEVER, "shandong", Edit(0.8))
    bench.put(LEVER, "shandong", Edit(0.9))
    bench.undo()
    assert bench.edits[LEVER]["shandong"].value == 0.8
    bench.undo()
    assert bench.edits == {}
    bench.undo()
    assert bench.edits == {}
    bench.redo()
    bench.redo()
    bench.redo()
    assert bench.edits[LEVER]["shandong"].value == 0.9


def test_a_new_edit_ends_what_could_be_redone() -> None:
    bench = Workbench()
    bench.put(LEVER, "shandong", Edit(0.8))
    bench.undo()
    bench.put(LEVER, "shandong", Edit(0.7))
    assert not bench.future


def test_putting_the_same_value_twice_is_one_step() -> None:
    bench = Workbench()
    bench.put(LEVER, "shandong", Edit(0.8))
    bench.put(LEVER, "shandong", Edit(0.8))
    bench.undo()
    assert bench.edits == {}


def test_reset_takes_back_one_region_and_can_be_undone() -> None:
    bench = Workbench()
    bench.put(LEVER, "shandong", Edit(0.8))
    bench.put(LEVER, "pingdu", Edit(0.9))
    bench.reset([LEVER], "shandong")
    assert set(bench.edits[LEVER]) == {"pingdu"}
    bench.clear()
    assert bench.edits == {}
    bench.undo()
    assert set(bench.edits[LEVER]) == {"pingdu"}


def test_the_narrower_area_wins(baseline) -> None:
    bench = Workbench()
    bench.put(LEVER, "pingdu", Edit(0.9))
    bench.put(LEVER, "qingdao", Edit(0.8))
    bench.put(LEVER, "shandong", Edit(0.7))
    own = bench.scenario(baseline, TITLE)
    assert [value(own, code) for code in ("pingdu", "qingdao_other", "jinan")] == [0.9, 0.8, 0.7]
    assert bench.edit_for(LEVER, "pingdu") == ("pingdu", Edit(0.9))
    assert bench.edit_for(LEVER, "qingdao_other") == ("qingdao", Edit(0.8))
    assert bench.edit_for(LEVER, "yantai") == ("shandong", Edit(0.7))


def test_a_value_holds_from_its_year(baseline) -> None:
    bench = Workbench()
    bench.put(LEVER, "shandong", Edit(0.9, year=2030))
    own = bench.scenario(baseline, TITLE)
    status_quo = levers()[LEVER].status_quo[0]
    assert value(own, "jinan", 2028.75) == status_quo
    assert value(own, "jinan", 2029.0) == 0.9


def test_no_edits_leave_the_numbers_of_the_base(baseline) -> None:
    assert Workbench().scenario(baseline, TITLE).fingerprint == baseline.fingerprint


def test_a_value_out_of_range_is_refused(baseline) -> None:
    bench = Workbench()
    bench.put(LEVER, "shandong", Edit(levers()[LEVER].high + 1))
    with pytest.raises(ScenarioError):
        bench.scenario(baseline, TITLE)


def test_the_scenario_file_reads_back_to_the_same_numbers(baseline) -> None:
    bench = Workbench()
    bench.put(LEVER, "qingdao", Edit(0.9, year=2028, path="linear"))
    bench.put("fertility_factor", "shandong", Edit(1.2))
    own = bench.scenario(baseline, TITLE)
    assert read_scenario(own.to_yaml(), "mine.yaml").fingerprint == own.fingerprint


def test_leaving_one_edit_out_keeps_the_others() -> None:
    bench = Workbench()
    bench.put(LEVER, "shandong", Edit(0.8))
    bench.put("linkage_strength", "shandong", Edit(0.9))
    assert set(bench.without(LEVER, "shandong").edits) == {"linkage_strength"}
    assert set(bench.edits) == {LEVER, "linkage_strength"}


def test_areas_that_contain_a_region_come_smallest_first() -> None:
    assert containing("pingdu") == ["pingdu", "qingdao", "shandong"]
    assert containing("shandong") == ["shandong"]


def test_base_values_cover_the_members_of_an_aggregate(baseline) -> None:
    assert base_values(baseline, LEVER, "qingdao").shape == (2,)
    assert base_values(baseline, LEVER, "shandong").shape == (17,)
