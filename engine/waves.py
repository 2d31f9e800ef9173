"""Powers and exponentials by themselves, so that many are computed side by side.

A logarithm and an exponential wait for their own instructions most of the time. A pass therefore
goes through a block of elements in stages: equations up to the powers that they need, then all of
those powers, then what depends on them. Every operation stays as it is, and so every bit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.ir import (
    At,
    Builtin,
    Call,
    Component,
    Expr,
    Model,
    Random,
    Reduce,
    Ref,
    Root,
    Values,
    Variable,
    free_axes,
    rebuild,
    walk,
)
from engine.order import Statement

POWERS = ("power", "quick_exp")


def is_power(s: Statement) -> bool:
    """Whether a statement over one subscript is a power or an exponential and nothing else."""
    return len(s.sizes) == 1 and s.role == "value" and _is_power(s.expr)


def apart(
    model: Model, statements: list[Statement], levels: Mapping[str, str]
) -> tuple[Model, list[Statement], list[str]]:
    """Make statements of the powers inside those over one subscript, once where several ask.

    Left where they are: those within loops of an expression, and where an `if` decides anew at
    every step whether they are needed. `levels`: when each variable is settled. Returns a model
    with hidden variables for them, the statements, and the new names.
    """
    made: dict[tuple[Expr, int], Variable] = {}

    def decided(condition: Expr) -> bool:
        return all(
            levels[x.name] == "constant"
            if isinstance(x, Ref)
            else not isinstance(x, Builtin | Random)
            for x in walk(condition)
        )

    def change(e: Expr, size: int) -> Expr:
        if isinstance(e, Reduce | Root | Random | Values):
            return e
        if isinstance(e, Call) and e.op == "if" and not decided(e.args[0]):
            return Call("if", (change(e.args[0], size), *e.args[1:]))
        e = rebuild(e, lambda c: change(c, size))
        if not _is_power(e) or free_axes(e) != {0}:
            return e
        if (e, size) not in made:
            component = Component((size,), (At(0),), e)
            made[e, size] = Variable(
                f"#power {len(made)}", ("",), (size,), "auxiliary",
                components=[component], hidden=True,
            )  # fmt: skip
        return Ref(made[e, size].name, (At(0),))

    out = []
    for s in statements:
        expr = s.expr
        if len(s.sizes) == 1 and s.role in ("value", "next"):
            if is_power(s):
                expr = rebuild(expr, lambda c, s=s: change(c, s.sizes[0]))
            else:
                expr = change(expr, s.sizes[0])
        same = expr == s.expr
        out.append(s if same else Statement(s.phase, s.name, s.role, s.component, expr))
    new = [Statement("step", v.name, "value", v.components[0], e) for (e, _), v in made.items()]
    variables = model.variables | {v.name: v for v in made.values()}
    names = [v.name for v in made.values()]
    return replace(model, variables=variables), [*out, *new], names


def _is_power(e: Expr) -> bool:
    return isinstance(e, Call) and e.op in POWERS
