"""The panel of levers: one slider each, in groups, policy apart from assumptions."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from analysis.numbers import lever_source
from model.codelists import LEVER_GROUPS, Lever, levers, regions
from views import markup
from views.choices import keep
from views.language import Scale, current, name, pretty, scale, t
from views.session import base, compare_too, region, session
from views.workbench import FIRST_YEAR, LAST_YEAR, MINE, PATHS, Edit, base_values


def panel() -> None:
    """Draw the panel for the region chosen."""
    scope = scope_control()
    history_controls(scope)
    timing_controls()
    for group in LEVER_GROUPS:
        members = [lever for lever in levers().values() if lever.group == group]
        if group == "assumption":
            st.markdown(f"**{t('levers.assumptions')}**")
            st.caption(t("levers.assumptions_help"))
        if members:
            lever_group(group, members, scope)


def scope_control() -> str:
    """Let the user set levers for the region shown or for the whole province; return which."""
    here = region()
    if here == "shandong":
        st.caption(t("levers.whole_province"))
        return here
    names = {"here": name(regions()[here]), "all": name(regions()["shandong"])}
    scope = keep(
        st.segmented_control,
        "scope",
        "here",
        t("levers.scope"),
        list(names),
        format_func=lambda code: names[code],
        required=True,
        help=t("levers.scope_help"),
        width="stretch",
    )
    return "shandong" if scope == "all" else here


def history_controls(scope: str) -> None:
    """Draw undo, redo and reset."""
    bench = session().workbench
    with st.container(horizontal=True, gap="small"):
        st.button(
            t("levers.undo"),
            icon=":material/undo:",
            on_click=bench.undo,
            disabled=not bench.past,
            key="undo",
        )
        st.button(
            t("levers.redo"),
            icon=":material/redo:",
            on_click=bench.redo,
            disabled=not bench.future,
            key="redo",
        )
        st.button(
            t("levers.reset_all"),
            icon=":material/restart_alt:",
            on_click=bench.clear,
            disabled=not bench.edits,
            key="reset_all",
        )


def timing_controls() -> None:
    """Let the user choose from when, and how, the levers moved next take their value."""
    with st.container(horizontal=True, gap="small"):
        keep(
            st.selectbox,
            "year",
            FIRST_YEAR,
            t("levers.year"),
            range(FIRST_YEAR, LAST_YEAR + 1),
            help=t("levers.year_help"),
            filter_mode=None,
            width=120,
        )
        keep(
            st.segmented_control,
            "path",
            PATHS[0],
            t("levers.path"),
            PATHS,
            format_func=lambda path: t(f"path.{path}"),
            required=True,
            help=t("levers.path_help"),
        )


def lever_group(group: str, members: Sequence[Lever], scope: str) -> None:
    """Draw one group; its sliders are made only while it is open."""
    edits = session().workbench.edits
    changed = [lever.id for lever in members if scope in edits.get(lever.id, {})]
    if changed:
        # In the label itself the count would make Streamlit take it for another, closed expander.
        count = t("levers.group_changed", count=len(changed))
        st.html(f'<style>.st-key-group-{group} summary p::after {{content: "{count}"}}</style>')
    with st.expander(t(f"group.{group}"), key=f"group-{group}", on_change="rerun") as box:
        if not box.open:
            return
        for lever in members:
            lever_row(lever, scope)
        st.button(
            t("levers.reset_group"),
            icon=":material/restart_alt:",
            key=f"reset:{group}",
            disabled=not changed,
            on_click=session().workbench.reset,
            args=([lever.id for lever in members], scope),
        )


def lever_row(lever: Lever, scope: str) -> None:
    """Draw one lever: slider, status-quo mark, range, and its details behind a button."""
    found = session().workbench.edit_for(lever.id, scope)
    values = base_values(base(), lever.id, scope)
    key = f"lever:{scope}:{lever.id}"
    # The slider follows the scenario, so that undo, reset and a new base move it too.
    st.session_state[key] = float(found[1].value if found else values.mean())
    shown = scale(lever)
    with st.container(gap=None, key=f"row:{lever.id}"):
        st.slider(
            f"{name(lever)}{unit_suffix(lever)}",
            min_value=lever.low,
            max_value=lever.high,
            step=lever.step,
            format=f"%.{lever.digits}f",
            key=key,
            on_change=moved,
            args=(lever, scope, key),
        )
        markup.show(status_quo_mark(lever, scope))
        with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="xsmall"):
            markup.show(facts(lever, scope, shown, found, values))
            if found and found[0] == scope:
                reset_button(lever, scope)
            details(lever, scope, found)


def unit_suffix(lever: Lever) -> str:
    """Return a lever's unit in brackets, in the language of the session."""
    unit = pretty(lever.unit_label(current()))
    return t("levers.unit", unit=unit) if unit else ""


def moved(lever: Lever, scope: str, key: str) -> None:
    """Take over a slider's new value; back at the base's own value there is no edit left."""
    bench = session().workbench
    value = float(st.session_state[key])
    values = base_values(base(), lever.id, scope)
    before = bench.edits.get(lever.id, {}).get(scope)
    if np.allclose(values, value) and bench.edit_for(lever.id, scope) in (
        None,
        before and (scope, before),
    ):
        bench.reset([lever.id], scope)
        return
    year = before.year if before else st.session_state.get("year", FIRST_YEAR)
    path = before.path if before else st.session_state.get("path", PATHS[0])
    bench.put(lever.id, scope, Edit(value, year, path))
    compare_too(MINE)


def status_quo_mark(lever: Lever, scope: str) -> str:
    """Return a small triangle under the slider at the status quo: one, or the ends of its range
    when the members of an aggregate differ."""
    values = status_quo_range(lever, scope)
    marks = "".join(
        f'<i style="left:{100 * (value - lever.low) / (lever.high - lever.low):.1f}%"></i>'
        for value in sorted(set(values))
    )
    return f'<div class="rq-scale" aria-hidden="true">{marks}</div>'


def status_quo_range(lever: Lever, scope: str) -> tuple[float, float]:
    """Return the least and greatest status quo among the members of a region."""
    members = regions()[scope].members
    values = [
        value
        for value, code in zip(lever.status_quo, regions()["shandong"].members, strict=True)
        if code in members
    ]
    return min(values), max(values)


def facts(
    lever: Lever,
    scope: str,
    shown: Scale,
    found: tuple[str, Edit] | None,
    values: np.ndarray,
) -> str:
    """Return the line under a slider: status quo, range, and what the user has set."""
    low, high = status_quo_range(lever, scope)
    parts = [
        t("levers.status_quo", value=span(shown, low, high)),
        t("levers.range", value=span(shown, lever.low, lever.high)),
        t("levers.grade", grade=t(f"grade.{lever.grade}")),
    ]
    if not found and not np.allclose((values.min(), values.max()), (low, high)):
        parts.append(t("levers.base_value", value=span(shown, values.min(), values.max())))
    html = "".join(f"<span>{markup.esc(part)}</span>" for part in parts)
    if found:
        place, edit = found
        text = t(f"levers.set_{edit.path}", year=edit.year, value=shown.number(edit.value))
        if place != scope:
            text += t("levers.set_for", region=name(regions()[place]))
        html += f"<b>{markup.esc(text)}</b>"
    return f'<div class="rq-lever">{html}</div>'


def span(shown: Scale, low: float, high: float) -> str:
    """Return one figure, or two joined by a dash when they differ."""
    first, last = shown.number(low), shown.number(high)
    return first if first == last else f"{first}–{last}"


def details(lever: Lever, scope: str, found: tuple[str, Edit] | None) -> None:
    """Draw the button behind which a lever's source, timing and reset are."""
    box = st.popover(
        t("levers.details"),
        type="tertiary",
        key=f"more:{scope}:{lever.id}",
        on_change="rerun",
    )
    if not box.open:
        return
    with box:
        markup.show(
            f'<strong class="rq-about">{markup.esc(name(lever))}</strong>'
            f"<p>{markup.esc(lever.description(current()))}</p>"
            f'<p class="rq-muted">{markup.esc(t("levers.source"))}'
            f"{markup.esc(lever_source(lever, current()))}</p>"
        )
        if found and found[0] == scope:
            timing(lever, scope, found[1])


def reset_button(lever: Lever, scope: str) -> None:
    """Draw the button that takes back one lever."""
    st.button(
        t("levers.reset"),
        type="tertiary",
        key=f"reset:{scope}:{lever.id}",
        on_click=session().workbench.reset,
        args=([lever.id], scope),
    )


def timing(lever: Lever, scope: str, edit: Edit) -> None:
    """Draw the year and the path of one lever that has been set."""
    keys = {part: f"{part}:{scope}:{lever.id}@{current()}" for part in ("year", "path")}
    st.session_state[keys["year"]], st.session_state[keys["path"]] = edit.year, edit.path
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    args = (lever.id, scope, edit.value, keys)
    st.selectbox(
        t("levers.year"),
        years,
        key=keys["year"],
        filter_mode=None,
        on_change=retimed,
        args=args,
    )
    st.segmented_control(
        t("levers.path"),
        PATHS,
        format_func=lambda path: t(f"path.{path}"),
        required=True,
        key=keys["path"],
        on_change=retimed,
        args=args,
    )


def retimed(lever: str, scope: str, value: float, keys: dict[str, str]) -> None:
    """Take over a lever's new year and path."""
    year, path = (st.session_state[keys[part]] for part in ("year", "path"))
    session().workbench.put(lever, scope, Edit(value, year, path))
