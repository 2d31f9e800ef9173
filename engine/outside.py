"""Tables of data from outside a model: what Vensim imports from other runs, and users bring."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from engine.errors import ReadError
from engine.ir import Curve, Model, Variable, key

DELIMITERS = {".tab": "\t", ".tsv": "\t", ".csv": ","}
Column = tuple[tuple[float, ...], tuple[float, ...]]


def named(model: Model, folder: Path, files: Iterable[str | Path] | str | Path) -> list[str | Path]:
    """The files that the caller names, and those in `folder` that the model names."""
    own = [files] if isinstance(files, str | Path) else list(files)
    beside = [folder / f"{stem}{ending}" for stem in model.datasets for ending in DELIMITERS]
    return own + [f for f in beside if f.is_file()]


def fill(model: Model, files: Iterable[str | Path]) -> None:
    """Give the data variables that have no table in the model theirs from `files`: a column for
    each, headed `name` or `name[element,element]`, beside one of times; or the same in rows.
    Raises ReadError for a file that is not such a table, or lacks elements of a variable."""
    tables = [(Path(f).name, _columns(Path(f))) for f in files]
    for v in model.variables.values():
        if v.kind != "data" or any(c.x for c in v.curves):
            continue
        for name, columns in tables:
            if key(v.name) in columns:
                v.curves = _curves(model, v, columns[key(v.name)], name)
                break


def _curves(
    model: Model, v: Variable, columns: dict[tuple[str, ...], Column], file: str
) -> list[Curve]:
    out = list(v.curves)
    for i, curve in enumerate(v.curves):
        if not curve.kind:
            continue  # the model does not define this element
        place, rest = [], i
        for dim, n in zip(v.dims[::-1], v.shape[::-1], strict=True):
            place.append(model.ranges[dim][rest % n])
            rest //= n
        found = columns.get(tuple(key(e) for e in place[::-1]))
        if found is None:
            raise ReadError(f"{file}: no column {v.name}[{','.join(place[::-1])}]")
        out[i] = replace(curve, x=found[0], y=found[1])
    return out


def _columns(path: Path) -> dict[str, dict[tuple[str, ...], Column]]:
    """All columns of a table: name, then subscripts, to times and values; gaps are left out."""
    delimiter = DELIMITERS.get(path.suffix.lower())
    if delimiter is None:
        raise ReadError(f"{path.name}: data files end in {', '.join(DELIMITERS)}")
    if not path.is_file():
        raise ReadError(f"no such data file: {path}")
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    rows = [r for r in csv.reader(text.splitlines(), delimiter=delimiter) if any(r)]
    if not rows:
        raise ReadError(f"{path.name}: the table is empty")
    if all(_number(cell) is not None for cell in rows[0][1:] if cell.strip()):
        width = max(len(r) for r in rows)  # variables lie in rows
        rows = [list(c) for c in zip(*(r + [""] * (width - len(r)) for r in rows), strict=True)]
    out: dict[str, dict[tuple[str, ...], Column]] = {}
    for i, head in enumerate(rows[0]):
        name, bracket, subscripts = head.strip().rstrip("]").partition("[")
        points = sorted(
            (time, value)
            for r in rows[1:]
            if len(r) > i
            and (time := _number(r[0])) is not None
            and (value := _number(r[i])) is not None
        )
        if i and points:
            elements = tuple(key(s) for s in subscripts.split(",")) if bracket else ()
            x, y = zip(*points, strict=True)
            out.setdefault(key(name), {})[elements] = (x, y)
    return out


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None
