"""Passes over the first subscript: what can be done for one of its elements after another.

Most equations of a model with regions need, for one region, only what was computed for that
region; all of these share one loop over regions, and what nothing else reads needs room for one
region only, which keeps it in the processor's nearest cache. A sum over regions ends a pass. Inside
it goes block by block, so that powers of several regions can be computed together (see `waves`).
"""

from __future__ import annotations

from engine.ir import Reduce
from engine.order import Statement

MOST = 6  # elements of a block: as many as keep what it remembers in the nearest cache


def passes(statements: list[Statement], wide: set[str]) -> list[list[Statement]]:
    """Split linked, acyclic statements of one phase into passes, in the order of computation.

    All statements of a pass have the same first loop, or no loops. What is the same for all runs
    takes little time and comes first, so that what differs needs few passes; `wide`: its names.
    """

    def kind(s: Statement) -> tuple[bool, int]:
        return s.name in wide, s.sizes[0] if s.sizes else 0

    users = _users(statements)
    missing = {id(s): len(s.needs) for s in statements}
    ready = [s for s in statements if not missing[id(s)]]
    turns: list[list[Statement]] = []
    turn_of: dict[int, int] = {}
    while ready:
        same = min(kind(s) for s in ready)
        turn: list[Statement] = []
        queue = [s for s in ready if kind(s) == same]
        while queue:
            s = queue.pop(0)
            if not all(turn_of.get(id(n)) != len(turns) or beside(s, n) for n in s.needs):
                continue
            turn.append(s)
            turn_of[id(s)] = len(turns)
            ready.remove(s)
            for u in users.get(id(s), []):
                missing[id(u)] -= 1
                if not missing[id(u)]:
                    ready.append(u)
                    if kind(u) == same:
                        queue.append(u)
        turns.append(turn)
    return _late(turns, turn_of, users, [kind(turn[0]) for turn in turns])


def beside(reader: Statement, writer: Statement) -> bool:
    """Whether each element of the first loop of `reader` needs of `writer` what that computes for
    the same element."""
    axis = outer(writer)
    if not reader.sizes:
        return not writer.sizes
    return axis >= 0 and all(
        ref.at[axis] == writer.target[axis] for ref, _ in reader.refs if ref.name == writer.name
    )


def outer(s: Statement) -> int:
    """The dimension of a variable that the first loop of a statement goes over, or -1."""
    return next((i for i, at in enumerate(s.target) if at.axis == 0), -1)


def together(size: int) -> int:
    """How many elements of a pass of this length are a block: as even ones as can be."""
    return -(-size // -(-size // MOST))


def _users(statements: list[Statement]) -> dict[int, list[Statement]]:
    users: dict[int, list[Statement]] = {}
    for s in statements:
        for n in s.needs:
            users.setdefault(id(n), []).append(s)
    return users


def _late(
    turns: list[list[Statement]],
    turn_of: dict[int, int],
    users: dict[int, list[Statement]],
    kinds: list[tuple[bool, int]],
) -> list[list[Statement]]:
    """Move values to the pass that first reads them, where that goes over the same subscript: they
    need not be remembered until then, unlike what they are computed from where they are sums. The
    parts of one stock move to the last of them."""
    complete: dict[str, int] = {}
    for i, turn in enumerate(turns):
        complete |= {s.name: i for s in turn if s.role == "next"}
    for turn in reversed(turns):
        for s in reversed(list(turn)):
            readers = users.get(id(s), [])
            if s.role == "next":
                until, near = complete[s.name], True
            elif s.role == "value" and readers and not isinstance(s.expr, Reduce):
                until = min(turn_of[id(u)] for u in readers)
                near = all(beside(u, s) for u in readers if turn_of[id(u)] == until)
            else:
                continue
            start = turn_of[id(s)]
            fitting = [
                i
                for i in range(start + 1, until + 1)
                if kinds[i] == kinds[start] and (i < until or near)
            ]
            if fitting:
                turn.remove(s)
                turns[fitting[-1]].append(s)
                turn_of[id(s)] = fitting[-1]
    return [turn for turn in turns if turn]
