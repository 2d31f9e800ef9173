"""The bands of the Compare page: known ones at once, the others once the page stands."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.errors import StreamlitAPIException

from analysis.bands import Edges
from views.choices import keep
from views.language import t
from views.results import Run
from views.session import title
from views.sureness import available, sureness

LAST, ALL, NONE = "last", "all", "none"


@dataclass(frozen=True)
class Sure:
    """The runs compared, the first being what the others are held against, in one region."""

    compared: Sequence[Run]
    region: str

    def value(self, run: Run, output: str) -> Edges | None:
        """Return the band of a run's output if it is known."""
        return sureness().band(run, output, self.region) if available() else None

    def difference(self, run: Run, output: str) -> Edges | None:
        """Return the band of the difference from the first run if it is known."""
        if not available():
            return None
        return sureness().band(run, output, self.region, self.compared[0])

    def missing(self, outputs: Sequence[str]) -> list[Run]:
        """Return the runs of which some band is not known yet."""
        return [
            run
            for run in self.compared
            if any(
                self.value(run, output) is None or self.difference(run, output) is None
                for output in outputs
            )
        ]


def complete(sure: Sure, outputs: Sequence[str]) -> None:
    """Work out the bands that are missing, then draw the page again with all of them.

    To be called last: the page is on the screen already, and a lever moved meanwhile comes first.
    """
    missing = sure.missing(outputs) if available() else []
    if not missing:
        return
    place = st.empty()
    for run in missing:
        # The differences rest on the first run's draws too, which may have been dropped.
        sureness().of(sure.compared[0], outputs)
        sureness().of(run, outputs)
        for output in outputs:
            sure.value(run, output)
            sure.difference(run, output)
        place.empty()  # a call to the page: where a newer choice of the user ends this run
    try:
        st.rerun(scope="fragment")
    except StreamlitAPIException:  # the whole page is being run
        st.rerun()


def area_picker(compared: Sequence[Run]) -> list[str]:
    """Let the user choose the lines that stand in an area; return the ids of their scenarios."""
    ids = [run.scenario.id for run in compared]
    options = [LAST, *ids, ALL, NONE]
    if st.session_state.get("areas") not in options:
        st.session_state["areas"] = LAST
    chosen = keep(
        st.selectbox,
        "areas",
        LAST,
        t("compare.areas"),
        options,
        format_func=lambda code: title(code) if code in ids else t(f"compare.areas_{code}"),
        help=t("compare.areas_help"),
        filter_mode="contains",
    )
    return {LAST: ids[-1:], ALL: ids, NONE: []}.get(chosen, [chosen])
