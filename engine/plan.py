"""What must be computed for the wanted outputs, when, and where every value lives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from engine.evaluate import default
from engine.fuse import Group, group
from engine.ir import Builtin, Call, Component, Expr, Model, Num, Ref, Variable, walk
from engine.order import Phase, Role, Statement, acyclic

Level = Literal["constant", "initial", "step"]
_RANK: dict[Level, int] = {"constant": 0, "initial": 1, "step": 2}


@dataclass(slots=True)
class Slot:
    """Where a variable lives: `area` work, state or history; `first` element; how many."""

    area: str
    first: int
    size: int


@dataclass(slots=True)
class Plan:
    """The groups of statements of each phase and the layout of memory, in elements.

    `parameters` (constants) and `series` (data, constants given over time) come first in work
    memory and are filled from outside. `kept` can be saved.
    """

    model: Model
    phases: dict[Phase, list[Group]]
    slots: dict[str, Slot]
    parameters: list[str]
    series: list[str]
    kept: list[str]
    levels: dict[str, Level]
    sizes: dict[str, int] = field(default_factory=dict)
    defaults: np.ndarray = field(default_factory=lambda: np.zeros(0))
    defined: dict[str, np.ndarray] = field(default_factory=dict)
    state_checked: np.ndarray = field(default_factory=lambda: np.zeros(0, int))


def make(model: Model, outputs: list[str], time_varying: frozenset[str]) -> Plan:
    """Plan the computation of `outputs` (keys). `time_varying`: constants that may be given as
    paths over time. Raises CycleError."""
    levels = _levels(model, time_varying)
    needed = _Needs(model, levels)
    for name in outputs:
        needed.value(name, "step")
    phases: dict[Phase, list[Group]] = {}
    kept = set(outputs)
    phases_of: dict[Phase, list[Statement]] = {
        p: acyclic(needed.of(p), model, p) for p in ("constant", "initial", "step")
    }
    read_across = _read_elsewhere(phases_of, levels)
    for phase, statements in phases_of.items():
        phases[phase] = group(statements)
        for g in phases[phase]:
            g.keep = kept | read_across[phase]
    plan = Plan(model, phases, {}, [], [], sorted(outputs), levels)
    _lay_out(plan, needed.seen, time_varying)
    return plan


def _levels(model: Model, time_varying: frozenset[str]) -> dict[str, Level]:
    """When each variable's value is settled: by constants, at the start, or at every step."""
    levels: dict[str, Level] = {}

    def own(v: Variable, name: str) -> Level | None:
        if name in time_varying or v.kind in ("stock", "register", "delay", "data"):
            return "step"
        if v.kind in ("constant", "lookup"):
            return "constant"
        if v.kind == "initial":
            return "initial"
        return None

    for root in model.variables:
        stack = [root]
        open_: set[str] = set()
        while stack:
            name = stack[-1]
            v = model.variables[name]
            level = own(v, name)
            if name in levels:
                stack.pop()
                continue
            if level is None:
                refs = {x.name for c in v.components for x in walk(c.expr) if isinstance(x, Ref)}
                todo = [r for r in refs if r not in levels and r not in open_ and r != name]
                if todo:
                    open_.add(name)
                    stack += todo
                    continue
                found = [levels.get(r, "step") for r in refs if r != name]
                if any(_moves(x) for c in v.components for x in walk(c.expr)):
                    found.append("step")
                level = max(found, key=_RANK.__getitem__, default="constant")
            levels[name] = level
            stack.pop()
    return levels


def _moves(e: Expr) -> bool:
    return (isinstance(e, Builtin) and e.name == "time") or (
        isinstance(e, Call) and e.op == "active_initial"
    )


class _Needs:
    """Collects the statements that outputs need, following references through the phases."""

    def __init__(self, model: Model, levels: dict[str, Level]) -> None:
        self.model, self.levels = model, levels
        self.statements: dict[Phase, list[Statement]] = {"constant": [], "initial": [], "step": []}
        self.seen: dict[str, None] = {}
        self._done: set[tuple[Phase, str]] = set()
        self._todo: list[tuple[str, Phase]] = []

    def of(self, phase: Phase) -> list[Statement]:
        return self.statements[phase]

    def value(self, name: str, phase: Phase) -> None:
        """Need the value of `name` in `phase`, and everything that takes."""
        self._todo.append((name, phase))
        while self._todo:
            self._one(*self._todo.pop())

    def _one(self, name: str, phase: Phase) -> None:
        v = self.model.variables[name]
        level = self.levels[name]
        self.seen[name] = None
        if v.kind in ("constant", "data", "lookup"):
            return
        if v.kind == "auxiliary" and _RANK[level] < _RANK[phase]:
            phase = level
        elif v.kind == "initial":
            phase = "initial"
        if (phase, name) in self._done:
            return
        self._done.add((phase, name))
        for c in v.components:
            if v.kind in ("auxiliary", "initial"):
                self._add(phase, name, "value", c, c.expr)
            elif phase == "initial":
                self._add("initial", name, "start", c, c.start or Num(0.0))
            elif v.kind == "delay":
                self._add(
                    "step",
                    name,
                    "past",
                    c,
                    Call("past", (c.start or Num(0.0), c.delay or Num(1.0))),
                )
                self._add("step", name, "push", c, c.expr)
            else:
                self._add("step", name, "next", c, c.expr)
        if phase == "step" and v.kind in ("stock", "register"):
            self._todo.append((name, "initial"))

    def _add(self, phase: Phase, name: str, role: Role, c: Component, expr: Expr) -> None:
        s = Statement(phase, name, role, c, expr)
        self.statements[phase].append(s)
        self._todo += [(r.name, phase) for r, _ in s.refs]


def _read_elsewhere(
    phases: dict[Phase, list[Statement]], levels: dict[str, Level]
) -> dict[Phase, set[str]]:
    """For each phase the variables that later phases read from memory."""
    later: dict[Phase, set[str]] = {"constant": set(), "initial": set(), "step": set()}
    for phase, statements in phases.items():
        for s in statements:
            for r, _ in s.refs:
                if levels[r.name] != phase:
                    later["constant"].add(r.name)
                    later["initial"].add(r.name)
    return later


def _lay_out(plan: Plan, seen: dict[str, None], time_varying: frozenset[str]) -> None:
    variables = plan.model.variables
    given = [n for n in seen if variables[n].kind in ("constant", "data")]
    plan.series = sorted(n for n in given if n in time_varying or variables[n].kind == "data")
    plan.parameters = sorted(set(given) - set(plan.series))
    sizes = {"work": 0, "state": 0, "history": 0}

    def place(name: str, area: str) -> None:
        size = variables[name].size
        plan.slots[name] = Slot(area, sizes[area], size)
        sizes[area] += size

    for name in [*plan.parameters, *plan.series]:
        place(name, "work")
    stored = {
        s.name: None
        for groups in plan.phases.values()
        for g in groups
        for s in g.statements
        if s.role in ("value", "past", "start") and g.stores(s)
    }
    histories = sorted({n for n in seen if variables[n].kind == "delay"})
    for name in seen:
        if variables[name].kind in ("stock", "register"):
            place(name, "state")
        elif name in stored and name not in plan.slots:
            place(name, "work")
    for name in histories:
        plan.slots[name + "@history"] = Slot("history", sizes["history"], variables[name].size)
        sizes["history"] += variables[name].size
    plan.sizes = sizes
    values = [default(variables[n]).reshape(-1) for n in [*plan.parameters, *plan.series]]
    plan.defaults = np.concatenate(values) if values else np.zeros(0)
    plan.state_checked = checked(plan, [n for n, s in plan.slots.items() if s.area == "state"])


def checked(plan: Plan, names: list[str]) -> np.ndarray:
    """Places of the elements that equations define, among those of `names` one after another.

    Data are left out: they may have no value at some times.
    """
    places, offset = [], 0
    for name in names:
        v = plan.model.variables[name]
        if name not in plan.defined:
            plan.defined[name] = np.flatnonzero(defined(v))
        if v.kind != "data":
            places.append(offset + plan.defined[name])
        offset += v.size
    return np.concatenate(places) if places else np.zeros(0, int)


def defined(v: Variable) -> np.ndarray:
    """Which elements of a variable any equation sets, flattened."""
    out = np.zeros(v.shape, bool)
    for c in v.components:
        axes = [
            [a.first] if a.axis < 0 else a.table or range(a.first, a.first + c.sizes[a.axis])
            for a in c.target
        ]
        out[np.ix_(*axes) if axes else ()] = True
    return out.reshape(-1)
