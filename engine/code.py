"""Writing LLVM IR: numbers that are one for all runs (narrow) or one per run (wide).

A `Code` is a straight stretch of instructions at one depth of a loop nest; `Value` remembers the
depth at which it exists, so that each operation is placed as far out as its operands allow.
"""

from __future__ import annotations

import struct
from collections.abc import Hashable
from dataclasses import dataclass, field

LLVM = {"f": "double", "i": "i64", "b": "i1"}


@dataclass(frozen=True, slots=True)
class Value:
    """An LLVM value. `kind`: f number, i integer, b truth; `wide`: one per run."""

    text: str
    kind: str
    wide: bool = False
    depth: int = 0


@dataclass(slots=True)
class Code:
    """Instructions of one depth; `label` is the block that they currently go to."""

    lines: list[str] = field(default_factory=list)
    label: str = "entry"
    known: dict[Hashable, Value] = field(default_factory=dict)


def number(x: float) -> str:
    """A double as LLVM reads it without loss."""
    return f"0x{struct.unpack('>Q', struct.pack('>d', x))[0]:016X}"


class Writer:
    """Instructions for `width` runs at once; width 1 makes every value narrow in LLVM's terms."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.loops = ""  # metadata of all loops that have none of their own
        self.stride = width  # numbers per element in memory, when a block has several vectors
        self.count = 0
        self.depths: list[Code] = [Code()]
        self.allocations: list[str] = []

    # basics -----------------------------------------------------------------------------------

    def fresh(self, prefix: str = "v") -> str:
        """A new local name."""
        self.count += 1
        return f"%{prefix}{self.count}"

    def type(self, kind: str, wide: bool) -> str:
        """LLVM type of a value."""
        t = LLVM[kind]
        return f"<{self.width} x {t}>" if wide and self.width > 1 else t

    def of(self, v: Value) -> str:
        """Type and name, as in an argument list."""
        return f"{self.type(v.kind, v.wide)} {v.text}"

    def put(self, depth: int, line: str) -> None:
        """Append one instruction at a depth."""
        self.depths[depth].lines.append("  " + line)

    def new(self, instruction: str, kind: str, wide: bool, depth: int) -> Value:
        """A value computed by an instruction."""
        name = self.fresh()
        self.put(depth, f"{name} = {instruction}")
        return Value(name, kind, wide, depth)

    # constants and widening -------------------------------------------------------------------

    def real(self, x: float) -> Value:
        """A number, narrow."""
        return Value(number(x), "f")

    def whole(self, n: int) -> Value:
        """An integer, narrow."""
        return Value(str(n), "i")

    def widen(self, v: Value) -> Value:
        """The same value for every run."""
        if v.wide or self.width == 1:
            return Value(v.text, v.kind, True, v.depth)
        t = LLVM[v.kind]
        if not v.text.startswith("%"):
            many = ", ".join(f"{t} {v.text}" for _ in range(self.width))
            return Value(f"<{many}>", v.kind, True, 0)
        known = self.depths[v.depth].known
        if ("widen", v.text) not in known:
            w = self.width
            zeros = f"<{w} x i32> zeroinitializer"
            one = self.new(
                f"insertelement <{w} x {t}> poison, {t} {v.text}, i64 0", v.kind, True, v.depth
            )
            known["widen", v.text] = self.new(
                f"shufflevector <{w} x {t}> {one.text}, <{w} x {t}> poison, {zeros}",
                v.kind, True, v.depth,
            )  # fmt: skip
        return known["widen", v.text]

    def level(self, *values: Value) -> tuple[list[Value], bool, int]:
        """The values made equally wide, whether they are wide, and the depth of the deepest."""
        wide = any(v.wide for v in values)
        out = [self.widen(v) if wide else v for v in values]
        return out, wide, max((v.depth for v in values), default=0)

    # operations -------------------------------------------------------------------------------

    def binary(self, op: str, a: Value, b: Value) -> Value:
        """fadd, fsub, fmul, fdiv, frem; add, sub, mul, and, or, xor, shl, ashr."""
        (a, b), wide, depth = self.level(a, b)
        return self.new(f"{op} {self.type(a.kind, wide)} {a.text}, {b.text}", a.kind, wide, depth)

    def compare(self, op: str, a: Value, b: Value) -> Value:
        """fcmp or icmp with its predicate, such as `fcmp olt`."""
        (a, b), wide, depth = self.level(a, b)
        return self.new(f"{op} {self.type(a.kind, wide)} {a.text}, {b.text}", "b", wide, depth)

    def select(self, c: Value, a: Value, b: Value) -> Value:
        """a where c holds, else b."""
        depth = max(c.depth, a.depth, b.depth)
        wide = c.wide or a.wide or b.wide
        if wide:
            a, b = self.widen(a), self.widen(b)
            c = self.widen(c)
        return self.new(f"select {self.of(c)}, {self.of(a)}, {self.of(b)}", a.kind, wide, depth)

    def convert(self, op: str, v: Value, kind: str) -> Value:
        """sitofp, uitofp, fptosi, zext, bitcast."""
        to = self.type(kind, v.wide)
        return self.new(f"{op} {self.of(v)} to {to}", kind, v.wide, v.depth)

    def call(self, function: str, *args: Value) -> Value:
        """A function of this module, in its narrow form `name.1` or its wide form `name.w`."""
        args_, wide, depth = self.level(*args)
        form = "w" if wide and self.width > 1 else "1"
        given = ", ".join(self.of(a) for a in args_)
        return self.new(
            f"call {self.type('f', wide)} @{function}.{form}({given})", "f", wide, depth
        )

    def intrinsic(self, name: str, *args: Value) -> Value:
        """An LLVM intrinsic of doubles, such as `fma`."""
        args_, wide, depth = self.level(*args)
        suffix = f"v{self.width}f64" if wide and self.width > 1 else "f64"
        given = ", ".join(self.of(a) for a in args_)
        t = self.type("f", wide)
        return self.new(f"call {t} @llvm.{name}.{suffix}({given})", "f", wide, depth)

    # truth and numbers ------------------------------------------------------------------------

    def truth(self, v: Value) -> Value:
        """Whether a number is not zero (NaN counts as true, as in Python)."""
        return v if v.kind == "b" else self.compare("fcmp une", v, self.real(0.0))

    def numeric(self, v: Value) -> Value:
        """1 or 0 for a truth value."""
        return self.convert("uitofp", v, "f") if v.kind == "b" else v

    # memory -----------------------------------------------------------------------------------

    def address(self, base: str, index: Value, per_run: bool, depth: int) -> str:
        """Pointer to element `index` of an area that holds one number, or one per run."""
        i = index.text
        if per_run and self.stride > 1:
            if i.lstrip("-").isdigit():
                i = str(int(i) * self.stride)
            else:
                known = self.depths[index.depth].known
                if ("scaled", i) not in known:
                    known["scaled", i] = self.binary("mul nsw", index, self.whole(self.stride))
                i = known["scaled", i].text
        name = self.fresh("p")
        self.put(depth, f"{name} = getelementptr inbounds double, ptr {base}, i64 {i}")
        return name

    def load(self, pointer: str, wide: bool, depth: int, marks: str = "") -> Value:
        """Read a number or one per run."""
        align = 8 * self.width if wide else 8
        return self.new(
            f"load {self.type('f', wide)}, ptr {pointer}, align {align}{marks}", "f", wide, depth
        )

    def store(self, v: Value, pointer: str, per_run: bool, depth: int, marks: str = "") -> None:
        """Write a number, or one per run."""
        v = self.numeric(v)
        if per_run:
            v = self.widen(v)
        assert per_run or not v.wide or self.width == 1
        align = 8 * self.width if per_run else 8
        self.put(depth, f"store {self.of(v)}, ptr {pointer}, align {align}{marks}")

    def allocate(self, kind: str, wide: bool) -> str:
        """A local variable, which LLVM turns into registers."""
        name = self.fresh("a")
        self.allocations.append(f"  {name} = alloca {self.type(kind, wide)}, align 64")
        return name

    # loops ------------------------------------------------------------------------------------

    def open(self) -> Value:
        """Begin a loop one depth further in; returns its counter."""
        n = self.count = self.count + 1
        self.depths.append(Code(label=f"loop{n}"))
        return Value(f"%i{n}", "i", False, len(self.depths) - 1)

    def close(self, counter: Value, size: int | str, mark: str = "", first: int | str = 0) -> None:
        """End the innermost loop, from `first` to before `size`, and go on at the depth around."""
        inner = self.depths.pop()
        outer = self.depths[-1]
        i, n = counter.text, counter.text[2:]
        outer.lines += [
            f"  br label %loop{n}",
            f"loop{n}:",
            f"  {i} = phi i64 [ {first}, %{outer.label} ], [ {i}.next, %{inner.label} ]",
            *inner.lines,
            f"  {i}.next = add nuw nsw i64 {i}, 1",
            f"  {i}.more = icmp ult i64 {i}.next, {size}",
            f"  br i1 {i}.more, label %loop{n}, label %exit{n}{mark or self.loops}",
            f"exit{n}:",
        ]
        outer.label = f"exit{n}"
