"""One equation's syntax tree (PySD's AbstractSyntax) to an expression of `ir`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine import stateful
from engine.calls import CALLS, allocate_available, allocate_by_priority
from engine.errors import ReadError, nearest
from engine.functions import EXPANSIONS, PRODUCTS, SMALL, STEP, call
from engine.hidden import Hidden
from engine.ir import (
    Builtin,
    Curve,
    Expr,
    Look,
    Num,
    Position,
    Ref,
    Values,
    Variable,
    key,
)
from engine.macros import expand
from engine.vensim import PLACE

#: names that XMILE has for the times of the simulation, and constants
SPELLINGS = {
    "dt": Builtin("time_step"),
    "starttime": Builtin("initial_time"),
    "stoptime": Builtin("final_time"),
    "pi": Num(math.pi),
    "inf": Num(math.inf),
    "nan": Num(math.nan),
}
BUILTINS = ("time", "time_step", "initial_time", "final_time", "saveper")


class Translator(Hidden):
    """Translates the equations of one component."""

    # expressions ------------------------------------------------------------------------------

    def expr(self, tree: Any) -> Expr:
        """Translate any tree. Raises UnsupportedConstruct or ReadError."""
        if isinstance(tree, bool | int | float | np.number):
            return Num(float(tree))
        if isinstance(tree, np.ndarray):
            return self._array(tree)
        handler = getattr(self, "_" + type(tree).__name__, None)
        if handler is None:
            raise self.refuse(type(tree).__name__.removesuffix("Structure"))
        return handler(tree)

    def _array(self, array: np.ndarray) -> Expr:
        shape = tuple(self.sizes[: len(self.axes)])
        if array.size != math.prod(shape):
            raise self.wrong(f"{array.size} numbers for {math.prod(shape)} elements")
        return Values(tuple(float(v) for v in array.reshape(-1)), shape)

    def _ArithmeticStructure(self, tree: Any) -> Expr:
        args = [self.expr(a) for a in tree.arguments]
        operators = list(tree.operators)
        if operators == ["negative"]:
            return call("neg", args[0])
        if operators[0] == "^":
            out = args.pop()
            while args:
                out = _raise(args.pop(), out)
            return out
        out = args[0]
        for op, arg in zip(operators, args[1:], strict=True):
            out = PRODUCTS[op](out, arg) if op in PRODUCTS else call(op, out, arg)
        return out

    def _LogicStructure(self, tree: Any) -> Expr:
        args = [self.expr(a) for a in tree.arguments]
        operators = [o.strip(":").lower() for o in tree.operators]
        if operators == ["not"]:
            return call("not", args[0])
        if operators[0] not in ("and", "or"):
            return call(operators[0], *args)
        groups = [[args[0]]]
        for op, arg in zip(operators, args[1:], strict=True):
            if op == "and":
                groups[-1].append(arg)
            else:
                groups.append([arg])
        return _fold("or", [_fold("and", g) for g in groups])

    def _GameStructure(self, tree: Any) -> Expr:
        return self.expr(tree.expression)

    def _ReferenceStructure(self, tree: Any) -> Expr:
        name = key(tree.reference)
        if name in self.scope:
            return self.element(name, tree)
        if self.expanding and name.endswith("$"):
            name = name[:-1]  # a macro's way to name a variable of the model
        plain = name in BUILTINS or name in self.ranges or self.ranges.is_element(name)
        if plain and tree.subscripts and name not in self.model.variables:
            raise self.wrong(f"{self.ranges.labels.get(name, name)} has no subscripts")
        if name in BUILTINS:
            return Builtin(name)
        if name in SPELLINGS and name not in self.model.variables:
            return SPELLINGS[name]
        if name in self.model.variables:
            if self.model.variables[name].kind == "lookup":
                raise self.refuse(f"lookup {tree.reference!r} without an argument")
            return Ref(name, self.at(name, tree))
        if name == key(PLACE):
            return Position(self.marked(tree.subscripts.subscripts[0].strip()))
        if name in self.ranges:
            try:
                axis, elements = self.axis(name)
            except ReadError as error:
                raise self.wrong(str(error)) from error
            return Position(self.ranges.positions(elements, self.ranges.main(name), axis))
        if self.ranges.is_element(name):
            main = self.ranges.main(name)
            return Num(float(self.ranges.elements[main].index(name) + 1))
        if name.endswith("'"):
            raise self.refuse(f"transposition {tree.reference}")
        known = [v.name for v in self.model.variables.values() if not v.hidden]
        raise self.wrong(f"unknown variable {tree.reference!r}{nearest(tree.reference, known)}")

    # calls ------------------------------------------------------------------------------------

    def _CallStructure(self, tree: Any) -> Expr:
        name: str = tree.function.reference
        if name in self.macros:
            return expand(self, self.macros[name], tree)
        name = self.curves.get(name) or name
        variable = self.model.variables.get(key(name))
        if variable is not None and variable.kind == "lookup":
            (arg,) = self.arguments(name, tree.arguments, 1)
            return Look(key(name), self.at(key(name), tree.function), arg)
        if name in CALLS:
            return CALLS[name](self, name, list(tree.arguments))
        if name not in EXPANSIONS and variable is not None:
            raise self.wrong(f"{variable.name} is neither a function nor a lookup")
        if name not in EXPANSIONS:
            raise self.refuse(name.upper().replace("_", " "))
        count, build = EXPANSIONS[name]
        return build(*self.arguments(name, tree.arguments, count))

    def arguments(self, name: str, trees: Any, count: int, most: int = 0) -> list[Expr]:
        """Translate `count` arguments, or up to `most`."""
        if not count <= len(trees) <= max(count, most):
            spelled = name.removeprefix("X").upper().replace("_", " ")
            raise self.wrong(f"{spelled} takes {count} arguments, not {len(trees)}")
        return [self.expr(t) for t in trees]

    # stocks, delays, lookups ------------------------------------------------------------------

    def _IntegStructure(self, tree: Any) -> Expr:
        flow, start = self.expr(tree.flow), self.expr(tree.initial)
        made = self.make("stock", "stock", flow, start)
        self.model.variables[made.name].components[0].floor_at_zero = bool(tree.non_negative)
        return made

    def _InitialStructure(self, tree: Any) -> Expr:
        return self.make("initial", "initial", self.expr(tree.initial))

    def _SmoothStructure(self, tree: Any) -> Expr:
        signal, time = self.expr(tree.input), self.expr(tree.smooth_time)
        return stateful.smooth(self, signal, time, self.expr(tree.initial), self._order(tree.order))

    _SmoothNStructure = _SmoothStructure

    def _DelayStructure(self, tree: Any, moving: bool = False) -> Expr:
        signal, time = self.expr(tree.input), self.expr(tree.delay_time)
        start, order = self.expr(tree.initial), self._order(tree.order)
        return stateful.delay(self, signal, time, start, order, moving=moving)

    def _DelayNStructure(self, tree: Any) -> Expr:
        return self._DelayStructure(tree, moving=True)

    def _DelayFixedStructure(self, tree: Any) -> Expr:
        signal, start, time = [self.expr(t) for t in (tree.input, tree.initial, tree.delay_time)]
        whole = call("+", call("max", call("/", time, STEP), 1.0), 0.5 + SMALL.value)
        steps = self.make("initial", "delay steps", call("trunc", whole))
        return self.make(
            "delay", "delay", signal, self.make("initial", "delay start", start), steps
        )

    def _AllocateAvailableStructure(self, tree: Any) -> Expr:
        return allocate_available(self, tree)

    def _AllocateByPriorityStructure(self, tree: Any) -> Expr:
        return allocate_by_priority(self, tree)

    def _TrendStructure(self, tree: Any) -> Expr:
        parts = [self.expr(t) for t in (tree.input, tree.average_time, tree.initial_trend)]
        return stateful.trend(self, *parts)

    def _ForecastStructure(self, tree: Any) -> Expr:
        parts = [tree.input, tree.average_time, tree.horizon, tree.initial_trend]
        return stateful.forecast(self, *[self.expr(t) for t in parts])

    def _SampleIfTrueStructure(self, tree: Any) -> Expr:
        itself, self.current = self.current, None
        parts = [self.expr(t) for t in (tree.condition, tree.input, tree.initial)]
        return stateful.sample(self, *parts, itself=itself)

    def _InlineLookupsStructure(self, tree: Any) -> Expr:
        return Look(self.curve(curve_of(tree.lookups)), (), self.expr(tree.argument))

    def _GetConstantsStructure(self, tree: Any) -> Expr:
        if self.table is None or self.expanding:
            raise self.refuse(f"a table in macro {self.expanding[-1]}")
        return self.table(tree)

    _GetDataStructure = _GetConstantsStructure

    def curve(self, curve: Curve) -> str:
        """Key of a hidden lookup with these points."""
        name = self.fresh("curve")
        self.model.variables[key(name)] = Variable(
            name, (), (), "lookup", hidden=True, curves=[curve]
        )
        return key(name)

    def _order(self, tree: Any) -> int:
        order = self.constant(self.expr(tree))
        if not order >= 1:
            raise self.wrong(f"the order of a delay must be at least 1, not {order}")
        return int(order)


def curve_of(lookups: Any) -> Curve:
    """Points of a lookup in the file."""
    return Curve(
        tuple(float(v) for v in lookups.x), tuple(float(v) for v in lookups.y), lookups.type
    )


def _raise(base: Expr, exponent: Expr) -> Expr:
    """A power. The parser has already joined a sign to a number: -2^2 is -(2^2)."""
    if isinstance(base, Num) and base.value < 0:
        return call("neg", call("^", -base.value, exponent))
    return call("^", base, exponent)


def _fold(op: str, args: list[Expr]) -> Expr:
    out = args[0]
    for a in args[1:]:
        out = call(op, out, a)
    return out
