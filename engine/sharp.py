"""What is compared, cut to a whole number or looked up in a curve that jumps: there a last bit may
turn a value over, so it stays as it is written, and so does all that it is computed from."""

from __future__ import annotations

from collections.abc import Mapping

from engine.functions import COMPARISONS, LOGIC
from engine.ir import Call, Expr, Look, Ref, Variable, walk

SHARP = {*COMPARISONS, *LOGIC, "trunc", "remainder"}


def sharp(variables: Mapping[str, Variable]) -> set[str]:
    """Names of the variables on which something sharp depends, directly or through others."""
    reads = {n: [x for c in v.components for x in walk(c.expr)] for n, v in variables.items()}
    found: set[str] = set()
    new = {
        r.name
        for expressions in reads.values()
        for x in expressions
        if is_sharp(x, variables)
        for r in walk(x)
        if isinstance(r, Ref)
    }
    while new:
        found |= new
        new = {x.name for n in new for x in reads.get(n, []) if isinstance(x, Ref)} - found
    return found


def is_sharp(e: Expr, variables: Mapping[str, Variable]) -> bool:
    """Whether a last bit of what `e` is computed from may turn its value over."""
    if isinstance(e, Look):
        return any(
            c.kind not in ("interpolate", "extrapolate") or len(set(c.x)) < len(c.x)
            for c in variables[e.name].curves
        )
    return isinstance(e, Call) and e.op in SHARP
