"""The place for scenario files: nothing a user brings is read wrong without a word."""

from types import SimpleNamespace

import pytest
import streamlit as st

from model import ScenarioError, read_scenario
from views import upload

TITLE = "title: {zh: 加快落户, en: Faster}\n"


@pytest.fixture(autouse=True)
def state(monkeypatch: pytest.MonkeyPatch) -> dict:
    held = {"language": "zh"}
    monkeypatch.setattr(st, "session_state", held)
    return held


def brought(state: dict, content: bytes) -> str:
    state["yaml_file"] = SimpleNamespace(name="mine.yaml", getvalue=lambda: content)
    upload.take_file()
    return state["yaml_text"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_file_in_utf8_is_taken_as_it_is(state: dict, encoding: str) -> None:
    text = brought(state, TITLE.encode(encoding))
    upload.refuse_garbled(text, "mine.yaml")
    assert text == TITLE


def test_a_file_in_another_encoding_is_refused_where_it_is_garbled(state: dict) -> None:
    text = brought(state, f"extends: baseline\n{TITLE}".encode("gbk"))
    with pytest.raises(ScenarioError) as caught:
        upload.refuse_garbled(text, "mine.yaml")
    (problem,) = caught.value.problems
    assert (problem.code, problem.line, problem.column) == ("not_utf8", 2, 13)
    assert "UTF-8" in upload.problems(caught.value.problems, text)


def test_the_names_that_are_allowed_are_listed_once() -> None:
    text = f"{TITLE}levers: {{nothing: 1, nought: 1}}\nregion: nowhere\n"
    with pytest.raises(ScenarioError) as caught:
        read_scenario(text, "mine.yaml")
    html = upload.problems(caught.value.problems, text)
    assert len(caught.value.problems) == 3
    assert html.count("permit_entitlement_share") == 1
    assert "nothing" in html
    assert "nought" in html
    assert "binzhou" in html
