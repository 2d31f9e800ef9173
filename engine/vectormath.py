"""exp, ln and power for many runs at once, written in the instructions of `code`.

Same operations in the same order whatever the width, so results do not depend on it. Methods:
exp by Cody-Waite reduction and the Taylor series to degree 13; ln with the polynomial of fdlibm's
e_log.c; power as exp(y ln x) with ln x carried in two doubles. Errors stay below 1 ulp for
normal results; infinities, zeros, NaN and denormals as in IEEE 754 and C's math library.
"""

from __future__ import annotations

import math

from engine.code import Value, Writer

LIBRARY = {"exp": "exp", "ln": "log"}
LN2_HI, LN2_LO = 6.93147180369123816490e-01, 1.90821492927058770002e-10
LOG2_E = 1.4426950408889634
SHIFT = 6755399441055744.0  # adding 1.5 × 2^52 leaves the integer part in the low bits
SQRT_HALF_BITS = 0x3FE6A09E667F3BCD
LOG = (
    6.666666666666735130e-01,
    3.999999999940941908e-01,
    2.857142874366239149e-01,
    2.222219843214978396e-01,
    1.818357216161805012e-01,
    1.531383769920937332e-01,
    1.479819860511658591e-01,
)
ATANH_TERMS = 13


class Maths(Writer):
    """Bodies of the functions; all values are narrow here, `Writer.width` sets their real type."""

    def type(self, kind: str, wide: bool) -> str:
        """Every value is as wide as the function."""
        return super().type(kind, self.width > 1)

    def widen(self, v: Value) -> Value:
        """Constants become vectors; other values are ones already."""
        return v if v.text.startswith("%") else super().widen(v)

    def level(self, *values: Value) -> tuple[list[Value], bool, int]:
        """All values of the function's width, at its only depth."""
        return [self.widen(v) for v in values], True, 0

    def f(self, op: str, a: Value | float, b: Value | float) -> Value:
        """One of add, sub, mul, div."""
        return self.binary("f" + op, self.number(a), self.number(b))

    def number(self, x: Value | float) -> Value:
        """Plain numbers as values."""
        return x if isinstance(x, Value) else self.real(x)

    def fma(self, a: Value | float, b: Value | float, c: Value | float) -> Value:
        """a × b + c rounded once."""
        return self.intrinsic("fma", self.number(a), self.number(b), self.number(c))

    def where(self, c: Value, a: Value | float, b: Value | float) -> Value:
        """a where c holds, else b."""
        return self.select(c, self.widen(self.number(a)), self.widen(self.number(b)))

    def test(self, op: str, a: Value, b: Value | float) -> Value:
        """A comparison such as `olt`."""
        return self.compare("fcmp " + op, a, self.number(b))

    def horner(self, x: Value, coefficients: list[float]) -> Value:
        """Polynomial, lowest coefficient first."""
        out = self.number(coefficients[-1])
        for c in reversed(coefficients[:-1]):
            out = self.fma(out, x, c)
        return out

    def exponential(self, x: Value, tail: Value | float = 0.0) -> Value:
        """exp(x + tail) for a tail below an ulp of x."""
        x = self.where(self.test("olt", x, -760.0), -760.0, x)
        x = self.where(self.test("ogt", x, 720.0), 720.0, x)
        n = self.intrinsic("rint", self.f("mul", x, LOG2_E))
        rough = self.fma(n, -LN2_HI, x)
        r = self.fma(n, -LN2_LO, rough)
        lost = self.f("sub", self.f("sub", rough, r), self.f("mul", n, LN2_LO))
        q = self.horner(r, [1.0 / math.factorial(k) for k in range(2, 14)])
        bend = self.f("mul", self.f("mul", r, r), q)
        slope = self.f("add", self.f("add", r, bend), 1.0)
        rest = self.fma(self.f("add", lost, tail), slope, bend)
        value = self.f("add", self.f("add", r, rest), 1.0)
        bits = self.convert("bitcast", self.f("add", n, SHIFT), "i")
        k = self.binary("ashr", self.binary("shl", bits, self.whole(32)), self.whole(32))
        half = self.binary("ashr", k, self.whole(1))
        for part in (half, self.binary("sub", k, half)):
            biased = self.binary("shl", self.binary("add", part, self.whole(1023)), self.whole(52))
            value = self.f("mul", value, self.convert("bitcast", biased, "f"))
        return value

    def split(self, x: Value) -> tuple[Value, Value]:
        """Positive x as m × 2^k with m between √½ and √2; k as a double."""
        tiny = self.test("olt", x, 2.2250738585072014e-308)
        x = self.where(tiny, self.f("mul", x, 2.0**54), x)
        bits = self.convert("bitcast", x, "i")
        off = self.binary("sub", bits, self.whole(SQRT_HALF_BITS))
        k = self.binary("ashr", off, self.whole(52))
        m = self.binary("sub", bits, self.binary("shl", k, self.whole(52)))
        number = self.f("sub", self.convert("sitofp", k, "f"), self.where(tiny, 54.0, 0.0))
        return self.convert("bitcast", m, "f"), number

    def logarithm(self, x: Value) -> Value:
        """ln x."""
        m, k = self.split(x)
        f = self.f("sub", m, 1.0)
        s = self.f("div", f, self.f("add", f, 2.0))
        r = self.f("mul", self.f("mul", s, s), self.horner(self.f("mul", s, s), list(LOG)))
        half = self.f("mul", self.f("mul", f, 0.5), f)
        low = self.fma(k, LN2_LO, self.f("mul", s, self.f("add", half, r)))
        value = self.fma(k, LN2_HI, self.f("sub", f, self.f("sub", half, low)))
        value = self.where(self.test("oeq", x, math.inf), math.inf, value)
        bad = self.where(self.test("oeq", x, 0.0), -math.inf, math.nan)
        return self.where(self.test("ogt", x, 0.0), value, bad)

    def long_logarithm(self, x: Value) -> tuple[Value, Value]:
        """ln x of a positive finite x as the sum of two doubles."""
        m, k = self.split(x)
        num, den = self.f("sub", m, 1.0), self.f("add", m, 1.0)
        den_low = self.f("sub", m, self.f("sub", den, 1.0))
        s = self.f("div", num, den)
        minus = self.f("sub", -0.0, s)
        left = self.fma(minus, den_low, self.fma(minus, den, num))
        s_low = self.f("div", left, den)
        z = self.f("mul", s, s)
        series = self.horner(z, [2.0 / (2 * i + 3) for i in range(ATANH_TERMS)])
        cube = self.f("mul", self.f("mul", s, z), series)
        a, b = self.f("mul", k, LN2_HI), self.f("add", s, s)
        high = self.f("add", a, b)
        back = self.f("sub", high, a)
        error = self.f("add", self.f("sub", a, self.f("sub", high, back)), self.f("sub", b, back))
        low = self.f("add", self.f("add", s_low, s_low), self.fma(k, LN2_LO, cube))
        low = self.f("add", low, error)
        total = self.f("add", high, low)
        return total, self.f("sub", low, self.f("sub", total, high))

    def power(self, x: Value, y: Value) -> Value:
        """x to the power y; a negative x only with whole y."""
        size = self.intrinsic("fabs", x)
        high, low = self.long_logarithm(size)
        product = self.f("mul", y, high)
        exact = self.fma(y, low, self.fma(y, high, self.f("sub", -0.0, product)))
        large = self.test("ult", self.intrinsic("fabs", product), 800.0)
        value = self.exponential(product, self.where(large, exact, 0.0))
        up = self.test("ogt", y, 0.0)
        value = self.where(self.test("oeq", size, 0.0), self.where(up, 0.0, math.inf), value)
        value = self.where(self.test("oeq", size, math.inf), self.where(up, math.inf, 0.0), value)
        value = self.where(self.test("oeq", size, 1.0), 1.0, value)
        whole = self.compare("fcmp oeq", y, self.intrinsic("trunc", y))
        half = self.f("mul", y, 0.5)
        odd = self.binary(
            "and", whole, self.compare("fcmp une", half, self.intrinsic("trunc", half))
        )
        negated = self.where(odd, self.f("sub", -0.0, value), value)
        below = self.where(whole, negated, math.nan)
        value = self.where(self.test("olt", x, 0.0), below, value)
        value = self.where(self.compare("fcmp uno", x, y), math.nan, value)
        value = self.where(self.test("oeq", x, 1.0), 1.0, value)
        return self.where(self.test("oeq", y, 0.0), 1.0, value)


def library(width: int) -> str:
    """Definitions of all functions, narrow (`name.1`) and, above width 1, wide (`name.w`)."""
    out = []
    for form, lanes in [("1", 1), ("w", width)][: 1 + (width > 1)]:
        for name, parameters in (("exp", 1), ("log", 1), ("power", 2)):
            w = Maths(lanes)
            args = [Value(f"%{c}", "f") for c in "xy"[:parameters]]
            method = {"exp": w.exponential, "log": w.logarithm, "power": w.power}[name]
            result = method(*args)
            t = w.type("f", True)
            given = ", ".join(f"{t} {a.text}" for a in args)
            lines = "\n".join(w.depths[0].lines)
            end = f"  ret {t} {result.text}\n}}"
            out.append(f"define internal {t} @{name}.{form}({given}) #1 {{\n{lines}\n{end}")
    return "\n".join(out)
