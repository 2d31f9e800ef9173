"""Powers as factors: which equations are one, and what stands below the line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from engine.functions import SIMPLE_POWERS
from engine.ir import At, Call, Expr, Num, Ref, Variable, children, walk
from engine.order import Statement

ONE = Num(1.0)


def written(statements: list[Statement], variables: Mapping[str, Variable]) -> dict[str, Expr]:
    """Variables that are a power, or 1 where a constant says so, and read in one place only: their
    equations as powers."""
    places = Counter(
        x.name
        for v in variables.values()
        for c in v.components
        for x in walk(c.expr)
        if isinstance(x, Ref)
    )
    found = {}
    for s in statements:
        v = variables[s.name]
        whole = s.sizes == v.shape and s.target == tuple(At(i) for i in range(len(v.shape)))
        if s.role != "value" or not whole or len(v.components) > 1 or places[s.name] != 1:
            continue
        e = _power_or_one(s.expr, variables)
        if e is not None and all(isinstance(x, Num | Call) or plain(x) for x in walk(e)):
            found[s.name] = e
    return found


def _power_or_one(e: Expr, variables: Mapping[str, Variable]) -> Expr | None:
    """An equation as a power; where it is one unless a constant says 1, the exponent is 0 then."""
    if _is_power(e):
        return e
    if not isinstance(e, Call) or e.op != "if" or ONE not in e.args[1:]:
        return None
    names = [x.name for x in walk(e.args[0]) if isinstance(x, Ref)]
    power = e.args[2] if e.args[1] == ONE else e.args[1]
    if any(variables[n].kind != "constant" for n in names) or not _is_power(power):
        return None
    base, exponent = children(power)
    either = (exponent, Num(0.0)) if e.args[2] == ONE else (Num(0.0), exponent)
    return Call("^", (base, Call("if", (e.args[0], *either))))


def _is_power(e: Expr) -> bool:
    return isinstance(e, Call) and e.op == "^" and not is_simple_power(e)


def is_raised(e: Expr) -> bool:
    return isinstance(e, Call) and e.op == "power"


def turned(e: Expr) -> Expr:
    """One over a power."""

    def negative(x: Expr) -> Expr:
        return x.args[0] if isinstance(x, Call) and x.op == "neg" else Call("neg", (x,))

    parts = enumerate(children(e))
    return Call("power", tuple(negative(x) if i % 2 else x for i, x in parts))


def is_simple_power(e: Call) -> bool:
    return isinstance(e.args[1], Num) and e.args[1].value in SIMPLE_POWERS


def plain(e: Expr) -> bool:
    return isinstance(e, Num) or (isinstance(e, Ref) and not any(a.table for a in e.at))
