"""What a session remembers: region, scenarios chosen, the user's own scenario and uploads."""

from dataclasses import dataclass, field

import streamlit as st

from model import Scenario
from model.codelists import regions
from model.messages import LANGUAGES, translate
from views.language import current, t
from views.results import BASELINE, shipped
from views.workbench import MINE, Workbench

PLANNED = ("shandong", "qingdao", "yantai", "dongying", "pingdu")
COMPARED_LIMIT = 5


@dataclass
class Session:
    """The part of a session that no single widget holds."""

    workbench: Workbench = field(default_factory=Workbench)
    uploads: dict[str, Scenario] = field(default_factory=dict)


def session() -> Session:
    """Return this session's memory, made on first use."""
    if "session" not in st.session_state:
        st.session_state["session"] = Session()
    return st.session_state["session"]


def region_order() -> list[str]:
    """Return the ids of all regions, those with a plan first."""
    return [*PLANNED, *(code for code in regions() if code not in PLANNED)]


def region() -> str:
    """Return the region chosen."""
    return st.session_state.get("region") or PLANNED[0]


def library() -> dict[str, Scenario]:
    """Return the scenarios that can be chosen, shipped ones first, without the user's own."""
    return {**shipped(), **session().uploads}


def base() -> Scenario:
    """Return the scenario that the user's own one starts from."""
    return library().get(st.session_state.get("base") or BASELINE) or shipped()[BASELINE]


def mine() -> Scenario:
    """Return the user's own scenario. Raises ScenarioError when an edit is out of range."""
    return session().workbench.scenario(base(), own_title())


def compare_too(scenario_id: str) -> None:
    """Have a scenario among those compared; the newest takes the last place when all are taken."""
    chosen = st.session_state.get("compared", [MINE])
    if scenario_id not in chosen:
        st.session_state["compared"] = [*chosen[: COMPARED_LIMIT - 1], scenario_id]


def own_title() -> dict[str, str]:
    """Return the title of the user's own scenario in both languages."""
    return {language: translate("compare.mine", language) for language in LANGUAGES}


def title(scenario_id: str) -> str:
    """Return a scenario's title in the session's language."""
    if scenario_id == MINE:
        return t("compare.mine")
    known = library()[scenario_id]
    return known.title.get(current()) or known.title["zh"]
