"""Addresses of elements, and the arrays of constants that a module carries."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.code import LLVM, Value, Writer, number
from engine.ir import At, Expr, Ref
from engine.memory import Slot
from engine.order import Phase
from engine.passes import together
from engine.plan import Plan


@dataclass(slots=True)
class Constants:
    """Arrays of numbers that the functions share, as globals of the module."""

    names: dict[tuple[str, tuple[float, ...] | tuple[int, ...]], str] = field(default_factory=dict)
    powers: set[str] = field(default_factory=set)  # products of powers by kind (see `powers`)
    waves: set[str] = field(default_factory=set)  # several of them at once

    def array(self, kind: str, values: tuple[float, ...] | tuple[int, ...]) -> str:
        """Name of a global array with these values."""
        if (kind, values) not in self.names:
            self.names[kind, values] = f"@table{len(self.names)}"
        return self.names[kind, values]

    def text(self) -> str:
        """Definitions of all arrays."""
        out = []
        for (kind, values), name in self.names.items():
            t = LLVM[kind]
            items = ", ".join(f"{t} {number(v) if kind == 'f' else v}" for v in values)
            out.append(
                f"{name} = internal unnamed_addr constant [{len(values)} x {t}] [{items}], align 64"
            )
        return "\n".join(out)


class Addresses(Writer):
    """A writer that knows the plan's memory and the counters of the loops it is in."""

    def __init__(self, plan: Plan, constants: Constants, phase: Phase, width: int) -> None:
        super().__init__(width)
        self.plan, self.constants = plan, constants
        self.phase: Phase = phase
        self.counters: dict[int, Value] = {}
        self.marks = ""
        self.block = self.whole(0)  # the first element of the block that a stage goes through
        self.totals: dict[Expr, tuple[str, bool]] = {}  # where totals are added up; one per run?
        self.settled: dict[Expr, bool] = {}  # conditions that hold, or not, where code is written

    def place(self, at: At) -> Value:
        """Position in one dimension."""
        if at.axis < 0:
            return self.whole(at.first)
        counter = self.counters[at.axis]
        if at.table is not None:
            table = self.constants.array("i", at.table)
            pointer = self.fresh("p")
            self.put(
                counter.depth,
                f"{pointer} = getelementptr inbounds i64, ptr {table}, i64 {counter.text}",
            )
            return self.new(f"load i64, ptr {pointer}, align 8", "i", False, counter.depth)
        return self.plus(counter, at.first)

    def plus(self, v: Value, n: int) -> Value:
        """v + n, worked out here when v is a number."""
        if v.text.lstrip("-").isdigit():
            return self.whole(int(v.text) + n)
        return v if n == 0 else self.binary("add nsw", v, self.whole(n))

    def index(self, at: tuple[At, ...], shape: tuple[int, ...], base: Value) -> Value:
        """Flat index of an element; the fixed part is added up here, not in the kernel."""
        index, fixed, stride = base, 0, 1
        for a, n in reversed(list(zip(at, shape, strict=True))):
            place = self.place(a)
            if place.text.isdigit():
                fixed += int(place.text) * stride
            else:
                scaled = place
                if stride > 1:
                    scaled = self.once("mul nsw", place, self.whole(stride))
                index = self.once("add nsw", scaled, index)
            stride *= n
        return self.plus(index, fixed)

    def within(self, slot: Slot, at: tuple[At, ...], shape: tuple[int, ...]) -> Value:
        """Index of an element of a variable in the area where the variable has its slot."""
        if slot.without < 0:
            return self.index(at, shape, self.whole(slot.first))
        rest, sizes = list(at), list(shape)
        loop = self.counters[rest.pop(slot.without).axis]
        own = slot.size // together(sizes.pop(slot.without))
        lane = self.once("sub nsw", loop, self.block)
        base = self.once("mul nsw", lane, self.whole(own)) if own > 1 else lane
        return self.plus(self.index(tuple(rest), tuple(sizes), base), slot.first)

    def per_run(self, e: Expr) -> bool:
        """Whether a reference reads one number per run."""
        if not isinstance(e, Ref):
            return False
        known = next((code.known[e] for code in self.depths if e in code.known), None)
        if known is not None:
            return known.wide
        slot = self.plan.memory.slot(e.name, self.phase)
        return slot is not None and slot.area != "flat"

    def once(self, op: str, a: Value, b: Value) -> Value:
        """An integer operation, or its result when it was done before in this nest."""
        if b.text == "0":
            return a
        known = self.depths[max(a.depth, b.depth)].known
        if (op, a.text, b.text) not in known:
            known[op, a.text, b.text] = self.binary(op, a, b)
        return known[op, a.text, b.text]

    def element(self, table: str, index: Value) -> Value:
        """One number of a constant array."""
        pointer = self.fresh("p")
        self.put(
            index.depth, f"{pointer} = getelementptr inbounds double, ptr {table}, i64 {index.text}"
        )
        return self.load(pointer, False, index.depth)

    def gather(self, table: str, index: Value, depth: int, lanes: bool = False) -> Value:
        """Read `table[index]` for every run; `lanes`: the table holds one number per run."""
        if not index.wide or self.width == 1:
            pointer = self.fresh("p")
            self.put(
                depth, f"{pointer} = getelementptr inbounds double, ptr {table}, i64 {index.text}"
            )
            return self.load(pointer, index.wide, depth)
        t = self.type("f", True)
        text = "poison"
        for lane in range(self.width):
            one = self.new(f"extractelement {self.of(index)}, i64 {lane}", "i", False, depth)
            if lanes:
                one = self.binary("mul nsw", one, self.whole(self.stride))
                one = self.binary("add nsw", one, self.whole(lane))
            pointer = self.fresh("p")
            self.put(
                depth, f"{pointer} = getelementptr inbounds double, ptr {table}, i64 {one.text}"
            )
            read = self.load(pointer, False, depth)
            text = self.new(
                f"insertelement {t} {text}, double {read.text}, i64 {lane}", "f", True, depth
            ).text
        return Value(text, "f", True, depth)
