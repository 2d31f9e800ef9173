"""Loops inside expressions: sums and extremes over subscripts, and the search for a root."""

from __future__ import annotations

from engine.code import Value
from engine.curves import Curves
from engine.ir import Call, Expr, Reduce, Root, free_axes, walk
from engine.unroll import START

HALVINGS = 100  # of the interval in which a Root lies: more than a double has digits


class Reductions(Curves):
    """Emits such loops around expressions, which `expr` emits."""

    def expr(self, e: Expr) -> Value:
        """Emit an expression, or find the value it already has."""
        raise NotImplementedError

    def reduced(self, e: Reduce) -> Value:
        """The value of a reduction in a loop of its own."""
        outer, counters = self.depths, self.counters
        depth = max((counters[a].depth for a in free_axes(e)), default=0)
        self.depths = outer[: depth + 1]
        marks, self.marks = self.marks, ""
        opened = [(a, self.open(), n) for a, n in e.axes]
        self.counters = counters | {a: c for a, c, _ in opened}
        self.add_up(e, depth)
        for _, counter, n in reversed(opened):
            self.close(counter, n)
        self.depths, self.counters, self.marks = outer, counters, marks
        return self.total(e, depth)

    def add_up(self, e: Expr, depth: int) -> None:
        """One turn of a reduction in the loops that are open beyond a depth."""
        assert isinstance(e, Reduce)
        innermost = len(self.depths) - 1
        if e.op == "dot":
            assert isinstance(e.arg, Call)
            a, b = (self.numeric(self.expr(x)) for x in e.arg.args)
            wide = a.wide or b.wide
        else:
            a = b = self.numeric(self.expr(e.arg))
            wide = a.wide
        if e not in self.totals:
            self.totals[e] = self.allocate("f", wide), wide
        total, wide = self.totals[e]
        t = self.type("f", wide)
        first = self.real(START[e.op])
        begin = self.widen(first) if wide else first
        self.put(depth, f"store {self.of(begin)}, ptr {total}, align 64")
        so_far = self.new(f"load {t}, ptr {total}, align 64", "f", wide, innermost)
        if e.op == "dot":
            value = self.intrinsic("fma", a, b, so_far)
        elif e.op in ("sum", "prod"):
            value = self.binary("fadd" if e.op == "sum" else "fmul", so_far, a)
        else:
            value = self.extreme("min" if e.op == "vmin" else "max", a, so_far)
        value = self.widen(value) if wide else value
        self.put(innermost, f"store {self.of(value)}, ptr {total}, align 64")

    def total(self, e: Expr, depth: int) -> Value:
        """The value of a reduction after its loops."""
        total, wide = self.totals.pop(e)
        t = self.type("f", wide)
        value = self.new(f"load {t}, ptr {total}, align 64", "f", wide, depth)
        self.depths[depth].known[e] = value
        return value

    def root(self, e: Root) -> Value:
        """Where an expression goes through zero, by halving the interval."""
        low, high = self.numeric(self.expr(e.low)), self.numeric(self.expr(e.high))
        wide = low.wide or high.wide or any(self.per_run(x) for x in walk(e.arg))
        outer, counters = self.depths, self.counters
        depth = max((counters[a].depth for a in free_axes(e)), default=0)
        depth = max(depth, low.depth, high.depth)
        self.depths = outer[: depth + 1]
        marks, self.marks = self.marks, ""
        ends, t = [self.allocate("f", wide), self.allocate("f", wide)], self.type("f", wide)
        for end, value in zip(ends, (low, high), strict=True):
            value = self.widen(value) if wide else value
            self.put(depth, f"store {self.of(value)}, ptr {end}, align 64")
        counter = self.open()
        inner = counter.depth
        low, high = (self.new(f"load {t}, ptr {x}, align 64", "f", wide, inner) for x in ends)
        middle = self.binary("fmul", self.binary("fadd", low, high), self.real(0.5))
        self.counters = counters | {e.axis: middle}
        above = self.compare("fcmp ogt", self.numeric(self.expr(e.arg)), self.real(0.0))
        values = self.select(above, middle, low), self.select(above, high, middle)
        for end, value in zip(ends, values, strict=True):
            self.put(inner, f"store {self.of(value)}, ptr {end}, align 64")
        self.close(counter, HALVINGS)
        self.depths, self.counters, self.marks = outer, counters, marks
        return self.new(f"load {t}, ptr {ends[1]}, align 64", "f", wide, depth)

    def extreme(self, op: str, a: Value, b: Value, finite: bool = False) -> Value:
        """The smaller or larger of two; NaN when either is. `finite`: whether a is surely not."""
        chosen = self.select(self.compare("fcmp olt" if op == "min" else "fcmp ogt", a, b), a, b)
        return chosen if finite else self.select(self.compare("fcmp uno", a, a), a, chosen)
