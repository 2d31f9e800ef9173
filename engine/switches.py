"""Products with something that is switched off, such as a pulse between its beats.

A product with a number that changes over time and has no subscripts is made zero while that number
is zero; a kernel for many runs then skips the other factor (see `express`), or does without what
the whole equation of a stock brings only then (see `quiet`). A constant that is zero for most
elements of the innermost loop counts too. Equations alone decide what is changed, not what differs
between runs: all kernels of a model compute the same bits.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from engine.evaluate import default
from engine.functions import if_
from engine.ir import (
    Builtin,
    Call,
    Expr,
    Look,
    Num,
    Random,
    Reduce,
    Ref,
    Root,
    Variable,
    children,
    rebuild,
)
from engine.order import Statement
from engine.terms import factors_of, terms_of, written_terms

NOTHING = -0.0  # to add it changes no number, not even a zero
FEW = 2  # terms that may be left of a sum to be told apart as what it is between beats
RATHER = 4  # times as long as these must a sum take for that
WORTHWHILE = 12  # operations: fewer are sooner done than skipped
COSTS = {"/": 4, "^": 30, "power": 20, "exp": 15, "quick_exp": 15, "ln": 15, "sqrt": 5}


def switched(
    statements: list[Statement], variables: Mapping[str, Variable], levels: Mapping[str, str]
) -> list[Statement]:
    """The statements with such products changed. `levels`: when each variable is settled."""

    def switch(e: Expr) -> bool:
        if not isinstance(e, Ref) or e.at or levels[e.name] != "step":
            return False
        return variables[e.name].kind in ("auxiliary", "data", "constant")

    def change(e: Expr) -> Expr:
        e = rebuild(e, change)
        if isinstance(e, Call) and e.op == "*":
            for factor, other in (e.args, e.args[::-1]):
                if switch(factor) and cost(other) >= WORTHWHILE:
                    return if_(Call("<>", (factor, Num(0.0))), e, 0.0)
        return e

    def rare(e: Expr, axis: int) -> bool:
        """Whether a constant over the innermost loop is zero for most of its elements."""
        if not isinstance(e, Ref) or {at.axis for at in e.at} != {axis}:
            return False
        v = variables[e.name]
        if v.kind != "constant" or levels[e.name] != "constant" or any(at.table for at in e.at):
            return False
        return 2 * int((default(v) == 0).sum()) > v.size

    def among(e: Expr, axis: int) -> Expr:
        """`e` with products of rare factors that are added told apart as what changes no sum."""
        if not isinstance(e, Call) or e.op not in ("+", "-"):
            return e
        args = []
        for a, minus in zip(e.args, (False, e.op == "-"), strict=True):
            factors = factors_of(a)[0] if isinstance(a, Call) and a.op == "*" else []
            which = next((f for f in factors if rare(f, axis)), None)
            if which is None or minus:
                args.append(among(a, axis))
            else:
                args.append(if_(Call("<>", (which, Num(0.0))), a, NOTHING))
        return Call(e.op, tuple(args))

    def whole(s: Statement) -> Expr:
        if s.role == "value" and len(s.sizes) > 1:
            e, axis = change(s.expr), len(s.sizes) - 1
            terms = terms_of(e)
            some = [t for t in terms if any(rare(f, axis) for f in t[1])]
            return among(e, axis) if len(some) < len(terms) else e
        if s.role == "next":
            for factor in dict.fromkeys(f for _, above, _ in terms_of(s.expr) for f in above):
                usual = _without(s.expr, factor) if switch(factor) else None
                if usual is not None:
                    return if_(Call("<>", (factor, Num(0.0))), s.expr, usual)
        return change(s.expr)

    changed = [whole(s) for s in statements]
    return [
        s if e == s.expr else Statement(s.phase, s.name, s.role, s.component, e)
        for s, e in zip(statements, changed, strict=True)
    ]


def _without(e: Expr, factor: Expr) -> Expr | None:
    """A sum without the terms that a factor makes zero, where little is left of it."""
    rest = [(minus, term) for minus, term in written_terms(e) if factor not in factors_of(term)[0]]
    if not 1 <= len(rest) <= FEW or any(cost(term) > 1 for _, term in rest):
        return None
    if cost(e) < RATHER * (1 + cost(rest[0][1])):
        return None
    minus, left = rest[0]
    left = Call("neg", (left,)) if minus else left
    for minus, term in rest[1:]:
        left = Call("-" if minus else "+", (left, term))
    return left


def cost(e: Expr) -> int:
    """About how many operations an expression takes."""
    match e:
        case Num() | Builtin():
            return 0
        case Reduce(axes=axes, arg=arg):
            return (1 + cost(arg)) * math.prod(n for _, n in axes)
        case Look() | Root() | Random():
            own = 15
        case Call(op=op):
            own = COSTS.get(op, 1)
        case _:
            own = 1
    return own + sum(cost(c) for c in children(e))
