"""Exponentials, and powers as exp(y ln x), for many runs at once, in few instructions.

For equations in which a last bit cannot turn anything over (see `factor`): ln x is within 3e-16,
so a result near 1 is as exact as a number can be, and one of e^100 loses two digits. Powers of one
base share its logarithm. Method: a table of the logarithms of sixteen points between 1 and 2, as
in Tang (1990, ACM Transactions on Mathematical Software 16), and from there a polynomial; exp by
Cody-Waite reduction and a polynomial. Both interpolate at Chebyshev's knots, within 4e-17.

What is not ordinary, a base that is not positive or a result beyond 1e304, goes the long way of
`vectormath`.
"""

from __future__ import annotations

from decimal import Decimal, localcontext

from engine.code import Value, number
from engine.passes import TOGETHER
from engine.vectormath import LN2_HI, LN2_LO, LOG2_E, SHIFT, Maths

LN2 = 0.6931471805599453
ONE, FRACTION = 0x3FF << 52, (1 << 52) - 1
LN_FROM_POINT = (
    -0.5, 0.33333333334276144, -0.2500000000084855, 0.1999999178866068, -0.1666665927629409,
    0.14303589967612346, -0.1251608839370872,
)  # fmt: skip
EXP = (
    0.5, 0.16666666666666669, 0.04166666666662399, 0.008333333333330051, 0.0013888888917281794,
    0.00019841269863105968, 2.480152119021773e-05, 2.7557268378684192e-06, 2.7620138719733994e-07,
    2.5100424157005067e-08,
)  # fmt: skip
POINTS = 16
AT_ONCE = 8  # numbers that one instruction chooses from two vectors
CHOOSE = "@llvm.x86.avx512.vpermi2var.pd.512"


class Powers(Maths):
    """Bodies of the two functions; `permutes`: whether the processor has that instruction;
    `first`: where the numbers of names begin."""

    def __init__(self, width: int, permutes: bool, first: int) -> None:
        super().__init__(width)
        self.count = first
        self.permutes = permutes and width % AT_ONCE == 0

    def ln(self, x: Value) -> Value:
        """ln x of an ordinary x."""
        bits = self.convert("bitcast", x, "i")
        exponent = self.binary("lshr", bits, self.whole(52))
        k = self.binary("or", exponent, self.whole(0x433 << 52))
        k = self.f("sub", self.convert("bitcast", k, "f"), 2.0**52 + 1023)
        m = self.binary("or", self.binary("and", bits, self.whole(FRACTION)), self.whole(ONE))
        place = self.binary("and", self.binary("lshr", bits, self.whole(48)), self.whole(15))
        inverse, middle = (self.chosen(t, place) for t in ("@inverses", "@logarithms"))
        z = self.fma(self.convert("bitcast", m, "f"), inverse, -1.0)
        rest = self.fma(self.f("mul", z, z), self.polynomial(z, LN_FROM_POINT), z)
        return self.f("add", self.fma(k, LN2, middle), rest)

    def chosen(self, table: str, place: Value) -> Value:
        """Numbers of a table of sixteen."""
        if self.permutes:
            return self.permuted(table, place)
        if self.width == 1:
            at = self.new(f"getelementptr double, ptr {table}, i64 {place.text}", "f", True, 0)
            return self.load(at.text, True, 0)
        t, w = self.type("f", True), self.width
        at = self.new(f"getelementptr double, ptr {table}, {self.of(place)}", "f", True, 0)
        mask = ", ".join(["i1 true"] * w)
        return self.new(
            f"call {t} @llvm.masked.gather.v{w}f64.v{w}p0(<{w} x ptr> {at.text}, i32 8,"
            f" <{w} x i1> <{mask}>, {t} poison)", "f", True, 0
        )  # fmt: skip

    def permuted(self, table: str, place: Value) -> Value:
        """`chosen`, from two vectors by one instruction for each eight numbers."""
        w, eight = self.width, f"<{AT_ONCE} x double>"
        low = self.new(f"load {eight}, ptr {table}, align 64", "f", True, 0)
        far = self.new(f"getelementptr double, ptr {table}, i64 {AT_ONCE}", "f", True, 0)
        high = self.new(f"load {eight}, ptr {far.text}, align 64", "f", True, 0)
        parts = []
        for first in range(0, w, AT_ONCE):
            lanes = ", ".join(f"i32 {first + i}" for i in range(AT_ONCE))
            part = self.new(
                f"shufflevector <{w} x i64> {place.text}, <{w} x i64> poison,"
                f" <{AT_ONCE} x i32> <{lanes}>", "i", True, 0
            )  # fmt: skip
            parts.append(self.new(
                f"call {eight} {CHOOSE}({eight} {low.text}, <{AT_ONCE} x i64> {part.text},"
                f" {eight} {high.text})", "f", True, 0
            ))  # fmt: skip
        size = AT_ONCE
        while len(parts) > 1:
            lanes = ", ".join(f"i32 {i}" for i in range(2 * size))
            parts = [
                self.new(
                    f"shufflevector <{size} x double> {a.text}, <{size} x double> {b.text},"
                    f" <{2 * size} x i32> <{lanes}>", "f", True, 0
                )
                for a, b in zip(parts[::2], parts[1::2], strict=True)
            ]  # fmt: skip
            size *= 2
        return parts[0]

    def exp(self, x: Value) -> Value:
        """exp x where that is a normal number."""
        shifted = self.fma(x, LOG2_E, SHIFT)
        n = self.f("sub", shifted, SHIFT)
        r = self.fma(n, -LN2_LO, self.fma(n, -LN2_HI, x))
        rest = self.fma(self.f("mul", r, r), self.polynomial(r, EXP), r)
        return self.scaled(self.f("add", rest, 1.0), self.convert("bitcast", shifted, "i"))

    def positive(self, x: Value) -> Value:
        """Whether x is a positive normal number."""
        bits = self.binary("sub", self.convert("bitcast", x, "i"), self.whole(1 << 52))
        return self.compare("icmp ult", bits, self.whole(0x7FE << 52))


def tables() -> str:
    """The two tables: of each sixteenth between 1 and 2, the reciprocal of its middle, and the
    middle's logarithm."""
    inverses = [1 / (1 + (i + 0.5) / POINTS) for i in range(POINTS)]
    with localcontext() as context:
        context.prec = 40  # so that the last bit does not depend on a library
        logarithms = [float(-Decimal(x).ln()) for x in inverses]
    return "\n".join(
        f"{name} = internal unnamed_addr constant [{POINTS} x double]"
        f" [{', '.join(f'double {number(x)}' for x in values)}], align 64"
        for name, values in (("@inverses", inverses), ("@logarithms", logarithms))
    )


def library(width: int, permutes: bool) -> str:
    """Definitions of `quick.ln`, `quick.exp`, `quick.power`, which takes ln x too, and
    `quick.lone`, which does not: narrow (`name.1`), wide (`name.w`) and for several wide ones
    together (`name.t`)."""
    forms = [("1", 1, 1), ("w", width, 1), ("t", width, TOGETHER)][: 3 if width > 1 else 1]
    return "\n".join(
        [
            tables(),
            *(_ln(*form, permutes) for form in forms),
            *(_raised(n, *form, permutes) for form in forms for n in ("power", "lone", "exp")),
        ]
    )


def _ln(form: str, width: int, count: int, permutes: bool) -> str:
    bodies = [Powers(width, permutes, 1000 * i) for i in range(count)]
    results = [body.ln(Value(f"%x{i}", "f")) for i, body in enumerate(bodies)]
    t = bodies[0].type("f", True)
    last, result = _returned(t, [r.text for r in results])
    return f"{_head('ln', form, 'x', t, count)}\n{_alternating(bodies)}\n{last}  ret {result}\n}}\n"


def _raised(name: str, form: str, width: int, count: int, permutes: bool) -> str:
    """Short for ordinary arguments; where any is not, the long way is taken too, and its result
    for those arguments only: so no value depends on what is computed beside it."""
    power = name != "exp"
    bodies = [Powers(width, permutes, 1000 * i) for i in range(count)]
    t, truth = bodies[0].type("f", True), bodies[0].type("b", True)
    every, merged, phis, values = [], [], [], []
    for i, body in enumerate(bodies):
        x, y, ln = (Value(f"%{c}{i}", "f") for c in "xyl")
        raised = body.f("mul", y, ln if name == "power" else body.ln(x)) if power else x
        ordinary = body.small(raised)
        if power:
            ordinary = body.binary("and", body.positive(x), ordinary)
        value = body.exp(raised)
        every.append(body.binary("and", ordinary, every[-1]) if every else ordinary)
        full = "power" if power else "exp"
        merged += [
            f"  %full{i} = call {t} @{full}.any.{'1' if width == 1 else 'w'}({t} %x{i}"
            f"{f', {t} %y{i}' if power else ''})",
            f"  %merged{i} = select {body.of(ordinary)}, {t} {value.text}, {t} %full{i}",
        ]
        phis.append(f"  %r{i} = phi {t} [ {value.text}, %begin ], [ %merged{i}, %rare ]")
        values.append(f"%r{i}")
    all_ = f"%all = call i1 @llvm.vector.reduce.and.v{width}i1({truth} {every[-1].text})"
    if width == 1:
        all_ = f"%all = and i1 {every[-1].text}, true"
    last, result = _returned(t, values)
    return "\n".join([
        _head(name, form, {"power": "xyl", "lone": "xy", "exp": "x"}[name], t, count),
        "begin:", _alternating(bodies), f"  {all_}",
        "  br i1 %all, label %done, label %rare, !prof !2",
        "rare:", *merged, "  br label %done",
        "done:", *phis, f"{last}  ret {result}", "}\n",
    ])  # fmt: skip


def _head(name: str, form: str, letters: str, t: str, count: int) -> str:
    """The first line of a function. What is long is called, not copied to where it is used: the
    instructions of a pass would not fit the processor's nearest cache."""
    given = ", ".join(f"{t} %{c}{i}" for c in letters for i in range(count))
    called = "#3" if count > 1 else "#1"
    return f"define internal {_several(t, count)} @quick.{name}.{form}({given}) {called} {{"


def _alternating(bodies: list[Powers]) -> str:
    """The instructions of several bodies, one of each in turn."""
    lines = [body.depths[0].lines for body in bodies]
    longest = max(map(len, lines))
    return "\n".join(own[i] for i in range(longest) for own in lines if i < len(own))


def _several(t: str, count: int) -> str:
    return t if count == 1 else f"{{{', '.join([t] * count)}}}"


def _returned(t: str, values: list[str]) -> tuple[str, str]:
    """Instructions that put values together, and what is to be returned."""
    if len(values) == 1:
        return "", f"{t} {values[0]}"
    several, so_far, lines = _several(t, len(values)), "poison", ""
    for i, value in enumerate(values):
        lines += f"  %all.{i} = insertvalue {several} {so_far}, {t} {value}, {i}\n"
        so_far = f"%all.{i}"
    return lines, f"{several} {so_far}"
