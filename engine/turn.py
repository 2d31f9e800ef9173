"""Where a step may begin before the one before it has ended.

The last pass of a step writes the next state of one region after another, and the first pass of
the next step reads it: done together, region by region, they find it in the nearest cache. Values
that are the same for all runs are computed beforehand, for the next step in a memory of their own.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.fuse import Group
from engine.ir import At, Ref
from engine.order import Statement
from engine.passes import outer


def turn(functions: list[list[Group]], wide: set[str]) -> int:
    """Which function of a step is the first pass, where that can go together with the last pass of
    the step before, which is the last function; else -1. `wide`: what may differ between runs."""
    statements = [[s for g in some for s in g.statements] for some in functions]
    passes = [i for i, some in enumerate(functions) if _is_wide_pass(some, wide)]
    if len(passes) < 2 or passes[-1] != len(functions) - 1:
        return -1
    first, last = passes[0], passes[-1]
    narrow = next(i for i, some in enumerate(statements) if any(s.name in wide for s in some))
    before = [s for some in statements[narrow:first] for s in some]
    begin, end = statements[first], statements[last]
    if functions[first][0].sizes[0] != functions[last][0].sizes[0]:
        return -1
    if any(s.role in ("push", "past") for s in [*before, *begin, *end]):
        return -1
    begun, ended = _by_name(begin), _by_name([s for s in end if s.role == "next"])
    early = {s.name for s in before}
    # what is read before the last pass is over, of what that or an earlier part computes
    apart = all(_beside(ref, ended) for s in begin for ref, _ in s.refs)
    apart &= all(_beside(ref, ended) and ref.name not in ended for s in before for ref, _ in s.refs)
    # what the last pass still reads of what the next step computes anew
    apart &= all(_beside(ref, begun) and ref.name not in early for s in end for ref, _ in s.refs)
    return first if apart else -1


def _is_wide_pass(groups: list[Group], wide: set[str]) -> bool:
    return groups[0].turn >= 0 and any(s.name in wide for g in groups for s in g.statements)


def _by_name(statements: list[Statement]) -> dict[str, list[Statement]]:
    found: dict[str, list[Statement]] = {}
    for s in statements:
        found.setdefault(s.name, []).append(s)
    return found


def _beside(ref: Ref, writers: Mapping[str, list[Statement]]) -> bool:
    """Whether a reference is to the same element of a pass as all who write the variable are at."""
    axes = {outer(s) for s in writers.get(ref.name, [])}
    targets = {s.target[axis] for s in writers.get(ref.name, []) for axis in axes if axis >= 0}
    return not axes or (
        len(axes) == 1 and -1 not in axes and targets == {At(0)} and ref.at[axes.pop()] == At(0)
    )
