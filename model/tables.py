"""The tables the .mdl reads: which cell feeds which variable, and a check that they agree.

Every number of the model stands in a CSV of `model/data` with its source. The .mdl names a file and
a cell, so a row inserted in a table would silently feed the wrong variable; `check_tables` reads
both and refuses that.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from model.codelists import levers
from model.rows import TableError

MODEL_FILE = Path(__file__).parent / "urbanisation.mdl"
NAMED_TABLES = (
    "parameters.csv",
    "regional.csv",
    "calibrated_hazards.csv",
    "age_profiles.csv",
    "status_profiles.csv",
)
LEVER_TABLE = "lever_status_quo.csv"
# Variables whose table row carries another, longer name.
RENAMED = {
    "agricultural share": "agricultural share of employment 2020",
    "absent within province 2010": "initial absent within province 2010",
    "absent within province 2020": "initial absent within province 2020",
    "census same county 2010": "census registered elsewhere same county 2010",
    "census same province 2010": "census registered elsewhere same province 2010",
    "census other province 2010": "census registered elsewhere other province 2010",
    "census same county 2020": "census registered elsewhere same county 2020",
    "census same province 2020": "census registered elsewhere same province 2020",
    "census other province 2020": "census registered elsewhere other province 2020",
}

REFERENCE = re.compile(
    r"^(?P<name>[^\[\]=:\n]+?)\s*(?:\[(?P<subscripts>[^\]]*)\])?\s*:?=\s*"
    r"GET DIRECT (?P<kind>CONSTANTS|DATA)\(\s*(?P<arguments>[^)]*)\)",
    re.MULTILINE,
)


@dataclass(frozen=True)
class TableReference:
    """One equation of the .mdl that reads a table; `cell` like B12, `span` its place in it."""

    name: str
    subscripts: tuple[str, ...]
    kind: str
    file: str
    cell: str
    span: tuple[int, int]

    @property
    def row(self) -> int:
        """Row of the cell, counted from 1."""
        return int(re.sub(r"\D", "", self.cell))

    @property
    def column(self) -> int:
        """Column of the cell, counted from 1."""
        letters = re.sub(r"[^A-Z]", "", self.cell)
        return sum((ord(letter) - 64) * 26**power for power, letter in enumerate(letters[::-1]))


def table_references(text: str) -> Iterator[TableReference]:
    """Yield every table that the model text reads, in order."""
    for match in REFERENCE.finditer(text):
        arguments = [part.strip() for part in re.findall(r"'([^']*)'", match["arguments"])]
        subscripts = tuple(part.strip() for part in (match["subscripts"] or "").split(",") if part)
        yield TableReference(
            match["name"].strip(),
            subscripts,
            match["kind"],
            arguments[0],
            arguments[-1].rstrip("*"),
            match.span(),
        )


@cache
def read_cells(path: Path) -> tuple[tuple[str, ...], ...]:
    """Return the cells of a CSV as text."""
    with path.open(encoding="utf-8", newline="") as stream:
        return tuple(tuple(row) for row in csv.reader(stream))


def check_tables(path: Path = MODEL_FILE) -> None:
    """Raise TableError where a row's name is not that of the variable it feeds, or is unused.

    Constants with provenance are checked by name, levers by id.
    """
    lever_of = {lever.variable: lever.id for lever in levers().values()}
    used: dict[str, set[int]] = {}
    for reference in table_references(path.read_text(encoding="utf-8")):
        file = Path(reference.file).name
        if file == LEVER_TABLE:
            wanted = lever_of.get(reference.name, "(no lever of this name)")
        elif file in NAMED_TABLES:
            wanted = RENAMED.get(reference.name, reference.name)
        else:
            continue
        cells = read_cells(path.parent / reference.file)
        found = cells[reference.row - 1][0] if reference.row <= len(cells) else "(no such row)"
        if found != wanted:
            raise TableError(
                f"{file}:{reference.row}: column A: found {found!r}, expected {wanted!r}, "
                f"for {reference.name!r} of {path.name} reads cell {reference.cell}"
            )
        used.setdefault(reference.file, set()).add(reference.row)
    for file, rows in used.items():
        unused = set(range(2, len(read_cells(path.parent / file)) + 1)) - rows
        if unused and Path(file).name != "regional.csv":
            raise TableError(f"{Path(file).name}:{min(unused)}: no equation reads this row")
