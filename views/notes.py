"""Plain words about a lever that changes nothing."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from model import Scenario, levers
from model.codelists import regions
from views.language import name, t
from views.results import Run, runs
from views.session import region
from views.workbench import MINE, Workbench

# A change smaller than this share of the value is invisible in every figure shown.
INVISIBLE = 1e-5


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
