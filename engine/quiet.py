"""Stages without what a pulse brings, for the steps between its beats.

A stock whose elements change places every so often has an equation for its first element, one for
its last and one for those between. Between two beats all of them say the same, so that one
statement does, in the loops that compute the flows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.ir import (
    At,
    Call,
    Expr,
    Look,
    Position,
    Random,
    Reduce,
    Ref,
    Values,
    substitute,
    walk,
)
from engine.order import Statement, link


def between_beats(
    statements: list[Statement], wide: set[str]
) -> tuple[Expr, list[Statement]] | None:
    """The condition under which statements of a stage do more than usual, and what they do when it
    does not hold; None where that is not less. `wide`: names of what may differ between runs."""
    conditions = [c for s in statements for c in _conditions(s, wide)]
    if not conditions:
        return None
    out = _joined([_usual(s, conditions[0]) for s in statements])
    if len(out) == len(statements):
        return None
    link(out)
    return conditions[0], out


def _conditions(s: Statement, wide: set[str]) -> Iterator[Expr]:
    """Conditions of a whole equation of a stock that are one for all runs and elements."""
    e = s.expr
    if s.role == "next" and isinstance(e, Call) and e.op == "if":
        parts = list(walk(e.args[0]))
        alike = all(not x.at and x.name not in wide for x in parts if isinstance(x, Ref))
        if alike and not any(isinstance(x, Random) for x in parts):
            yield e.args[0]


def _usual(s: Statement, condition: Expr) -> Statement:
    e = s.expr
    if isinstance(e, Call) and e.op == "if" and e.args[0] == condition:
        e = e.args[2]
    return Statement(s.phase, s.name, s.role, s.component, e)


def _joined(statements: list[Statement]) -> list[Statement]:
    """The statements with those of single elements and of the elements between them made one."""
    out = {id(s): s for s in statements}
    for s in statements:
        dimension = next((i for i, at in enumerate(s.target) if at.axis == 1), -1)
        if s.role != "next" or len(s.sizes) != 2 or dimension < 0 or _is_bound(s):
            continue
        single = {
            o.target[dimension].first: o
            for o in statements
            if (o.name, o.role) == (s.name, s.role)
            and o.target[dimension].axis < 0
            and o.component.floor_at_zero == s.component.floor_at_zero
            and _fixed(s, dimension, 0) == _fixed(o, dimension, 0)
        }
        whole = _extended(s, dimension, single)
        if whole is not None:
            out[id(s)] = whole
            for o in single.values():
                del out[id(o)]
    return list(out.values())


def _extended(s: Statement, dimension: int, single: dict[int, Statement]) -> Statement | None:
    """A statement over its own elements and single ones beside them, which say the same."""
    first, length = s.target[dimension].first, s.sizes[1]
    low, size = min([first, *single]), length + len(single)
    places = sorted([*single, *range(first, first + length)])
    if not single or places != list(range(low, low + size)):
        return None

    def moved(at: At) -> At:
        return replace(at, first=at.first + low - first) if at.axis == 1 else at

    expr, target = substitute(s.expr, moved), tuple(map(moved, s.target))
    if any(_at(expr, place - low) != o.expr for place, o in single.items()):
        return None
    component = replace(s.component, sizes=(s.sizes[0], size), target=target, expr=expr)
    return Statement(s.phase, s.name, s.role, component, expr)


def _is_bound(s: Statement) -> bool:
    """Whether an equation cannot be moved along the second loop."""
    return any(
        isinstance(x, Values | Position | Random | Reduce | Look)
        or (isinstance(x, Ref) and any(at.table for at in x.at))
        for x in walk(s.expr)
    )


def _fixed(s: Statement, dimension: int, place: int) -> tuple[At, ...]:
    return tuple(At(-1, place) if i == dimension else at for i, at in enumerate(s.target))


def _at(e: Expr, place: int) -> Expr:
    return substitute(e, lambda at: At(-1, at.first + place) if at.axis == 1 else at)
