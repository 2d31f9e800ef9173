"""Several elements of a pass side by side, so that the processor need not wait for one of them.

Statements take turns, and powers go through one function for all: its instructions alternate
between the elements, as a processor looks some hundred instructions ahead and no further, and a
logarithm and exponential in a row take as long as that.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.code import Value
from engine.express import Expressions
from engine.ir import Call, Expr, Reduce, children


class Beside(Expressions):
    """Emits what is done for each of the elements side by side; `lane` tells which it is."""

    def begin(self, first: int, count: int) -> Value:
        """Open the loop of a pass from element `first` on, `count` at a time: its counter."""
        turn = self.open()
        start = self.binary("mul nsw", turn, self.whole(count)) if count > 1 else turn
        self.places = [self.plus(start, first + k) for k in range(count)]
        self.found = [dict(self.depths[1].known) for _ in self.places]
        return turn

    def each(self) -> Iterator[Value]:
        """The elements in turn, with the values that each has so far; gives their places."""
        for lane, place in enumerate(self.places):
            self.lane, self.counters = lane, {0: place}
            self.depths[1].known = self.found[lane]
            yield place
            self.found[lane] = self.depths[1].known
        self.lane = 0

    def reductions(self, expressions: list[Expr]) -> None:
        """Find the values of those that are reductions, in as few loops as can be."""
        alike: dict[tuple[tuple[int, int], ...], list[Reduce]] = {}
        for e in expressions:
            if isinstance(e, Reduce):
                alike.setdefault(e.axes, []).append(e)
        for several in alike.values():
            for _ in self.each():
                self.reduce(several)

    def powers(self, e: Expr) -> None:
        """Find the values of all powers in an expression for all elements."""
        for c in children(e):
            self.powers(c)
        if not isinstance(e, Call) or e.op != "power" or len(self.places) == 1:
            return
        bases, exponents = [], []
        for _ in self.each():
            if any(e in code.known for code in self.depths):
                continue
            base, exponent = (self.numeric(self.expr(x)) for x in e.args)
            if base.wide and base.depth == 1:
                bases.append(base)
                exponents.append(self.widen(exponent))
        if len(bases) < len(self.places):
            return
        keys = [("ln", base.text) for base in bases]
        if all(key in found for key, found in zip(keys, self.found, strict=True)):
            logarithms = [found[key] for key, found in zip(keys, self.found, strict=True)]
        else:
            logarithms = self.together("quick.ln", bases)
        values = self.together("quick.power", [*bases, *exponents, *logarithms])
        for found, key, ln, value in zip(self.found, keys, logarithms, values, strict=True):
            found[key], found[e] = ln, value

    def together(self, name: str, given: list[Value]) -> list[Value]:
        """A function of all elements at once, and its values."""
        t = self.type("f", True)
        result = f"{{{', '.join([t] * len(self.places))}}}"
        arguments = ", ".join(self.of(v) for v in given)
        whole = self.new(f"call {result} @{name}.t({arguments})", "f", True, 1)
        return [
            self.new(f"extractvalue {result} {whole.text}, {k}", "f", True, 1)
            for k in range(len(self.places))
        ]
