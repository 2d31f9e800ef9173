"""Statements that share loops are put into one loop nest, so that values pass in registers.

A statement may join a nest when everything it reads was computed in earlier nests, or in this
one at the very element that the nest is at. Small nests are scheduled first: the large ones then
find most of their inputs ready and grow as long as possible.

For blocks of runs, nests that go over the same first subscript are put into one pass: they share
the loop over it (see `passes`).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, field

from engine.ir import Expr, Reduce, Ref, Root, children, free_axes, walk
from engine.order import Statement
from engine.passes import passes
from engine.quiet import between_beats
from engine.waves import is_power

MOST_STATEMENTS = 500
Kind = tuple[bool, tuple[int, ...], bool]
"""Of statements that may go together: whether they are powers, their loops, and whether there are
loops inside: those keep others from vectorising."""


@dataclass(slots=True)
class Group:
    """Statements in one loop nest of `sizes`. `keep`: variables read outside of the nest;
    `turn`: number of the pass that it belongs to, -1 for none, and `stage` of which part of it.
    `wide`: whether it computes what differs between runs. Of the first nest of a stage: when `beat`
    does not hold the nests in `quiet` take its place."""

    sizes: tuple[int, ...]
    statements: list[Statement] = field(default_factory=list)
    keep: set[str] = field(default_factory=set)
    read_later: set[str] = field(default_factory=set)
    turn: int = -1
    stage: int = 0
    wide: bool = False
    beat: Expr | None = None
    quiet: list[Group] = field(default_factory=list)

    @property
    def powers(self) -> bool:
        """Whether all of it are powers, to be computed side by side."""
        return self.turn >= 0 and all(map(is_power, self.statements))

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
        inside = shared and bool(part[0].sizes)
        new = _nests(part, inside)
        if inside:
            _number(new, turn)
            for some in stages(new):
                _hush(some, wide or set())
        differs = any(s.name in (wide or set()) for s in part)
        for g in [form for whole in new for form in (whole, *whole.quiet)]:
            g.wide = differs
        groups += new
    _mark_reads(groups)
    for g in groups:
        if g.quiet:
            others = [o for o in groups if (o.turn, o.stage) != (g.turn, g.stage)]
            _mark_reads([*others, *g.quiet])
    return groups


def _number(groups: list[Group], turn: int) -> None:
    """Number the stages of a pass: powers by themselves, and loops with which it begins too, as
    these may be done element by element (see `turn`)."""
    first = groups[0]
    first.turn = turn
    for before, g in itertools.pairwise(groups):
        alone = before is first and len(before.sizes) > 1
        g.turn, g.stage = turn, before.stage + (alone or g.powers != before.powers)


def functions(groups: list[Group]) -> list[list[Group]]:
    """Groups by function: those of a pass together."""
    out: list[list[Group]] = []
    for g in groups:
        if out and g.turn >= 0 and out[-1][0].turn == g.turn:
            out[-1].append(g)
        else:
            out.append([g])
    return out


def stages(groups: list[Group]) -> list[list[Group]]:
    """The groups of one pass by stage."""
    return [list(some) for _, some in itertools.groupby(groups, key=lambda g: g.stage)]


def _hush(stage: list[Group], wide: set[str]) -> None:
    """Give a stage its shorter form between beats."""
    found = between_beats([s for g in stage for s in g.statements], wide)
    if found is not None:
        first = stage[0]
        first.beat, statements = found
        first.quiet = _nests(statements, True)
        for g in first.quiet:
            g.turn, g.stage = first.turn, first.stage


def _nests(statements: list[Statement], in_pass: bool) -> list[Group]:
    """Order statements whose other inputs are ready and fuse them. In a pass powers are by
    themselves, and wait so that many of them come together; loops inside wait for them, unless a
    power depends on those: then they come first."""

    def kind(s: Statement) -> Kind:
        loops = any(isinstance(x, Reduce | Root) for x in walk(summand(s) if in_pass else s.expr))
        return in_pass and is_power(s), shape(s) if in_pass else s.sizes, loops

    def rank(k: Kind) -> tuple[int, int, Kind]:
        powers, sizes, _ = k
        deep = in_pass and len(sizes) > 1
        turn = -1 if deep and k in urgent else 3 * deep
        return 2 if powers else turn, math.prod(sizes), k

    keys = {id(s): kind(s) for s in statements}
    needed = _needed_for(statements, is_power) if in_pass else set()
    inside = {id(s) for s in statements}
    users: dict[int, list[Statement]] = {}
    missing = {id(s): sum(id(n) in inside for n in s.needs) for s in statements}
    for s in statements:
        for n in s.needs:
            users.setdefault(id(n), []).append(s)
    ready = [s for s in statements if not missing[id(s)]]
    groups: list[Group] = []
    while ready:
        urgent = {keys[id(s)] for s in ready if id(s) in needed}
        best = min({keys[id(s)] for s in ready}, key=rank)
        g = Group(best[1])
        members: set[int] = set()
        queue = [s for s in ready if keys[id(s)] == best]
        while queue and len(g.statements) < MOST_STATEMENTS:
            # outside of loops what a value is for follows it, while it is in a register
            s = queue.pop(0 if g.sizes else -1)
            if not _aligned(s, g, members) or (best[0] and any(id(n) in members for n in s.needs)):
                continue
            g.statements.append(s)
            members.add(id(s))
            ready.remove(s)
            for u in users.get(id(s), []):
                missing[id(u)] -= 1
                if not missing[id(u)]:
                    ready.append(u)
                    if keys[id(u)] == best:
                        queue.append(u)
        groups.append(g)
    return groups


def _needed_for(statements: list[Statement], which: Callable[[Statement], bool]) -> set[int]:
    """Statements that others of a kind need, directly or through more."""
    found: set[int] = set()
    todo = [s for s in statements if which(s)]
    while todo:
        new = [n for n in todo.pop().needs if id(n) not in found]
        found |= set(map(id, new))
        todo += new
    return found


def is_total(s: Statement) -> bool:
    """Whether a statement is a sum or the like for each element of its one loop, with loops that
    are numbered as those of a nest over the same subscripts, in which it can be added up."""
    e = s.expr
    if not isinstance(e, Reduce) or s.role != "value" or any(isinstance(x, Root) for x in walk(e)):
        return False
    numbered = [a for a, _ in e.axes] == list(range(1, 1 + len(e.axes)))
    return len(s.sizes) == 1 and numbered and free_axes(e) == {0}


def summand(s: Statement) -> Expr:
    """What is computed in the loops of a statement, for a total in those of what it adds up."""
    return children(s.expr)[0] if is_total(s) else s.expr


def shape(s: Statement) -> tuple[int, ...]:
    """Lengths of those loops."""
    over = s.expr.axes if isinstance(s.expr, Reduce) and is_total(s) else ()
    return s.sizes + tuple(n for _, n in over)


def _aligned(s: Statement, g: Group, members: set[int]) -> bool:
    inside = [n for n in s.needs if id(n) in members]
    if not inside:
        return True
    names = {n.name: n for n in inside}
    if len(names) != len(inside) or any(len(n.sizes) < len(g.sizes) for n in inside):
        return False
    own = len(s.sizes) < len(g.sizes)  # a total, whose own loops are those of the nest
    return all(
        (own or not inner) and ref.at == names[ref.name].target
        for ref, inner in s.refs
        if ref.name in names
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
                    near = other is g and (not inner or len(s.sizes) < len(g.sizes))
                    # what is computed outside of the inner loops of a stage is still at hand
                    same = (other.turn, other.stage) == (g.turn, g.stage)
                    near |= same and g.turn >= 0 and len(writer.sizes) == 1
                    if not near or writer.target != ref.at:
                        other.read_later.add(ref.name)
