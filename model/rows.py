"""Rows of the project's CSV tables, with typed cells and errors that say where they are."""

import csv
import math
from collections.abc import Iterator
from pathlib import Path


class TableError(ValueError):
    """A table is malformed: the text names the file, the line, the column and the value."""


class Row:
    """One line of a CSV with typed access; every failure says where it is."""

    def __init__(self, path: Path, line: int, cells: dict[str, str]) -> None:
        self.path, self.line, self.cells = path, line, cells

    def text(self, column: str) -> str:
        return self.cells[column]

    def number(self, column: str) -> float:
        try:
            value = float(self.cells[column])
        except ValueError:
            raise self.error(column, "a number") from None
        if not math.isfinite(value):
            raise self.error(column, "a finite number")
        return value

    def integer(self, column: str) -> int:
        value = self.number(column)
        if value != int(value):
            raise self.error(column, "a whole number")
        return int(value)

    def choice(self, column: str, allowed: tuple[str, ...]) -> str:
        if self.cells[column] not in allowed:
            raise self.error(column, "one of " + ", ".join(allowed))
        return self.cells[column]

    def error(self, column: str, wanted: str) -> TableError:
        where = f"{self.path.name}:{self.line}: column {column}"
        return TableError(f"{where}: found {self.cells[column]!r}, expected {wanted}")


def read_rows(path: Path, columns: tuple[str, ...]) -> Iterator[Row]:
    """Yield the rows of a UTF-8 CSV whose header must name at least `columns`."""
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream, strict=True)
        missing = [name for name in columns if name not in (reader.fieldnames or [])]
        if missing:
            raise TableError(f"{path.name}:1: missing columns: {', '.join(missing)}")
        for cells in reader:
            if None in cells or None in cells.values():
                raise TableError(f"{path.name}:{reader.line_num}: wrong number of cells")
            yield Row(path, reader.line_num, cells)
