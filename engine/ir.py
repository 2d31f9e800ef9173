"""The model as the engine sees it: variables, their components, and expressions with all
subscripts resolved to positions. Everything here is data (`record` keeps it as JSON).

Within a component, loops are numbered axes: 0 … n-1 for the left-hand side, then one more for
each dimension that a SUM, VMIN, VMAX or PROD runs over.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class At:
    """Position in one dimension: `first + counter of axis`, or `table[counter]`; axis -1: fixed."""

    axis: int
    first: int = 0
    table: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Expr:
    """Base of expressions."""


@dataclass(frozen=True, slots=True)
class Num(Expr):
    """A number written in the equation."""

    value: float


@dataclass(frozen=True, slots=True)
class Builtin(Expr):
    """`time`, `time_step`, `initial_time`, `final_time` or `saveper`."""

    name: str


@dataclass(frozen=True, slots=True)
class Ref(Expr):
    """One element of a variable; `name` is its key."""

    name: str
    at: tuple[At, ...] = ()


@dataclass(frozen=True, slots=True)
class Call(Expr):
    """An operator or function of numbers; `op` is a key of `functions.FUNCTIONS`, or one of those
    that `factor` makes: `fma` (c + a b of a, b, c), `fnma` (c - a b), `power` (a product of powers,
    of base, exponent, base, exponent …) and `quick_exp`."""

    op: str
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Reduce(Expr):
    """`sum`, `prod`, `vmin` or `vmax` of `arg` over axes given as (axis, size); `dot`: a sum of
    products, each added by the instruction that multiplies."""

    op: str
    axes: tuple[tuple[int, int], ...]
    arg: Expr


@dataclass(frozen=True, slots=True)
class Look(Expr):
    """A lookup read at `arg`; `name` is the key of the variable that holds the curve."""

    name: str
    at: tuple[At, ...]
    arg: Expr


@dataclass(frozen=True, slots=True)
class Values(Expr):
    """Numbers laid out over the component's axes, last axis fastest."""

    values: tuple[float, ...]
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Position(Expr):
    """A subscript used as a number: its 1-based position."""

    at: At


@dataclass(frozen=True, slots=True)
class Random(Expr):
    """A number between 0 and 1 that is drawn anew at every step; `ident` tells the draws of one
    equation from those of others, `at` within `shape` those of its elements, and `key`, a
    parameter that the engine gives, those of one run from those of others."""

    ident: int
    at: tuple[At, ...]
    shape: tuple[int, ...]
    key: Expr


@dataclass(frozen=True, slots=True)
class Root(Expr):
    """Where `arg`, which falls with the `Unknown` of the same axis, goes through zero between
    `low` and `high`; found by halving, so as exact as numbers are."""

    axis: int
    low: Expr
    high: Expr
    arg: Expr


@dataclass(frozen=True, slots=True)
class Unknown(Expr):
    """What `Root` looks for; its number is one of the axes."""

    axis: int


@dataclass(frozen=True, slots=True)
class Curve:
    """Points of a lookup or of data, none where they are still to be given. `kind`: interpolate,
    extrapolate, hold_backward, look_forward or raw; empty where the file defines nothing."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    kind: str = "interpolate"


@dataclass(slots=True)
class Component:
    """One equation of a variable, over the box of elements that it defines.

    `expr` is the value (auxiliary, constant, initial), the net flow (stock), the next value
    (register) or the input (delay); `start` the initial value of the last three and `delay`
    the delay time.
    """

    sizes: tuple[int, ...]
    target: tuple[At, ...]
    expr: Expr
    text: str = ""
    start: Expr | None = None
    delay: Expr | None = None
    floor_at_zero: bool = False


@dataclass(slots=True)
class Variable:
    """A named variable over `dims` (names of subscript ranges).

    kind: constant, auxiliary, stock, register (value held between steps), delay (DELAY FIXED),
    initial, data, lookup. `curves`: of a lookup or of data, one per element, last dimension
    fastest; data without points must be given. `hidden`: made by the engine, not written
    in the file. `fixed`: a constant that `run` may not change.
    """

    name: str
    dims: tuple[str, ...]
    shape: tuple[int, ...]
    kind: str
    unit: str = ""
    comment: str = ""
    components: list[Component] = field(default_factory=list)
    hidden: bool = False
    fixed: bool = False
    curves: list[Curve] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Number of elements."""
        n = 1
        for s in self.shape:
            n *= s
        return n


@dataclass(slots=True)
class Model:
    """A whole model. `variables` is keyed by `key(name)`; `files` are the tables read, by path
    relative to the model, with the hash of their content; `control` holds the four times;
    `integration`: the method that the file asks for, `set_to`: one that is not followed;
    `datasets`: names of the data that it was last run with."""

    ranges: dict[str, tuple[str, ...]]
    variables: dict[str, Variable]
    control: dict[str, Expr]
    files: dict[str, str] = field(default_factory=dict)
    integration: str = "euler"
    set_to: str = ""
    datasets: list[str] = field(default_factory=list)


DEEPEST = 20_000
_LIMIT = threading.RLock()


@contextlib.contextmanager
def deep() -> Iterator[None]:
    """Allow recursion as deep as long sums need: each term of a + b + c … nests one level."""
    with _LIMIT:  # the limit is one for all threads
        before = sys.getrecursionlimit()
        sys.setrecursionlimit(max(before, DEEPEST))
        try:
            yield
        finally:
            sys.setrecursionlimit(before)


@lru_cache(maxsize=65536)
@lru_cache(maxsize=1 << 14)
def key(name: str) -> str:
    """A name without regard to case, quotes, and spaces versus underscores."""
    return "_".join(name.strip().strip('"').lower().replace("_", " ").split())


def children(e: Expr) -> tuple[Expr, ...]:
    """The direct sub-expressions of `e`."""
    match e:
        case Call(args=args):
            return args
        case Reduce(arg=arg) | Look(arg=arg):
            return (arg,)
        case Root(low=low, high=high, arg=arg):
            return (low, high, arg)
        case Random(key=key):
            return (key,)
        case _:
            return ()


def walk(e: Expr) -> Iterator[Expr]:
    """`e` and everything below it, from left to right."""
    todo = [e]
    while todo:
        e = todo.pop()
        yield e
        todo += reversed(children(e))


def rebuild(e: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """`e` with `change` applied to its direct sub-expressions."""
    match e:
        case Call(op=op, args=args):
            return Call(op, tuple(change(a) for a in args))
        case Reduce(op=op, axes=axes, arg=arg):
            return Reduce(op, axes, change(arg))
        case Look(name=name, at=at, arg=arg):
            return Look(name, at, change(arg))
        case Root(axis=axis, low=low, high=high, arg=arg):
            return Root(axis, change(low), change(high), change(arg))
        case _:
            return e


def substitute(e: Expr, at: Callable[[At], At]) -> Expr:
    """`e` with every position passed through `at`."""
    match e:
        case Ref(name=name, at=old):
            return Ref(name, tuple(at(a) for a in old))
        case Look(name=name, at=old, arg=arg):
            return Look(name, tuple(at(a) for a in old), substitute(arg, at))
        case Position(at=old):
            return Position(at(old))
        case Random(ident=ident, at=old, shape=shape, key=key):
            return Random(ident, tuple(at(a) for a in old), shape, key)
        case _:
            return rebuild(e, lambda c: substitute(c, at))


def through(at: At, reader: tuple[At, ...]) -> At:
    """A position without a table within a variable, for the element that a reader is at."""
    if at.axis < 0:
        return at
    place = reader[at.axis]
    if place.table:
        return At(place.axis, 0, tuple(at.first + n for n in place.table))
    return At(place.axis, at.first + place.first)


def renumbered(e: Expr, number: dict[int, int]) -> Expr:
    """`e` with its axes numbered anew."""

    def change(e: Expr) -> Expr:
        if isinstance(e, Reduce):
            e = Reduce(e.op, tuple((number[a], n) for a, n in e.axes), e.arg)
        return rebuild(e, change)

    moved = substitute(e, lambda at: at if at.axis < 0 else replace(at, axis=number[at.axis]))
    return change(moved)


def bound_axes(e: Expr) -> set[int]:
    """Axes of the reductions and unknowns inside an expression."""
    inner = {a for x in walk(e) if isinstance(x, Reduce) for a, _ in x.axes}
    return inner | {x.axis for x in walk(e) if isinstance(x, Root)}


def free_axes(e: Expr) -> set[int]:
    """Axes that an expression depends on; those of reductions inside it are bound."""
    used = set()
    for x in walk(e):
        if isinstance(x, Ref | Look | Random):
            used |= {a.axis for a in x.at if a.axis >= 0}
        if isinstance(x, Position) and x.at.axis >= 0:
            used.add(x.at.axis)
        if isinstance(x, Unknown):
            used.add(x.axis)
    return used - bound_axes(e)
