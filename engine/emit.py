"""Groups of statements to functions: loops, stores, and the next state."""

from __future__ import annotations

from collections import Counter

from engine.beside import Beside
from engine.code import Value
from engine.fuse import Group
from engine.ir import Call, Expr, Ref, children, free_axes, walk
from engine.memory import Slot
from engine.order import Statement
from engine.passes import together

ARGUMENTS = (
    "ptr noalias %flat, ptr noalias %work, ptr noalias %state, ptr noalias %next,"
    " ptr noalias %history, ptr noalias %control, double %time, i64 %step"
)
ACCESS = ", !llvm.access.group !0"
PARALLEL = ", !llvm.loop !1"


class Nest(Beside):
    """Emits one group as a function."""

    def function(self, name: str, groups: list[Group]) -> str:
        """The text of the function that runs a group, or the groups of one pass."""
        if groups[0].turn >= 0:
            self._pass(groups)
        else:
            self._nest(groups[0])
        body = "\n".join([*self.allocations, *self.depths[0].lines])
        return f"define internal void @{name}({ARGUMENTS}) #0 {{\nentry:\n{body}\n  ret void\n}}\n"

    def _nest(self, group: Group, *around: Value) -> None:
        """A group's loops within those of which the counters are given; twice, where what they
        compute depends on a switch that is the same for all runs and elements."""
        switch = self._switch(group)
        if switch is None:
            self._loops(group, *around)
            return
        on = self.truth(self.expr(switch))
        depth, n = len(self.depths) - 1, self.fresh("")[1:]
        code = self.depths[depth]
        known = dict(code.known)
        self.put(depth, f"br i1 {on.text}, label %on{n}, label %off{n}")
        for name, holds in (("on", True), ("off", False)):
            code.lines.append(f"{name}{n}:")
            code.label, code.known = f"{name}{n}", dict(known)
            self.settled[switch] = holds
            self._loops(group, *around)
            self.put(depth, f"br label %after{n}")
        code.lines.append(f"after{n}:")
        code.label, code.known = f"after{n}", known
        del self.settled[switch]

    def _switch(self, group: Group) -> Expr | None:
        """The condition of a branch within a group's loops, where it does not depend on those."""
        if self.width == 1 or not group.sizes:
            return None
        for s in group.statements:
            for e in walk(s.expr):
                if not self.branches(e) or free_axes(children(e)[0]):
                    continue
                if not any(self.per_run(x) for x in walk(children(e)[0])):
                    return children(e)[0]
        return None

    def _loops(self, group: Group, *around: Value) -> None:
        opened = [self.open() for _ in group.sizes[len(around) :]]
        self.counters = dict(enumerate([*around, *opened]))
        self.marks = ACCESS if self.width == 1 and opened else ""
        for s in group.statements:
            self._statement(s, group)
        self._close(opened, group.sizes[len(around) :], PARALLEL if self.marks else "")

    def _pass(self, groups: list[Group]) -> None:
        """The groups of a pass, for several elements of its loop side by side."""
        size = groups[0].sizes[0]
        count = together(size)
        parts = [e for g in groups for s in g.statements for e in walk(s.expr)]
        powers = {e for e in parts if isinstance(e, Call) and e.op == "power"}
        self.asked = Counter(e.args[0] for e in powers)
        self._turns(groups, 0, size // count, count)
        if size % count:
            self._turns(groups, size - size % count, size % count, 1)

    def _turns(self, groups: list[Group], first: int, turns: int, count: int) -> None:
        turn = self.begin(first, count)
        for group in groups:
            if len(group.sizes) > 1:
                for place in self.each():
                    self._nest(group, place)
                continue
            self.reductions([s.expr for s in group.statements])
            for s in group.statements:
                self.powers(s.expr)
                for _ in self.each():
                    self._statement(s, group)
        self.close(turn, turns)

    def _close(self, counters: list[Value], sizes: tuple[int, ...], mark: str = "") -> None:
        """End loops, the innermost first, which alone gets the mark."""
        for counter, size in zip(counters[::-1], sizes[::-1], strict=True):
            self.close(counter, size, mark)
            mark = ""

    def _statement(self, s: Statement, group: Group) -> None:
        innermost = len(self.depths) - 1
        value = self._past(s) if s.role == "past" else self.expr(s.expr)
        value = self.numeric(value)
        area, slot, per_run = self._area(s)
        if s.role == "next" and self.plan.model.variables[s.name].kind == "stock":
            value = self.binary("fmul", value, self.builtin("time_step"))
            if not self.plan.runge_kutta:
                value = self.binary("fadd", self.reference(Ref(s.name, s.target)), value)
            if s.component.floor_at_zero and not self.plan.runge_kutta:
                low = self.compare("fcmp olt", value, self.real(0.0))
                value = self.select(low, self.real(0.0), value)
        if group.stores(s):
            shape = self.plan.model.variables[s.name].shape
            if s.role == "push":
                index = self.index(s.target, shape, self._history_row(slot.first))
            else:
                index = self.within(slot, s.target, shape)
            pointer = self.address(area, index, per_run, innermost)
            self.store(value, pointer, per_run, innermost, self.marks)
        if s.role in ("value", "past", "start"):
            self.depths[innermost].known[Ref(s.name, s.target)] = value

    def _area(self, s: Statement) -> tuple[str, Slot, bool]:
        """Where a statement stores its value: area, place, one per run or not."""
        if s.role == "push":
            return "%history", self.plan.memory.lasting[s.name + "@history"], True
        slot = self.plan.memory.slot(s.name, self.phase)
        if slot is None:
            return "", Slot("", 0, 0), False
        area = "next" if s.role == "next" else slot.area
        return "%" + area, slot, area != "flat"

    def _history_row(self, first: int) -> Value:
        rows = self.plan.memory.sizes["history"]
        row = self.binary("mul nsw", Value("%step", "i"), self.whole(rows))
        return self.binary("add nsw", row, self.whole(first))

    def _past(self, s: Statement) -> Value:
        """Input of a DELAY FIXED some steps ago, or the start value before there is any."""
        assert isinstance(s.expr, Call)
        start, steps = self.expr(s.expr.args[0]), self.expr(s.expr.args[1])
        slot = self.plan.memory.lasting[s.name + "@history"]
        element = self.index(
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
