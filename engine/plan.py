"""What must be computed for the wanted outputs, when, and where every value lives."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from engine.effort import operations
from engine.factor import factored
from engine.fuse import Group, functions, group
from engine.inline import inlined
from engine.ir import Call, Component, Expr, Model, Num, Ref, walk
from engine.levels import RANK, Level, early, levels_of
from engine.memory import PHASES, Memory, defined, lay_out
from engine.order import Phase, Role, Statement, acyclic, link
from engine.switches import switched
from engine.turn import turn
from engine.unroll import hoisted, unrolled
from engine.usual import settled
from engine.waves import apart

LANES = 8
REGISTERS = 32  # vectors that the largest processors hold
# Operations of a step, and more for each stock, as stocks need not wait for one another: the
# processor then begins with the next vector before it ends one.
BRIEF, MORE = 100, 4
AT_ONCE = 1920  # operations in all vectors of a block: beyond that they only take room from another


@dataclass(slots=True)
class Plan:
    """The groups of statements of each phase, and the memory they use. `kept` can be saved; `turn`:
    which function of a step may begin before the last has ended, -1 for none (see `turn`)."""

    model: Model
    phases: dict[Phase, list[Group]]
    memory: Memory
    kept: list[str]
    runge_kutta: bool = False
    operations: int = 1
    turn: int = -1
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
    def flat(self) -> int:
        """Room for what is the same for all runs; twice that where a step begins ahead."""
        return -(-max(1, self.memory.sizes["flat"]) // 64) * 64

    @property
    def short(self) -> bool:
        """Whether the state stays in registers from one step to the next (see `registers`)."""
        brief = self.operations <= BRIEF + MORE * self.memory.sizes["state"]
        return brief and 0 < self._held <= REGISTERS

    @property
    def _held(self) -> int:
        """Elements that a step holds throughout: the state, and with Runge-Kutta the next one."""
        return self.memory.sizes["state"] * (2 if self.runge_kutta else 1)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a kernel is for. `varying`: parameters that may differ between runs; `paths`: those that
    may be given over time; `usual`: whether switches have the values of the file."""

    varying: frozenset[str] = frozenset()
    paths: frozenset[str] = frozenset()
    usual: bool = False

    def covers(self, other: Scope) -> bool:
        """Whether a kernel of this scope serves for another."""
        alike = self.usual == other.usual
        return alike and self.varying >= other.varying and self.paths >= other.paths


def make(
    model: Model,
    outputs: list[str],
    time_varying: frozenset[str],
    varying: frozenset[str],
    runge_kutta: bool = False,
    shared: bool = False,
    usual: frozenset[str] = frozenset(),
    still: frozenset[str] = frozenset(),
) -> Plan:
    """Plan the computation of `outputs` (keys). `time_varying`: constants that may be given as
    paths over time; `varying`: parameters that may differ between runs; `shared`: whether nests
    share passes over the first subscript, which is faster for blocks of runs; `usual`: constants
    that have the values of the file; `still`: those of `time_varying` that are no paths this time.
    Raises CycleError."""
    levels = levels_of(model, time_varying)
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
    if usual:
        step = settled(step, model, usual)
    model = replace(model, variables=model.variables | made)
    levels |= dict.fromkeys(made, "constant")
    seen = [*needed.seen, *made]
    for v in made.values():
        s = Statement("constant", v.name, "value", v.components[0], v.components[0].expr)
        statements["constant"].append(s)
    if shared:
        step = unrolled(step)
        model, step, new = hoisted(model, step)
        levels |= dict.fromkeys(new, "step")
        model, step, powers = apart(model, step, levels)
        levels |= dict.fromkeys(powers, "step")
        seen += [*new, *powers]
    step = _read(step, kept)
    begun = {s.name for s in statements["initial"]}
    before = early(step, levels, still, begun)
    levels |= dict.fromkeys({s.name for s in before}, "constant")
    statements["constant"] += before
    link(statements["constant"])
    statements["step"] = [s for s in step if levels[s.name] != "constant"]
    link(statements["step"])
    wide = _wide(model, varying)
    read_across = _read_across(statements, levels)
    phases: dict[Phase, list[Group]] = {}
    for phase in PHASES:
        phases[phase] = group(statements[phase], shared and phase == "step", wide)
        for g in [form for whole in phases[phase] for form in (whole, *whole.quiet)]:
            g.keep = read_across | (kept if phase != "initial" else _settled(kept, levels))
    moving = {n for n, level in levels.items() if level == "step"}
    may_turn = shared and not runge_kutta
    found = turn(functions(phases["step"]), wide) if may_turn else -1
    memory = lay_out(model, phases, seen, kept, moving, wide, time_varying, found)
    plan = Plan(model, phases, memory, sorted(outputs), runge_kutta, operations(phases["step"]))
    plan.turn = -1 if plan.short else found
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
        if v.kind == "auxiliary" and RANK[level] < RANK[phase]:
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
        if RANK[levels[r.name]] < RANK[phase]
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
