"""Bands and chances on the overview: from today's draws, kept, and never in the way."""

import numpy as np
import pytest
import streamlit as st

from analysis.targets import assess, relevant_targets
from model import load_scenario, regions, shipped_scenarios
from model.codelists import outputs
from views import cards, sureness
from views.charts import Line, chart, grid
from views.results import Run, Runs

TIMES = tuple(range(2020, 2036))
RATE = outputs()["urbanisation_rate_resident"]


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {"language": "zh"})


@pytest.fixture(scope="module")
def run() -> Run:
    (path,) = (each for each in shipped_scenarios() if each.stem == "baseline")
    return Runs().of([load_scenario(path)])[0]


def test_bands_are_worked_out_once_and_then_held(run: Run, monkeypatch) -> None:
    kept = sureness.Sureness()
    assert kept.held(run) is None
    first = kept.of(run)
    monkeypatch.setattr(sureness, "bands", lambda *_: pytest.fail("worked out again"))
    assert kept.of(run) is first is kept.held(run)


def test_the_least_recently_used_bands_are_dropped(run: Run, monkeypatch) -> None:
    kept = sureness.Sureness()
    monkeypatch.setattr(sureness, "KEPT", 1)
    monkeypatch.setattr(sureness, "bands", lambda *_: [object()])
    other = Run(run.scenario.with_levers({"birth_support": 0.5}), run.dataset)
    kept.of(run)
    kept.of(other)
    assert kept.held(run) is None
    assert kept.held(other) is not None


def test_the_chart_has_a_band_around_each_rate(run: Run) -> None:
    found = sureness.Sureness().of(run)
    ends = sureness.edges(found, "shandong")
    low, high = ends[RATE.id]
    assert list(ends) == list(sureness.RATES)
    line = Line("resident", "常住", 1)
    values = run.series(RATE.id, "shandong")
    spec = chart(
        RATE, regions()["shandong"], [(line, values)], TIMES, bands={"resident": (low, high)}
    )
    (band,) = spec["bands"]
    assert band["key"] == "resident"
    assert len(band["low"]) == len(band["high"]) == len(TIMES)
    assert all(below <= above for below, above in zip(band["low"], band["high"], strict=True))
    assert band["low"][-1] < values[-1] < band["high"][-1]
    assert grid([spec], [line], "")["words"]["band"] == "校准抽样的八成"


def test_a_chart_without_bands_has_none() -> None:
    line = Line("resident", "常住", 1)
    assert chart(RATE, regions()["shandong"], [(line, np.ones(16))], TIMES)["bands"] == []
    assert sureness.edges(None, "shandong") == {}


def test_a_target_card_states_its_chance(run: Run) -> None:
    found = assess(run.dataset, relevant_targets("shandong"))
    known = {found[0].target.id: "43%"}
    html = cards.target_cards(found, run, known)
    assert html.count("达到的可能性") == 1
    assert "<dd>43%</dd>" in html
    assert "达到的可能性" not in cards.target_cards(found, run)


def test_chances_are_whole_percents_and_never_certain() -> None:
    words = [sureness.percent(part) for part in (0.0, 0.004, 0.43, 0.996, 1.0)]
    assert words == ["不到1%", "不到1%", "43%", "超过99%", "超过99%"]


def test_bands_of_another_model_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    sureness.available.cache_clear()
    monkeypatch.setattr(sureness, "is_current", lambda _: False)
    assert not sureness.available()
    sureness.available.cache_clear()
