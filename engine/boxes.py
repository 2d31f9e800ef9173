"""Boxes of elements that one equation defines, and expressions restricted to them."""

from __future__ import annotations

import itertools
from typing import Any

from engine.errors import ReadError
from engine.ir import At, Expr, Values, rebuild, substitute, walk


def cut(box: list[list[str]], out: list[set[str]]) -> list[list[list[str]]]:
    """`box` without the elements that lie in `out` along every dimension, as disjoint boxes."""
    if len(out) != len(box):
        raise ReadError("the subscripts after :EXCEPT: do not match those before it")
    boxes = []
    inside: list[list[str]] = []
    for i, (elements, gone) in enumerate(zip(box, out, strict=True)):
        kept = [e for e in elements if e not in gone]
        if kept:
            boxes.append([*inside, kept, *box[i + 1 :]])
        inside.append([e for e in elements if e in gone])
        if not inside[-1]:
            break
    return boxes


def narrow(tables: dict[int, list[int]], full: tuple[int, ...]) -> Any:
    """A function that restricts an expression over whole ranges to some positions of each."""
    if all(t == list(range(n)) for t, n in zip(tables.values(), full, strict=True)):
        return lambda e: e

    def move(at: At) -> At:
        if at.axis not in tables:
            return at
        places = [p if at.table is None else at.table[p] for p in tables[at.axis]]
        if at.table is None:
            places = [at.first + p for p in places]
        if places == list(range(places[0], places[0] + len(places))):
            return At(at.axis, places[0])
        return At(at.axis, 0, tuple(places))

    def change(e: Expr) -> Expr:
        if isinstance(e, Values):
            picked = itertools.product(*(tables[a] for a in sorted(tables)))
            flat = []
            for places in picked:
                i = 0
                for p, n in zip(places, full, strict=True):
                    i = i * n + p
                flat.append(e.values[i])
            return Values(tuple(flat), tuple(len(tables[a]) for a in sorted(tables)))
        if any(isinstance(x, Values) for x in walk(e)):
            return rebuild(e, change)
        return substitute(e, move)

    return change
