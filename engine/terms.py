"""Sums taken apart into terms, and terms into factors; and what several terms share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from engine.ir import Call, Expr, Num

Term = tuple[bool, list[Expr], list[Expr]]
"""Whether it is subtracted, what is multiplied, and what that is divided by."""


def terms_of(e: Expr) -> list[Term]:
    """The terms of a sum or difference, in their order."""
    return [_term(minus, term) for minus, term in written_terms(e)]


def written_terms(e: Expr) -> list[tuple[bool, Expr]]:
    """Those terms as they are written, and whether each is subtracted."""
    found: list[tuple[bool, Expr]] = []
    todo = [(False, e)]
    while todo:
        minus, e = todo.pop()
        match e:
            case Call(op="+", args=(a, b)):
                todo += [(minus, b), (minus, a)]
            case Call(op="-", args=(a, b)):
                todo += [(not minus, b), (minus, a)]
            case Call(op="neg", args=(a,)):
                todo.append((not minus, a))
            case _:
                found.append((minus, e))
    return found


def _term(minus: bool, e: Expr) -> Term:
    above, below = factors_of(e)
    for part in (above, below):
        for i, f in enumerate(part):
            if isinstance(f, Call) and f.op == "neg":
                minus, part[i] = not minus, f.args[0]
    return minus, above, below


def factors_of(e: Expr) -> tuple[list[Expr], list[Expr]]:
    """What is multiplied, and what it is divided by."""
    match e:
        case Call(op="*", args=(a, b)):
            (above, below), (more, under) = factors_of(a), factors_of(b)
            return above + more, below + under
        case Call(op="/", args=(a, b)):
            above, below = factors_of(a)
            more, under = factors_of(b)
            return above, below + ([b] if under else more)
        case _:
            return [e], []


def gathered(
    terms: list[Term],
    rank: Callable[[Expr], tuple[int, int]],
    added: Callable[[list[Term]], Expr],
) -> list[Term]:
    """The terms with those that share a factor made one, the factor that is settled last first.

    `rank`: how late a factor is settled; `added`: the sum of terms.
    """
    while True:
        counts = Counter(
            f for _, above, _ in terms for f in dict.fromkeys(above) if not isinstance(f, Num)
        )
        shared = [f for f, n in counts.items() if n > 1]
        if not shared:
            return terms
        best = max(shared, key=lambda f: (rank(f), counts[f]))
        inside = [(m, _without(best, above), below) for m, above, below in terms if best in above]
        place = next(i for i, (_, above, _) in enumerate(terms) if best in above)
        minus = all(m for m, _, _ in inside)
        total = added([(m != minus, above, below) for m, above, below in inside])
        rest = [(i, t) for i, t in enumerate(terms) if best not in t[1]]
        terms = [
            *(t for i, t in rest if i < place),
            (minus, [best, total], []),
            *(t for i, t in rest if i > place),
        ]


def _without(factor: Expr, factors: list[Expr]) -> list[Expr]:
    left = list(factors)
    left.remove(factor)
    return left or [Num(1.0)]
