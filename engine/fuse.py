"""Statements that share loops are put into one loop nest, so that values pass in registers.

A statement may join a nest when everything it reads was computed in earlier nests, or in this
one at the very element that the nest is at. Small nests are scheduled first: the large ones then
find most of their inputs ready and grow as long as possible.

For blocks of runs, nests that go over the same first subscript are put into one pass: they share
the loop over it (see `passes`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from engine.ir import Reduce, Ref, Root, walk
from engine.order import Statement
from engine.passes import passes

MOST_STATEMENTS = 500


@dataclass(slots=True)
class Group:
    """Statements in one loop nest of `sizes`. `keep`: variables read outside of the nest;
    `turn`: number of the pass that it belongs to, -1 for none."""

    sizes: tuple[int, ...]
    statements: list[Statement] = field(default_factory=list)
    keep: set[str] = field(default_factory=set)
    read_later: set[str] = field(default_factory=set)
    turn: int = -1

    def stores(self, s: Statement) -> bool:
        """Whether the value of `s` must go to memory."""
        return s.role != "value" or s.name in self.keep or s.name in self.read_later


def group(
    statements: list[Statement], shared: bool = False, wide: set[str] | None = None
) -> list[Group]:
    """Order linked, acyclic statements of one phase and fuse them. `shared`: into passes, those of
    what is in `wide` apart from those of what is the same for all runs."""
    groups: list[Group] = []
    for turn, part in enumerate(passes(statements, wide or set()) if shared else [statements]):
        new = _nests(part)
        if shared and part[0].sizes:
            for g in new:
                g.turn = turn
        groups += new
    _mark_reads(groups)
    return groups


def _nests(statements: list[Statement]) -> list[Group]:
    """Order statements whose other inputs are ready and fuse them."""
    inside = {id(s) for s in statements}
    users: dict[int, list[Statement]] = {}
    missing = {id(s): sum(id(n) in inside for n in s.needs) for s in statements}
    for s in statements:
        for n in s.needs:
            users.setdefault(id(n), []).append(s)
    ready = [s for s in statements if not missing[id(s)]]
    groups: list[Group] = []
    while ready:
        shape = min((_key(s) for s in ready), key=lambda k: (math.prod(k[0]), k))
        g = Group(shape[0])
        members: set[int] = set()
        queue = [s for s in ready if _key(s) == shape]
        while queue and len(g.statements) < MOST_STATEMENTS:
            # outside of loops what a value is for follows it, while it is in a register
            s = queue.pop(0 if g.sizes else -1)
            if not _aligned(s, g, members):
                continue
            g.statements.append(s)
            members.add(id(s))
            ready.remove(s)
            for u in users.get(id(s), []):
                missing[id(u)] -= 1
                if not missing[id(u)]:
                    ready.append(u)
                    if _key(u) == shape:
                        queue.append(u)
        groups.append(g)
    return groups


def _key(s: Statement) -> tuple[tuple[int, ...], bool]:
    """Loop lengths, and whether there are loops inside: those keep others from vectorising."""
    return s.sizes, any(isinstance(x, Reduce | Root) for x in walk(s.expr))


def _aligned(s: Statement, g: Group, members: set[int]) -> bool:
    inside = [n for n in s.needs if id(n) in members]
    if not inside:
        return True
    names = {n.name: n for n in inside}
    if len(names) != len(inside):
        return False
    return all(
        not inner and ref.at == names[ref.name].target for ref, inner in s.refs if ref.name in names
    )


def _apart(writer: Statement, ref: Ref) -> bool:
    """Whether a statement writes another element than the one that is read."""
    pairs = zip(writer.target, ref.at, strict=True)
    return any(a.axis < 0 and b.axis < 0 and a.first != b.first for a, b in pairs)


def _mark_reads(groups: list[Group]) -> None:
    """A value must be stored when another nest, or another element of this one, reads it."""
    writers: dict[str, list[tuple[Group, Statement]]] = {}
    for g in groups:
        for s in g.statements:
            writers.setdefault(s.name, []).append((g, s))
    for g in groups:
        for s in g.statements:
            for ref, inner in s.refs:
                for other, writer in writers.get(ref.name, []):
                    if _apart(writer, ref):
                        continue
                    near = other is g and not inner
                    # what is computed outside of the inner loops of a pass is still at hand
                    near |= other.turn == g.turn >= 0 and len(other.sizes) == 1
                    if not near or writer.target != ref.at:
                        other.read_later.add(ref.name)
