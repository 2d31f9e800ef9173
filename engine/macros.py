"""Macros: each call becomes hidden variables of its own, over the axes of its arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.ir import Builtin, Expr, Num, Ref, key
from engine.source import Macro

if TYPE_CHECKING:
    from engine.translate import Translator


def expand(t: Translator, macro: Macro, tree: Any) -> Expr:
    """The value of one call of a macro."""
    from engine.translate import curve_of

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
    named = tuple(scope.values())
    t.expanding.append(macro.name)
    outer, curves = t.scope, t.curves
    t.scope = scope
    t.curves = curves | {p: a for p, a in given.items() if isinstance(a, str)}
    made = []
    for e in macro.elements:
        equation = e.equations[0]
        if len(e.equations) > 1 or equation.subscripts:
            raise t.refuse(f"subscripts in macro {macro.name}")
        kind = type(equation.tree).__name__
        if kind == "LookupsStructure":
            t.curves[key(e.name)] = t.curve(curve_of(equation.tree))
            continue
        stock = kind == "IntegStructure"
        zero = Num(0.0) if stock else None
        what = f"{macro.name} {e.name}"
        ref = t.make("stock" if stock else "auxiliary", what, Num(0.0), zero, free=named)
        t.scope[key(e.name)] = ref
        made.append((ref, equation.tree))
    for ref, inner in made:
        if type(inner).__name__ == "IntegStructure":
            t.connect(ref, t.expr(inner.flow), t.expr(inner.initial))
        else:
            t.connect(ref, t.expr(inner))
    result = t.scope.get(macro.result)
    t.scope, t.curves = outer, curves
    t.expanding.pop()
    if result is None:
        raise t.wrong(f"macro {macro.name} does not define its result")
    return result


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
