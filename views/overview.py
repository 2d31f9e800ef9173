"""Page 1, Overview (总览): where a region stands against its targets."""

from functools import partial

import streamlit as st
import xarray as xr
from streamlit.delta_generator import DeltaGenerator

from analysis.targets import Assessment, assess, relevant_targets
from calibration.sensitivity import RATES, headlines
from model import outputs, targets
from model.codelists import regions
from views import cards, charts, markup, notes
from views.background import wait_for
from views.choices import keep
from views.finding import reliance_note, relied_on, sentences
from views.language import name, t
from views.observations import observations
from views.provenance import footer, line
from views.reliance import reliance
from views.results import BASELINE, Run, runs, shipped
from views.session import library, mine, region, session, title
from views.sureness import available, chances, rate_bands, sureness
from views.workbench import MINE


def page() -> None:
    """Draw the page."""
    left, right = st.columns([4, 9], vertical_alignment="bottom", gap="medium")
    with left:
        chosen = scenario_picker()
    scenario = mine() if chosen == MINE else library()[chosen]
    run, baseline = runs().of([scenario, shipped()[BASELINE]])
    with right:
        question(run)
    here = region()
    markup.show(sentences(run, baseline, here))
    if far := notes.beyond([run]):
        markup.show(far)
    reliance_place = st.empty()
    st.subheader(t("overview.targets"), anchor=False)
    target_place = st.empty()
    st.subheader(t("overview.chart"), anchor=False)
    chart_place = st.empty()
    found = sureness().held(run, headlines())
    places = (reliance_place, target_place, chart_place)
    draw(run, here, found, *places)
    st.subheader(t("overview.figures"), anchor=False)
    markup.show(cards.figure_cards(run, here))
    footer([run])
    if available() and (found is None or not relied_on(run, here)):
        # The page is on the screen already; this goes on it when the draws are run.
        wait_for(partial(sureness().of, run, headlines()))
        if not relied_on(run, here):
            wait_for(partial(reliance().of, run, headlines()))
        draw(run, here, sureness().of(run, headlines()), *places)


def draw(
    run: Run,
    here: str,
    draws: xr.Dataset | None,
    reliance_place: DeltaGenerator,
    target_place: DeltaGenerator,
    chart_place: DeltaGenerator,
) -> None:
    """Draw targets and chart in their places, with bands and chances once the draws are run; and
    below the finding the assumptions that its figures hang on."""
    with reliance_place.container():
        if note := reliance_note(run, here):
            markup.show(note)
    with target_place.container():
        target_section(run, here, draws)
    key = "overview_chart" if draws is None else "overview_chart_sure"
    with chart_place.container():
        charts.show(rates(run, here, draws), key=key)


def scenario_picker() -> str:
    """Let the user choose the scenario shown; their own one once it has been changed."""
    options = list(library())
    if session().workbench.edits:
        options.append(MINE)
    if st.session_state.get("scenario") not in options:
        st.session_state["scenario"] = BASELINE
    return keep(
        st.selectbox,
        "scenario",
        BASELINE,
        t("overview.scenario"),
        options,
        format_func=title,
        filter_mode="contains",
    )


def question(run: Run) -> None:
    """Draw the question a scenario asks, and the plan's sentence it rests on."""
    parts = []
    if asked := run.scenario.question.get(st.session_state.get("language") or "zh"):
        parts.append(markup.esc(asked))
    source = run.scenario.source
    if source.get("quote"):
        quoted = markup.esc(t("cards.quote", quote=source["quote"]))
        parts.append(f'<span lang="zh">{quoted} — {markup.esc(source.get("plan", ""))}</span>')
    if parts:
        markup.show(f'<div class="rq-muted">{"<br>".join(parts)}</div>')


def target_section(run: Run, here: str, draws: xr.Dataset | None) -> None:
    """Draw the region's targets; where it has none, say so and show the province's."""
    whose = here
    if not relevant_targets(here, superseded=True):
        st.caption(t("overview.no_targets", region=name(regions()[here])))
        whose = "shandong"
    markup.show(cards.target_cards(assessments(run, whose), run, chances(draws, whose)))


def assessments(run: Run, here: str) -> list[Assessment]:
    """Return a region's targets against the run: current before superseded, then by year."""
    found = assess(run.dataset, relevant_targets(here, superseded=True))
    return sorted(found, key=lambda each: (each.target.status != "current", each.target.year))


def rates(run: Run, here: str, draws: xr.Dataset | None) -> dict:
    """Return the chart of both urbanisation rates, their bands, and the targets of the first."""
    lines = [
        charts.Line("resident", t("overview.rate_resident"), 1),
        charts.Line("hukou", t("overview.rate_hukou"), 2),
    ]
    values = [(line_, run.series(code, here)) for line_, code in zip(lines, RATES, strict=True)]
    marks = [
        target
        for target in targets().values()
        if (target.region, target.output) == (here, RATES[0])
    ]
    seen = [point for code in RATES for point in observations(here, code)]
    spec = charts.chart(
        outputs()[RATES[0]],
        regions()[here],
        values,
        run.times,
        marks,
        seen,
        title=t("overview.chart_title"),
        bands={
            line_.key: ends
            for line_, ends in zip(lines, rate_bands(draws, here).values(), strict=False)
        },
    )
    return charts.grid([spec], lines, line([run]))
