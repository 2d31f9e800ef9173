"""exp, ln and power for many runs at once, written in the instructions of `code`.

Same operations in the same order whatever the width, so results do not depend on it. Methods:
exp by Cody-Waite reduction and a polynomial; ln with the polynomial of fdlibm's e_log.c; power as
exp(y ln x) with ln x carried in two doubles, by the series of atanh. `EXP` and `ATANH` interpolate
exp and atanh at Chebyshev's knots. Errors stay below 1 ulp for results from e^-10 to e^10, and
below 3 for all; infinities, zeros, NaN and denormals as in IEEE 754 and C's math library.

Ordinary arguments, nearly all, take a short way. A block with any other takes both ways.
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
ATANH = (
    0.6666666666666666 / 8, 0.4000000000000088 / 32, 0.2857142857080323 / 128,
    0.2222222239180047 / 512, 0.18181795630884753 / 2048, 0.15386240205813478 / 8192,
    0.13268759668560612 / 32768, 0.13086767009948175 / 131072,
)  # fmt: skip
EXP = (
    0.5, 0.1666666666666667, 0.04166666666666667, 0.008333333333326136, 0.001388888888888375,
    0.00019841269874815834, 2.480158732554432e-05, 2.7557255406285044e-06, 2.7557273647451087e-07,
    2.5105214474751413e-08, 2.0914685161418067e-09,
)  # fmt: skip
TINY = 2.2250738585072014e-308  # the smallest normal number


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

    def negative(self, x: Value) -> Value:
        """-x."""
        return self.new(f"fneg {self.of(x)}", "f", True, 0)

    def where(self, c: Value, a: Value | float, b: Value | float) -> Value:
        """a where c holds, else b."""
        return self.select(c, self.widen(self.number(a)), self.widen(self.number(b)))

    def test(self, op: str, a: Value, b: Value | float) -> Value:
        """A comparison such as `olt`."""
        return self.compare("fcmp " + op, a, self.number(b))

    def polynomial(self, x: Value, coefficients: tuple[float, ...]) -> Value:
        """Lowest coefficient first; in pairs (Estrin), so that few operations wait for others."""
        terms = [self.number(c) for c in coefficients]
        while len(terms) > 1:
            pairs = zip(terms[1::2], terms[::2], strict=False)
            odd = terms[-1:] if len(terms) % 2 else []
            terms = [self.fma(high, x, low) for high, low in pairs] + odd
            x = self.f("mul", x, x) if len(terms) > 1 else x
        return terms[0]

    # ordinary arguments -----------------------------------------------------------------------

    def exponential(self, x: Value, tail: Value | float = 0.0) -> tuple[Value, Value]:
        """exp(x + tail) = m × 2^n, for a tail much smaller than x: m, and n in the low bits."""
        whole = self.f("add", x, tail) if isinstance(tail, Value) else x
        shifted = self.fma(whole, LOG2_E, SHIFT)
        n = self.f("sub", shifted, SHIFT)
        rough = self.fma(n, -LN2_HI, x)
        fine = self.fma(n, -LN2_LO, self.widen(self.number(tail)))
        r = self.f("add", rough, fine)
        lost = self.f("sub", fine, self.f("sub", r, rough))
        rest = self.fma(self.f("mul", r, r), self.polynomial(r, EXP), lost)
        value = self.f("add", self.f("add", r, rest), 1.0)
        return value, self.convert("bitcast", shifted, "i")

    def scaled(self, m: Value, n: Value) -> Value:
        """m × 2^n where that is a normal number."""
        bits = self.convert("bitcast", m, "i")
        moved = self.binary("add", bits, self.binary("shl", n, self.whole(52)))
        return self.convert("bitcast", moved, "f")

    def split(self, x: Value) -> tuple[Value, Value]:
        """Positive normal x as m × 2^k with m between √½ and √2; k as a double."""
        bits = self.convert("bitcast", x, "i")
        off = self.binary("add", bits, self.whole((1023 << 52) - SQRT_HALF_BITS))
        fraction = self.binary("and", off, self.whole((1 << 52) - 1))
        m = self.binary("add", fraction, self.whole(SQRT_HALF_BITS))
        exponent = self.binary("lshr", off, self.whole(52))
        k = self.binary("or", exponent, self.whole(0x433 << 52))
        k = self.f("sub", self.convert("bitcast", k, "f"), 2.0**52 + 1023)
        return self.convert("bitcast", m, "f"), k

    def logarithm(self, m: Value, k: Value) -> Value:
        """ln(m × 2^k)."""
        f = self.f("sub", m, 1.0)
        s = self.f("div", f, self.f("add", f, 2.0))
        z = self.f("mul", s, s)
        r = self.f("mul", z, self.polynomial(z, LOG))
        half = self.f("mul", self.f("mul", f, 0.5), f)
        low = self.fma(k, LN2_LO, self.f("mul", s, self.f("add", half, r)))
        return self.fma(k, LN2_HI, self.f("sub", f, self.f("sub", half, low)))

    def long_logarithm(self, m: Value, k: Value) -> tuple[Value, Value]:
        """ln(m × 2^k) as the sum of two doubles."""
        half = self.f("mul", m, 0.5)
        num, den = self.f("sub", m, 1.0), self.f("add", half, 0.5)
        den_low = self.f("sub", half, self.f("sub", den, 0.5))
        inverse = self.f("div", 1.0, den)
        s = self.f("mul", num, inverse)  # twice (m - 1) / (m + 1)
        minus = self.negative(s)
        left = self.fma(minus, den_low, self.fma(minus, den, num))
        z = self.f("mul", s, s)
        cubed = self.f("mul", s, z)
        a = self.f("mul", k, LN2_HI)
        high = self.f("add", a, s)  # |a| ≥ |s|, or a = 0
        error = self.f("sub", s, self.f("sub", high, a))
        low = self.fma(k, LN2_LO, self.fma(left, inverse, error))
        return high, self.fma(cubed, self.polynomial(z, ATANH), low)

    def product(self, m: Value, k: Value, y: Value) -> tuple[Value, Value]:
        """y ln(m × 2^k) as the sum of two doubles."""
        high, low = self.long_logarithm(m, k)
        product = self.f("mul", y, high)
        return product, self.fma(y, low, self.fma(y, high, self.negative(product)))

    def ordinary(self, name: str, x: Value, y: Value) -> tuple[Value, Value]:
        """A function's value for ordinary arguments, and which of them are ordinary."""
        if name == "exp":
            return self.scaled(*self.exponential(x)), self.small(x)
        normal = self.test("oge", x, TINY)
        normal = self.binary("and", normal, self.test("olt", x, math.inf))
        if name == "log":
            return self.logarithm(*self.split(x)), normal
        product, tail = self.product(*self.split(x), y)
        value = self.scaled(*self.exponential(product, tail))
        return value, self.binary("and", normal, self.small(product))

    def small(self, x: Value) -> Value:
        """Whether exp(x) is a normal number."""
        return self.test("olt", self.intrinsic("fabs", x), 700.0)

    # all arguments ----------------------------------------------------------------------------

    def any(self, name: str, x: Value, y: Value) -> Value:
        """A function's value for all arguments."""
        if name == "power":
            return self.any_power(x, y)
        return self.any_log(x) if name == "log" else self.any_exp(x)

    def any_exp(self, x: Value, tail: Value | float = 0.0) -> Value:
        """exp(x + tail); infinite, zero or denormal where it must be."""
        x = self.where(self.test("olt", x, -760.0), -760.0, x)
        x = self.where(self.test("ogt", x, 720.0), 720.0, x)
        value, bits = self.exponential(x, tail)
        k = self.binary("ashr", self.binary("shl", bits, self.whole(32)), self.whole(32))
        half = self.binary("ashr", k, self.whole(1))
        for part in (half, self.binary("sub", k, half)):
            biased = self.binary("shl", self.binary("add", part, self.whole(1023)), self.whole(52))
            value = self.f("mul", value, self.convert("bitcast", biased, "f"))
        return value

    def any_split(self, x: Value) -> tuple[Value, Value]:
        """`split` of any positive x."""
        tiny = self.test("olt", x, TINY)
        m, k = self.split(self.where(tiny, self.f("mul", x, 2.0**54), x))
        return m, self.f("sub", k, self.where(tiny, 54.0, 0.0))

    def any_log(self, x: Value) -> Value:
        """ln x."""
        value = self.logarithm(*self.any_split(x))
        value = self.where(self.test("oeq", x, math.inf), math.inf, value)
        bad = self.where(self.test("oeq", x, 0.0), -math.inf, math.nan)
        return self.where(self.test("ogt", x, 0.0), value, bad)

    def any_power(self, x: Value, y: Value) -> Value:
        """x to the power y; a negative x only with whole y."""
        size = self.intrinsic("fabs", x)
        product, tail = self.product(*self.any_split(size), y)
        large = self.test("ult", self.intrinsic("fabs", product), 800.0)
        value = self.any_exp(product, self.where(large, tail, 0.0))
        up = self.test("ogt", y, 0.0)
        value = self.where(self.test("oeq", size, 0.0), self.where(up, 0.0, math.inf), value)
        value = self.where(self.test("oeq", size, math.inf), self.where(up, math.inf, 0.0), value)
        value = self.where(self.test("oeq", size, 1.0), 1.0, value)
        whole = self.compare("fcmp oeq", y, self.intrinsic("trunc", y))
        half = self.f("mul", y, 0.5)
        odd = self.binary(
            "and", whole, self.compare("fcmp une", half, self.intrinsic("trunc", half))
        )
        negated = self.where(odd, self.negative(value), value)
        below = self.where(whole, negated, math.nan)
        value = self.where(self.test("olt", x, 0.0), below, value)
        value = self.where(self.compare("fcmp uno", x, y), math.nan, value)
        value = self.where(self.test("oeq", x, 1.0), 1.0, value)
        return self.where(self.test("oeq", y, 0.0), 1.0, value)


def library(width: int) -> str:
    """Definitions of all functions, narrow (`name.1`) and, above width 1, wide (`name.w`)."""
    forms = [("1", 1), ("w", width)][: 1 + (width > 1)]
    return "\n".join(
        _function(name, form, lanes) for form, lanes in forms for name in ("exp", "log", "power")
    )


def _function(name: str, form: str, lanes: int) -> str:
    """One function: short for ordinary arguments, with a call where any is not.

    Each value comes from the same operations whatever its neighbours are: the call's result is
    taken only where the argument is not ordinary.
    """
    x, y = Value("%x", "f"), Value("%y", "f")
    short, full = Maths(lanes), Maths(lanes)
    value, ordinary = short.ordinary(name, x, y)
    result = full.any(name, x, y)
    t, truth = short.type("f", True), short.type("b", True)
    count = 2 if name == "power" else 1
    parameters = ", ".join(f"{t} %{c}" for c in "xy"[:count])
    every = f"%all = call i1 @llvm.vector.reduce.and.v{lanes}i1({truth} {ordinary.text})"
    if lanes == 1:
        every = f"%all = and i1 {ordinary.text}, true"
    return f"""
define internal {t} @{name}.any.{form}({parameters}) {"#1" if lanes == 1 else "#3"} {{
{_text(full)}
  ret {t} {result.text}
}}
define internal {t} @{name}.{form}({parameters}) #1 {{
begin:
{_text(short)}
  {every}
  br i1 %all, label %done, label %rare, !prof !2
rare:
  %full = call {t} @{name}.any.{form}({parameters})
  %merged = select {truth} {ordinary.text}, {t} {value.text}, {t} %full
  br label %done
done:
  %result = phi {t} [ {value.text}, %begin ], [ %merged, %rare ]
  ret {t} %result
}}"""


def _text(w: Maths) -> str:
    return "\n".join(w.depths[0].lines)
