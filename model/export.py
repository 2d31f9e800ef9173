"""One self-contained .mdl: the tables and, where given, a scenario's levers written into the text.

Simulators that cannot read tables beside the model (Simlin, Vensim PLE) run the result.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from model.codelists import levers, region_ids
from model.scenario import Scenario
from model.tables import MODEL_FILE, TableReference, read_cells, table_references

RANGE = re.compile(r"^([A-Za-z][\w ]*):\n\t([^~|]*?)(?:->[^~|]*)?\n\t~", re.MULTILINE)
CONTROL = re.compile(r"^(INITIAL TIME|FINAL TIME|TIME STEP)\s*=\s*\S+", re.MULTILINE)


def subscript_ranges(text: str) -> dict[str, tuple[str, ...]]:
    """Return the elements of each subscript range of a model text, by the range's name."""
    return {
        name: tuple(element.strip() for element in elements.split(","))
        for name, elements in RANGE.findall(text)
    }


def number(value: float) -> str:
    """Return a number so that reading it back gives the same one."""
    return repr(float(value))


def numeric_array(values: np.ndarray) -> str:
    """Return the number list of a constant over no, one or two subscripts."""
    if values.ndim == 0:
        return number(values.item())
    if values.ndim == 1:
        return ",".join(map(number, values))
    return "\n\t".join(",".join(map(number, row)) + ";" for row in values)


def lookup(times: Sequence[float] | np.ndarray, values: np.ndarray) -> str:
    """Return a WITH LOOKUP of time through the given points."""
    points = ",".join(f"({number(t)},{number(v)})" for t, v in zip(times, values, strict=True))
    return f"WITH LOOKUP(Time, ({points}))"


def constant_equation(
    reference: TableReference, ranges: Mapping[str, tuple[str, ...]], folder: Path
) -> str:
    """Return the equation of a constant with its numbers in place of the table."""
    sizes = [len(ranges[name]) for name in reference.subscripts if name in ranges]
    height, width = ([1, 1, *sizes])[-2:]
    cells = read_cells(folder / reference.file)
    top, left = reference.row - 1, reference.column - 1
    block = [row[left : left + width] for row in cells[top : top + height]]
    values = np.array(block, dtype=float).reshape(sizes)
    return f"{left_side(reference.name, reference.subscripts)}=\n\t{numeric_array(values)}"


def data_equations(
    reference: TableReference, ranges: Mapping[str, tuple[str, ...]], folder: Path, tail: str
) -> list[str]:
    """Return one equation per column of a table over time; times stand in column A."""
    rows = [row for row in read_cells(folder / reference.file)[reference.row - 1 :] if row]
    times = np.array([row[0] for row in rows], dtype=float)
    elements = ranges[reference.subscripts[0]] if reference.subscripts else (None,)
    equations = []
    for offset, element in enumerate(elements):
        values = np.array([row[reference.column - 1 + offset] for row in rows], dtype=float)
        subscripts = () if element is None else (element,)
        side = left_side(reference.name, subscripts)
        equations.append(f"{side}=\n\t{lookup(times, values)}{tail}")
    return equations


def left_side(name: str, subscripts: Sequence[str]) -> str:
    """Return a variable's name with its subscripts as written in the .mdl."""
    return f"{name}[{','.join(subscripts)}]" if subscripts else name


def lever_equations(variable: str, times: np.ndarray, values: np.ndarray, tail: str) -> list[str]:
    """Return a lever's equations: one number list, or paths over time where it moves.

    Regions that share a path share one lookup, for some simulators limit how many a model holds.
    `tail` is the unit and comment that close every equation.
    """
    if (values == values[0]).all():
        return [f"{variable}[Region]=\n\t{numeric_array(values[0])}{tail}"]
    paths, path_of = np.unique(values, axis=1, return_inverse=True)
    equations = [
        f"{variable} path {index + 1}=\n\t{lookup(times, path)}{tail}"
        for index, path in enumerate(paths.T)
    ]
    equations += [
        f"{variable}[{region}]=\n\t{variable} path {index + 1}{tail}"
        for region, index in zip(region_ids(), path_of.ravel(), strict=True)
    ]
    return equations


def model_text(
    scenario: Scenario | None = None,
    *,
    start: float = 2020,
    end: float = 2035,
    step: float = 0.25,
    path: Path = MODEL_FILE,
) -> str:
    """Return the model as one text with its tables, and a scenario's levers, written in.

    `start`, `end` and `step` are years; a start before 2015 is the hindcast. Without a scenario
    every lever keeps its status quo.
    """
    text = path.read_text(encoding="utf-8")
    ranges = subscript_ranges(text)
    lever_of = {lever.variable: lever.id for lever in levers().values()}
    times = np.arange(round((end - start) / step) + 1) * step + start
    pieces, position = [], 0
    for reference in table_references(text):
        close = text.index("\n\t|", reference.span[1])
        tail = text[reference.span[1] : close + 3]
        if scenario is not None and reference.name in lever_of:
            values = scenario.lever_values(lever_of[reference.name], times)
            equations = lever_equations(reference.name, times, values, tail)
        elif reference.kind == "DATA":
            equations = data_equations(reference, ranges, path.parent, tail)
        else:
            equations = [constant_equation(reference, ranges, path.parent) + tail]
        pieces += [text[position : reference.span[0]], "\n\n".join(equations)]
        position = close + 3
    control = {"INITIAL TIME": start, "FINAL TIME": end, "TIME STEP": step}
    whole = "".join([*pieces, text[position:]])
    return CONTROL.sub(lambda match: f"{match[1]}=\n\t{number(control[match[1]])}", whole)
