"""A scenario file in the browser: upload or paste, see every error beside the text, add it."""

import re
from dataclasses import replace

import streamlit as st

from model import Problem, Scenario, ScenarioError, read_scenario
from views import markup
from views.language import current, t
from views.session import compare_too, mine, session

LIMIT_MB = 1
UNREAD = "\ufffd"  # stands for what is no UTF-8
EXCERPT = 80  # characters of the line that an error quotes


@st.fragment
def section() -> None:
    """Draw the section."""
    with st.expander(t("upload.title"), icon=":material/upload_file:", key="upload_box"):
        st.caption(t("upload.help", limit=LIMIT_MB))
        left, right = st.columns([3, 2], gap="medium")
        with left:
            sources()
            text = st.text_area(t("upload.text"), key="yaml_text", height=340)
        with right:
            if text.strip():
                judge(text)
            else:
                st.caption(t("upload.empty"))


def sources() -> None:
    """Draw the ways to fill the text: a file, or the user's own scenario."""
    st.file_uploader(
        t("upload.file"),
        type=["yaml", "yml"],
        key="yaml_file",
        max_upload_size=LIMIT_MB,
        on_change=take_file,
    )
    st.button(t("upload.from_mine"), icon=":material/edit_note:", on_click=take_mine)


def take_file() -> None:
    """Put an uploaded file into the text, whatever it holds: nothing a user brings is lost."""
    file = st.session_state["yaml_file"]
    if file is not None:
        # What is not UTF-8 is marked, and `judge` refuses the marks: no name is garbled unseen.
        st.session_state["yaml_text"] = file.getvalue().decode("utf-8-sig", "replace")
        st.session_state["yaml_name"] = file.name


def take_mine() -> None:
    """Put the user's own scenario into the text."""
    st.session_state["yaml_text"] = mine().to_yaml()
    st.session_state["yaml_name"] = "my_scenario.yaml"


def judge(text: str) -> None:
    """Draw all that is wrong with the text, or offer to add the scenario."""
    name = st.session_state.get("yaml_name", "scenario.yaml")
    try:
        refuse_garbled(text, name)
        scenario = read_scenario(text, name)
    except ScenarioError as error:
        markup.show(problems(error.problems, text))
        return
    st.success(t("upload.valid"), icon=":material/check_circle:")
    markup.show(f"<strong>{markup.esc(scenario.title[current()])}</strong>")
    if st.button(t("upload.add"), type="primary", icon=":material/add:"):
        add(scenario)
        st.rerun()


def refuse_garbled(text: str, name: str) -> None:
    """Raise ScenarioError where the text holds marks of letters that could not be read."""
    lines = text.splitlines()
    places = [(row, line.index(UNREAD) + 1) for row, line in enumerate(lines, 1) if UNREAD in line]
    if places:
        raise ScenarioError(Problem("not_utf8", name, row, column) for row, column in places)


def problems(found: tuple[Problem, ...], text: str) -> str:
    """Return the list of problems, each with its line, column and the line itself."""
    lines = text.splitlines()
    items, told = [], []
    for problem in found:
        # The same long list of names is written once.
        if (allowed := problem.params.get("allowed")) in told:
            short = {key: value for key, value in problem.params.items() if key != "allowed"}
            problem = replace(problem, params=short)
        told.append(allowed)
        quoted = lines[problem.line - 1].strip() if 0 < problem.line <= len(lines) else ""
        items.append(
            f"<div><code>{problem.line}:{problem.column}</code>"
            f"{markup.esc(problem.message(current()))}"
            f'<br><span class="rq-muted">{markup.esc(quoted[:EXCERPT])}</span></div>'
        )
    head = markup.esc(t("upload.problems", count=len(found)))
    return f'<div class="rq-problems" role="alert"><strong>{head}</strong>{"".join(items)}</div>'


def add(scenario: Scenario) -> None:
    """Add the scenario to the session and to the comparison; the same file again replaces it."""
    code = "upload_" + (re.sub(r"\W+", "_", scenario.id) or "scenario")
    session().uploads[code] = replace(scenario, id=code)
    compare_too(code)
    st.toast(t("upload.added"), icon=":material/check_circle:")
