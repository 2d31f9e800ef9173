"""CSV and Excel files that a model reads: constants, data over time, lookups, subscripts.

Cells are found by PySD's own readers (pysd.py_backend.external), so that what a cell reference
means is the same in both.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import ReadError
from engine.ir import Curve
from engine.source import Equation


class Tables:
    """Reads tables relative to `root`; `files` collects what was read, with content hashes."""

    def __init__(self, root: Path) -> None:
        from pysd.py_backend.external import Excels

        self.root = root.resolve()
        self.files: dict[str, str] = {}
        Excels.clean()  # PySD keeps files that it has read; they may have changed since

    def constants(self, q: Equation, coordinates: dict[str, list[str]]) -> tuple[float, ...]:
        """Numbers of GET DIRECT CONSTANTS, last subscript fastest."""
        from pysd.py_backend.external import ExtConstant

        t = q.tree
        array = self._read(
            q.text,
            t.file,
            lambda file: ExtConstant(
                file, t.tab, t.cell, coordinates, self.root, coordinates, q.text
            ),
        )
        return tuple(float(v) for v in np.asarray(array, dtype=float).reshape(-1))

    def data(self, q: Equation, coordinates: dict[str, list[str]]) -> list[Curve]:
        """Series of GET DIRECT DATA, one per element."""
        from pysd.py_backend.external import ExtData

        t, how = q.tree, q.keyword or "interpolate"
        array = self._read(
            q.text,
            t.file,
            lambda file: ExtData(
                file, t.tab, t.time_row_or_col, t.cell, how, coordinates, self.root, coordinates,
                q.text,
            ),
        )  # fmt: skip
        return _curves(array, how)

    def lookups(self, q: Equation, coordinates: dict[str, list[str]]) -> list[Curve]:
        """Curves of GET DIRECT LOOKUPS, one per element."""
        from pysd.py_backend.external import ExtLookup

        t = q.tree
        array = self._read(
            q.text,
            t.file,
            lambda file: ExtLookup(
                file, t.tab, t.x_row_or_col, t.cell, coordinates, self.root, coordinates, q.text
            ),
        )
        return _curves(array, "interpolate")

    def subscripts(self, where: dict[str, str]) -> list[str]:
        """Elements of a range that GET DIRECT SUBSCRIPT names."""
        from pysd.py_backend.external import ExtSubscript

        file = self._note(where["file"], str(where))
        tab, first, last, prefix = (where[k] for k in ("tab", "firstcell", "lastcell", "prefix"))
        found = _quietly(
            str(where), lambda: ExtSubscript(file, tab, first, last, prefix, self.root)
        )
        return list(found.subscript)

    def _read(self, text: str, file: str, make: Callable[[str], Any]) -> Any:
        name = self._note(file, text)

        def load() -> Any:
            table = make(name)
            table.initialize()
            return table.data

        return _quietly(text, load)

    def _note(self, file: str, text: str) -> str:
        """The file as it is called; where there is none in this spelling, in another case."""
        path = self.root / file
        if not path.is_file() and path.parent.is_dir():
            names = sorted(p.name for p in path.parent.iterdir() if p.is_file())
            same = [n for n in names if n.lower() == path.name.lower()]
            path = path.with_name(same[0]) if len(same) == 1 else path
        if not path.is_file():
            raise ReadError(f"no such table: {file}\n    {text}")
        name = str(Path(file).with_name(path.name))
        self.files[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        return name


def _quietly(text: str, work: Callable[[], Any]) -> Any:
    """Run one of PySD's readers; its warnings and errors become ours, with the equation."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # missing cells are interpolated, as Vensim does
        try:
            return work()
        except Exception as error:  # the readers let out errors of pandas, openpyxl and numpy
            raise ReadError(
                f"cannot read table: {' '.join(str(error).split())}\n    {text}"
            ) from error


def _curves(array: Any, kind: str) -> list[Curve]:
    x = tuple(float(v) for v in np.asarray(array.coords[array.dims[0]].values, dtype=float))
    columns = np.asarray(array.values, dtype=float).reshape(len(x), -1)
    return [Curve(x, tuple(float(v) for v in columns[:, i]), kind) for i in range(columns.shape[1])]
