"""Expressions: operators, functions, references and sums."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from engine.code import Value
from engine.evaluate import default
from engine.functions import SIMPLE_POWERS
from engine.ir import (
    At,
    Builtin,
    Call,
    Expr,
    Look,
    Num,
    Position,
    Random,
    Reduce,
    Ref,
    Root,
    Unknown,
    Values,
    children,
    free_axes,
    walk,
)
from engine.reductions import Reductions
from engine.switches import WORTHWHILE, cost
from engine.vectormath import LIBRARY

CONTROL = ("initial_time", "final_time", "time_step", "saveper")
COMPARE = {"<": "olt", "<=": "ole", ">": "ogt", ">=": "oge", "=": "oeq", "<>": "une"}
ARITHMETIC = {"+": "fadd", "-": "fsub", "*": "fmul", "/": "fdiv", "remainder": "frem"}
INTRINSIC = {
    "abs": "fabs",
    "sqrt": "sqrt",
    "trunc": "trunc",
    "sin": "sin",
    "cos": "cos",
    "tan": "tan",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "sinh": "sinh",
    "cosh": "cosh",
    "tanh": "tanh",
}

SPREAD = -0x61C8864680B583EB  # 2^64 / golden ratio, as a signed number
MIX = ((30, -0x40A7B892E31B1A47), (27, -0x6B2FB644ECCEEE15), (31, None))  # SplitMix64


class Expressions(Reductions):
    """Emits expressions, each as far out of the loops as what it uses allows."""

    def expr(self, e: Expr) -> Value:
        """Emit an expression, or find the value it already has in this nest."""
        for code in self.depths:
            if e in code.known:
                return code.known[e]
        value = self._expr(e)
        if not isinstance(e, Num):
            self.depths[value.depth].known[e] = value
        return value

    def _expr(self, e: Expr) -> Value:
        match e:
            case Num(value=x):
                return self.real(x)
            case Builtin(name=name):
                return self.builtin(name)
            case Ref():
                return self.reference(e)
            case Call():
                return self._call(e)
            case Reduce():
                return self.reduced(e)
            case Look():
                return self.look(e, self.numeric(self.expr(e.arg)))
            case Position(at=at):
                place = self.binary("add nsw", self.place(at), self.whole(1))
                return self.convert("sitofp", place, "f")
            case Values(values=values, shape=shape):
                table = self.constants.array("f", values)
                at = tuple(At(i) for i in range(len(shape)))
                return self.element(table, self.index(at, shape, self.whole(0)))
            case Random():
                return self._random(e)
            case Root():
                return self.root(e)
            case Unknown(axis=axis):
                return self.counters[axis]
        raise TypeError(f"no code for {type(e).__name__}")

    def builtin(self, name: str) -> Value:
        """Time, or one of the four numbers that govern it."""
        if name == "time":
            return Value("%time", "f")
        key = Builtin(name)
        if key not in self.depths[0].known:
            index = self.whole(CONTROL.index(name))
            pointer = self.address("%control", index, False, 0)
            self.depths[0].known[key] = self.load(pointer, False, 0)
        return self.depths[0].known[key]

    def reference(self, e: Ref) -> Value:
        """An element of a variable, read from memory."""
        slot = self.plan.memory.slot(e.name, self.phase)
        assert slot is not None, e.name
        index = self.within(slot, e.at, self.plan.model.variables[e.name].shape)
        per_run = slot.area != "flat"
        pointer = self.address("%" + slot.area, index, per_run, index.depth)
        return self.load(pointer, per_run, index.depth, self.marks)

    def _call(self, e: Call) -> Value:
        op = e.op
        if op == "active_initial":
            return self.expr(e.args[1 if self.phase == "initial" else 0])
        if op == "^":
            return self._power(e)
        if op == "power":
            return self._quick_power(e)
        if op == "if" and e.args[0] in self.settled:
            value = self.numeric(self.expr(e.args[1 if self.settled[e.args[0]] else 2]))
            return replace(value, depth=len(self.depths) - 1)  # not known outside of this loop
        if self.branches(e):
            return self._branch(e)
        args = [self.expr(a) for a in e.args]
        if op == "if":
            return self.select(self.truth(args[0]), self.numeric(args[1]), self.numeric(args[2]))
        if op in ("and", "or"):
            return self.binary(op, self.truth(args[0]), self.truth(args[1]))
        if op == "not":
            return self.binary("xor", self.truth(args[0]), Value("1", "b"))
        args = [self.numeric(a) for a in args]
        if op in ARITHMETIC:
            return self.binary(ARITHMETIC[op], *args)
        if op in ("fma", "fnma"):
            return self._added_product(op, *args)
        if op in COMPARE:
            return self.compare(f"fcmp {COMPARE[op]}", *args)
        if op in INTRINSIC:
            return self.intrinsic(INTRINSIC[op], *args)
        if op == "neg":
            a = args[0]
            return self.new(f"fneg {self.of(a)}", "f", a.wide, a.depth)
        if op in ("min", "max"):
            if self._is_finite(e.args[1]):
                args = args[::-1]
            return self.extreme(op, *args, finite=any(map(self._is_finite, e.args)))
        return self.call("quick.e" if op == "quick_exp" else LIBRARY[op], *args)

    def _added_product(self, op: str, a: Value, b: Value, c: Value) -> Value:
        """c + a b or c - a b, rounded once."""
        if op == "fnma":
            a = self.new(f"fneg {self.of(a)}", "f", a.wide, a.depth)
        return self.intrinsic("fma", a, b, c)

    def branches(self, e: Expr) -> bool:
        """Whether an expression is an `if` that skips enough for a branch."""
        return isinstance(e, Call) and e.op == "if" and self.width > 1 and cost(e) >= WORTHWHILE

    def _branch(self, e: Call) -> Value:
        """`if`: where the condition is one for all runs, only the side that holds is computed."""
        condition = self.truth(self.expr(e.args[0]))
        inner = len(self.depths) - 1
        depth = max((self.counters[a].depth for a in free_axes(e)), default=0)
        wide = any(self.per_run(x) for x in walk(e))
        if condition.wide or depth < inner or not wide:
            yes, no = (self.numeric(self.expr(x)) for x in e.args[1:])
            return self.select(condition, yes, no)
        code, n = self.depths[inner], self.fresh("")[1:]
        known = dict(code.known)
        self.put(inner, f"br i1 {condition.text}, label %yes{n}, label %no{n}")
        sides = []
        for name, x in zip(("yes", "no"), e.args[1:], strict=True):
            code.lines.append(f"{name}{n}:")
            code.label, code.known = f"{name}{n}", dict(known)
            value = self.widen(self.numeric(self.expr(x)))
            sides.append(f"[ {value.text}, %{code.label} ]")
            self.put(inner, f"br label %join{n}")
        code.lines.append(f"join{n}:")
        code.label, code.known = f"join{n}", known
        return self.new(f"phi {self.type('f', True)} {', '.join(sides)}", "f", True, inner)

    def _is_finite(self, e: Expr) -> bool:
        """Whether an expression is surely a finite number: parameters are, when they are given."""
        if not isinstance(e, Ref):
            return isinstance(e, Num) and math.isfinite(e.value)
        v = self.plan.model.variables[e.name]
        return v.kind == "constant" and bool(np.isfinite(default(v)).all())

    def _power(self, e: Call) -> Value:
        base = self.numeric(self.expr(e.args[0]))
        if isinstance(e.args[1], Num):
            n = e.args[1].value
            if n == 0.5:
                return self.intrinsic("sqrt", base)
            if n in SIMPLE_POWERS:
                square = self.binary("fmul", base, base) if n > 1 else base
                if n == 4.0:
                    return self.binary("fmul", square, square)
                return self.binary("fmul", square, base) if n == 3.0 else square
        return self.call("power", base, self.numeric(self.expr(e.args[1])))

    def _quick_power(self, e: Call) -> Value:
        """A product of powers, each through the logarithm of its base."""
        values = [self.numeric(self.expr(x)) for x in e.args]
        given = []
        for base, exponent in zip(values[::2], values[1::2], strict=True):
            known = self.depths[base.depth].known
            if ("ln", base.text) not in known:
                known["ln", base.text] = self.call("quick.l", base)
            given += [base, exponent, known["ln", base.text]]
        kind = "s" * (len(given) // 3)
        self.constants.powers.add(kind)
        return self.call(f"quick.{kind}", *given)

    def wave(self, expressions: list[Expr]) -> None:
        """Find the values of powers and exponentials that differ by run, all at once."""
        bases: dict[str, Value] = {}
        names, exponents, wanted = [], [], []
        for e in expressions:
            given = [self.numeric(self.expr(x)) for x in children(e)]
            if not any(v.wide for v in given):
                continue
            given = [self.widen(v) for v in given]
            wanted.append(e)
            product = isinstance(e, Call) and e.op == "power"
            exponents += given[1::2] if product else given
            if not product:
                names.append("e")
                continue
            bases |= {v.text: v for v in given[::2]}
            places = list(bases)
            names.append("_".join(str(places.index(v.text)) for v in given[::2]))
        if not wanted:
            return
        name, t = ".".join(names), self.type("f", True)
        self.constants.waves.add(name)
        result = f"{{{', '.join([t] * len(wanted))}}}"
        arguments = ", ".join(self.of(v) for v in [*bases.values(), *exponents])
        depth = len(self.depths) - 1
        whole = self.new(f"call {result} @wave.{name}({arguments})", "f", True, depth)
        for k, e in enumerate(wanted):
            value = self.new(f"extractvalue {result} {whole.text}, {k}", "f", True, depth)
            self.depths[depth].known[e] = value

    def _random(self, e: Random) -> Value:
        """A counter-based draw: bits of key, equation, element and step, stirred by SplitMix64."""
        bits = self.convert("bitcast", self.expr(e.key), "i")
        bits = self._stir(self.binary("xor", bits, self.whole(e.ident)))
        for place in (self.index(e.at, e.shape, self.whole(0)), Value("%step", "i")):
            far = self.binary("mul", self.plus(place, 1), self.whole(SPREAD))
            bits = self._stir(self.binary("add", bits, far))
        fraction = self.binary("lshr", bits, self.whole(12))
        one = self.binary("or", fraction, self.whole(0x3FF << 52))
        between = self.binary("fsub", self.convert("bitcast", one, "f"), self.real(1.0))
        return self.binary("fadd", between, self.real(2.0**-53))  # never 0, never 1

    def _stir(self, bits: Value) -> Value:
        for shift, factor in MIX:
            bits = self.binary("xor", bits, self.binary("lshr", bits, self.whole(shift)))
            if factor is not None:
                bits = self.binary("mul", bits, self.whole(factor))
        return bits
