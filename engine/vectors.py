"""Functions of whole vectors and matrices, rewritten as sums and extremes over their elements.

Definitions follow pysd.py_backend.functions and allocation. Where PySD solves for the price of an
allocation by least squares, its equation is solved here as exactly as numbers are.
"""

from __future__ import annotations

import math
from typing import Protocol

from engine.chance import FAR, cumulative
from engine.functions import call, if_, xidz
from engine.ir import At, Expr, Num, Position, Reduce, Ref, Root, Unknown, substitute, walk
from engine.stateful import Maker, named

INFINITE = float("inf")
NOTHING = Num(float("nan"))


class Loops(Maker, Protocol):
    """What this module needs of the translator."""

    def loop(self, size: int) -> int:
        """The number of a new axis of that size, to sum over."""
        ...

    def length(self, axis: int) -> int:
        """Size of an axis."""
        ...


def axes_of(e: Expr) -> list[int]:
    """Axes of the first reference in `e` that has any, in the order of its dimensions."""
    for x in walk(e):
        if isinstance(x, Ref) and any(a.axis >= 0 for a in x.at):
            return [a.axis for a in x.at if a.axis >= 0]
    return []


def moved(e: Expr, old: int, new: int) -> Expr:
    """`e` with another axis in place of one."""
    return substitute(e, lambda at: At(new, at.first, at.table) if at.axis == old else at)


def every(condition: Expr, *more: Expr) -> Expr:
    """Whether all conditions hold."""
    for m in more:
        condition = call("and", condition, m)
    return condition


class _Row:
    """One axis of a vector, and another one along it for looking at its other elements."""

    def __init__(self, maker: Loops, axis: int) -> None:
        self.axis, self.size = axis, maker.length(axis)
        self.other = maker.loop(self.size)

    def there(self, e: Expr) -> Expr:
        """`e` at the other element."""
        return moved(e, self.axis, self.other)

    def over(self, op: str, e: Expr) -> Expr:
        """A sum or extreme over the other element."""
        return Reduce(op, ((self.other, self.size),), e)

    @property
    def here(self) -> Expr:
        """Position of this element."""
        return Position(At(self.axis))


def rank(maker: Loops, vector: Expr, direction: Expr) -> Expr:
    """VECTOR RANK: 1 for the smallest, or with a direction of 0 or less for the largest; equals
    keep their order upwards and turn it round downwards."""
    row = _Row(maker, axes_of(vector)[-1])
    vector = named(maker, "vector", vector)
    other, at, there = row.there(vector), row.here, row.there(row.here)
    equal = call("=", other, vector)
    up = call("or", call("<", other, vector), every(equal, call("<", there, at)))
    down = call("or", call(">", other, vector), every(equal, call(">", there, at)))
    first = row.over("sum", if_(if_(call(">", direction, 0.0), up, down), 1.0, 0.0))
    return call("+", first, 1.0)


def order(maker: Loops, vector: Expr, direction: Expr) -> Expr:
    """VECTOR SORT ORDER: the position, from 0, of the element that comes here when sorted."""
    row = _Row(maker, axes_of(vector)[-1])
    ranks = maker.make("auxiliary", "rank", rank(maker, vector, direction))
    there = call("-", row.there(row.here), 1.0)
    return row.over("sum", if_(call("=", row.there(ranks), row.here), there, 0.0))


def reorder(maker: Loops, vector: Expr, places: Expr) -> Expr:
    """VECTOR REORDER: the element at the position, from 0, that `places` gives."""
    row = _Row(maker, axes_of(vector)[-1])
    vector, places = named(maker, "vector", vector), named(maker, "places", places)
    place = call("+", call("trunc", places), 1.0)
    chosen = if_(call("=", row.there(row.here), place), row.there(vector), 0.0)
    inside = every(call(">=", place, 1.0), call("<=", place, float(row.size)))
    return if_(inside, row.over("sum", chosen), NOTHING)


def select(
    axes: tuple[tuple[int, int], ...],
    chosen: Expr,
    vector: Expr,
    missing: Expr,
    action: Expr,
    error: Expr,
) -> Expr:
    """VECTOR SELECT over `axes`: 11 ways to sum up the elements for which `chosen` is not zero.
    A selection that `error` forbids is not a number, where PySD stops."""

    def over(op: str, value: Expr, other: float) -> Expr:
        return Reduce(op, axes, if_(call("<>", chosen, 0.0), value, other))

    weighted, raised = call("*", chosen, vector), call("^", vector, chosen)
    count = over("sum", Num(1.0), 0.0)
    cases = [
        over("sum", weighted, 0.0),
        over("prod", weighted, 1.0),
        over("vmin", weighted, INFINITE),
        over("vmax", weighted, -INFINITE),
        call("/", over("sum", weighted, 0.0), count),
        over("prod", raised, 1.0),
        over("sum", vector, 0.0),
        over("prod", vector, 1.0),
        over("vmin", vector, INFINITE),
        over("vmax", vector, -INFINITE),
        call("/", over("sum", vector, 0.0), count),
    ]
    if isinstance(action, Num):
        value = cases[int(action.value)] if action.value in range(11) else NOTHING
    else:
        value = NOTHING
        for i, case in enumerate(cases):
            value = if_(call("=", action, float(i)), case, value)
    value = if_(call("=", count, 0.0), missing, value)
    if error == Num(0.0):
        return value
    none = every(call("=", count, 0.0), call("or", call("=", error, 1.0), call("=", error, 3.0)))
    many = every(call(">", count, 1.0), call(">=", error, 2.0))
    return if_(call("or", none, many), NOTHING, value)


def invert(maker: Loops, matrix: Expr) -> Expr:
    """INVERT MATRIX: Gauss and Jordan's elimination; the pivot of each column is the largest
    element in the rows not used yet. A singular matrix gives infinities."""
    i, j = axes_of(matrix)[-2:]
    n = maker.length(i)
    rows, columns = _Row(maker, i), _Row(maker, j)
    left = maker.make("auxiliary", "matrix", matrix)
    unit = if_(call("=", rows.here, columns.here), 1.0, 0.0)
    right: Expr = maker.make("auxiliary", "inverse", unit, free=(left,))
    free: Expr = maker.make("auxiliary", "rows left", Num(1.0), free=(rows.here,))
    pivots: list[Expr] = []
    place = rows.there(rows.here)
    for k in range(n):

        def column(e: Expr, k: int = k) -> Expr:
            return substitute(e, lambda at: At(-1, _at(at, k)) if at.axis == j else at)

        lead = maker.make("auxiliary", "column", column(left))
        size = if_(rows.there(free), call("abs", rows.there(lead)), -1.0)
        largest = named(maker, "pivot", rows.over("vmax", size))
        fits = every(rows.there(free), call("=", call("abs", rows.there(lead)), largest))
        pivot = named(maker, "pivot row", rows.over("vmin", if_(fits, place, INFINITE)))
        chosen = call("=", place, pivot)
        by = named(maker, "pivot", rows.over("sum", if_(chosen, rows.there(lead), 0.0)))
        parts = []
        for what, part in (("matrix", left), ("inverse", right)):
            whole = rows.over("sum", if_(chosen, rows.there(part), 0.0))
            row = maker.make("auxiliary", "pivot row", call("/", whole, by))
            rest = call("-", part, call("*", lead, row))
            is_row = call("=", rows.here, pivot)
            parts.append(maker.make("auxiliary", what, if_(is_row, row, rest)))
        left, right = parts
        free = maker.make("auxiliary", "rows left", every(free, call("<>", rows.here, pivot)))
        pivots.append(pivot)
    out: Expr = Num(0.0)
    for k, pivot in enumerate(pivots, start=1):
        found = rows.over("sum", if_(call("=", place, pivot), rows.there(right), 0.0))
        row = maker.make("auxiliary", "inverse row", found)
        out = if_(call("=", rows.here, float(k)), row, out)
    return out


def _at(at: At, k: int) -> int:
    return at.table[k] if at.table else at.first + k


def by_priority(
    maker: Loops, request: Expr, priority: Expr, width: Expr, supply: Expr, axis: int
) -> Expr:
    """ALLOCATE BY PRIORITY: shares by request, the first in priority first.

    Each target fills at a rate in proportion to its request. The first in priority begins at level
    0, the next when the one before is filled to the part that their distance is of `width`; so a
    target's share is level - its start, within 0 and 1, and the level follows from the supply in a
    straight line between starts and ends."""
    row = _Row(maker, axis)
    request, priority = named(maker, "request", request), named(maker, "priority", priority)
    width, supply = named(maker, "width", width), named(maker, "supply", supply)
    asks, asks_there = call(">", request, 0.0), call(">", row.there(request), 0.0)
    prior = row.there(priority)
    lower = every(asks_there, call("<", prior, priority))
    below = named(maker, "next priority", row.over("vmax", if_(lower, prior, -INFINITE)))
    earlier = call("<", row.there(row.here), row.here)
    twin = every(asks_there, call("=", prior, priority), earlier)
    twins = row.over("sum", if_(twin, 1.0, 0.0))
    gap = call("min", 1.0, call("/", call("-", priority, below), width))
    gap = named(maker, "distance", if_(every(asks, call("=", twins, 0.0)), gap, 0.0))
    before = if_(call(">", prior, priority), row.there(gap), 0.0)
    start = maker.make("auxiliary", "start", row.over("sum", before), free=(request,))

    def filled(level: Expr) -> Expr:
        share = call("max", 0.0, call("min", 1.0, call("-", level, row.there(start))))
        return row.over("sum", call("*", row.there(request), share))

    level: Expr = Num(0.0)
    for point in (start, call("+", start, 1.0)):
        given = maker.make("auxiliary", "given", filled(point))
        fits = every(asks_there, call("<=", row.there(given), supply))
        reached = row.over("vmax", if_(fits, row.there(point), 0.0))
        level = call("max", level, reached)
    level = maker.make("auxiliary", "level", level)
    filling = every(
        call("<=", row.there(start), level), call("<", level, call("+", row.there(start), 1.0))
    )
    rate = row.over("sum", if_(filling, row.there(request), 0.0))
    more = xidz(call("-", supply, filled(level)), rate, 0.0)
    level = maker.make("auxiliary", "level", call("+", level, more))
    share = call("max", 0.0, call("min", 1.0, call("-", level, start)))
    total = row.over("sum", row.there(request))
    return if_(call(">=", supply, total), request, call("*", request, share))


def available(
    maker: Loops, request: Expr, profile: tuple[Expr, ...], supply: Expr, axis: int
) -> Expr:
    """ALLOCATE AVAILABLE: shares at the price at which demand meets supply, found by halving.

    `profile`: kind, priority and width of each target's demand curve: 1 rectangular, 2 triangular,
    3 normal, 4 exponential; other kinds give what is not a number. Where all are 0, fixed
    quantities, the supply is shared in proportion to the requests, as Vensim does."""
    row = _Row(maker, axis)
    request, supply = named(maker, "request", request), named(maker, "supply", supply)
    kind, priority, width = (named(maker, "profile", p) for p in profile)
    unknown = maker.loop(1)

    def demand(price: Expr) -> Expr:
        z = call("/", call("-", priority, price), width)  # widths above the price
        linear = call("max", 0.0, call("min", 1.0, call("+", z, 0.5)))
        low, high = call("+", z, 0.5), call("-", 0.5, z)
        bend = if_(
            call("<", z, 0.0),
            call("*", 2.0, call("*", low, low)),
            call("-", 1.0, call("*", 2.0, call("*", high, high))),
        )
        bend = if_(call("<=", low, 0.0), 0.0, if_(call("<=", high, 0.0), 1.0, bend))
        fall = call("*", 0.5, call("exp", call("neg", call("abs", z))))
        steep = if_(call(">", z, 0.0), call("-", 1.0, fall), fall)
        part: Expr = NOTHING
        for i, curve in enumerate((linear, bend, cumulative(z), steep), start=1):
            part = if_(call("=", kind, float(i)), curve, part)
        return if_(call("=", request, 0.0), 0.0, call("*", request, part))

    reach = call("*", width, if_(call("<=", kind, 2.0), 0.5, FAR))
    low, high = (
        maker.make("auxiliary", "price", row.over(op, row.there(call(sign, priority, reach))))
        for op, sign in (("vmin", "-"), ("vmax", "+"))
    )
    excess = call("-", row.over("sum", row.there(demand(Unknown(unknown)))), supply)
    price = maker.make("auxiliary", "price", Root(unknown, low, high, excess))
    total = row.over("sum", row.there(request))
    fixed = call("=", row.over("vmax", row.there(call("abs", kind))), 0.0)
    short = if_(fixed, call("/", call("*", request, supply), total), demand(price))
    short = if_(call("<=", supply, 0.0), 0.0, short)
    return if_(call(">=", supply, total), request, short)


def element_map(maker: Loops, start: Ref, offset: Expr, shape: tuple[int, ...]) -> Expr:
    """VECTOR ELM MAP: the element `offset` places after `start` in the order of memory."""
    axes = [maker.loop(n) for n in shape]
    wanted = call("+", _place(start.at, shape), call("trunc", offset))
    wanted = named(maker, "place", wanted)
    there = tuple(At(a) for a in axes)
    chosen = if_(call("=", _place(there, shape), wanted), Ref(start.name, there), 0.0)
    inside = every(call(">=", wanted, 0.0), call("<", wanted, float(math.prod(shape))))
    return if_(inside, Reduce("sum", tuple(zip(axes, shape, strict=True)), chosen), NOTHING)


def _place(at: tuple[At, ...], shape: tuple[int, ...]) -> Expr:
    """Number of an element of a variable, from 0, the last subscript fastest."""
    place: Expr = Num(0.0)
    for a, n in zip(at, shape, strict=True):
        place = call("+", call("*", place, float(n)), call("-", Position(a), 1.0))
    return place
