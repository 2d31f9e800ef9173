"""Plain words about levers: one that changes nothing, and those set beyond what was ever seen."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from calibration.priors import level
from model import Scenario, levers
from model.codelists import Lever, region_ids, regions
from views.language import name, t
from views.markup import esc
from views.results import Run, runs
from views.session import region, title
from views.workbench import MINE, Workbench

# A change smaller than this share of the value is invisible in every figure shown.
INVISIBLE = 1e-5
NAMED = 3  # levers named at once


def no_effect(
    bench: Workbench, base: Scenario, compared: Sequence[Run], picked: Sequence[str]
) -> None:
    """Say so, and why, when the lever moved last changes none of the outputs shown."""
    if bench.last_moved is None:
        return
    lever_id, scope = bench.last_moved
    own = next(run for run in compared if run.scenario.id == MINE)
    without = runs().of([bench.without(lever_id, scope).scenario(base, own.scenario.title)])[0]
    if any(differ(own, without, code) for code in picked):
        return
    st.warning(reason(own, without, lever_id, scope), icon=":material/info:")


def differ(one: Run, other: Run, output: str) -> bool:
    """Return whether two runs differ visibly in an output of the region shown."""
    first, second = one.series(output, region()), other.series(output, region())
    span = np.nanmax(np.abs(second)) or 1.0
    return bool(np.nanmax(np.abs(first - second)) > INVISIBLE * span)


def reason(own: Run, without: Run, lever_id: str, scope: str) -> str:
    """Return why a lever changes nothing that is shown, as far as it is known."""
    lever = levers()[lever_id]
    words = {"lever": name(lever), "region": name(regions()[region()])}
    members = set(regions()[scope].members) & set(regions()[region()].members)
    times = np.array(own.times, dtype=float)
    same = np.array_equal(
        own.scenario.lever_values(lever_id, times), without.scenario.lever_values(lever_id, times)
    )
    if not members:
        return t("notes.other_region", **words)
    if same:
        return t("notes.same_value", **words)
    if lever.group == "land" and not differ(own, without, "new_construction_land"):
        return t("notes.land", **words)
    return t("notes.no_effect", **words)


def beyond(compared: Sequence[Run]) -> str:
    """Return as HTML which scenarios set levers beyond the levels of 2020, or assumptions beyond
    what the calibration reckons with; empty when none does."""
    lines = []
    for run in compared:
        policies, outside = unseen(run)
        for key, found in (("notes.unseen_policy", policies), ("notes.unseen_outside", outside)):
            if found:
                names = t("provenance.and").join(name(lever) for lever in found[:NAMED])
                if len(found) > NAMED:
                    names = t("reliance.more", names=names, count=len(found))
                lines.append(t(key, scenario=title(run.scenario.id), names=names))
    return "".join(f'<div class="rq-muted">{esc(line)}</div>' for line in lines)


def unseen(run: Run) -> tuple[list[Lever], list[Lever]]:
    """Return the policies that go beyond the levels any region had in 2020, and the assumptions
    that leave the range their prior allows, in the region shown."""
    members = [code in regions()[region()].members for code in region_ids()]
    policies, outside = [], []
    for lever in levers().values():
        if lever.id not in run.scenario.levers and lever.id not in run.scenario.assumptions:
            continue
        values = run.scenario.lever_values(lever.id, np.array(run.times, dtype=float))[:, members]
        low, high = seen(lever)
        slack = 1e-9 * max(1.0, abs(low), abs(high))
        if values.min() < low - slack or values.max() > high + slack:
            (policies if lever.kind == "lever" else outside).append(lever)
    return policies, outside


def seen(lever: Lever) -> tuple[float, float]:
    """Return the range of a policy's levels over the regions in 2020, or that of a prior."""
    if lever.kind == "lever":
        return min(lever.status_quo), max(lever.status_quo)
    prior = level("driver").get(lever.id)
    if prior is None or prior.distribution == "random walk":  # a walk may go anywhere in the range
        return lever.low, lever.high
    return prior.low, prior.high
