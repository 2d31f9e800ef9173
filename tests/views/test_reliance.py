"""Assumptions that outweigh a band are named beside the answer, of the scenario that is shown."""

from typing import Any

import numpy as np
import pytest
import streamlit as st

from analysis.assumptions import outweighing
from analysis.targets import assess, relevant_targets
from calibration.assumptions import assumptions
from calibration.sensitivity import RATES, YEARS
from model import load_scenario, shipped_scenarios
from views import cards, comparison_bands, finding, reliance, sureness
from views.comparison_bands import Sure
from views.comparison_tables import hanging, row_label, straying
from views.language import t
from views.results import Run, Runs

RATE = RATES[0]


@pytest.fixture(autouse=True)
def memory(monkeypatch: pytest.MonkeyPatch) -> reliance.Reliance:
    """Start every test with nothing known, in Chinese, with draws of today's model."""
    made, draws = reliance.Reliance(), sureness.Sureness()
    monkeypatch.setattr(st, "session_state", {"language": "zh", "region": "shandong"})
    for module in (reliance, comparison_bands, finding):
        monkeypatch.setattr(module, "sureness", lambda: draws)
    for module in (reliance, comparison_bands):
        monkeypatch.setattr(module, "reliance", lambda: made)
        monkeypatch.setattr(module, "available", lambda: True)
    monkeypatch.setattr(reliance, "tabled", lambda: False)
    return made


@pytest.fixture(scope="module")
def compared() -> list[Run]:
    stems = ("baseline", "open_settling", "land_market_slump")
    found = {path.stem: load_scenario(path) for path in shipped_scenarios()}
    return Runs().of([found[stem] for stem in stems])


def learn(run: Run, memory: reliance.Reliance) -> None:
    """Run what it takes to know what a scenario's rates hang on."""
    reliance.sureness().of(run, RATES)
    memory.of(run, RATES)


def test_nothing_is_known_before_the_runs(compared: list[Run], memory) -> None:
    run = compared[1]
    assert reliance.outweighed(run, RATE, "shandong") is None
    memory.of(run, RATES)
    assert reliance.outweighed(run, RATE, "shandong") is None
    learn(run, memory)
    assert set(reliance.outweighed(run, RATE, "shandong") or {}) == set(YEARS)


def test_moved_runs_are_made_once(compared: list[Run], memory, monkeypatch) -> None:
    first = memory.of(compared[1], RATES)
    monkeypatch.setattr(reliance, "moves", lambda *_: pytest.fail("run again"))
    assert memory.of(compared[1], RATES) is first
    monkeypatch.setattr(reliance, "KEPT", 0)
    memory.of(compared[1], RATES)
    assert memory.held(compared[1]) is None


def test_only_what_outweighs_the_band_is_named_the_heaviest_first(compared, memory) -> None:
    run = compared[1]
    learn(run, memory)
    found = (reliance.outweighed(run, RATE, "shandong") or {})[2035]
    shares = [each.share for each in found]
    assert shares
    assert shares == sorted(shares, reverse=True)
    low, high = reliance.sureness().band(run, RATE, "shandong") or pytest.fail("no band")
    for each in found:
        assert each.band == pytest.approx(high[-1] - low[-1])
        ends = (0.0, each.low_change, each.high_change)
        assert each.share == pytest.approx((max(ends) - min(ends)) / each.band)
        assert each.share > 1


def test_the_baseline_of_today_is_read_from_the_committed_table(compared, monkeypatch) -> None:
    monkeypatch.setattr(reliance, "tabled", lambda: True)
    expected = {year: outweighing("shandong", RATE, year) for year in YEARS}
    assert reliance.outweighed(compared[0], RATE, "shandong") == expected
    assert reliance.outweighed(compared[1], RATE, "shandong") is None


def test_any_other_output_is_worked_out_when_asked_for(compared, memory, monkeypatch) -> None:
    learn(compared[0], memory)
    monkeypatch.setattr(reliance, "tabled", lambda: True)
    assert reliance.outweighed(compared[0], "deaths", "shandong") is None
    reliance.sureness().of(compared[0], ["deaths"])
    memory.of(compared[0], ["deaths"])
    assert reliance.outweighed(compared[0], "deaths", "shandong") is not None
    assert RATE in memory.of(compared[0], ["deaths"])[0]


def test_stale_draws_name_nothing(compared, monkeypatch) -> None:
    monkeypatch.setattr(reliance, "available", lambda: False)
    assert reliance.outweighed(compared[0], RATE, "shandong") == {}


def test_a_difference_hangs_on_less_than_its_value_does(compared, memory) -> None:
    base, run = compared[0], compared[1]
    for each in (base, run):
        learn(each, memory)
    values = (reliance.outweighed(run, RATE, "shandong") or {})[2035]
    changes = (reliance.outweighed(run, RATE, "shandong", base) or {})[2035]
    own = {each.assumption.variable: each for each in values}
    for each in changes:
        if each.assumption.variable in own:
            assert each.band < own[each.assumption.variable].band


def test_a_scenario_that_sets_an_assumption_can_be_held_against_the_baseline(compared, memory):
    base, slump = compared[0], compared[2]
    for each in (base, slump):
        learn(each, memory)
    assert "land_market_cycle" in slump.scenario.assumptions
    found = reliance.outweighed(slump, RATE, "shandong", base)
    assert found is not None


def test_a_card_and_the_finding_name_them(compared, memory) -> None:
    run = compared[1]
    learn(run, memory)
    targets = assess(run.dataset, relevant_targets("shandong"))
    html = cards.target_cards(targets, run)
    (heaviest, *_) = (reliance.outweighed(run, RATE, "shandong") or {})[2035]
    assert html.count("影响超过区间的假设") >= 1
    assert heaviest.assumption.name_zh in html
    assert heaviest.assumption.name_zh in finding.reliance_note(run, "shandong")
    assert finding.relied_on(run, "shandong")
    assert "影响超过区间的假设" not in cards.target_cards(targets, compared[2])
    assert finding.reliance_note(compared[2], "shandong") == ""


def test_a_card_of_an_increase_says_that_no_assumption_was_tried(compared, monkeypatch) -> None:
    run = compared[0]
    said = t("reliance.increase", since=2020)
    monkeypatch.setattr(cards, "available", lambda: True)
    increases = [target for target in relevant_targets("yantai") if target.since is not None]
    assert len(increases) == 2
    for target in relevant_targets("yantai"):
        html = cards.target_cards(assess(run.dataset, [target]), run)
        assert (said in html) is (target in increases)
    monkeypatch.setattr(cards, "available", lambda: False)
    assert said not in cards.target_cards(assess(run.dataset, increases), run)


def test_the_bar_of_a_target_that_is_met_is_full(compared) -> None:
    run = compared[0]
    found = assess(run.dataset, relevant_targets("shandong"))
    for each in found:
        full = "width:100%" in cards.bar(each, cards.start_value(each.target, run))
        assert full is bool(each.met)
    assert any(each.met and each.first_met == 2020 for each in found)


def test_the_table_names_them_for_values_and_for_differences(compared, memory, monkeypatch) -> None:
    sure = Sure(compared[:2], "shandong")
    assert hanging(sure, RATE) == []
    assert sure.untried([RATE]) == compared[:2]
    for each in compared[:2]:
        learn(each, memory)
    assert sure.untried([RATE]) == []
    lines = hanging(sure, RATE)
    for year in YEARS:
        values, changes = sure.outweighing(RATE, year)
        assert f"{year}年：{reliance.named(values)}" in lines
        assert any(line.startswith(f"{year}年与") for line in lines) is bool(changes)
    assert not any("2030" in line for line in lines)


def test_a_value_outside_its_band_is_told_with_its_years(compared) -> None:
    run, sure = compared[2], Sure(compared[2:], "shandong")
    values = run.series(RATE, "shandong")
    above = np.where(np.array(run.times) == 2035, values + 0.1, values)
    key = (run.scenario.fingerprint, "", RATE, "shandong")
    reliance.sureness().bands[key] = (values - 1, values + 1)
    assert straying(sure, RATE) == ""
    reliance.sureness().bands[key] = (above, above + 1)
    line = straying(sure, RATE)
    label = row_label("<rate>", line, ["<i>one", "two"])
    assert label.startswith(f"<b>&lt;rate&gt;</b><span>{line}</span><details")
    assert "<li>&lt;i&gt;one</li><li>two</li>" in label
    assert "2035年的值落在区间之外" in line
    assert "2025" not in line
    assert line in finding.reliance_note(run, "shandong")


def test_rests_of_rounding_neither_stray_nor_hang_on_anything(compared, memory) -> None:
    run, code = compared[1], "net_migration_province"
    reliance.sureness().of(run, [code])
    memory.of(run, [code])
    assert abs(run.series(code, "shandong")).max() < 1e-6
    assert reliance.sureness().strays(run, code, "shandong", run.times) == []
    assert reliance.outweighed(run, code, "shandong") == dict.fromkeys(YEARS, ())
    assert any((reliance.outweighed(run, code, "yantai") or {}).values())


def test_an_assumption_named_as_in_the_model_starts_with_a_capital(monkeypatch) -> None:
    monkeypatch.setattr(st, "session_state", {"language": "en"})
    assert reliance.spoken(assumptions()["local return hazard"]) == "Local return hazard"
    assert reliance.spoken(assumptions()["growth adjustment"]) == "GDP growth adjustment"


def test_many_names_are_counted(compared, memory) -> None:
    learn(compared[1], memory)
    found: list[Any] = list((reliance.outweighed(compared[1], RATE, "shandong") or {})[2025])
    more = reliance.named(found * 2)
    names = {each.assumption.name_zh for each in found}
    assert more.endswith(f"等{len(names)}个") is (len(names) > reliance.NAMED)
    assert reliance.named([]) == ""
