"""The unit of an equation's right-hand side, from PySD's syntax tree, and where it does not fit.

`model/unit_check.py` states the rule. The unit of what is reported is None, which fits any other,
so that one fault is one line.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.ir import key
from model.units import ONE, Unit, fits, over, raised, times

ALIKE = ("max", "min", "sum", "vmin", "vmax", "mean", "abs", "modulo", "quantum", "active_initial")
"""Functions whose arguments and result have one unit."""
PLAIN = (
    *("exp", "ln", "log", "log10", "integer", "round"),
    *("sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh"),
)
"""Functions of numbers without unit; rounding depends on the unit, so it is one of them."""
TIMES = ("time", "initial_time", "final_time", "time_step", "saveper")
DECLARED = (
    "LookupsStructure",
    "DataStructure",
    "GetConstantsStructure",
    "GetDataStructure",
    "GetLookupsStructure",
)
"""Right-hand sides that have the unit that the variable declares."""


@dataclass(frozen=True)
class Mismatch:
    """A place in an equation where `found` stands and `expected` should; None where no unit can.

    `place` is a message of the catalogues' section `units`, `name` the function or variable there.
    """

    place: str
    expected: Unit
    found: Unit
    name: str = ""


def number(tree: Any) -> float | np.ndarray | None:
    """Return the number or array of numbers that a tree is nothing but, or None."""
    if type(tree).__name__ == "ArithmeticStructure" and tree.operators == ["negative"]:
        inner = number(tree.arguments[0])
        return None if inner is None else -inner
    if isinstance(tree, int | float | np.number):
        return float(tree)
    return tree if isinstance(tree, np.ndarray) else None


@dataclass
class Side:
    """One right-hand side: `of` gives its unit and notes in `found` what does not fit.

    `units` are those of the variables, by key; `subscripts` are the keys of subscript ranges and
    elements, which mean their position; `time` is the unit of TIME STEP.
    """

    units: Mapping[str, Unit]
    subscripts: frozenset[str]
    time: Unit
    found: list[Mismatch] = field(default_factory=list)

    def of(self, tree: Any) -> Unit:
        """Return the unit of a tree, None where any fits."""
        if isinstance(tree, np.ndarray):
            return ONE if tree.any() else None
        if isinstance(tree, bool | int | float | np.number):
            return None if tree == 0 else ONE
        rule: Callable[[Any], Unit] | None = getattr(self, f"_{type(tree).__name__}", None)
        return self.no_rule(type(tree).__name__) if rule is None else rule(tree)

    def no_rule(self, name: str) -> Unit:
        """Note that there is no rule for a construct."""
        self.found.append(Mismatch("no_rule", None, None, name))
        return None

    def alike(self, trees: Sequence[Any], place: str, name: str = "") -> Unit:
        """Return the one unit of several trees."""
        first: Unit = None
        for unit in map(self.of, trees):
            if not fits(first, unit):
                self.found.append(Mismatch(place, first, unit, name))
                return None
            first = unit if first is None else first
        return first

    def be(self, tree: Any, expected: Unit, place: str, name: str = "") -> None:
        """Note when a tree has another unit than expected."""
        unit = self.of(tree)
        if not fits(expected, unit):
            self.found.append(Mismatch(place, expected, unit, name))

    def _ReferenceStructure(self, tree: Any) -> Unit:
        name = key(tree.reference)
        if name in self.units:
            return self.units[name]
        if name in TIMES:
            return self.time
        return ONE if name in self.subscripts else self.no_rule(tree.reference)

    def _ArithmeticStructure(self, tree: Any) -> Unit:
        operators = list(tree.operators)
        if operators == ["negative"]:
            return self.of(tree.arguments[0])
        if operators[0] == "^":
            return self.power(*tree.arguments)
        if operators[0] in "+-":
            return self.alike(tree.arguments, "terms")
        out, *others = map(self.of, tree.arguments)
        for operator, unit in zip(operators, others, strict=True):
            out = times(out, unit) if operator == "*" else over(out, unit)
        return out

    def power(self, base: Any, *exponents: Any) -> Unit:
        """Return the unit of a power."""
        unit, exponent = self.of(base), exponents[0]
        self.be(exponent, ONE, "exponent")
        if fits(unit, ONE) or unit is None:
            return ONE
        value = number(exponent)
        if len(exponents) > 1 or not isinstance(value, int | float):
            self.found.append(Mismatch("base", ONE, unit))
            return None
        return raised(unit, value)

    def _LogicStructure(self, tree: Any) -> Unit:
        if any(each.strip(":").lower() in ("not", "and", "or") for each in tree.operators):
            for each in tree.arguments:
                self.be(each, ONE, "condition")
        else:
            self.alike(tree.arguments, "comparison")
        return ONE

    def _CallStructure(self, tree: Any) -> Unit:
        name, arguments = tree.function.reference, list(tree.arguments)
        if key(name) in self.units:  # a lookup: its argument may be anything
            for each in arguments:
                self.of(each)
            return self.units[key(name)]
        if name in ALIKE:
            return self.alike(arguments, "arguments", name.upper())
        if name in PLAIN:
            for each in arguments:
                self.be(each, ONE, "argument", name.upper())
            return ONE
        rule: Callable[..., Unit] | None = getattr(self, f"call_{name}", None)
        return self.no_rule(name.upper()) if rule is None else rule(*arguments)

    def call_if_then_else(self, condition: Any, first: Any, second: Any) -> Unit:
        """Branches are alike."""
        self.be(condition, ONE, "condition")
        return self.alike((first, second), "arguments", "IF THEN ELSE")

    def call_power(self, base: Any, exponent: Any) -> Unit:
        """As `^`."""
        return self.power(base, exponent)

    def call_sqrt(self, value: Any) -> Unit:
        """A power of one half."""
        return self.power(value, 0.5)

    def call_zidz(self, above: Any, below: Any) -> Unit:
        """A quotient."""
        return over(self.of(above), self.of(below))

    def call_xidz(self, above: Any, below: Any, otherwise: Any) -> Unit:
        """A quotient, or a value of its unit."""
        quotient = self.call_zidz(above, below)
        self.be(otherwise, quotient, "argument", "XIDZ")
        return quotient

    def call_step(self, height: Any, start: Any) -> Unit:
        """A height from a time on."""
        self.be(start, self.time, "time")
        return self.of(height)

    def _IntegStructure(self, tree: Any) -> Unit:
        flow, start = self.of(tree.flow), self.of(tree.initial)
        change = times(flow, self.time)
        if not fits(change, start):
            self.found.append(Mismatch("start", change, start))
            return None
        return start if change is None else change

    def _InitialStructure(self, tree: Any) -> Unit:
        return self.of(tree.initial)

    def delayed(self, tree: Any, duration: Any) -> Unit:
        """A value held back by a time."""
        self.be(duration, self.time, "delay")
        return self.alike((tree.input, tree.initial), "input")

    def _SmoothStructure(self, tree: Any) -> Unit:
        return self.delayed(tree, tree.smooth_time)

    def _DelayStructure(self, tree: Any) -> Unit:
        return self.delayed(tree, tree.delay_time)

    _SmoothNStructure = _SmoothStructure
    _DelayNStructure = _DelayStructure
    _DelayFixedStructure = _DelayStructure
