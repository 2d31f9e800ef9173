"""Page 2, Compare (情景对比): scenarios side by side, and one of the user's own made by levers."""

import streamlit as st

from views import charts, comparison_tables, downloads, levers, markup, notes, upload
from views.choices import keep
from views.comparison_bands import Sure, area_picker, complete
from views.comparison_charts import KEY_OUTPUTS, LIMIT, output_picker, specification
from views.failure import told
from views.language import t
from views.provenance import footer, line
from views.results import BASELINE, Run, runs, shipped
from views.session import COMPARED_LIMIT, base, library, mine, region, session, title
from views.sureness import available
from views.workbench import MINE


def page() -> None:
    """Draw the page: pickers, levers, charts and tables, then a place for files.

    The page is no fragment: Streamlit lets a lever moved meanwhile end a run of the whole page, yet
    has it wait for the end of a fragment's.
    """
    chosen = scenario_picker()
    left, right = st.columns([5, 13], gap="medium")
    with left, st.container(key="levers"):
        base_picker()
        levers.panel()
    sure = None
    with right:
        picked, difference = output_picker()
        with told():
            sure = Sure(compute(chosen), region())
            results(sure, picked, difference)
    upload.section()
    if sure is not None:
        with told():
            complete(sure, picked[:LIMIT] or KEY_OUTPUTS)
        downloads.prepare()


def scenario_picker() -> list[str]:
    """Let the user choose what stands beside the baseline; return ids, the baseline first."""
    options = [MINE, *(code for code in library() if code != BASELINE)]
    chosen = keep(
        st.multiselect,
        "compared",
        [MINE],
        t("compare.scenarios"),
        options,
        format_func=title,
        max_selections=COMPARED_LIMIT,
        placeholder=t("compare.scenarios_placeholder"),
        help=t("compare.scenarios_help", limit=COMPARED_LIMIT),
        filter_mode="contains",
        select_all=False,
    )
    return [BASELINE, *chosen]


def base_picker() -> None:
    """Let the user choose the scenario that their own one starts from."""
    keep(
        st.selectbox,
        "base",
        BASELINE,
        t("compare.base"),
        list(library()),
        format_func=title,
        help=t("compare.base_help"),
        filter_mode="contains",
    )


def compute(chosen: list[str]) -> list[Run]:
    """Return the runs to compare, the baseline first.

    The user's own scenario is left out while it is the same as the baseline, for its line would
    cover the baseline's. Raises ScenarioError and InvariantError.
    """
    own = mine()
    scenarios = [own if code == MINE else library()[code] for code in chosen]
    untouched = own.fingerprint == shipped()[BASELINE].fingerprint
    return runs().of([s for s in scenarios if not (s.id == MINE and untouched)])


def results(sure: Sure, picked: list[str], difference: bool) -> None:
    """Draw charts, notes and tables of the runs."""
    compared = sure.compared
    if len(compared) == 1:
        st.info(t("compare.start_hint"), icon=":material/tune:")
    if session().workbench.last_moved and any(run.scenario.id == MINE for run in compared):
        notes.no_effect(session().workbench, base(), compared, picked)
    if far := notes.beyond(compared):
        markup.show(far)
    charted = picked[:LIMIT]
    if charted:
        areas = area_picker(compared) if available() else []
        changes = difference and len(compared) > 1
        spec = specification(sure, charted, changes, areas, line(compared))
        charts.show(spec, key="compare_charts")
    else:
        st.info(t("compare.no_outputs"))
    downloads.buttons(compared)
    comparison_tables.show(sure, picked)
    footer(compared)
