"""Macros: each call becomes hidden variables of its own, over the axes of its arguments, and over
those of the macro's own subscript ranges where its variables have subscripts."""

from __future__ import annotations

import functools
import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.functions import call, if_
from engine.ir import (
    At,
    Builtin,
    Component,
    Curve,
    Expr,
    Num,
    Position,
    Ref,
    Values,
    Variable,
    free_axes,
    key,
)
from engine.source import Element, Equation, Macro

if TYPE_CHECKING:
    from engine.translate import Translator


def expand(t: Translator, macro: Macro, tree: Any) -> Expr:
    """The value of one call of a macro."""
    if macro.name in t.expanding:
        raise t.refuse(f"macro {macro.name} within itself")
    trees = list(tree.arguments)
    if len(trees) != len(macro.parameters):
        raise t.wrong(f"{macro.name} takes {len(macro.parameters)} arguments, not {len(trees)}")
    given = {p: _lookup(t, a) or t.expr(a) for p, a in zip(macro.parameters, trees, strict=True)}
    scope: dict[str, Expr] = {
        p: a if isinstance(a, Num | Ref | Builtin) else t.make("auxiliary", macro.name, a)
        for p, a in given.items()
        if not isinstance(a, str)
    }
    outside = t.scope, t.curves, t.arrays, t.inside
    t.expanding.append(macro.name)
    t.scope, t.arrays, t.inside = scope, {}, {}
    t.curves = t.curves | {p: a for p, a in given.items() if isinstance(a, str)}
    _fill(t, macro, tuple(scope.values()))
    result = t.scope.get(macro.result)
    t.scope, t.curves, t.arrays, t.inside = outside
    t.expanding.pop()
    if result is None:
        raise t.wrong(f"macro {macro.name} does not define its result")
    here = {*range(len(t.axes)), *t.inside.values(), *t.bang.values()}
    if not free_axes(result) <= here:
        raise t.wrong(f"macro {macro.name} has subscripts that are not on the left")
    return result


def _fill(t: Translator, macro: Macro, arguments: tuple[Expr, ...]) -> None:
    """Make the macro's variables, then their equations, in which each may use every other."""
    axes: dict[str, int] = {}
    made = []
    for e in macro.elements:
        own = _dims(t, macro, e, axes)
        kinds = {type(q.tree).__name__ for q in e.equations}
        if "LookupsStructure" in kinds:
            t.curves = t.curves | {key(e.name): _curves(t, e, own)}
            continue
        stock = kinds == {"IntegStructure"}
        kind, start = ("stock", Num(0.0)) if stock else ("auxiliary", None)
        places = (Position(At(a)) for a in own.values())
        what = f"{macro.name} {e.name}"
        ref = t.make(kind, what, Num(0.0), start, free=(*arguments, *places))
        t.scope[key(e.name)] = ref
        if own:
            t.arrays[key(e.name)] = own
        made.append((e, ref, own))
    for e, ref, own in made:
        t.connect(ref, *_joined([_equation(t, q, ref, own) for q in e.equations]))


def _joined(parts: list[tuple[Expr, Expr, Expr | None]]) -> tuple[Expr, Expr | None]:
    """Values and initial values of several equations, each where it holds, as one."""
    _, value, start = parts[0]
    for holds, other, first in parts[1:]:
        value = if_(holds, other, value)
        start = if_(holds, first, start) if first and start else None
    return value, start


def _axis(t: Translator, name: str) -> int:
    """The axis of a range in a macro: that of the same range on the left, or a new one."""
    own = [i for i, a in enumerate(t.axes) if a == name]
    return own[0] if own else t.loop(len(t.ranges.of(name)))


def _dims(t: Translator, macro: Macro, e: Element, axes: dict[str, int]) -> dict[str, int]:
    """Ranges of a macro's variable with their axes."""
    dims: list[str] = []
    for i in range(len(e.equations[0].subscripts)):
        dims.append(t.ranges.dimension([q.subscripts[i] for q in e.equations], dims))
    simple = all(len(q.subscripts) == len(dims) and not q.excepted for q in e.equations)
    whole = all(
        key(s) == d or s not in t.ranges
        for q in e.equations
        for s, d in zip(q.subscripts, dims, strict=False)
    )
    if not simple or not whole or (len(e.equations) > 1 and not dims):
        raise t.refuse(f"subscripts in macro {macro.name}")
    axes |= {d: _axis(t, d) for d in dims if d not in axes}
    return {d: axes[d] for d in dims}


def _equation(
    t: Translator, q: Equation, ref: Ref, own: dict[str, int]
) -> tuple[Expr, Expr, Expr | None]:
    """Where one equation of a macro holds, its value or flow, and its initial value."""
    fixed = [
        call("=", Position(At(own[d])), t.ranges.of(d).index(key(s)) + 1.0)
        for s, d in zip(q.subscripts, own, strict=True)
        if key(s) != d
    ]
    holds = functools.reduce(lambda a, b: call("and", a, b), fixed, Num(1.0))
    t.inside = {d: own[d] for s, d in zip(q.subscripts, own, strict=True) if key(s) == d}
    if type(q.tree).__name__ == "IntegStructure":
        found = holds, t.expr(q.tree.flow), t.expr(q.tree.initial)
    elif isinstance(q.tree, np.ndarray):
        found = holds, _list(t, q.tree), None
    else:
        t.current = ref if type(q.tree).__name__ == "SampleIfTrueStructure" else None
        found = holds, t.expr(q.tree), None
    t.inside = {}
    return found


def _curves(t: Translator, e: Element, own: dict[str, int]) -> str:
    """Key of a hidden lookup with the points of one of the macro, for each of its elements."""
    from engine.translate import curve_of

    shape = tuple(len(t.ranges.of(d)) for d in own)
    curves = [Curve((), (), "")] * int(np.prod(shape))
    for q in e.equations:
        for place in itertools.product(*[t.ranges.of(s) for s in q.subscripts]):
            at = [t.ranges.of(d).index(p) for p, d in zip(place, own, strict=True)]
            curves[int(np.ravel_multi_index(at, shape)) if at else 0] = curve_of(q.tree)
    name = t.fresh("curve")
    lookup = Variable(name, tuple(own), shape, "lookup", hidden=True, curves=curves)
    t.model.variables[key(name)] = lookup
    return key(name)


def _list(t: Translator, numbers: np.ndarray) -> Expr:
    """A list of numbers over the ranges that an equation runs along."""
    shape = tuple(t.length(a) for a in t.inside.values())
    if numbers.size != int(np.prod(shape)):
        raise t.wrong(f"{numbers.size} numbers for {int(np.prod(shape))} elements")
    name = t.fresh("list")
    values = Values(tuple(float(v) for v in numbers.reshape(-1)), shape)
    target = tuple(At(i) for i in range(len(shape)))
    t.model.variables[key(name)] = Variable(
        name, ("",) * len(shape), shape, "auxiliary", hidden=True,
        components=[Component(shape, target, values, t.text)],
    )  # fmt: skip
    return Ref(key(name), tuple(At(a) for a in t.inside.values()))


def _lookup(t: Translator, tree: Any) -> str | None:
    """Key of the lookup that an argument names, if it names one."""
    name = key(getattr(tree, "reference", ""))
    name = t.curves.get(name) or name
    variable = t.model.variables.get(name)
    if variable is None or variable.kind != "lookup":
        return None
    if variable.dims:
        raise t.refuse(f"lookup {variable.name} with subscripts as an argument of a macro")
    return name
