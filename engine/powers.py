"""Exponentials, and powers as exp(y ln x), for many runs at once, in few instructions.

For equations in which a last bit cannot turn anything over (see `factor`): ln x is within 3e-16,
so a result near 1 is as exact as a number can be, and one of e^100 loses two digits. Powers of one
base share its logarithm. Method: tables of the logarithms of sixteen points between 1 and 2 and of
the powers of two by sixteenths, as in Tang (1989 and 1990, ACM Transactions on Mathematical
Software 15 and 16), and from there polynomials that interpolate at Chebyshev's knots, within 4e-17.

What is not ordinary, a base that is not positive or a result beyond 1e304, goes the long way of
`vectormath`.
"""

from __future__ import annotations

import functools
import math
from decimal import Decimal, localcontext

from engine.code import LLVM, Value, number
from engine.vectormath import LN2_HI, LN2_LO, LOG2_E, TINY, Maths

LN2 = 0.6931471805599453
ONE, FRACTION = 0x3FF << 52, (1 << 52) - 1
LN_FROM_POINT = (
    -0.5, 0.33333333334276144, -0.2500000000084855, 0.1999999178866068, -0.1666665927629409,
    0.14303589967612346, -0.1251608839370872,
)  # fmt: skip
EXP = (
    0.5, 0.1666666666530169, 0.04166666666496045, 0.008333449701253456, 0.0013889034348599464,
)  # fmt: skip
GIVEN = {"l": "x", "e": "x", "s": "xyl"}  # arguments of each letter of a kind
POINTS = 16
SIXTEENTHS = 1.5 * 2.0**48  # adding it leaves sixteenths in the low bits
AT_ONCE = 8  # numbers that one of these instructions takes
AVX512 = "@llvm.x86.avx512."


class Powers(Maths):
    """Bodies of the functions; `wide`: whether the processor has AVX-512, of which these use four
    instructions."""

    def __init__(self, width: int, wide: bool) -> None:
        super().__init__(width)
        self.instructions = wide and width % AT_ONCE == 0

    def ln(self, x: Value) -> Value:
        """ln x of an ordinary x, and of an infinite one."""
        bits = self.convert("bitcast", x, "i")
        place = self.binary("lshr", bits, self.whole(48))
        if self.instructions:
            k = self.by("mask.getexp.pd.512", [x], "{t} zeroinitializer, i8 -1, i32 4")
            m = self.by("mask.getmant.pd.512", [x], "i32 0, {t} zeroinitializer, i8 -1, i32 4")
        else:
            exponent = self.binary("lshr", bits, self.whole(52))
            k = self.binary("or", exponent, self.whole(0x433 << 52))
            k = self.f("sub", self.convert("bitcast", k, "f"), 2.0**52 + 1023)
            m = self.binary("or", self.binary("and", bits, self.whole(FRACTION)), self.whole(ONE))
            m = self.convert("bitcast", m, "f")
        inverse, middle = (self.chosen(t, place) for t in ("@inverses", "@logarithms"))
        z = self.fma(m, inverse, -1.0)
        rest = self.fma(self.f("mul", z, z), self.polynomial(z, LN_FROM_POINT), z)
        value = self.f("add", self.fma(k, LN2, middle), rest)
        if self.instructions:
            return value  # infinite where x is
        return self.where(self.test("oeq", x, math.inf), math.inf, value)

    def chosen(self, table: str, place: Value) -> Value:
        """Numbers of a table of sixteen, by the last four bits of their places."""
        if self.instructions:
            eight = f"<{AT_ONCE} x double>"
            low = self.new(f"load {eight}, ptr {table}, align 64", "f", True, 0)
            far = self.new(f"getelementptr double, ptr {table}, i64 {AT_ONCE}", "f", True, 0)
            high = self.new(f"load {eight}, ptr {far.text}, align 64", "f", True, 0)
            return self.by("vpermi2var.pd.512", [place], f"{eight} {high.text}", low.text)
        place = self.binary("and", place, self.whole(POINTS - 1))
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

    def by(self, instruction: str, given: list[Value], more: str, first: str = "") -> Value:
        """Numbers that an instruction makes of eight at a time; `more`: what follows in its
        arguments, `first`: what comes before."""
        w, eight = self.width, f"<{AT_ONCE} x double>"
        parts = []
        for start in range(0, w, AT_ONCE):
            lanes = ", ".join(f"i32 {start + i}" for i in range(AT_ONCE))
            arguments = [f"{eight} {first}"] if first else []
            for v in given:
                t, text = self.type(v.kind, True), v.text
                if w > AT_ONCE:
                    text = self.new(
                        f"shufflevector {t} {text}, {t} poison, <{AT_ONCE} x i32> <{lanes}>",
                        v.kind, True, 0,
                    ).text  # fmt: skip
                arguments.append(f"<{AT_ONCE} x {LLVM[v.kind]}> {text}")
            arguments.append(more.format(t=eight))
            call = f"call {eight} {AVX512}{instruction}({', '.join(arguments)})"
            parts.append(self.new(call, "f", True, 0))
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
        shifted = self.fma(x, LOG2_E, SIXTEENTHS)
        n = self.f("sub", shifted, SIXTEENTHS)
        r = self.fma(n, -LN2_LO, self.fma(n, -LN2_HI, x))
        rest = self.fma(self.f("mul", r, r), self.polynomial(r, EXP), r)
        bits = self.convert("bitcast", shifted, "i")
        point = self.chosen("@exponentials", bits)
        value = self.fma(point, rest, point)
        if self.instructions:
            return self.by("mask.scalef.pd.512", [value, n], "{t} zeroinitializer, i8 -1, i32 4")
        return self.scaled(value, self.binary("lshr", bits, self.whole(4)))

    def short(self, kind: str, parts: list[dict[str, Value]]) -> tuple[Value, Value]:
        """A function's value for ordinary arguments, and which of them are ordinary."""
        if kind == "e":
            x = parts[0]["x"]
            return self.exp(x), self.small(x)
        raised, normal = self.f("mul", parts[0]["y"], parts[0]["l"]), self.positive(parts[0]["x"])
        for part in parts[1:]:
            raised = self.fma(part["y"], part["l"], raised)
            normal = self.binary("and", normal, self.positive(part["x"]))
        return self.exp(raised), self.binary("and", normal, self.small(raised))

    def positive(self, x: Value) -> Value:
        """Whether x is a positive normal number; or infinite, as its logarithm will tell."""
        return self.test("oge", x, TINY)


def tables() -> str:
    """The three tables: of each sixteenth between 1 and 2, the reciprocal of its middle, and the
    middle's logarithm; and two to the power of each sixteenth."""
    inverses = [1 / (1 + (i + 0.5) / POINTS) for i in range(POINTS)]
    with localcontext() as context:
        context.prec = 40  # so that the last bit does not depend on a library
        logarithms = [float(-Decimal(x).ln()) for x in inverses]
        exponentials = [float(Decimal(2) ** (Decimal(i) / POINTS)) for i in range(POINTS)]
    values = {"inverses": inverses, "logarithms": logarithms, "exponentials": exponentials}
    return "\n".join(
        f"@{name} = internal unnamed_addr constant [{POINTS} x double]"
        f" [{', '.join(f'double {number(x)}' for x in table)}], align 64"
        for name, table in values.items()
    )


def library(width: int, wide: bool, kinds: set[str], waves: set[str]) -> str:
    """Definitions of functions by kind, narrow (`quick.kind.1`) and wide (`quick.kind.w`), and of
    `waves` by what each gives.

    Kinds: `l`, a logarithm; `e`, an exponential; and products of powers, with an `s` for each, of
    base, exponent and the base's logarithm, which several may share. A wave takes bases and gives
    several values, separated by dots: products of powers of the bases that are numbered, separated
    by underscores, or an exponential.
    """
    forms = [("1", 1), ("w", width)][: 1 + (width > 1)]
    return "\n".join(
        [tables()]
        + [
            _function(kind, form, lanes, wide)
            for form, lanes in forms
            for kind in sorted({"l", "e"} | kinds)
        ]
        + [_wave(name, width, wide) for name in sorted(waves)]
    )


def _function(kind: str, form: str, width: int, wide: bool) -> str:
    """Short for ordinary arguments; where any is not, the long way is taken too, and its result
    for those arguments only: so no value depends on what is computed beside it."""
    body = Powers(width, wide)
    t = body.type("f", True)
    parts = [{c: Value(f"%{c}{i}", "f") for c in GIVEN[letter]} for i, letter in enumerate(kind)]
    given = ", ".join(f"{t} {v.text}" for part in parts for v in part.values())
    head = f"define internal {t} @quick.{kind}.{form}({given}) #1 {{\nbegin:"
    if kind == "l":
        value = body.ln(parts[0]["x"])
        return "\n".join([head, *body.depths[0].lines, f"  ret {t} {value.text}\n}}\n"])
    value, ordinary = body.short(kind, parts)
    truth = body.of(ordinary)
    all_ = f"call i1 @llvm.vector.reduce.and.v{width}i1({truth})"
    long, full = _long(kind, parts, t, form)
    return "\n".join([
        head, *body.depths[0].lines,
        f"  %all = {all_ if width > 1 else f'and {truth}, true'}",
        "  br i1 %all, label %done, label %rare, !prof !2",
        "rare:", *long,
        f"  %merged = select {truth}, {t} {value.text}, {t} {full}",
        "  br label %done",
        "done:", f"  %result = phi {t} [ {value.text}, %begin ], [ %merged, %rare ]",
        f"  ret {t} %result\n}}\n",
    ])  # fmt: skip


def _wave(name: str, width: int, wide: bool) -> str:
    """All logarithms, then all exponentials, then one look at whether all arguments are ordinary:
    as far ahead as a processor looks there is something else to do while one waits."""
    body = Powers(width, wide)
    t = body.type("f", True)
    wanted = [[] if one == "e" else [int(b) for b in one.split("_")] for one in name.split(".")]
    bases = [
        Value(f"%b{i}", "f") for i in range(1 + max((b for w in wanted for b in w), default=-1))
    ]
    logarithms = [body.ln(b) for b in bases]
    given, found, all_parts = [f"{t} {b.text}" for b in bases], [], []
    for i, numbers in enumerate(wanted):
        parts = [
            {"x": bases[b], "y": Value(f"%y{i}.{j}", "f"), "l": logarithms[b]}
            for j, b in enumerate(numbers)
        ] or [{"x": Value(f"%y{i}.0", "f")}]
        given += [f"{t} %y{i}.{j}" for j in range(len(parts))]
        all_parts.append(parts)
        found.append(body.short("s" if numbers else "e", parts))
    every = functools.reduce(lambda a, b: body.binary("and", a, b), (o for _, o in found))
    several = f"{{{', '.join([t] * len(found))}}}"
    lines = [
        f"define internal {several} @wave.{name}({', '.join(given)}) #1 {{\nbegin:",
        *body.depths[0].lines,
        f"  %all = call i1 @llvm.vector.reduce.and.v{width}i1({body.of(every)})",
        "  br i1 %all, label %done, label %rare, !prof !2",
        "rare:",
    ]
    for i, ((value, ordinary), numbers) in enumerate(zip(found, wanted, strict=True)):
        long, full = _long("s" if numbers else "e", all_parts[i], t, "w", f"{i}.")
        lines += [*long, f"  %merged{i} = select {body.of(ordinary)}, {t} {value.text}, {t} {full}"]
    lines += ["  br label %done", "done:"]
    for i, (value, _) in enumerate(found):
        lines.append(f"  %r{i} = phi {t} [ {value.text}, %begin ], [ %merged{i}, %rare ]")
    so_far = "poison"
    for i in range(len(found)):
        lines.append(f"  %all.{i} = insertvalue {several} {so_far}, {t} %r{i}, {i}")
        so_far = f"%all.{i}"
    return "\n".join([*lines, f"  ret {several} {so_far}\n}}\n"])


def _long(
    kind: str, parts: list[dict[str, Value]], t: str, form: str, mark: str = ""
) -> tuple[list[str], str]:
    """The instructions of the long way, and the name of their result."""
    if kind == "e":
        full = f"%full{mark}"
        return [f"  {full} = call {t} @exp.any.{form}({t} {parts[0]['x'].text})"], full
    lines, so_far = [], ""
    for i, part in enumerate(parts):
        x, y = part["x"].text, part["y"].text
        lines.append(f"  %full{mark}{i} = call {t} @power.any.{form}({t} {x}, {t} {y})")
        if i:
            lines.append(f"  %times{mark}{i} = fmul {t} {so_far}, %full{mark}{i}")
        so_far = f"%{'times' if i else 'full'}{mark}{i}"
    return lines, so_far
