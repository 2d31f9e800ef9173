"""How sure the Compare page is: what is known at once, the rest once the page stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from analysis.assumptions import Outweighing
from analysis.bands import Edges
from views.background import wait_for
from views.choices import keep
from views.language import t
from views.reliance import outweighed, reliance
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

    def strays(self, output: str, years: Sequence[int]) -> list[int]:
        """Return the years in which some run's value lies outside its band."""
        if not available():
            return []
        found = [sureness().strays(run, output, self.region, years) for run in self.compared]
        return [year for year in years if any(year in each for each in found)]

    def outweighing(self, output: str, year: int) -> tuple[list[Outweighing], list[Outweighing]]:
        """Return the assumptions that outweigh the band of some run's output in a year, and of
        some difference from the first run; as far as they are known."""
        values, changes = [], []
        for run in self.compared:
            values += (outweighed(run, output, self.region) or {}).get(year, ())
        for run in self.compared[1:]:
            found = outweighed(run, output, self.region, self.compared[0]) or {}
            changes += found.get(year, ())
        return values, changes

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

    def untried(self, outputs: Sequence[str]) -> list[Run]:
        """Return the runs of which it is not known yet what they hang on."""
        base = self.compared[0]
        return [
            run
            for run in self.compared
            if any(
                outweighed(run, output, self.region) is None
                or (run is not base and outweighed(run, output, self.region, base) is None)
                for output in outputs
            )
        ]


def complete(sure: Sure, outputs: Sequence[str]) -> None:
    """Work out what is missing, bands before assumptions, and draw the page again with it.

    To be called last: the page is on the screen already, and a lever moved meanwhile comes first.
    """
    if not available():
        return
    draws, moved, base = sureness(), reliance(), sure.compared[0]
    if missing := sure.missing(outputs):
        for run in missing:
            # The differences rest on the first run's draws too, which may have been dropped.
            for each in (base, run):
                wait_for(partial(draws.of, each, outputs))
            Sure([base, run], sure.region).missing(outputs)
        st.rerun()
    if untried := sure.untried(outputs):
        for run in untried:
            for each in (base, run):
                wait_for(partial(draws.of, each, outputs))
                wait_for(partial(moved.of, each, outputs))
            for output in outputs:
                Sure([base, run], sure.region).untried([output])
                st.empty()  # where a newer choice of the user ends this run
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
