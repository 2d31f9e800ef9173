"""The check of the units of every equation, table and output.

`python cli.py check` prints what `unit_faults` finds. The rule is strict:

- the sides of an equation, the terms of a sum, the sides of a comparison, the branches of IF THEN
  ELSE and the arguments of MAX and MIN have one unit, scale included: yuan are not ten thousand
  yuan without a constant that converts them, and the value of such a constant is checked;
- a number inside an equation has no unit, but for 0, which may be nothing of any kind; a constant
  that is a number has the unit it declares;
- an exponent is a number, written out where the base has a unit; the arguments of EXP, LN, INTEGER
  and the like, and conditions, have no unit;
- a stock changes by its flow times the unit of time;
- what has no rule here is reported, not passed over.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.ir import key
from engine.source import Element, Source, parse
from model.codelists import levers, outputs
from model.equation_units import DECLARED, Side, number
from model.messages import translate
from model.tables import LEVER_TABLE, MODEL_FILE, NAMED_TABLES, read_cells, table_references
from model.units import ONE, Unit, factor, fits, over, unit_of, words

OF_ONE_YEAR = ("debt_ratio", "housing_price_to_income")
"""Outputs that hold a stock against a yearly flow and, as usual, leave the year unsaid."""

PER_BASE = {"affordable rental homes per ten thousand": "10k person"}
"""Levers set per so many people: the equations hold the number and divide by the base."""


@dataclass(frozen=True)
class UnitFault:
    """What does not fit: the variable or output, its equation, the place in it, and two units.

    `place` is a message of the catalogues' section `units`, `name` what it speaks of: a function, a
    table, a word. `expected` and `found` are empty where there is no unit to name.
    """

    variable: str
    equation: str
    place: str
    name: str
    expected: str = ""
    found: str = ""

    def message(self, language: str) -> str:
        """Return in words what does not fit, and the equation below it."""
        text = translate(f"units.{self.place}", language, name=self.name)
        if self.expected:
            text += translate("units.differ", language, expected=self.expected, found=self.found)
        return f"{self.variable}: {text}\n    {self.equation}"


def unit_faults(path: Path = MODEL_FILE) -> tuple[UnitFault, ...]:
    """Return all that does not fit in a model, and in its tables and outputs.

    Raises engine.ReadError when the file cannot be read.
    """
    source = parse(path)
    units: dict[str, Unit] = {}
    faults: list[UnitFault] = []
    for element in source.elements:
        try:
            units[key(element.name)] = unit_of(element.unit)
        except ValueError:
            units[key(element.name)] = None
            faults.append(
                UnitFault(element.name, element.equations[0].text, "unknown", element.unit)
            )
    faults += [*equation_faults(source, units), *table_faults(path, units), *output_faults(units)]
    return tuple(faults)


def equation_faults(source: Source, units: dict[str, Unit]) -> Iterator[UnitFault]:
    """Yield what does not fit in the equations of a model, whose `units` are given by key."""
    for element in source.elements:
        declared = units[key(element.name)]
        for equation in element.equations:
            if type(equation.tree).__name__ in DECLARED:
                continue
            value = number(equation.tree)
            if value is not None:
                yield from conversion_faults(element, declared, value)
                continue
            side = Side(units, subscripts(source), units.get("time_step"))
            side.be(equation.tree, declared, "side")
            for each in side.found:
                pair = words(each.expected), words(each.found)
                yield UnitFault(element.name, equation.text, each.place, each.name, *pair)


def conversion_faults(element: Element, unit: Unit, value: object) -> Iterator[UnitFault]:
    """Yield the constant that converts one unit to another by a wrong number."""
    scale = None if unit is None else factor(unit, ONE)
    if scale is None or scale == 1 or not isinstance(value, int | float):
        return
    if value == 0 or not fits(unit, ONE, 1 / value):
        text = element.equations[0].text
        yield UnitFault(element.name, text, "conversion", "", f"{1 / scale:g}", f"{value:g}")


def table_faults(path: Path, units: dict[str, Unit]) -> Iterator[UnitFault]:
    """Yield the rows of the tables whose unit is not that of the variable they feed."""
    lever_units = {lever.variable: lever.unit for lever in levers().values()}
    bases = {name: unit_of(text) for name, text in PER_BASE.items()}
    for reference in table_references(path.read_text(encoding="utf-8")):
        file = Path(reference.file).name
        if file == LEVER_TABLE:
            text = lever_units.get(reference.name, "")
        elif file in NAMED_TABLES:
            cells = read_cells(path.parent / reference.file)
            text = cells[reference.row - 1][cells[0].index("unit")]
        else:
            continue
        name, place = reference.name, f"{file}:{reference.row}"
        unit = over(units[key(name)], bases.get(name, ONE))
        yield from held(name, f"{name} = {reference.cell}", place, unit, text)


def output_faults(units: dict[str, Unit]) -> Iterator[UnitFault]:
    """Yield the outputs whose unit does not follow from their variables and their scale."""
    for output in outputs().values():
        names = (output.variable or output.numerator, output.denominator)
        if output.rule in ("sum", "ratio"):
            parts = [units.get(key(name)) for name in names]
        else:
            parts = [unit_of(outputs()[name].unit) for name in names]
        unit = over(*parts) if output.rule in ("ratio", "quotient") else parts[0]
        if output.id in OF_ONE_YEAR:
            unit = over(unit, unit_of("year"))
        text = f"{output.rule} of {' and '.join(filter(None, names))}"
        yield from held(output.id, text, "outputs.csv", unit, output.unit, output.scale)


def held(
    name: str, equation: str, place: str, unit: Unit, text: str, scale: float = 1.0
) -> Iterator[UnitFault]:
    """Yield a fault where `text` is no unit, or where one `unit` is not `scale` of it."""
    try:
        found = unit_of(text)
    except ValueError:
        yield UnitFault(name, equation, "unknown", f"{text} ({place})")
        return
    if not fits(unit, found, scale):
        by = "" if scale == 1 else f" times {scale:g}"
        yield UnitFault(name, equation, "table", place, f"{words(unit)}{by}", words(found))


def subscripts(source: Source) -> frozenset[str]:
    """Return the keys of all subscript ranges and elements."""
    names = [each.name for each in source.ranges]
    names += [e for each in source.ranges for e in each.subscripts]
    return frozenset(map(key, names))
