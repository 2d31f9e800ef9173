"""Groups of statements to LLVM IR functions."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.code import LLVM, Value, Writer, number
from engine.fuse import Group
from engine.ir import (
    At,
    Builtin,
    Call,
    Expr,
    Look,
    Num,
    Position,
    Reduce,
    Ref,
    Values,
    free_axes,
)
from engine.order import Phase, Statement
from engine.plan import Plan
from engine.vectormath import LIBRARY

ARGUMENTS = (
    "ptr noalias %flat, ptr noalias %work, ptr noalias %state, ptr noalias %next, ptr noalias %history,"
    " ptr noalias %control, double %time, i64 %step"
)
CONTROL = ("initial_time", "final_time", "time_step", "saveper")
ACCESS = ", !llvm.access.group !0"
PARALLEL = ", !llvm.loop !1"
COMPARE = {"<": "olt", "<=": "ole", ">": "ogt", ">=": "oge", "=": "oeq", "<>": "une"}
ARITHMETIC = {"+": "fadd", "-": "fsub", "*": "fmul", "/": "fdiv", "remainder": "frem"}
INTRINSIC = {
    "abs": "fabs",
    "sqrt": "sqrt",
    "trunc": "trunc",
    "sin": "sin",
    "cos": "cos",
    "tan": "tan",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "sinh": "sinh",
    "cosh": "cosh",
    "tanh": "tanh",
}
SEARCH_BY_HALVES_FROM = 24


@dataclass(slots=True)
class Constants:
    """Arrays of numbers that the functions share, as globals of the module."""

    names: dict[tuple[str, tuple[float, ...] | tuple[int, ...]], str] = field(default_factory=dict)

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


class Nest(Writer):
    """Emits one group as a function."""

    def __init__(self, plan: Plan, constants: Constants, phase: Phase, width: int) -> None:
        super().__init__(width)
        self.plan, self.constants, self.phase = plan, constants, phase
        self.counters: dict[int, Value] = {}
        self.marks = ""

    def function(self, name: str, group: Group) -> str:
        """The text of the function that runs a group."""
        counters = [self.open(n) for n in group.sizes]
        self.counters = dict(enumerate(counters))
        self.marks = ACCESS if self.width == 1 and group.sizes else ""
        for s in group.statements:
            self._statement(s, group)
        for i, (counter, size) in enumerate(zip(counters[::-1], group.sizes[::-1], strict=True)):
            innermost = i == 0 and self.marks
            self.close(counter, size, PARALLEL if innermost else "")
        body = "\n".join([*self.allocations, *self.depths[0].lines])
        return f"define internal void @{name}({ARGUMENTS}) #0 {{\nentry:\n{body}\n  ret void\n}}\n"

    # statements -------------------------------------------------------------------------------

    def _statement(self, s: Statement, group: Group) -> None:
        innermost = len(self.depths) - 1
        if s.role == "past":
            value = self._past(s)
        else:
            value = self.expr(s.expr)
        value = self.numeric(value)
        area, base, per_run = self._area(s)
        if s.role == "next" and self.plan.model.variables[s.name].kind == "stock":
            step = self._builtin("time_step")
            old = self._ref(Ref(s.name, s.target))
            value = self.binary("fadd", old, self.binary("fmul", value, step))
            if s.component.floor_at_zero:
                low = self.compare("fcmp olt", value, self.real(0.0))
                value = self.select(low, self.real(0.0), value)
        if group.stores(s):
            index = self._index(s.target, self.plan.model.variables[s.name].shape, base)
            pointer = self.address(area, index, per_run, innermost)
            self.store(value, pointer, per_run, innermost, self.marks)
        if s.role in ("value", "past", "start"):
            self.depths[innermost].known[Ref(s.name, s.target)] = value

    def _area(self, s: Statement) -> tuple[str, Value, bool]:
        """Where a statement stores its value: area, first element, one per run or not."""
        if s.role == "push":
            slot = self.plan.memory.lasting[s.name + "@history"]
            return "%history", self._history_row(slot.first), True
        slot = self.plan.memory.slot(s.name, self.phase)
        if slot is None:
            return "", self.whole(0), False
        area = "next" if s.role == "next" else slot.area
        return "%" + area, self.whole(slot.first), area != "flat"

    def _history_row(self, first: int) -> Value:
        rows = self.plan.memory.sizes["history"]
        row = self.binary("mul nsw", Value("%step", "i"), self.whole(rows))
        return self.binary("add nsw", row, self.whole(first))

    def _past(self, s: Statement) -> Value:
        """Input of a DELAY FIXED some steps ago, or the start value before there is any."""
        assert isinstance(s.expr, Call)
        start, steps = self.expr(s.expr.args[0]), self.expr(s.expr.args[1])
        slot = self.plan.memory.lasting[s.name + "@history"]
        element = self._index(
            s.target, self.plan.model.variables[s.name].shape, self.whole(slot.first)
        )
        depth = max(steps.depth, element.depth)
        now = self.convert("sitofp", Value("%step", "i"), "f")
        age = self.widen(self.binary("fsub", now, steps))
        known = self.compare("fcmp oge", age, self.real(0.0))
        row = self.convert("fptosi", self.select(known, age, self.real(0.0)), "i")
        rows = self.whole(self.plan.memory.sizes["history"])
        flat = self.binary("add nsw", self.binary("mul nsw", row, rows), element)
        read = self.gather("%history", flat, depth, lanes=True)
        return self.select(known, read, start)

    # expressions ------------------------------------------------------------------------------

    def expr(self, e: Expr) -> Value:
        """Emit an expression, or find the value it already has in this nest."""
        for code in self.depths:
            if e in code.known:
                return code.known[e]
        value = self._expr(e)
        if not isinstance(e, Num):
            self.depths[value.depth].known[e] = value
        return value

    def _expr(self, e: Expr) -> Value:
        match e:
            case Num(value=x):
                return self.real(x)
            case Builtin(name=name):
                return self._builtin(name)
            case Ref():
                return self._ref(e)
            case Call():
                return self._call(e)
            case Reduce():
                return self._reduce(e)
            case Look():
                return self._look(e)
            case Position(at=at):
                place = self.binary("add nsw", self._place(at), self.whole(1))
                return self.convert("sitofp", place, "f")
            case Values(values=values, shape=shape):
                table = self.constants.array("f", values)
                at = tuple(At(i) for i in range(len(shape)))
                return self._read(table, self._index(at, shape, self.whole(0)))
        raise TypeError(f"no code for {type(e).__name__}")

    def _builtin(self, name: str) -> Value:
        if name == "time":
            return Value("%time", "f")
        key = Builtin(name)
        if key not in self.depths[0].known:
            index = self.whole(CONTROL.index(name))
            pointer = self.address("%control", index, False, 0)
            self.depths[0].known[key] = self.load(pointer, False, 0)
        return self.depths[0].known[key]

    def _ref(self, e: Ref) -> Value:
        slot = self.plan.memory.slot(e.name, self.phase)
        assert slot is not None, e.name
        index = self._index(e.at, self.plan.model.variables[e.name].shape, self.whole(slot.first))
        per_run = slot.area != "flat"
        pointer = self.address("%" + slot.area, index, per_run, index.depth)
        return self.load(pointer, per_run, index.depth, self.marks)

    def _place(self, at: At) -> Value:
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
        return self._plus(counter, at.first)

    def _plus(self, v: Value, n: int) -> Value:
        if v.text.lstrip("-").isdigit():
            return self.whole(int(v.text) + n)
        return v if n == 0 else self.binary("add nsw", v, self.whole(n))

    def _index(self, at: tuple[At, ...], shape: tuple[int, ...], base: Value) -> Value:
        """Flat index of an element; the fixed part is added up here, not in the kernel."""
        index, fixed, stride = base, 0, 1
        for a, n in reversed(list(zip(at, shape, strict=True))):
            place = self._place(a)
            if place.text.isdigit():
                fixed += int(place.text) * stride
            else:
                scaled = place
                if stride > 1:
                    scaled = self._known("mul nsw", place, self.whole(stride))
                index = self._known("add nsw", scaled, index)
            stride *= n
        return self._plus(index, fixed)

    def _known(self, op: str, a: Value, b: Value) -> Value:
        if b.text == "0":
            return a
        known = self.depths[max(a.depth, b.depth)].known
        if (op, a.text, b.text) not in known:
            known[op, a.text, b.text] = self.binary(op, a, b)
        return known[op, a.text, b.text]

    def _read(self, table: str, index: Value) -> Value:
        pointer = self.fresh("p")
        self.put(
            index.depth, f"{pointer} = getelementptr inbounds double, ptr {table}, i64 {index.text}"
        )
        return self.load(pointer, False, index.depth)

    def _call(self, e: Call) -> Value:
        op = e.op
        if op == "active_initial":
            return self.expr(e.args[1 if self.phase == "initial" else 0])
        if op == "^":
            return self._power(e)
        args = [self.expr(a) for a in e.args]
        if op == "if":
            return self.select(self.truth(args[0]), self.numeric(args[1]), self.numeric(args[2]))
        if op in ("and", "or"):
            return self.binary(op, self.truth(args[0]), self.truth(args[1]))
        if op == "not":
            return self.binary("xor", self.truth(args[0]), Value("1", "b"))
        args = [self.numeric(a) for a in args]
        if op in ARITHMETIC:
            return self.binary(ARITHMETIC[op], *args)
        if op in COMPARE:
            return self.compare(f"fcmp {COMPARE[op]}", *args)
        if op in INTRINSIC:
            return self.intrinsic(INTRINSIC[op], *args)
        if op == "neg":
            a = args[0]
            return self.new(f"fneg {self.of(a)}", "f", a.wide, a.depth)
        if op in ("min", "max"):
            return self.extreme(op, *args)
        return self.call(LIBRARY[op], *args)

    def extreme(self, op: str, a: Value, b: Value) -> Value:
        """The smaller or larger of two; NaN when either is."""
        better = self.compare("fcmp olt" if op == "min" else "fcmp ogt", a, b)
        chosen = self.select(better, a, b)
        return self.select(self.compare("fcmp uno", a, a), a, chosen)

    def _power(self, e: Call) -> Value:
        base = self.numeric(self.expr(e.args[0]))
        if isinstance(e.args[1], Num):
            n = e.args[1].value
            if n == 0.5:
                return self.call("power", base, self.real(0.5))
            if n in (1.0, 2.0, 3.0, 4.0):
                square = self.binary("fmul", base, base) if n > 1 else base
                if n == 4.0:
                    return self.binary("fmul", square, square)
                return self.binary("fmul", square, base) if n == 3.0 else square
        return self.call("power", base, self.numeric(self.expr(e.args[1])))

    # reductions -------------------------------------------------------------------------------

    def _reduce(self, e: Reduce) -> Value:
        outer, counters = self.depths, self.counters
        bound = {a for a, _ in e.axes}
        depth = max((counters[a].depth for a in free_axes(e) - bound), default=0)
        self.depths = outer[: depth + 1]
        marks, self.marks = self.marks, ""
        opened = [(a, self.open(n), n) for a, n in e.axes]
        self.counters = counters | {a: c for a, c, _ in opened}
        arg = self.numeric(self.expr(e.arg))
        innermost = len(self.depths) - 1
        total, t = self.allocate("f", arg.wide), self.type("f", arg.wide)
        first = {"sum": 0.0, "prod": 1.0, "vmin": float("inf"), "vmax": float("-inf")}[e.op]
        begin = self.widen(self.real(first)) if arg.wide else self.real(first)
        self.put(depth, f"store {self.of(begin)}, ptr {total}, align 64")
        so_far = self.new(f"load {t}, ptr {total}, align 64", "f", arg.wide, innermost)
        if e.op in ("sum", "prod"):
            value = self.binary("fadd" if e.op == "sum" else "fmul", so_far, arg)
        else:
            value = self.extreme("min" if e.op == "vmin" else "max", arg, so_far)
        self.put(innermost, f"store {self.of(value)}, ptr {total}, align 64")
        for _, counter, n in reversed(opened):
            self.close(counter, n)
        self.depths, self.counters, self.marks = outer, counters, marks
        return self.new(f"load {t}, ptr {total}, align 64", "f", arg.wide, depth)

    # lookups ----------------------------------------------------------------------------------

    def _look(self, e: Look) -> Value:
        variable = self.plan.model.variables[e.name]
        curves = variable.curves
        n = max(len(c.x) for c in curves)
        kind = next(c.kind for c in curves if c.x)
        xs, ys, slopes = _knots(curves, n, kind)
        x = self.numeric(self.expr(e.arg))
        row = self._index(e.at, variable.shape, self.whole(0))
        base = self._known("mul nsw", row, self.whole(n)) if row.text != "0" else row
        tables = [self.constants.array("f", t) for t in (xs, ys, slopes)]
        if kind != "extrapolate":
            low = self._read(tables[0], base)
            last = tuple(max(v for v in c.x) if c.x else 0.0 for c in curves)
            high = self._read(self.constants.array("f", last), row)
            x = self.select(self.compare("fcmp olt", x, low), low, x)
            x = self.select(self.compare("fcmp ogt", x, high), high, x)
        place = self._search(tables[0], base, n, x)
        flat = self.binary("add nsw", place, base)
        depth = flat.depth
        y = self.gather(tables[1], flat, depth)
        if kind == "hold_backward":
            return y
        gap = self.binary("fsub", x, self.gather(tables[0], flat, depth))
        return self.binary("fadd", y, self.binary("fmul", gap, self.gather(tables[2], flat, depth)))

    def _search(self, xs: str, base: Value, n: int, x: Value) -> Value:
        """Number of the last knot at or below x; 0 when x lies below all."""
        place = self.widen(self.whole(0)) if x.wide else self.whole(0)
        if n < SEARCH_BY_HALVES_FROM:
            for k in range(1, n):
                knot = self._read(xs, self._plus(base, k))
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
                one = self.binary("mul nsw", one, self.whole(self.width))
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


def _knots(curves: list, n: int, kind: str) -> tuple[tuple[float, ...], ...]:
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
