"""Other ways to read a lookup than in a straight line from point to point: LOOKUP FORWARD,
BACKWARD, EXTRAPOLATE and INVERT. Each reads a hidden lookup that is made of the other's points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.errors import ParameterError, ReadError
from engine.functions import call
from engine.ir import Curve, Expr, Look, Variable, key

if TYPE_CHECKING:
    from engine.translate import Translator

WAYS = {
    "lookup_forward": "forward",
    "lookup_backward": "backward",
    "lookup_extrapolate": "extrapolated",
    "lookup_invert": "inverse",
}


def turned(curve: Curve, way: str) -> Curve:
    """The curve that gives what `way` reads. Forward it is the mirror image, to be read from the
    right. Raises ReadError for an inverse that is not unique."""
    if way == "forward":
        return Curve(tuple(-x for x in reversed(curve.x)), curve.y[::-1], "hold_backward")
    if way == "backward":
        return Curve(curve.x, curve.y, "hold_backward")
    if way == "extrapolated":
        return Curve(curve.x, curve.y, "extrapolate")
    pairs = sorted(zip(curve.y, curve.x, strict=True))
    rising = [x for _, x in pairs]
    if rising not in (list(curve.x), list(reversed(curve.x))) or len(set(curve.y)) < len(pairs):
        raise ReadError("its values neither only rise nor only fall")
    return Curve(tuple(y for y, _ in pairs), tuple(rising))


def read(t: Translator, name: str, trees: list[Any]) -> Expr:
    """The next value of a lookup, its last, one beyond its ends on the line of its last points, or
    the x at which it has a value."""
    if len(trees) != 2:
        raise t.wrong(f"{name.upper().replace('_', ' ')} takes 2 arguments, not {len(trees)}")
    tree, argument = trees[0], t.expr(trees[1])
    written = key(getattr(tree, "reference", ""))
    of = t.curves.get(written) or written
    lookup = t.model.variables.get(of)
    if lookup is None or lookup.kind != "lookup":
        raise t.wrong(f"{name.upper().replace('_', ' ')} needs a lookup")
    t.need(of)
    other = key(_name(lookup, WAYS[name]))
    if other not in t.model.variables:
        try:
            curves = [turned(c, WAYS[name]) for c in lookup.curves]
        except ReadError as error:
            raise t.wrong(f"{lookup.name} cannot be inverted: {error}") from error
        t.model.variables[other] = Variable(
            _name(lookup, WAYS[name]), lookup.dims, lookup.shape, "lookup", hidden=True,
            curves=curves,
        )  # fmt: skip
    if name == "lookup_forward":
        argument = call("neg", argument)
    return Look(other, t.at(of, tree), argument)


def of_elements(t: Translator, name: str, trees: list[Any]) -> Expr:
    """LOOKUP(x[R], at): the graphical function of a variable, or of each of its elements, read at a
    value. `smile` writes it as a call with the names of those of all elements."""
    tree, argument, of = trees[0], t.expr(trees[1]), t.model.variables[key(trees[0].reference)]
    curves = []
    for each in trees[2:]:
        t.need(key(each.reference))
        curves += t.model.variables[key(each.reference)].curves
    together = f"{of.name}: curves"
    t.model.variables[key(together)] = Variable(
        together, of.dims, of.shape, "lookup", hidden=True, curves=curves
    )
    return Look(key(together), t.at(key(of.name), tree), argument)


def follow(variables: dict[str, Variable], lookup: Variable, curve: Curve) -> dict[str, Curve]:
    """By key the curves of the hidden lookups made of one that is given other points. Raises
    ParameterError where they have no inverse."""
    out = {}
    for way in WAYS.values():
        if key(_name(lookup, way)) in variables:
            try:
                out[key(_name(lookup, way))] = turned(curve, way)
            except ReadError as error:
                raise ParameterError(f"{lookup.name}: {error}") from error
    return out


def _name(lookup: Variable, way: str) -> str:
    return f"{lookup.name}: {way}"
