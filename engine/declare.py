"""What a model file declares before an equation is read: subscript ranges, and variables with
their dimensions."""

from __future__ import annotations

from engine.errors import ReadError
from engine.ir import Variable, key
from engine.source import Element, Equation, Source
from engine.subscripts import Ranges
from engine.tables import Tables


def ranges_of(source: Source, tables: Tables) -> Ranges:
    """The subscript ranges of a model and its macros. Raises ReadError for one that is unknown."""
    ranges = Ranges()
    copies = []
    for r in source.ranges:
        if isinstance(r.subscripts, dict):
            ranges.add(r.name, tables.subscripts(r.subscripts), r.mapping)
        elif isinstance(r.subscripts, str):
            copies.append(r)
        else:
            ranges.add(r.name, r.subscripts, r.mapping)
    for r in copies:
        if r.subscripts not in ranges:
            raise ReadError(f"{r.name} <-> {r.subscripts}: unknown subscript range")
        ranges.add(r.name, [r.subscripts], [*r.mapping, r.subscripts])
    for macro in source.macros.values():
        ranges.add_of_macro(macro.name, macro.ranges)
    ranges.expand()
    ranges.listed = source.mappings
    return ranges


def merged(elements: list[Element]) -> list[Element]:
    """Elements whose names differ in spelling only, made one. Raises ReadError for a variable
    that is defined twice as a whole; an equation that is still missing does not count."""
    out: dict[str, Element] = {}
    for e in elements:
        known = out.setdefault(key(e.name), e)
        both = e.equations if known is e else [*known.equations, *e.equations]
        known.equations = [q for q in both if not _missing(q)] or both[:1]
        if len(known.equations) > 1 and not all(q.subscripts for q in known.equations):
            raise ReadError(f"{e.name} is defined twice\n    {both[-1].text}")
    return list(out.values())


def _missing(q: Equation) -> bool:
    function = getattr(q.tree, "function", None)
    return getattr(function, "reference", "") == "a_function_of"


def declared(element: Element, ranges: Ranges) -> Variable:
    """The variable without its equations: dimensions come from all left-hand sides together."""
    widths = {len(q.subscripts) for q in element.equations}
    if len(widths) != 1:
        raise ReadError(f"{element.name}: its equations have different numbers of subscripts")
    dims: list[str] = []
    for i in range(widths.pop()):
        own = [ranges.labels.get(key(d), d) for d in dims]
        try:
            dims.append(ranges.dimension([q.subscripts[i] for q in element.equations], dims))
        except ReadError as error:
            text = element.equations[0].text
            raise ReadError(f"{element.name}: {error} {own or ''}\n    {text}") from error
    shape = tuple(len(ranges.elements[d]) for d in dims)
    lookup = any(
        q.kind == "AbstractLookup" or type(q.tree).__name__ == "LookupsStructure"
        for q in element.equations
    )
    kind = "lookup" if lookup else "auxiliary"
    return Variable(element.name, tuple(dims), shape, kind, element.unit, element.comment)
