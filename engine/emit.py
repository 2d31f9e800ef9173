"""Groups of statements to functions: loops, stores, and the next state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from engine.code import Value
from engine.express import Expressions
from engine.fuse import Group
from engine.ir import Call, Expr, Ref, children, free_axes, walk
from engine.memory import Slot
from engine.order import Statement

ARGUMENTS = (
    "ptr noalias %flat, ptr noalias %work, ptr noalias %state, ptr noalias %next,"
    " ptr noalias %history, ptr noalias %control, double %time, i64 %step"
)
GIVEN = (
    "ptr %flat, ptr %work, ptr %state, ptr %next, ptr %history, ptr %control, double %time,"
    " i64 %step"
)
AT_ONCE = 8  # powers: with more the processor would wait for memory instead
BLOCK = ", i64 %base, i64 %first, i64 %end"
ACCESS = ", !llvm.access.group !0"
PARALLEL = ", !llvm.loop !1"


class Nest(Expressions):
    """Emits groups as functions."""

    def function(self, name: str, groups: list[Group], beat: Expr | None = None) -> str:
        """The text of the function that runs a group, or a stage of a pass for a block of its
        elements; `beat`: a condition that holds."""
        if beat is not None:
            self.settled[beat] = True
        arguments = ARGUMENTS
        if groups[0].turn >= 0:
            arguments += BLOCK
            self._stage(groups)
        else:
            self._nest(groups[0])
        body = "\n".join([*self.allocations, *self.depths[0].lines])
        return f"define internal void @{name}({arguments}) #0 {{\nentry:\n{body}\n  ret void\n}}\n"

    def either_form(self, name: str, beat: Expr, inline: str) -> str:
        """The text of a function that runs one form of a stage, as a condition says."""
        on = self.truth(self.expr(beat))
        lines = [*self.depths[0].lines, f"  br i1 {on.text}, label %beat, label %quiet"]
        for form in ("beat", "quiet"):
            given = f"{GIVEN}{BLOCK}"
            lines += [f"{form}:", f"  call void @{name}.{form}({given}){inline}", "  ret void"]
        text = "\n".join(lines)
        return f"define internal void @{name}({ARGUMENTS}{BLOCK}) #0 {{\nentry:\n{text}\n}}\n"

    def _nest(self, group: Group, *around: Value) -> None:
        """A group's loops within those of which the counters are given; twice, where what they
        compute depends on a switch that is the same for all runs and elements."""
        self._either(self._switch(group), lambda: self._loops(group, *around))

    def _either(self, condition: Expr | None, write: Callable[[], None]) -> None:
        """What is written for a condition that holds, and for one that does not."""
        if condition is None:
            write()
            return
        on = self.truth(self.expr(condition))
        depth, n = len(self.depths) - 1, self.fresh("")[1:]
        code = self.depths[depth]
        # what leaves the loops, too, is as the condition says
        known = [dict(outer.known) for outer in self.depths]
        self.put(depth, f"br i1 {on.text}, label %on{n}, label %off{n}")
        for name, holds in (("on", True), ("off", False), ("after", None)):
            code.lines.append(f"{name}{n}:")
            code.label = f"{name}{n}"
            for outer, before in zip(self.depths, known, strict=True):
                outer.known = dict(before)
            if holds is None:
                break
            self.settled[condition] = holds
            write()
            self.put(depth, f"br label %after{n}")
        del self.settled[condition]

    def _switch(self, group: Group) -> Expr | None:
        """The condition of a branch within a group's loops, where it does not depend on those."""
        if self.width == 1 or not group.sizes:
            return None
        parts = (e for s in group.statements for e in walk(s.expr) if self.branches(e))
        conditions = (children(e)[0] for e in parts)
        return next((c for c in conditions if not free_axes(c) and self._may_settle(c)), None)

    def _rare(self, group: Group) -> Expr | None:
        """A condition that only the innermost loop decides, on which several values depend."""
        if self.width == 1 or len(group.sizes) < 2:
            return None
        parts = [e for s in group.statements for e in walk(s.expr)]
        conditions = Counter(e.args[0] for e in parts if isinstance(e, Call) and e.op == "if")
        innermost = {len(group.sizes) - 1}
        found = (c for c, n in conditions.items() if n > 1 and free_axes(c) == innermost)
        return next(filter(self._may_settle, found), None)

    def _may_settle(self, condition: Expr) -> bool:
        """Whether a condition is one for all runs, and not known already."""
        return condition not in self.settled and not any(map(self.per_run, walk(condition)))

    def _loops(self, group: Group, *around: Value) -> None:
        opened = [self.open() for _ in group.sizes[len(around) :]]
        self.counters = dict(enumerate([*around, *opened]))
        self.marks = ACCESS if self.width == 1 and opened else ""

        def write() -> None:
            for s in group.statements:
                if len(s.sizes) < len(group.sizes):
                    self.add_up(s.expr, len(around))
                else:
                    self._statement(s, group)

        self._either(self._rare(group) if opened else None, write)
        self._close(opened, group.sizes[len(around) :], PARALLEL if self.marks else "")

    def _stage(self, groups: list[Group]) -> None:
        """The groups of a stage for the elements of a block in turn."""
        element = self.open()
        self.counters, self.block = {0: element}, Value("%base", "i")
        for group in groups:
            if len(group.sizes) > 1:
                self._with_totals(group, element)
                continue
            if group.powers and self.width > 1:
                powers = [s.expr for s in group.statements]
                for first in range(0, len(powers), AT_ONCE):
                    self.wave(powers[first : first + AT_ONCE])
            for s in group.statements:
                self._statement(s, group)
        self.close(element, "%end", first="%first")

    def _with_totals(self, group: Group, element: Value) -> None:
        """A nest within a stage, and the totals that are added up in it."""
        totals = [s for s in group.statements if len(s.sizes) < len(group.sizes)]
        self.totals = {s.expr: (self.allocate("f", group.wide), group.wide) for s in totals}
        self._nest(group, element)
        self.counters = {0: element}
        for s in totals:
            self.total(s.expr, element.depth)
            self._statement(s, group)

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
