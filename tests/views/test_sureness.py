"""Bands and chances on the overview: from today's draws, kept, and never in the way."""

import numpy as np
import pytest
import streamlit as st

from analysis.targets import assess, relevant_targets
from calibration.sensitivity import RATES
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


def changed(run: Run) -> Run:
    """Return a run of other numbers; its results do not matter here."""
    return Run(run.scenario.with_levers({"birth_support": 0.5}), run.dataset)


def test_draws_are_run_once_and_only_for_outputs_not_known(run: Run, monkeypatch) -> None:
    kept = sureness.Sureness()
    assert kept.held(run, [RATE.id]) is None
    asked: list[list[str]] = []
    original = sureness.ensemble

    def counted(scenario, outputs):
        asked.append(list(outputs))
        return original(scenario, outputs, draws=5)

    monkeypatch.setattr(sureness, "ensemble", counted)
    kept.of(run, [RATE.id])
    found = kept.of(run, [RATE.id, "income_ratio"])
    assert asked == [[RATE.id], ["income_ratio"]]
    assert kept.held(run, [RATE.id, "income_ratio"]) is found
    assert kept.held(run, ["land_revenue"]) is None


def test_the_least_recently_used_draws_are_dropped_but_not_their_bands(
    run: Run, monkeypatch
) -> None:
    kept = sureness.Sureness()
    other = changed(run)
    kept.of(run, [RATE.id])
    band = kept.band(run, RATE.id, "shandong")
    monkeypatch.setattr(sureness, "MEMORY", 1)
    kept.of(other, [RATE.id])
    assert kept.held(run, [RATE.id]) is None
    assert kept.held(other, [RATE.id]) is not None
    assert kept.band(run, RATE.id, "shandong") is band


def test_a_band_is_known_only_with_the_draws_it_needs(run: Run) -> None:
    kept, other = sureness.Sureness(), changed(run)
    assert kept.band(run, RATE.id, "shandong") is None
    kept.of(other, [RATE.id])
    assert kept.band(other, RATE.id, "shandong") is not None
    assert kept.band(other, RATE.id, "shandong", run) is None
    kept.of(run, [RATE.id])
    low, high = kept.band(other, RATE.id, "shandong", run) or pytest.fail("no band")
    own_low, own_high = kept.band(other, RATE.id, "shandong") or pytest.fail("no band")
    assert (high - low).max() < (own_high - own_low).max()


def test_the_chart_has_a_band_around_each_rate(run: Run) -> None:
    draws = sureness.Sureness().of(run, RATES)
    ends = sureness.rate_bands(draws, "shandong")
    low, high = ends[RATE.id]
    assert list(ends) == list(RATES)
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
    assert f"八成区间 {low[-1]:.1f} 至 {high[-1]:.1f}" in spec["description"]
    made = grid([spec], [line], "")
    assert made["words"]["band"] == "校准抽样的八成"
    assert made["areas"] == ["resident"]
    assert grid([spec], [line], "", areas=["gone"])["areas"] == []


def test_a_chart_without_bands_has_none() -> None:
    line = Line("resident", "常住", 1)
    assert chart(RATE, regions()["shandong"], [(line, np.ones(16))], TIMES)["bands"] == []
    assert sureness.rate_bands(None, "shandong") == {}


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
