"""What must be computed for the wanted outputs, when, and where every value lives."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from engine.effort import operations
from engine.factor import factored
from engine.fuse import Group, group
from engine.inline import inlined
from engine.ir import Builtin, Call, Component, Expr, Model, Num, Random, Ref, Variable, walk
from engine.memory import PHASES, Memory, defined, lay_out
from engine.order import Phase, Role, Statement, acyclic, link
from engine.switches import switched
from engine.unroll import hoisted, unrolled

LANES = 8
REGISTERS = 32  # vectors that the largest processors hold
# Operations of a step, and more for each stock, as stocks need not wait for one another: the
# processor then begins with the next vector before it ends one.
BRIEF, MORE = 100, 4
AT_ONCE = 1920  # operations in all vectors of a block: beyond that they only take room from another
Level = Literal["constant", "initial", "step"]
_RANK: dict[Level, int] = {"constant": 0, "initial": 1, "step": 2}


@dataclass(slots=True)
class Plan:
    """The groups of statements of each phase, and the memory they use. `kept` can be saved."""

    model: Model
    phases: dict[Phase, list[Group]]
    memory: Memory
    kept: list[str]
    runge_kutta: bool = False
    operations: int = 1
    defined: dict[str, np.ndarray] = field(default_factory=dict)
    state_checked: np.ndarray = field(default_factory=lambda: np.zeros(0, int))
    kept_places: dict[tuple[str, ...], tuple[np.ndarray, int, np.ndarray, np.ndarray]] = field(
        default_factory=dict
    )

    @property
    def width(self) -> int:
        """Runs in one block: one vector, or up to eight where each instruction of a step would
        wait for the one before; with the state in registers no more than those hold."""
        room = REGISTERS // self._held if self.short else AT_ONCE // self.operations
        return LANES << min(3, max(1, room).bit_length() - 1)

    @property
    def short(self) -> bool:
        """Whether the state stays in registers from one step to the next (see `registers`)."""
        brief = self.operations <= BRIEF + MORE * self.memory.sizes["state"]
        return brief and 0 < self._held <= REGISTERS

    @property
    def _held(self) -> int:
        """Elements that a step holds throughout: the state, and with Runge-Kutta the next one."""
        return self.memory.sizes["state"] * (2 if self.runge_kutta else 1)


def make(
    model: Model,
    outputs: list[str],
    time_varying: frozenset[str],
    varying: frozenset[str],
    runge_kutta: bool = False,
    shared: bool = False,
) -> Plan:
    """Plan the computation of `outputs` (keys). `time_varying`: constants that may be given as
    paths over time; `varying`: parameters that may differ between runs; `shared`: whether nests
    share passes over the first subscript, which is faster for blocks of runs. Raises CycleError."""
    levels = _levels(model, time_varying)
    needed = _Needs(model, levels)
    for name in outputs:
        needed.value(name, "step")
    kept = set(outputs)
    statements: dict[Phase, list[Statement]] = {
        p: acyclic(needed.statements[p], model, p) for p in PHASES
    }
    step = switched(statements["step"], model.variables, levels)
    step = inlined(step, model.variables)
    step, made = factored(step, model.variables, levels)
    model = replace(model, variables=model.variables | made)
    levels |= dict.fromkeys(made, "constant")
    seen = [*needed.seen, *made]
    for v in made.values():
        s = Statement("constant", v.name, "value", v.components[0], v.components[0].expr)
        statements["constant"].append(s)
    link(statements["constant"])
    if shared:
        step = unrolled(step)
        model, step, new = hoisted(model, step)
        levels |= dict.fromkeys(new, "step")
        seen += new
    statements["step"] = step = _read(step, kept)
    wide = _wide(model, varying)
    read_across = _read_across(statements, levels)
    phases: dict[Phase, list[Group]] = {}
    for phase in PHASES:
        phases[phase] = group(statements[phase], shared and phase == "step", wide)
        for g in phases[phase]:
            g.keep = read_across | (kept if phase != "initial" else _settled(kept, levels))
    moving = {n for n, level in levels.items() if level == "step"}
    memory = lay_out(model, phases, seen, kept, moving, wide, time_varying)
    plan = Plan(model, phases, memory, sorted(outputs), runge_kutta, operations(phases["step"]))
    # what only starts something else has a place in the state, but is never changed there
    changed = {s.name for g in phases["step"] for s in g.statements if s.role == "next"}
    places = [memory.lasting[n].first + checked(plan, [n]) for n in memory.lasting if n in changed]
    plan.state_checked = np.concatenate([np.zeros(0, int), *places])
    return plan


def _read(statements: list[Statement], kept: set[str]) -> list[Statement]:
    """The statements, linked, without those that compute what nothing reads."""
    link(statements)
    todo = [s for s in statements if s.role != "value" or s.name in kept]
    needed = set(map(id, todo))
    while todo:
        new = [n for n in todo.pop().needs if id(n) not in needed]
        needed |= set(map(id, new))
        todo += new
    return [s for s in statements if id(s) in needed]


def _settled(names: set[str], levels: dict[str, Level]) -> set[str]:
    return {n for n in names if levels[n] != "step"}


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
                found: list[Level] = [levels.get(r, "step") for r in refs if r != name]
                if any(_moves(x) for c in v.components for x in walk(c.expr)):
                    found.append("step")
                level = _latest(found)
            levels[name] = level
            stack.pop()
    return levels


def _latest(levels: list[Level]) -> Level:
    last: Level = "constant"
    for level in levels:
        last = level if _RANK[level] > _RANK[last] else last
    return last


def _moves(e: Expr) -> bool:
    return (
        isinstance(e, Random)
        or (isinstance(e, Builtin) and e.name == "time")
        or (isinstance(e, Call) and e.op == "active_initial")
    )


class _Needs:
    """Collects the statements that outputs need, following references through the phases."""

    def __init__(self, model: Model, levels: dict[str, Level]) -> None:
        self.model, self.levels = model, levels
        self.statements: dict[Phase, list[Statement]] = {p: [] for p in PHASES}
        self.seen: dict[str, None] = {}
        self._done: set[tuple[Phase, str]] = set()
        self._todo: list[tuple[str, Phase]] = []

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
        self._todo.extend((r.name, phase) for r, _ in s.refs)


def _read_across(statements: dict[Phase, list[Statement]], levels: dict[str, Level]) -> set[str]:
    """Variables that are settled in one phase and read in a later one."""
    return {
        r.name
        for phase in PHASES
        for s in statements[phase]
        for r, _ in s.refs
        if _RANK[levels[r.name]] < _RANK[phase]
    }


def _wide(model: Model, given: frozenset[str]) -> set[str]:
    """Variables that may differ between runs when the parameters `given` do: those, the stocks
    and whatever keeps a memory, and all that is computed from any of them."""
    users: dict[str, set[str]] = {}
    for name, v in model.variables.items():
        for c in v.components:
            for part in (c.expr, c.start, c.delay):
                for x in walk(part) if part is not None else ():
                    if isinstance(x, Ref):
                        users.setdefault(x.name, set()).add(name)
    memory = [n for n, v in model.variables.items() if v.kind in ("stock", "register", "delay")]
    todo = [*given, *memory]
    wide = set(todo)
    while todo:
        new = users.get(todo.pop(), set()) - wide
        wide |= new
        todo += new
    return wide


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
