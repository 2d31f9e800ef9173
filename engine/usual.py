"""Conditions that depend on constants alone, such as whether a loop of the model is switched on.

While those constants have the values that the file gives them, a kernel without the branches not
taken serves, and without all that only those need. It computes the same bits as the general one,
which serves when any of them is given.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.evaluate import constant_value
from engine.ir import Call, Expr, Model, Num, Ref, rebuild, walk
from engine.order import Statement


def asked(model: Model, time_varying: frozenset[str]) -> frozenset[str]:
    """Constants on which such conditions depend; `time_varying`: those that may be paths."""
    conditions = _conditions(c.expr for v in model.variables.values() for c in v.components)
    return frozenset(n for e in conditions if _settled(e, model, time_varying) for n in _names(e))


def settled(
    statements: list[Statement], model: Model, constants: frozenset[str]
) -> list[Statement]:
    """The statements of a step with branches taken as constants have their usual values."""
    found: dict[Expr, bool] = {}
    for e in _conditions(s.expr for s in statements):
        if set(_names(e)) <= constants and _settled(e, model, frozenset()):
            found[e] = constant_value(model, e, "") != 0

    def change(e: Expr) -> Expr:
        if isinstance(e, Call) and e.op == "if" and e.args[0] in found:
            return change(e.args[1 if found[e.args[0]] else 2])
        return rebuild(e, change)

    return [Statement(s.phase, s.name, s.role, s.component, change(s.expr)) for s in statements]


def _conditions(expressions: Iterable[Expr]) -> list[Expr]:
    parts = (x for e in expressions for x in walk(e))
    return list(dict.fromkeys(x.args[0] for x in parts if isinstance(x, Call) and x.op == "if"))


def _settled(condition: Expr, model: Model, time_varying: frozenset[str]) -> bool:
    """Whether a condition is of numbers and single constants."""
    return all(
        isinstance(x, Call | Num)
        or (
            isinstance(x, Ref)
            and not x.at
            and model.variables[x.name].kind == "constant"
            and x.name not in time_varying
        )
        for x in walk(condition)
    ) and bool(_names(condition))


def _names(condition: Expr) -> list[str]:
    return [x.name for x in walk(condition) if isinstance(x, Ref)]
