"""Short loops written out, and sums taken out of loops that they do not depend on.

Both leave every operation and its order as they are, and so every bit of the results. Written-out
elements can join the nests around them, where their values pass in registers.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

from engine.ir import (
    At,
    Call,
    Component,
    Expr,
    Model,
    Num,
    Reduce,
    Ref,
    Root,
    Values,
    Variable,
    bound_axes,
    free_axes,
    rebuild,
    renumbered,
    substitute,
    walk,
)
from engine.order import Statement

SHORT = 5  # elements
START = {"sum": 0.0, "dot": 0.0, "prod": 1.0, "vmin": float("inf"), "vmax": float("-inf")}


def unrolled(statements: list[Statement]) -> list[Statement]:
    """Write out the last loop of each nest, when short, and short reductions."""
    out = []
    for s in statements:
        parts = [s]
        while len(parts[0].sizes) > 1 and parts[0].sizes[-1] <= SHORT:
            parts = [p for part in parts for p in _last_written_out(part)]
        out += [_with(p, p.component, _short_reductions(p.expr)) for p in parts]
    return out


def _with(s: Statement, component: Component, expr: Expr) -> Statement:
    if expr == s.expr and component is s.component:
        return s
    return Statement(s.phase, s.name, s.role, component, expr)


def _last_written_out(s: Statement) -> list[Statement]:
    axis, size = len(s.sizes) - 1, s.sizes[-1]
    out = []
    for i in range(size):

        def change(e: Expr, i: int = i) -> Expr:
            if isinstance(e, Values):
                return Values(e.values[i::size], e.shape[:-1])
            return rebuild(_fixed(e, axis, i), change)

        old = s.component
        component = replace(
            old,
            sizes=old.sizes[:-1],
            target=tuple(_place(at, axis, i) for at in old.target),
            expr=change(old.expr),
            start=old.start and change(old.start),
            delay=old.delay and change(old.delay),
        )
        out.append(_with(s, component, change(s.expr)))
    return out


def _place(at: At, axis: int, i: int) -> At:
    """A position with one axis fixed."""
    if at.axis != axis:
        return at
    return At(-1, at.table[i] if at.table else at.first + i)


def _fixed(e: Expr, axis: int, i: int) -> Expr:
    return substitute(e, lambda at: _place(at, axis, i))


def _short_reductions(e: Expr) -> Expr:
    e = rebuild(e, _short_reductions)
    if not isinstance(e, Reduce):
        return e
    count = 1
    for _, n in e.axes:
        count *= n
    if count > SHORT:
        return e
    total: Expr = Num(START[e.op])
    for place in itertools.product(*(range(n) for _, n in e.axes)):
        item = e.arg
        for (axis, _), i in zip(e.axes, place, strict=True):
            item = _fixed(item, axis, i)
        match e.op:
            case "sum":
                total = Call("+", (total, item))
            case "dot":
                assert isinstance(item, Call)
                total = Call("fma", (*item.args, total))
            case "prod":
                total = Call("*", (total, item))
            case "vmin" | "vmax":
                total = Call(e.op[1:], (item, total))
    return total


def hoisted(model: Model, statements: list[Statement]) -> tuple[Model, list[Statement], list[str]]:
    """Compute reductions by themselves: once where several ask for the same, and in one loop those
    over the same axes.

    Returns a model with hidden variables for them, the statements, and the new names.
    """
    made: dict[tuple[Expr, tuple[int, ...]], Variable] = {}

    def change(e: Expr, sizes: tuple[int, ...]) -> Expr:
        alone = isinstance(e, Reduce) and not any(isinstance(x, Root) for x in walk(e))
        free = sorted(free_axes(e)) if alone else []
        if not free or free[-1] >= len(sizes):
            return rebuild(e, lambda c: change(c, sizes))
        number = {axis: i for i, axis in enumerate([*free, *sorted(bound_axes(e))])}
        moved = renumbered(e, number)
        shape = tuple(sizes[a] for a in free)
        if (moved, shape) not in made:
            at = tuple(At(i) for i in range(len(free)))
            name = f"#reduction {len(made)}"
            component = Component(shape, at, moved)
            made[moved, shape] = Variable(
                name, ("",) * len(free), shape, "auxiliary", components=[component], hidden=True
            )
        return Ref(made[moved, shape].name, tuple(At(a) for a in free))

    out = [_with(s, s.component, change(s.expr, s.sizes)) for s in statements]
    new = [Statement("step", v.name, "value", v.components[0], e) for (e, _), v in made.items()]
    variables = model.variables | {v.name: v for v in made.values()}
    return replace(model, variables=variables), [*out, *new], [v.name for v in made.values()]
