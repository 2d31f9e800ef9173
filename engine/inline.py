"""Large values that are cheap to compute, computed where they are read.

An array over all regions, ages and the like that is written in one pass and read in others goes
through the slower cache each time. A product or two from values that are at hand anyway is sooner
done again, and its factors can leave the sums that read it. Equations alone decide what is changed,
not what is asked for or what differs between runs: all kernels of a model compute the same bits.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.ir import At, Call, Expr, Num, Ref, Variable, rebuild, substitute, through, walk
from engine.order import Statement

LARGE = 128  # elements: as many vectors are a sixth of the nearest cache
CHEAP = 4  # operations
IN_ALL = 12  # operations, with those that several readers share: chains would grow without end
SIMPLE = ("+", "-", "*", "neg")


def inlined(statements: list[Statement], variables: Mapping[str, Variable]) -> list[Statement]:
    """The statements of a step with such values written into their readers."""
    values = [s for s in statements if s.role == "value"]
    found: dict[str, Expr] = {}
    costs: dict[str, int] = {}
    before = -1
    while len(found) > before:
        before = len(found)
        for s in values:
            cost = _cost(s, variables, costs) if s.name not in found else None
            if cost is not None:
                found[s.name], costs[s.name] = s.expr, cost

    def change(e: Expr) -> Expr:
        if isinstance(e, Ref) and e.name in found:
            return change(substitute(found[e.name], lambda at: through(at, e.at)))
        return rebuild(e, change)

    return [Statement(s.phase, s.name, s.role, s.component, change(s.expr)) for s in statements]


def _cost(s: Statement, variables: Mapping[str, Variable], costs: Mapping[str, int]) -> int | None:
    """Operations that a large value takes, where they are few beside those for others that are
    known to be cheap, and not many with them; `costs`: of those."""
    v = variables[s.name]
    whole = s.sizes == v.shape and s.target == tuple(At(i) for i in range(len(v.shape)))
    if not whole or v.size < LARGE or len(v.components) > 1:
        return None
    own = shared = 0
    for x in walk(s.expr):
        match x:
            case Call(op=op) if op in SIMPLE:
                own += 1
            case Ref(name=name, at=at):
                other = variables[name]
                small = other.kind == "stock" or other.size * 4 < v.size
                if not (small or name in costs) or any(a.table for a in at):
                    return None
                shared += costs.get(name, 0)
            case Num():
                pass
            case _:
                return None
    return own + shared if own <= CHEAP and own + shared <= IN_ALL else None
