"""The codelists: regions, levers, outputs and targets, one CSV each, from which labels, the
scenario schema, widgets and checks all follow.

Each function returns a read-only mapping from id to a frozen record, in the order of the file,
and reads its file once. `TableError` names the file, the line and the column that is wrong.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from model.rows import Row, read_rows

FOLDER = Path(__file__).parent
GRADES = ("census", "official", "reported", "estimated", "assumption")
LEVER_GROUPS = (
    "settling",
    "money",
    "land",
    "housing",
    "economy",
    "population",
    "water",
    "assumption",
)
RULES = ("sum", "ratio", "quotient", "difference")
SENSES = ("at_least", "at_most", "about")


Record = TypeVar("Record")


class Labelled:
    """A record with a Chinese and an English name."""

    name_zh: str
    name_en: str

    def name(self, language: str) -> str:
        """Return the name in `language`: "zh" or "en"."""
        return self.name_zh if language == "zh" else self.name_en


@dataclass(frozen=True)
class Region(Labelled):
    """One region of the model, or an aggregate of several.

    `members` are the ids of the regions it is made of; a region is its own only member.
    """

    id: str
    name_zh: str
    name_en: str
    kind: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Lever(Labelled):
    """A policy lever, or (`kind` "assumption") something that policy does not decide.

    `status_quo` holds one number per region in the fixed order, in `unit`; `low` and `high`
    bound what a scenario may set and what a widget offers.
    """

    id: str
    kind: str
    group: str
    name_zh: str
    name_en: str
    variable: str
    unit: str
    unit_zh: str
    status_quo: tuple[float, ...]
    low: float
    high: float
    step: float
    digits: int
    source: str
    grade: str
    description_zh: str
    description_en: str

    def description(self, language: str) -> str:
        """Return the description in `language`: "zh" or "en"."""
        return self.description_zh if language == "zh" else self.description_en

    def unit_label(self, language: str) -> str:
        """Return the unit as users write it in `language`."""
        return self.unit_zh if language == "zh" else self.unit

    def status_quo_of(self, region: str) -> float | None:
        """Return the status quo of a region; of an aggregate only when its members agree."""
        values = {
            value
            for value, code in zip(self.status_quo, region_ids(), strict=True)
            if code in regions()[region].members
        }
        return values.pop() if len(values) == 1 else None


@dataclass(frozen=True)
class Output(Labelled):
    """A result of the model: how it is reported and how it adds up over regions.

    `rule` "sum" is the sum over regions of `variable` × `scale`; "ratio" is `scale` × the sum of
    `numerator` over the sum of `denominator`, both variables of the model; "quotient" and
    "difference" are `scale` × the same of two other outputs.
    """

    id: str
    name_zh: str
    name_en: str
    group: str
    unit: str
    unit_zh: str
    kind: str
    rule: str
    variable: str
    numerator: str
    denominator: str
    scale: float
    dims: tuple[str, ...]
    digits: int
    description_zh: str
    description_en: str

    def description(self, language: str) -> str:
        """Return the description in `language`: "zh" or "en"."""
        return self.description_zh if language == "zh" else self.description_en

    def unit_label(self, language: str) -> str:
        """Return the unit as users write it in `language`."""
        return self.unit_zh if language == "zh" else self.unit


@dataclass(frozen=True)
class Target:
    """A quantitative target of a plan, in the unit of the output it is compared with.

    `since` is None for a level; otherwise `value` is the change since the end of that year.
    `direction`, "rise" or "fall", is the way the plan wants the output to go. `tolerance` says how
    far short of `value` still counts as "about": half of the last digit the plan prints.
    `status` is "superseded" for a target that a later document replaced.
    """

    id: str
    region: str
    output: str
    year: int
    since: int | None
    value: float
    tolerance: float
    sense: str
    direction: str
    unit: str
    status: str
    plan_zh: str
    plan_en: str
    quote: str
    location: str
    source: str
    note_zh: str
    note_en: str

    def plan(self, language: str) -> str:
        """Return the name of the plan in `language`: "zh" or "en"."""
        return self.plan_zh if language == "zh" else self.plan_en

    def note(self, language: str) -> str:
        """Return the note in `language`: "zh" or "en"; it may be empty."""
        return self.note_zh if language == "zh" else self.note_en


def read_codelist(
    path: Path, columns: tuple[str, ...], build: Callable[[Row], Record]
) -> Mapping[str, Record]:
    """Return the records of one codelist by id, in file order; an id may occur once."""
    records: dict[str, Record] = {}
    for row in read_rows(path, columns):
        if row.text("id") in records:
            raise row.error("id", "an id that is not used above")
        records[row.text("id")] = build(row)
    return MappingProxyType(records)


@cache
def regions() -> Mapping[str, Region]:
    """Return the 17 regions in the fixed order, then the aggregates Qingdao and Shandong."""

    def build(row: Row) -> Region:
        kind = row.choice("kind", ("region", "aggregate"))
        members = tuple(row.text("members").split()) if kind == "aggregate" else (row.text("id"),)
        return Region(row.text("id"), row.text("name_zh"), row.text("name_en"), kind, members)

    columns = ("id", "name_zh", "name_en", "kind", "members")
    return read_codelist(FOLDER / "regions.csv", columns, build)


@cache
def region_ids() -> tuple[str, ...]:
    """Return the ids of the 17 regions in the order of every region axis of the model."""
    return tuple(region.id for region in regions().values() if region.kind == "region")


@cache
def status_quo_by_region() -> Mapping[str, tuple[float, ...]]:
    """Return, for each lever whose status quo differs by region, its 17 values in order."""
    path = FOLDER / "data" / "lever_status_quo.csv"
    if not path.exists():
        return MappingProxyType({})
    rows = read_rows(path, ("lever", *region_ids()))
    return MappingProxyType(
        {row.text("lever"): tuple(row.number(code) for code in region_ids()) for row in rows}
    )


@cache
def levers() -> Mapping[str, Lever]:
    """Return the policy levers and the assumptions, in the order of `levers.csv`."""
    columns = tuple(Lever.__dataclass_fields__)
    return read_codelist(FOLDER / "levers.csv", columns, build_lever)


def build_lever(row: Row) -> Lever:
    """Return the lever of one row, checked: its status quo must lie in [low, high]."""
    if row.text("status_quo") == "by_region":
        if row.text("id") not in status_quo_by_region():
            raise row.error("status_quo", "a row of that lever in data/lever_status_quo.csv")
        status_quo = status_quo_by_region()[row.text("id")]
    else:
        status_quo = (row.number("status_quo"),) * len(region_ids())
    low, high = row.number("low"), row.number("high")
    if low > min(status_quo) or high < max(status_quo):
        raise row.error("status_quo", f"values from {low:g} to {high:g}")
    return Lever(
        id=row.text("id"),
        kind=row.choice("kind", ("lever", "assumption")),
        group=row.choice("group", LEVER_GROUPS),
        name_zh=row.text("name_zh"),
        name_en=row.text("name_en"),
        variable=row.text("variable"),
        unit=row.text("unit"),
        unit_zh=row.text("unit_zh"),
        status_quo=status_quo,
        low=low,
        high=high,
        step=row.number("step"),
        digits=row.integer("digits"),
        source=row.text("source"),
        grade=row.choice("grade", GRADES),
        description_zh=row.text("description_zh"),
        description_en=row.text("description_en"),
    )


@cache
def outputs() -> Mapping[str, Output]:
    """Return the outputs that a user may ask for, in the order of `outputs.csv`."""

    def build(row: Row) -> Output:
        texts = {name: row.text(name) for name in Output.__dataclass_fields__}
        return Output(
            **{
                **texts,
                "kind": row.choice("kind", ("stock", "flow")),
                "rule": row.choice("rule", RULES),
                "scale": row.number("scale"),
                "dims": tuple(texts["dims"].split()),
                "digits": row.integer("digits"),
            }
        )

    return read_codelist(FOLDER / "outputs.csv", tuple(Output.__dataclass_fields__), build)


@cache
def targets() -> Mapping[str, Target]:
    """Return the quantitative targets of the five plans that an output can be compared with."""

    def build(row: Row) -> Target:
        texts = {name: row.text(name) for name in Target.__dataclass_fields__}
        return Target(
            **{
                **texts,
                "region": row.choice("region", tuple(regions())),
                "year": row.integer("year"),
                "since": row.integer("since") if texts["since"] else None,
                "value": row.number("value"),
                "tolerance": row.number("tolerance"),
                "direction": row.choice("direction", ("rise", "fall")),
                "sense": row.choice("sense", SENSES),
                "status": row.choice("status", ("current", "superseded")),
            }
        )

    return read_codelist(FOLDER / "targets.csv", tuple(Target.__dataclass_fields__), build)
