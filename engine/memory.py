"""Where every value lives while a block of runs is computed.

Areas: `flat` holds one number per element for all runs; `work`, `state` and `history` hold one
per run. Constants and whatever follows from them keep their place for the whole run. Values that
are computed anew at every step share places: one starts where another is no longer needed, which
keeps a block within the processor's cache.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import numpy as np

from engine.evaluate import default
from engine.fuse import Group, functions
from engine.ir import At, Model, Variable
from engine.order import Phase
from engine.passes import outer, together

PHASES: tuple[Phase, ...] = ("constant", "initial", "step")


@dataclass(frozen=True, slots=True)
class Slot:
    """Place of a variable: its area, first element there, and number of elements; `without`: the
    dimension of which only the elements of one block of a pass are needed, or -1."""

    area: str
    first: int
    size: int
    without: int = -1


@dataclass(slots=True)
class Memory:
    """All places. `lasting` ones are the same in all phases, `passing` ones differ by phase;
    `parameters` and `series` (data, constants given over time) are filled from outside, with
    `defaults` per area. `sizes`: elements of each area; `stocks`: of those in the state, which
    come before the values that are only held."""

    lasting: dict[str, Slot] = field(default_factory=dict)
    passing: dict[Phase, dict[str, Slot]] = field(default_factory=dict)
    parameters: list[str] = field(default_factory=list)
    series: list[str] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(AREAS, 0))
    stocks: int = 0
    defaults: dict[str, np.ndarray] = field(default_factory=dict)

    def slot(self, name: str, phase: Phase = "step") -> Slot | None:
        """Place of a variable in a phase; None for what never leaves the registers."""
        found = self.passing.get(phase, {}).get(name)
        return found or self.lasting.get(name)

    def place(self, name: str, area: str, size: int) -> None:
        """Give a variable a lasting place at the end of an area."""
        self.lasting[name] = Slot(area, self.sizes[area], size)
        self.sizes[area] += size


AREAS = ("flat", "work", "state", "history")


def lay_out(
    model: Model,
    phases: dict[Phase, list[Group]],
    seen: list[str],
    kept: set[str],
    moving: set[str],
    wide: set[str],
    time_varying: frozenset[str],
    turn: int,
) -> Memory:
    """Place all variables in `seen`. `kept` can be saved; `moving` are computed at every step;
    `wide` may differ between runs."""
    memory, variables = Memory(), model.variables
    given = sorted(n for n in seen if variables[n].kind in ("constant", "data"))
    memory.series = [n for n in given if n in time_varying or variables[n].kind == "data"]
    memory.parameters = [n for n in given if n not in memory.series]
    for name in [*memory.parameters, *memory.series]:
        memory.place(name, "work" if name in wide else "flat", variables[name].size)
    for area in ("flat", "work"):
        values = [
            default(variables[n]).reshape(-1) for n, s in memory.lasting.items() if s.area == area
        ]
        memory.defaults[area] = np.concatenate(values) if values else np.zeros(0)
    stored = _stored(phases)
    for kind in ("stock", "register"):
        for name in seen:
            if variables[name].kind == kind:
                memory.place(name, "state", variables[name].size)
        memory.stocks = memory.stocks if kind == "register" else memory.sizes["state"]
    for name in seen:
        v = variables[name]
        if name in stored and name not in memory.lasting:
            if name not in wide:
                memory.place(name, "flat", v.size)
            elif name not in moving or not defined(v).all():
                memory.place(name, "work", v.size)
        if v.kind == "delay":
            memory.place(name + "@history", "history", v.size)
    base = memory.sizes["work"]
    for phase in ("initial", "step"):
        ahead = _ahead(phases[phase], turn) if phase == "step" and turn >= 0 else set()
        slots, end = _share(model, phases[phase], kept, memory, base, ahead)
        memory.passing[phase] = slots
        memory.sizes["work"] = max(memory.sizes["work"], end)
    return memory


def _ahead(groups: list[Group], turn: int) -> set[str]:
    """What is computed up to the first pass, which may begin before the last step has ended."""
    begun = functions(groups)[: turn + 1]
    return {s.name for some in begun for g in some for s in g.statements}


def _stored(phases: dict[Phase, list[Group]]) -> set[str]:
    groups = itertools.chain.from_iterable(phases.values())
    return {s.name for g in groups for s in g.statements if g.stores(s) and s.role != "push"}


def _share(
    model: Model,
    groups: list[Group],
    kept: set[str],
    memory: Memory,
    base: int,
    ahead: set[str],
) -> tuple[dict[str, Slot], int]:
    """Places from `base` on for the values of one phase, each for as long as it is read; those that
    the next step computes `ahead` of the end of one keep theirs."""
    first, last = _lives(groups, kept, memory)
    last |= {n: len(groups) for n in first.keys() & ahead}
    without = {n: d for n, d in _passing(groups, kept).items() if n in first}
    sizes = {n: model.variables[n].size for n in first}
    for name, dimension in without.items():
        length = model.variables[name].shape[dimension]
        sizes[name] = sizes[name] // length * together(length)
    for name in first:
        first[name], last[name] = _whole(groups, first[name], last[name], name in without)
    free: list[tuple[int, int]] = []
    slots: dict[str, Slot] = {}
    end = base
    for i in range(len(groups)):
        for name in sorted(first, key=lambda n: -sizes[n]):
            if first[name] == i:
                at, end = _take(free, sizes[name], end)
                slots[name] = Slot("work", at, sizes[name], without.get(name, -1))
        for name, slot in slots.items():
            if last[name] == i:
                free.append((slot.first, slot.size))
        free[:] = _joined(free)
    return slots, end


def _lives(
    groups: list[Group], kept: set[str], memory: Memory
) -> tuple[dict[str, int], dict[str, int]]:
    """The first and last group between which each value must be remembered."""
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for i, g in enumerate(groups):
        for s in g.statements:
            if g.stores(s) and s.name not in memory.lasting:
                first.setdefault(s.name, i)
                last[s.name] = len(groups) if s.name in kept else i
        for s in g.statements:
            for ref, _ in s.refs:
                if ref.name in first:
                    last[ref.name] = max(last[ref.name], i)
    return first, last


def _passing(groups: list[Group], others: set[str]) -> dict[str, int]:
    """Values that one pass computes and nothing else reads, with the dimension it goes over."""
    writers: dict[str, set[tuple[int, int, At]]] = {}
    readers: dict[str, set[int]] = {}
    for g in groups:
        for s in g.statements:
            dimension = outer(s)
            if s.role == "value" and g.turn >= 0 and dimension >= 0:
                place = g.turn, dimension, s.target[dimension]
            else:
                place = -1, -1, At(-1)
            writers.setdefault(s.name, set()).add(place)
            for ref, _ in s.refs:
                readers.setdefault(ref.name, set()).add(g.turn)
    found = {}
    for name, places in writers.items():
        turn, dimension, _ = next(iter(places))
        local = len(places) == 1 and turn >= 0 and readers.get(name, set()) <= {turn}
        if local and name not in others:
            found[name] = dimension
    return found


def _whole(groups: list[Group], first: int, last: int, local: bool) -> tuple[int, int]:
    """The span of groups, widened to whole passes, or stages of one for what only that needs:
    those return to their first group."""

    def part(i: int) -> tuple[int, int]:
        return groups[i].turn, groups[i].stage if local else 0

    while first > 0 and part(first) == part(first - 1) and groups[first].turn >= 0:
        first -= 1
    while last < len(groups) - 1 and part(last) == part(last + 1) and groups[last].turn >= 0:
        last += 1
    return first, last


def _take(free: list[tuple[int, int]], size: int, end: int) -> tuple[int, int]:
    """First element of the smallest hole that is large enough, or of new memory at `end`."""
    fits = [hole for hole in free if hole[1] >= size]
    if not fits:
        return end, end + size
    hole = min(fits, key=lambda h: h[1])
    free.remove(hole)
    if hole[1] > size:
        free.append((hole[0] + size, hole[1] - size))
    return hole[0], end


def _joined(holes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for start, size in sorted(holes):
        if out and out[-1][0] + out[-1][1] == start:
            out[-1] = (out[-1][0], out[-1][1] + size)
        else:
            out.append((start, size))
    return out


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
