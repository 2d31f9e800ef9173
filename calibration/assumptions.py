"""Every number that is only assumed, with the low and the high end of its range.

Four kinds are graded "assumption": single numbers of `model/data/parameters.csv`, rows of
`model/data/regional.csv`, profiles by status and age, and what drives the province from outside
(`model/levers.csv`). Profiles that multiply a hazard are left out: their level is the hazard's. So
are the levels of the levers, which a scenario sets.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import numpy as np

from model import levers, region_ids
from model.codelists import Labelled
from model.rows import Row, read_rows
from model.tables import MODEL_FILE, table_references

DATA = MODEL_FILE.parent / "data"
NAMES = MODEL_FILE.parent / "parameter_names.csv"
GRADE = "assumption"
RANGED = ("name", "unit", "low", "high", "grade")
PROFILES = ("status_profiles.csv", "age_profiles.csv")
OF_HAZARDS = (
    *("move profile", "return profile", "outside profile", "outside inflow profile"),
    "leave weight",
)
"""Profiles that say who moves, not how many."""


@dataclass(frozen=True)
class Assumption(Labelled):
    """One assumed number, or a row of numbers that rise and fall together.

    `variable` is its name in the .mdl; `usual`, `low` and `high` are as many numbers as it has
    elements there, or one (1,) for the province. `lever` is the id of an assumption that a
    scenario may set, or empty.
    """

    variable: str
    name_zh: str
    name_en: str
    unit: str
    usual: np.ndarray
    low: np.ndarray
    high: np.ndarray
    lever: str = ""


@cache
def assumptions() -> Mapping[str, Assumption]:
    """Return every assumption by name, in the order of the tables.

    Raises model.rows.TableError for a malformed table and for an assumption without Chinese name.
    """
    names = {row.text("name"): row.text("name_zh") for row in read_rows(NAMES, ("name", "name_zh"))}

    def chinese(row: Row) -> str:
        if row.text("name") not in names:
            raise row.error("name", f"a name with a row in {NAMES.name}")
        return names[row.text("name")]

    found = []
    for row in read_rows(
        DATA / "parameters.csv", ("name", "value", "unit", "low", "high", "grade")
    ):
        if row.text("grade") == GRADE:
            usual, low, high = (np.array([row.number(key)]) for key in ("value", "low", "high"))
            name = row.text("name")
            found.append(Assumption(name, chinese(row), name, row.text("unit"), usual, low, high))
    for row in read_rows(DATA / "regional.csv", RANGED):
        if row.text("grade") == GRADE:
            usual = np.array([row.number(code) for code in region_ids()])
            # The range of a row is that of its mean over the regions: they move together.
            low, high = (usual * row.number(key) / usual.mean() for key in ("low", "high"))
            name = row.text("name")
            found.append(Assumption(name, chinese(row), name, row.text("unit"), usual, low, high))
    start = {each.name: each.column - 1 for each in table_references(MODEL_FILE.read_text("utf-8"))}
    for row in (each for file in PROFILES for each in read_rows(DATA / file, RANGED)):
        name, low, high = row.text("name"), row.number("low"), row.number("high")
        if row.text("grade") == GRADE and low < high and name not in OF_HAZARDS:
            usual = np.array(list(row.cells.values())[start[name] :], dtype=float)
            # The range of a profile is a factor.
            labels = (name, chinese(row), name, row.text("unit"))
            found.append(Assumption(*labels, usual, low * usual, high * usual))
    for lever in levers().values():
        if lever.kind == GRADE:
            usual, low, high = map(np.atleast_1d, (lever.status_quo[0], lever.low, lever.high))
            labels = (lever.variable, lever.name_zh, lever.name_en, lever.unit)
            found.append(Assumption(*labels, usual, low, high, lever.id))
    return MappingProxyType({each.variable: each for each in found})
