"""Lookups: finding the knot below a value and going on from there in a straight line."""

from __future__ import annotations

from engine.address import Addresses
from engine.code import Value
from engine.ir import Curve, Look

SEARCH_BY_HALVES_FROM = 24
CHOOSE_UP_TO = 12


class Curves(Addresses):
    """Reads lookups."""

    def look(self, e: Look, x: Value) -> Value:
        """Value of a lookup at x; held at the ends unless the curve extrapolates."""
        variable = self.plan.model.variables[e.name]
        curves = variable.curves
        n = max(len(c.x) for c in curves)
        kind = next(c.kind for c in curves if c.x)
        xs, ys, slopes = _knots(curves, n, kind)
        row = self.index(e.at, variable.shape, self.whole(0))
        base = self.once("mul nsw", row, self.whole(n)) if row.text != "0" else row
        tables = [self.constants.array("f", t) for t in (xs, ys, slopes)]
        if kind != "extrapolate":
            low = self.element(tables[0], base)
            last = tuple(max(v for v in c.x) if c.x else 0.0 for c in curves)
            high = self.element(self.constants.array("f", last), row)
            x = self.select(self.compare("fcmp olt", x, low), low, x)
            x = self.select(self.compare("fcmp ogt", x, high), high, x)
        wanted = tables[1:2] if kind == "hold_backward" else [tables[1], tables[0], tables[2]]
        y, *rest = self._knot(tables[0], base, n, x, wanted)
        if not rest:
            return y
        gap = self.binary("fsub", x, rest[0])
        return self.binary("fadd", y, self.binary("fmul", gap, rest[1]))

    def _knot(self, xs: str, base: Value, n: int, x: Value, tables: list[str]) -> list[Value]:
        """What each table has for the last knot at or below x, or for the first."""
        if not x.wide or self.width == 1 or n > CHOOSE_UP_TO:
            flat = self.binary("add nsw", self._search(xs, base, n, x), base)
            return [self.gather(t, flat, flat.depth) for t in tables]
        # reading another place for each run takes longer than choosing among a few knots
        found = [self.element(t, base) for t in tables]
        for k in range(1, n):
            at = self.plus(base, k)
            past = self.compare("fcmp oge", x, self.element(xs, at))
            found = [
                self.select(past, self.element(t, at), v)
                for t, v in zip(tables, found, strict=True)
            ]
        return found

    def _search(self, xs: str, base: Value, n: int, x: Value) -> Value:
        """Number of the last knot at or below x; 0 when x lies below all."""
        place = self.widen(self.whole(0)) if x.wide else self.whole(0)
        if n < SEARCH_BY_HALVES_FROM:
            for k in range(1, n):
                knot = self.element(xs, self.plus(base, k))
                past = self.compare("fcmp oge", x, knot)
                place = self.binary("add nsw", place, self.convert("zext", past, "i"))
            return place
        size = 1 << (n - 1).bit_length()
        while size > 1:
            size //= 2
            probe = self.binary("add nsw", place, self.whole(size))
            inside = self.compare("icmp slt", probe, self.whole(n))
            safe = self.select(inside, probe, self.whole(0))
            flat = self.binary("add nsw", safe, base)
            knot = self.gather(xs, flat, flat.depth)
            past = self.binary("and", inside, self.compare("fcmp oge", x, knot))
            place = self.select(past, probe, place)
        return place


def _knots(curves: list[Curve], n: int, kind: str) -> tuple[tuple[float, ...], ...]:
    """Knots, values and slopes of all curves, each padded to n knots."""
    xs: list[float] = []
    ys: list[float] = []
    slopes: list[float] = []
    for c in curves:
        x, y = list(c.x) or [0.0], list(c.y) or [float("nan")]
        slope = [
            (y[i + 1] - y[i]) / (x[i + 1] - x[i]) if x[i + 1] > x[i] else 0.0
            for i in range(len(x) - 1)
        ]
        slope.append(slope[-1] if kind == "extrapolate" and slope else 0.0)
        pad = n - len(x)
        xs += x + [float("inf")] * pad
        ys += y + [y[-1]] * pad
        slopes += slope + [0.0] * pad
    return tuple(xs), tuple(ys), tuple(slopes)
