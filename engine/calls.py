"""Functions that need more of an equation than the values of their arguments: which subscripts
are marked `!`, along which of them a vector lies, which draw of random numbers this is."""

from __future__ import annotations

import functools
import hashlib
import math
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from engine import chance, clock, readings, stateful, vectors
from engine.functions import REDUCTIONS, SMALL, TIME, call, if_
from engine.ir import At, Component, Expr, Num, Position, Random, Reduce, Ref, Variable, key

if TYPE_CHECKING:
    from engine.translate import Translator


def reduction(t: Translator, name: str, trees: list[Any]) -> Expr:
    """SUM, PROD, VMIN, VMAX, MEAN, STDDEV (of the whole population) and SIZE over the subscripts
    marked `!`, in XMILE also over ranges that are not on the left; MEAN of several numbers is
    theirs."""
    if name == "mean" and len(trees) > 1:
        total = [t.expr(tree) for tree in trees]
        return call("/", functools.reduce(lambda a, b: call("+", a, b), total), float(len(total)))
    tree = _one(t, name, trees)
    if name == "size" and getattr(tree, "reference", "") in t.ranges and not tree.subscripts:
        return Num(float(len(t.ranges.of(tree.reference))))
    marked = banged(tree)
    outer = t.plain
    t.plain = outer if marked else outer | _free(t, tree)
    axes, (arg,) = _over(t, marked or _all(t, tree) or sorted(t.plain - outer), trees)
    t.plain = outer
    count = float(math.prod(n for _, n in axes))
    if name == "size":
        return Num(count)
    if name in ("mean", "stddev"):
        mean = call("/", Reduce("sum", axes, arg) if axes else arg, count)
        if name == "mean" or not axes:
            return mean if name == "mean" else Num(0.0)
        gap = call("-", arg, t.make("auxiliary", "mean", mean))
        return call("sqrt", call("/", Reduce("sum", axes, call("*", gap, gap)), count))
    op = {"vmin_xmile": "vmin", "vmax_xmile": "vmax"}.get(name, name)
    return Reduce(op, axes, arg) if axes else arg


def _free(t: Translator, tree: Any) -> set[str]:
    """Ranges in a tree that run along no axis of the left-hand side."""
    return {r for r in written(tree) if r in t.ranges and r not in t.axes and not t.runs_along(r)}


def _all(t: Translator, tree: Any) -> list[str]:
    """All ranges of the variables in a tree where none has subscripts, as XMILE means it."""
    if written(tree):
        return []
    used = [t.model.variables.get(key(name)) for name in _bare(tree)]
    return list(dict.fromkeys(d for v in used if v is not None for d in v.dims))


def _over(t: Translator, names: list[str], trees: list[Any]) -> tuple[Any, list[Expr]]:
    """New axes for ranges marked `!`, and arguments translated with them."""
    outer = dict(t.bang)
    axes = []
    for name in dict.fromkeys(names):
        if name not in t.ranges:
            raise t.wrong(f"unknown subscript range {name!r}")
        t.bang[name] = t.loop(len(t.ranges.of(name)))
        axes.append((t.bang[name], t.length(t.bang[name])))
    args = [t.expr(tree) for tree in trees]
    t.bang = outer
    return tuple(axes), args


def element_count(t: Translator, name: str, trees: list[Any]) -> Expr:
    """ELMCOUNT: number of elements of a range."""
    range_ = getattr(_one(t, name, trees), "reference", "")
    if range_ not in t.ranges:
        raise t.wrong(f"ELMCOUNT needs a subscript range, not {range_!r}")
    return Num(float(len(t.ranges.of(range_))))


def _one(t: Translator, name: str, trees: list[Any]) -> Any:
    if len(trees) != 1:
        raise t.wrong(f"{name} takes 1 argument, not {len(trees)}")
    return trees[0]


def select(t: Translator, name: str, trees: list[Any]) -> Expr:
    """VECTOR SELECT(selection, vector, value for none, action, error)."""
    if len(trees) != 5:
        raise t.wrong(f"VECTOR SELECT takes 5 arguments, not {len(trees)}")
    axes, (chosen, vector) = _over(t, banged(trees[0]) + banged(trees[1]), trees[:2])
    if not axes:
        raise t.wrong("VECTOR SELECT needs a subscript marked !")
    return vectors.select(axes, chosen, vector, *[t.expr(x) for x in trees[2:]])


def whole(
    build: Callable[..., Expr], dimensions: int, count: int
) -> Callable[[Translator, str, list[Any]], Expr]:
    """A function of the vector or matrix that its first argument is."""

    def function(t: Translator, name: str, trees: list[Any]) -> Expr:
        args = t.arguments(name, trees, count)
        if len(vectors.axes_of(args[0])) < dimensions:
            spelled = name.upper().replace("_", " ")
            raise t.wrong(f"{spelled} needs {dimensions} subscripts of the left-hand side")
        return build(t, *args)

    return function


def matrix(t: Translator, vector: Expr, size: Expr) -> Expr:
    """INVERT MATRIX of a square one."""
    i, j = vectors.axes_of(vector)[-2:]
    if t.length(i) != t.length(j) or t.length(i) > MOST_ROWS:
        raise t.refuse(f"INVERT MATRIX of {t.length(i)} × {t.length(j)} elements")
    return vectors.invert(t, vector)


MOST_ROWS = 40


def draw(t: Translator, name: str, trees: list[Any]) -> Expr:
    """A random function; its own seed is not used."""
    args = t.arguments(name, trees, *chance.ARGUMENTS[name])
    t.draws += 1
    digest = hashlib.sha256(f"{t.owner} {t.text} {t.draws}".encode()).digest()
    ident = int.from_bytes(digest[:8], "little", signed=True)
    axes = [*range(len(t.axes)), *t.bang.values()]
    at, shape = tuple(At(a) for a in axes), tuple(t.length(a) for a in axes)
    if key(chance.KEY) not in t.model.variables:
        one = Component((), (), Num(1.0))
        t.model.variables[key(chance.KEY)] = Variable(
            chance.KEY, (), (), "constant", components=[one], hidden=True, fixed=True
        )
    u = Random(ident, at, shape, Ref(key(chance.KEY)))
    return chance.draw(t, name, u, args)


def time_value(t: Translator, name: str, trees: list[Any]) -> Expr:
    """GET TIME VALUE of the simulated time in its own units, or of the computer's clock when the
    run is asked for."""
    relative, offset, measure = t.arguments(name, trees, 3)
    if relative == Num(0.0) and measure == Num(0.0):
        return call("+", TIME, offset)
    if relative == Num(2.0) and isinstance(measure, Num) and measure.value in clock.MEASURES:
        return clock.reading(t.model, int(measure.value))
    raise t.refuse("GET TIME VALUE of the initial time, or of the model's time by a calendar")


def previous(t: Translator, name: str, trees: list[Any]) -> Expr:
    """XMILE's PREVIOUS(input, start): the input one step ago."""
    signal, start = t.arguments(name, trees, 2)
    return t.make("register", "previous", signal, start)


def present_value(t: Translator, name: str, trees: list[Any]) -> Expr:
    """NPV(stream, rate, start, factor): what a stream is worth today; in XMILE the last two may be
    missing."""
    args = t.arguments(name, trees, 2, 4)
    return stateful.present_value(t, *args, *[Num(0.0), Num(1.0)][len(args) - 2 :])


def element_map(t: Translator, name: str, trees: list[Any]) -> Expr:
    """VECTOR ELM MAP(element, offset): the element so many places further on in the variable, the
    last subscript fastest; not a number outside of it."""
    start, offset = t.arguments(name, trees, 2)
    if not isinstance(start, Ref) or not start.at:
        raise t.wrong("VECTOR ELM MAP needs an element of a variable with subscripts")
    return vectors.element_map(t, start, offset, t.model.variables[start.name].shape)


def element_of(t: Translator, name: str, trees: list[Any]) -> Expr:
    """A subscript that is worked out as the run goes and cut to a whole number; zero where there
    is no such element. `smile` writes `x[i, R]` as a call."""
    tree, places = trees[0], [t.expr(tree) for tree in trees[1:]]
    variable = t.model.variables[key(tree.reference)]
    written = tree.subscripts.subscripts
    if len(written) != len(variable.dims):
        raise t.wrong(f"{variable.name} has {len(variable.dims)} subscripts, not {len(written)}")
    computed = [i for i, s in enumerate(written) if re.fullmatch(r"place \d+", s)]
    axes = {i: t.loop(variable.shape[i]) for i in computed}
    first = [
        t.ranges.elements[d][0] if i in axes else s
        for i, (s, d) in enumerate(zip(written, variable.dims, strict=True))
    ]
    at = t.positions(key(tree.reference), first)
    element = Ref(
        key(tree.reference), tuple(At(axes[i]) if i in axes else a for i, a in enumerate(at))
    )
    chosen: Expr = element
    for axis, place in zip(axes.values(), places, strict=True):
        here = call("=", Position(At(axis)), call("trunc", call("+", place, SMALL)))
        chosen = if_(here, chosen, 0.0)
    return Reduce("sum", tuple((a, t.length(a)) for a in axes.values()), chosen)


def incomplete(t: Translator, name: str, trees: list[Any]) -> Expr:
    """A FUNCTION OF: what Vensim writes where an equation is still missing; not a number."""
    return Num(float("nan"))


def allocate_available(t: Translator, tree: Any) -> Expr:
    """ALLOCATE AVAILABLE(request, profile, supply): the profile's last subscript holds kind,
    priority, width and extra, whichever of them is written."""
    request, supply = t.expr(tree.request), t.expr(tree.avail)
    profile = t.expr(tree.pp)
    axes = vectors.axes_of(request)
    if not axes or not isinstance(profile, Ref) or len(profile.at) < 2:
        raise t.wrong("ALLOCATE AVAILABLE needs a request by target and a profile of each")
    parts = tuple(Ref(profile.name, (*profile.at[:-1], At(-1, i))) for i in range(3))
    return vectors.available(t, request, parts, supply, axes[-1])


def allocate_by_priority(t: Translator, tree: Any) -> Expr:
    """ALLOCATE BY PRIORITY(request, priority, size, width, supply)."""
    request = t.expr(tree.request)
    axes = vectors.axes_of(request)
    if not axes:
        raise t.wrong("ALLOCATE BY PRIORITY needs a request by target")
    priority, width, supply = (t.expr(x) for x in (tree.priority, tree.width, tree.supply))
    return vectors.by_priority(t, request, priority, width, supply, axes[-1])


def banged(tree: Any) -> list[str]:
    """Names of ranges marked `!` in a tree, not looking into reductions inside it."""
    return [key(s[:-1]) for s in _subscripts(tree) if s.endswith("!")]


def written(tree: Any) -> list[str]:
    """Keys of subscripts without a mark in a tree, not looking into reductions inside it."""
    return [key(s) for s in _subscripts(tree) if not s.endswith("!")]


def _bare(tree: Any) -> list[str]:
    """Names of variables without subscripts in a tree, not looking into reductions inside it."""
    return [r.reference for r in _references(tree) if not r.subscripts]


def _subscripts(tree: Any) -> list[str]:
    written = [r.subscripts.subscripts for r in _references(tree) if r.subscripts]
    return [s.strip() for subscripts in written for s in subscripts]


def _references(tree: Any) -> list[Any]:
    if type(tree).__name__ == "ReferenceStructure":
        return [tree]
    if type(tree).__name__ == "CallStructure" and tree.function.reference in MARKED:
        return []
    out = []
    if type(tree).__name__ == "CallStructure":
        out += _references(tree.function)
    if hasattr(tree, "__dataclass_fields__"):
        for name in tree.__dataclass_fields__:
            value = getattr(tree, name)
            for v in value if isinstance(value, list | tuple) else [value]:
                if hasattr(v, "__dataclass_fields__") and name != "function":
                    out += _references(v)
    return out


OVER = (*REDUCTIONS, "vmin_xmile", "vmax_xmile", "mean", "stddev", "size")
MARKED = (*OVER, "vector_select")
#: functions by the name that the translators give them
CALLS: dict[str, Callable[[Translator, str, list[Any]], Expr]] = {
    **dict.fromkeys(OVER, reduction),
    **dict.fromkeys(chance.ARGUMENTS, draw),
    "a_function_of": incomplete,
    "previous": previous,
    "elmcount": element_count,
    "element_of": element_of,
    **dict.fromkeys(readings.WAYS, readings.read),
    "lookup_of": readings.of_elements,
    "npv": present_value,
    "vector_elm_map": element_map,
    "get_time_value": time_value,
    "vector_select": select,
    "vector_sort_order": whole(vectors.order, 1, 2),
    "vector_reorder": whole(vectors.reorder, 1, 2),
    "vector_rank": whole(vectors.rank, 1, 2),
    "invert_matrix": whole(matrix, 2, 2),
}
