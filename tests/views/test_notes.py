"""What is said about levers beyond the range that the calibration has seen."""

import pytest
import streamlit as st

from calibration.priors import level
from model import levers, load_scenario, shipped_scenarios
from views import notes
from views.results import Run, Runs


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    state = {"language": "zh", "region": "shandong"}
    monkeypatch.setattr(st, "session_state", state)
    monkeypatch.setattr(notes, "title", lambda code: f"<{code}>")
    return state


@pytest.fixture(scope="module")
def baseline() -> Run:
    (path,) = (path for path in shipped_scenarios() if path.stem == "baseline")
    return Runs().of([load_scenario(path)])[0]


def changed(run: Run, values: dict) -> Run:
    return Run(run.scenario.with_levers(values), run.dataset)


def test_levels_that_some_region_had_in_2020_are_not_beyond(baseline: Run) -> None:
    lever = levers()["settling_openness"]
    assert min(lever.status_quo) < max(lever.status_quo)
    for value in (min(lever.status_quo), max(lever.status_quo)):
        assert notes.beyond([changed(baseline, {lever.id: value})]) == ""
    assert notes.beyond([baseline]) == ""


def test_a_policy_beyond_every_region_is_said_with_its_scenario(baseline: Run) -> None:
    run = changed(baseline, {"settling_openness": 1.0, "birth_support": 5.0})
    html = notes.beyond([baseline, run])
    assert html.count("rq-muted") == 1
    for words in ("落户开放度", "生育支持", "校准见过", f"&lt;{run.scenario.id}&gt;"):
        assert words in html


def test_an_assumption_is_held_against_its_prior(baseline: Run) -> None:
    prior = level("driver")["outside_pull"]
    inside = changed(baseline, {"outside_pull": prior.high})
    outside = changed(baseline, {"outside_pull": levers()["outside_pull"].high})
    assert notes.beyond([inside]) == ""
    assert "省外吸引力" in notes.beyond([outside])
    assert "校准考虑" in notes.beyond([outside])
    walk = changed(baseline, {"fertility_factor": levers()["fertility_factor"].low})
    assert notes.beyond([walk]) == ""


def test_only_the_region_shown_counts(baseline: Run, chinese) -> None:
    run = changed(baseline, {"birth_support": {"yantai": 5.0}})
    assert "生育支持" in notes.beyond([run])
    chinese["region"] = "pingdu"
    assert notes.beyond([run]) == ""
