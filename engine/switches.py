"""Products with something that is switched off, such as a pulse between its beats.

A product with a number that changes over time and has no subscripts is made zero while that number
is zero; a kernel for many runs then skips the other factor (see `express`). Equations alone decide
what is changed, not what differs between runs: all kernels of a model compute the same bits.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

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

    changed = [change(s.expr) for s in statements]
    return [
        s if e == s.expr else Statement(s.phase, s.name, s.role, s.component, e)
        for s, e in zip(statements, changed, strict=True)
    ]


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
