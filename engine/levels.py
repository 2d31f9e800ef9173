"""When values are settled: by constants, at the start, or at every step."""

from __future__ import annotations

from typing import Literal

from engine.ir import Builtin, Call, Expr, Model, Random, Ref, Variable, walk
from engine.order import Statement

Level = Literal["constant", "initial", "step"]
RANK: dict[Level, int] = {"constant": 0, "initial": 1, "step": 2}


def levels_of(model: Model, time_varying: frozenset[str]) -> dict[str, Level]:
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
        last = level if RANK[level] > RANK[last] else last
    return last


def _moves(e: Expr) -> bool:
    return (
        isinstance(e, Random)
        or (isinstance(e, Builtin) and e.name == "time")
        or (isinstance(e, Call) and e.op == "active_initial")
    )


def early(
    statements: list[Statement], levels: dict[str, Level], still: frozenset[str], begun: set[str]
) -> list[Statement]:
    """Statements of a step that compute the same at each, from constants and what is `still`, as
    such of the phase before all steps. `begun`: what the start computes in its own way."""
    if not still:
        return []
    known = still | {n for n, level in levels.items() if level == "constant"}
    late = begun | {s.name for s in statements if s.role != "value"}
    late |= {s.name for s in statements if any(_runs(x) for x in walk(s.expr))}
    readers: dict[str, set[str]] = {}
    for s in statements:
        for r, _ in s.refs:
            readers.setdefault(r.name, set()).add(s.name)
    own = {s.name for s in statements}
    todo = [*late, *(n for n in readers if n not in known and n not in own)]
    while todo:
        new = readers.get(todo.pop(), set()) - late
        late |= new
        todo += new
    return [
        Statement("constant", s.name, "value", s.component, s.expr)
        for s in statements
        if s.name not in late
    ]


def _runs(e: Expr) -> bool:
    """Whether an expression may change as a run goes, whatever it is computed from."""
    return isinstance(e, Builtin) or _moves(e)
