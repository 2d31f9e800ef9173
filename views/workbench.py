"""The user's own scenario: a base scenario and the levers moved away from it, with undo.

Nothing here knows of the browser, so that it is tested as plain data.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from model.codelists import region_ids, regions
from model.scenario import Scenario

MINE = "mine"
PATHS = ("step", "linear")
FIRST_YEAR, LAST_YEAR = 2021, 2035
UNDO_LIMIT = 200


@dataclass(frozen=True)
class Edit:
    """A lever's value in its unit from calendar year `year` on; `path` is "step" or "linear"."""

    value: float
    year: int = FIRST_YEAR
    path: str = "step"


Edits = Mapping[str, Mapping[str, Edit]]  # lever id → region id → edit


@dataclass
class Workbench:
    """The edits of one session and the steps to undo and redo."""

    edits: Edits = field(default_factory=dict)
    past: list[Edits] = field(default_factory=list)
    future: list[Edits] = field(default_factory=list)
    last_moved: tuple[str, str] | None = None

    def change(self, edits: Edits) -> None:
        """Make `edits` the present; what was undone before can no longer be redone."""
        if edits == self.edits:
            return
        self.past = [*self.past, self.edits][-UNDO_LIMIT:]
        self.future = []
        self.edits = edits

    def put(self, lever: str, region: str, edit: Edit) -> None:
        """Set a lever for a region or an aggregate; edits of its parts stay as they are."""
        self.change({**self.edits, lever: {**self.edits.get(lever, {}), region: edit}})
        self.last_moved = (lever, region)

    def reset(self, lever_ids: list[str], region: str) -> None:
        """Take back what was set for `region` itself, for the levers named."""
        kept: dict[str, Mapping[str, Edit]] = {}
        for lever, by_region in self.edits.items():
            rest = {
                code: edit
                for code, edit in by_region.items()
                if not (lever in lever_ids and code == region)
            }
            if rest:
                kept[lever] = rest
        self.change(kept)
        self.last_moved = None

    def clear(self) -> None:
        """Take back every edit."""
        self.change({})
        self.last_moved = None

    def undo(self) -> None:
        """Go one step back; nothing happens when there is none."""
        if self.past:
            self.future = [*self.future, self.edits]
            self.edits = self.past[-1]
            self.past = self.past[:-1]
            self.last_moved = None

    def redo(self) -> None:
        """Go one step forward again; nothing happens when there is none."""
        if self.future:
            self.past = [*self.past, self.edits]
            self.edits = self.future[-1]
            self.future = self.future[:-1]
            self.last_moved = None

    def edit_for(self, lever: str, region: str) -> tuple[str, Edit] | None:
        """Return the edit that decides a lever in a region and the region it was set for: its
        own, else that of the smallest aggregate that contains it."""
        by_region = self.edits.get(lever, {})
        for code in containing(region):
            if code in by_region:
                return code, by_region[code]
        return None

    def scenario(self, base: Scenario, title: Mapping[str, str]) -> Scenario:
        """Return the base with the edits. Raises ScenarioError for a value out of range."""
        overrides = {
            lever: {code: as_path(edit) for code, edit in by_region.items()}
            for lever, by_region in self.edits.items()
        }
        edited = base.with_levers(overrides) if overrides else base
        return replace(edited, id=MINE, title=dict(title))

    def without(self, lever: str, region: str) -> "Workbench":
        """Return a copy in which one edit has been taken back."""
        copy = Workbench(edits=self.edits)
        copy.reset([lever], region)
        return copy


def containing(region: str) -> list[str]:
    """Return the region and the aggregates that contain it, smallest first."""
    members = set(regions()[region].members)
    wider = [
        record
        for record in regions().values()
        if record.id != region and members < set(record.members)
    ]
    return [region, *(record.id for record in sorted(wider, key=lambda r: len(r.members)))]


def base_values(base: Scenario, lever: str, region: str) -> np.ndarray:
    """Return the base scenario's values of a lever at the last year, one per member region."""
    at_end = np.asarray(base.lever_values(lever, np.array([float(LAST_YEAR)])))[0]
    members = regions()[region].members
    return at_end[[i for i, code in enumerate(region_ids()) if code in members]]


def as_path(edit: Edit) -> dict[int | str, float | str]:
    """Return an edit in the form of a scenario file."""
    return {edit.year: edit.value, "path": edit.path}
