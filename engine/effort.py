"""About how much work a step is, for deciding how many runs to compute side by side."""

from __future__ import annotations

import math

from engine.fuse import Group
from engine.ir import Call, Expr, Root, walk
from engine.switches import cost

# functions of the C library, called for one run after the other
SINGLY = frozenset(
    ("sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "remainder")
)
CALLED = 200  # operations on vectors that one of those takes
SOLVED = 100  # evaluations in which a root is found


def operations(groups: list[Group]) -> int:
    """Operations on vectors that the statements of a step take, one at least."""
    return 1 + sum(
        math.prod(g.sizes) * (1 + cost(s.expr) + sum(map(_more, walk(s.expr))))
        for g in groups
        for s in g.statements
    )


def _more(e: Expr) -> int:
    """What an expression takes beyond its `cost`."""
    if isinstance(e, Root):
        return SOLVED * cost(e.arg)
    return CALLED if isinstance(e, Call) and e.op in SINGLY else 0
