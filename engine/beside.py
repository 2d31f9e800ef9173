"""Several elements of a pass side by side, so that the processor need not wait for one of them.

Statements take turns, and powers go through one function for all: its instructions alternate
between the elements, as a processor looks some hundred instructions ahead and no further, and a
logarithm and exponential in a row take as long as that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.code import Value
from engine.express import Expressions
from engine.ir import Call, Expr, Reduce, Root, children


class Beside(Expressions):
    """Emits what is done for each of the elements side by side; `lane` tells which it is, `asked`
    how many powers a pass takes of each base."""

    asked: Counter[Expr]

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
        """Find the values of all powers and exponentials in an expression for all elements, but
        for those in loops of its own."""
        if isinstance(e, Reduce | Root):
            return
        for c in children(e):
            self.powers(c)
        if not isinstance(e, Call) or e.op not in ("power", "quick_exp") or len(self.places) == 1:
            return
        given: list[list[Value]] = []
        for _ in self.each():
            if not any(e in code.known for code in self.depths):
                own = [self.numeric(self.expr(x)) for x in e.args]
                if own[0].wide and own[0].depth == 1:
                    given.append([self.widen(v) for v in own])
        if len(given) < len(self.places):
            return
        arguments = [list(part) for part in zip(*given, strict=True)]
        if e.op == "quick_exp":
            values = self.together("quick.exp", *arguments)
        elif self.asked[e.args[0]] > 1:
            values = self.together("quick.power", *arguments, self._logarithms(arguments[0]))
        else:
            values = self.together("quick.lone", *arguments)
        for found, value in zip(self.found, values, strict=True):
            found[e] = value

    def _logarithms(self, given: list[Value]) -> list[Value]:
        keys = [("ln", x.text) for x in given]
        if not all(key in found for key, found in zip(keys, self.found, strict=True)):
            values = self.together("quick.ln", given)
            for found, key, value in zip(self.found, keys, values, strict=True):
                found[key] = value
        return [found[key] for key, found in zip(keys, self.found, strict=True)]

    def together(self, name: str, *given: list[Value]) -> list[Value]:
        """A function of all elements at once, and its values."""
        t = self.type("f", True)
        result = f"{{{', '.join([t] * len(self.places))}}}"
        arguments = ", ".join(self.of(v) for part in given for v in part)
        whole = self.new(f"call {result} @{name}.t({arguments})", "f", True, 1)
        return [
            self.new(f"extractvalue {result} {whole.text}, {k}", "f", True, 1)
            for k in range(len(self.places))
        ]
