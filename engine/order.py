"""Statements to compute, what each needs, and an order in which to compute them.

A statement computes one box of elements of one variable in one phase:

- `constant`: once per run, from constants only;
- `initial`: once per run at the initial time, in dependency order of the initial values;
- `step`: at every time step.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from engine.errors import CycleError
from engine.evaluate import element
from engine.ir import (
    At,
    Component,
    Expr,
    Look,
    Model,
    Num,
    Random,
    Reduce,
    Ref,
    Root,
    Values,
    children,
    rebuild,
    substitute,
)
from engine.ir import Call as Operation

Phase = Literal["constant", "initial", "step"]
Role = Literal["value", "start", "next", "push", "past"]
EXPLODE_AT_MOST = 20_000


@dataclass(slots=True, eq=False)
class Statement:
    """One box of one variable. `role`: value of an auxiliary; start and next value of a stock or
    register; push to and read (past) from the history of a DELAY FIXED."""

    phase: Phase
    name: str
    role: Role
    component: Component
    expr: Expr
    needs: list[Statement] = field(default_factory=list)
    refs: list[tuple[Ref, dict[int, int]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.refs = list(references(self.expr, self.phase))

    @property
    def sizes(self) -> tuple[int, ...]:
        """Lengths of the loops around the statement."""
        return self.component.sizes

    @property
    def target(self) -> tuple[At, ...]:
        """Where the value goes."""
        return self.component.target


def references(e: Expr, phase: Phase) -> Iterator[tuple[Ref, dict[int, int]]]:
    """References that `e` makes when evaluated in `phase`, with sizes of the reductions around."""

    def visit(e: Expr, sizes: dict[int, int]) -> Iterator[tuple[Ref, dict[int, int]]]:
        match e:
            case Ref():
                yield e, sizes
            case Operation(op="active_initial", args=(value, start)):
                yield from visit(start if phase == "initial" else value, sizes)
            case Operation(args=args):
                for a in args:
                    yield from visit(a, sizes)
            case Reduce(axes=axes, arg=arg):
                yield from visit(arg, sizes | dict(axes))
            case Look(arg=arg):
                yield from visit(arg, sizes)
            case Root() | Random():
                for part in children(e):
                    yield from visit(part, sizes)

    return visit(e, {})


def _covers(at: tuple[At, ...], sizes: dict[int, int]) -> list[frozenset[int]]:
    return [_places(a, 1 if a.axis < 0 else sizes[a.axis]) for a in at]


_PLACES: dict[tuple[At, int], frozenset[int]] = {}


def _places(at: At, size: int) -> frozenset[int]:
    found = _PLACES.get((at, size))
    if found is None:
        found = frozenset(at.table or range(at.first, at.first + size))
        _PLACES[at, size] = found
    return found


def link(statements: list[Statement]) -> None:
    """Fill in `needs` among statements of one phase: those that write what another one reads."""
    writers: dict[str, list[Statement]] = {}
    for s in statements:
        if s.role in ("value", "past") or (s.phase == "initial" and s.role == "start"):
            writers.setdefault(s.name, []).append(s)
    written = {
        id(s): _covers(s.target, dict(enumerate(s.sizes))) for ss in writers.values() for s in ss
    }
    for s in statements:
        needs: dict[int, Statement] = {}
        for ref, inner in s.refs:
            candidates = writers.get(ref.name, [])
            if len(candidates) == 1:
                needs[id(candidates[0])] = candidates[0]
                continue
            read = _covers(ref.at, dict(enumerate(s.sizes)) | inner) if candidates else []
            for w in candidates:
                if all(a & b for a, b in zip(read, written[id(w)], strict=True)):
                    needs[id(w)] = w
        s.needs = list(needs.values())


def acyclic(statements: list[Statement], model: Model, phase: Phase) -> list[Statement]:
    """The statements, linked, with those in cycles taken apart element by element.

    Raises CycleError when a cycle remains among single elements.
    """
    link(statements)
    loops = _cycles(statements)
    if not loops:
        return statements
    members = {id(s) for loop in loops for s in loop}
    _refuse_large(loops, model, phase)
    taken = [
        part for s in statements for part in (explode(s) if id(s) in members and s.sizes else [s])
    ]
    link(taken)
    left = _cycles(taken)
    if left:
        raise CycleError(phase, _spell(left[0], model))
    return taken


def _refuse_large(loops: list[list[Statement]], model: Model, phase: Phase) -> None:
    for loop in loops:
        count = 0
        for s in loop:
            n = 1
            for size in s.sizes:
                n *= size
            count += n
        if count > EXPLODE_AT_MOST or all(not s.sizes for s in loop):
            raise CycleError(phase, _spell(loop, model))


def explode(s: Statement) -> list[Statement]:
    """One statement per element."""
    out = []
    for place in itertools.product(*(range(n) for n in s.sizes)):

        def fix(at: At, place: tuple[int, ...] = place) -> At:
            if at.axis < 0 or at.axis >= len(place):
                return at
            i = place[at.axis]
            return At(-1, at.table[i] if at.table else at.first + i)

        def change(e: Expr, place: tuple[int, ...] = place, fix=fix) -> Expr:
            if isinstance(e, Values):
                flat = 0
                for p, n in zip(place, e.shape, strict=True):
                    flat = flat * n + p
                return Num(e.values[flat])
            if isinstance(e, Operation):
                return rebuild(e, change)
            return substitute(e, fix)

        old = s.component
        target = tuple(At(-1, p) for p in element(old, place))
        start, delay = (x if x is None else change(x) for x in (old.start, old.delay))
        component = Component(
            (), target, change(old.expr), old.text, start, delay, old.floor_at_zero
        )
        out.append(Statement(s.phase, s.name, s.role, component, change(s.expr)))
    return out


def _cycles(statements: list[Statement]) -> list[list[Statement]]:
    """Strongly connected components with a cycle (Tarjan's algorithm, without recursion)."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[Statement] = []
    on_stack: set[int] = set()
    found = []
    for root in statements:
        if id(root) in index:
            continue
        work = [(root, iter(root.needs))]
        index[id(root)] = low[id(root)] = len(index)
        stack.append(root)
        on_stack.add(id(root))
        while work:
            s, rest = work[-1]
            step = next((n for n in rest if id(n) not in index or id(n) in on_stack), None)
            if step is None:
                work.pop()
                if work:
                    parent = id(work[-1][0])
                    low[parent] = min(low[parent], low[id(s)])
                if low[id(s)] == index[id(s)]:
                    loop = []
                    while not loop or loop[-1] is not s:
                        loop.append(stack.pop())
                        on_stack.discard(id(loop[-1]))
                    if len(loop) > 1 or s in s.needs:
                        found.append(loop)
            elif id(step) in index:
                low[id(s)] = min(low[id(s)], index[id(step)])
            else:
                index[id(step)] = low[id(step)] = len(index)
                stack.append(step)
                on_stack.add(id(step))
                work.append((step, iter(step.needs)))
    return found


def _spell(loop: list[Statement], model: Model) -> list[str]:
    """A shortest way round the loop from its first statement, as names with elements."""
    members = {id(s) for s in loop}
    start = loop[-1]
    came: dict[int, Statement] = {}
    queue = [start]
    for s in queue:
        for n in s.needs:
            if n is start:
                path = [s]
                while path[-1] is not start:
                    path.append(came[id(path[-1])])
                return [_label(p, model) for p in [start, *path]][::-1]
            if id(n) in members and id(n) not in came:
                came[id(n)] = s
                queue.append(n)
    return [_label(s, model) for s in loop]


def _label(s: Statement, model: Model) -> str:
    v = model.variables[s.name]
    if not s.target or s.sizes or "" in v.dims:
        return v.name
    places = [model.ranges[d][a.first] for d, a in zip(v.dims, s.target, strict=True)]
    return f"{v.name}[{', '.join(places)}]"
