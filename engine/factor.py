"""Products and sums in the order in which their parts are settled.

What is the same for all runs or all turns of a loop is multiplied first, and so leaves the loop;
dividing by it becomes multiplying by its reciprocal; a factor that does not depend on the subscript
that a sum runs over leaves the sum, as does one that several terms share (see `terms`); powers go
through logarithms (see `powers`). That changes the last bits of results and nothing else while
products of factors stay between 1e-308 and 1e308. A factor that is infinite or no number makes the
result infinite or no number, as before. Equations alone decide what is changed, not what is asked
for or what differs between runs: all kernels of a model compute the same bits.

What is `sharp`, and everything that it is computed from, stays as it is written, stocks included:
49 / 49 must not fall short of 1.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Mapping

from engine.inline import inlined
from engine.ir import (
    At,
    Builtin,
    Call,
    Component,
    Expr,
    Look,
    Random,
    Reduce,
    Ref,
    Root,
    Values,
    Variable,
    bound_axes,
    children,
    free_axes,
    rebuild,
    renumbered,
    substitute,
    through,
    walk,
)
from engine.order import Statement
from engine.raised import ONE, is_raised, is_simple_power, plain, turned, written
from engine.sharp import is_sharp, sharp
from engine.terms import Term, factors_of, gathered, terms_of

MOST = 128  # elements of an array of constants that is made for one product
FEW = 2  # factors that may stay in a sum when a variable is written out in it
CONSTANT, CONTROL, STEP = range(3)


def factored(
    statements: list[Statement], variables: Mapping[str, Variable], levels: Mapping[str, str]
) -> tuple[list[Statement], dict[str, Variable]]:
    """The statements of a step with their products rewritten, and the hidden constants that they
    then read. `levels`: when each variable is settled."""
    work = _Factors(variables, levels)
    out = []
    work.written = written(statements, variables)
    for s in statements:
        e = s.expr
        apart = s.role == "past" or s.name in work.sharp
        if not apart and not any(isinstance(x, Values | Root | Random) for x in walk(e)):
            e = work.change(e, dict(enumerate(s.sizes)))
        same = e == s.expr
        out.append(s if same else Statement(s.phase, s.name, s.role, s.component, e))
    return out, {v.name: v for v in work.made.values()}


def shared(variables: Mapping[str, Variable], levels: Mapping[str, str]) -> set[frozenset[Expr]]:
    """Pairs of variables that are multiplied in several equations of the model: to multiply them
    once is sooner done than to do it anew in each sum."""
    equations = [
        Statement("step", name, "next" if v.kind == "stock" else "value", c, c.expr)
        for name, v in variables.items()
        if levels[name] == "step" and v.kind in ("auxiliary", "stock")
        for c in v.components
    ]
    counts: Counter[frozenset[Expr]] = Counter()
    for s in inlined(equations, variables):
        found: set[frozenset[Expr]] = set()
        for e in walk(s.expr):
            for _, above, _ in terms_of(e) if _is_added(e) else ():
                factors = [f for f in above if isinstance(f, Ref)]
                found |= {frozenset(pair) for pair in itertools.combinations(factors, 2)}
        counts.update(found)
    return {pair for pair, n in counts.items() if n > 1 and len(pair) > 1}


class _Factors:
    def __init__(self, variables: Mapping[str, Variable], levels: Mapping[str, str]) -> None:
        self.variables, self.levels = variables, levels
        self.made: dict[tuple[Expr, tuple[int, ...]], Variable] = {}
        self.sharp = sharp(variables)
        self.ranks: dict[Expr, tuple[int, int]] = {}
        self.written: dict[str, Expr] = {}
        self.shared = shared(variables, levels)

    def change(self, e: Expr, sizes: dict[int, int]) -> Expr:
        """`e` with its products and sums rewritten; `sizes`: lengths of the loops around it."""
        if is_sharp(e, self.variables):
            return e
        if isinstance(e, Reduce):
            sizes = sizes | dict(e.axes)
            if e.op == "sum":
                return self._sum(e, sizes)
        if _is_added(e):
            parts = [self._changed(term, sizes) for term in terms_of(e)]
            return self._added(parts, sizes)
        e = rebuild(e, lambda c: self.change(c, sizes))
        if isinstance(e, Call) and e.op == "^" and not is_simple_power(e):
            return Call("power", e.args)
        if isinstance(e, Call) and e.op == "exp":
            return Call("quick_exp", e.args)
        return self._product(*factors_of(e), sizes) if _is_product(e) else e

    def _changed(self, term: Term, sizes: dict[int, int]) -> Term:
        minus, *parts = term
        above, below = ([self.change(f, sizes) for f in part] for part in parts)
        return minus, above, below

    def _added(self, parts: list[Term], sizes: dict[int, int]) -> Expr:
        """A sum of products: shared factors are multiplied once, what is settled first is added
        first, and a product is added by the same instruction that multiplies."""
        parts = gathered(parts, self._rank, lambda inner: self._added(inner, sizes))
        made = [(minus, self._product(above, below, sizes)) for minus, above, below in parts]
        made.sort(key=lambda part: (self._rank(part[1]), part[0]))
        minus, total = made[0]
        if minus:
            total = Call("neg", (total,))
        for minus, part in made[1:]:
            product = isinstance(part, Call) and part.op == "*"
            if product and frozenset(children(part)) not in self.shared:
                total = Call("fnma" if minus else "fma", (*children(part), total))
            else:
                total = Call("-" if minus else "+", (total, part))
        return total

    def _sum(self, e: Reduce, sizes: dict[int, int]) -> Expr:
        over = {a for a, _ in e.axes}
        above, below = factors_of(self._written_out(e.arg, over))
        above, below = ([self.change(f, sizes) for f in part] for part in (above, below))
        inside, outside = (
            [[f for f in part if bool(free_axes(f) & over) == within] for part in (above, below)]
            for within in (True, False)
        )
        if not any(inside):
            return rebuild(e, lambda c: self.change(c, sizes))
        arg = self._product(inside[0], inside[1], sizes)
        dot = isinstance(arg, Call) and arg.op == "*"
        total = Reduce("dot" if dot else "sum", e.axes, arg)
        return self._product([*outside[0], total], outside[1], sizes)

    def _written_out(self, e: Expr, over: set[int]) -> Expr:
        """The summand, with variables that are products of a few others replaced by these where
        a factor can then leave the sum."""
        if isinstance(e, Call) and e.op in ("*", "/"):
            return Call(e.op, tuple(self._written_out(a, over) for a in e.args))
        if not isinstance(e, Ref) or not free_axes(e) & over:
            return e
        v = self.variables[e.name]
        if v.kind != "auxiliary" or len(v.components) != 1 or self.levels[e.name] != "step":
            return e
        c = v.components[0]
        whole = c.sizes == v.shape and c.target == tuple(At(i) for i in range(len(v.shape)))
        above, below = factors_of(c.expr)
        if not whole or not all(plain(f) for f in above + below):
            return e
        moved = self._written_out(substitute(c.expr, lambda at: through(at, e.at)), over)
        above, below = factors_of(moved)
        inside = [f for f in above + below if free_axes(f) & over]
        return moved if len(inside) < len(above + below) and len(inside) <= FEW else e

    def _product(self, above: list[Expr], below: list[Expr], sizes: dict[int, int]) -> Expr:
        above, below = self._joined(above, below, sizes)
        ranked = [[(self._rank(f), f) for f in part] for part in (above, below)]
        last = max((rank for rank, _ in ranked[0]), default=(-1, CONSTANT))
        so_far: Expr = ONE
        for rank in sorted({rank for part in ranked for rank, _ in part}):
            so_far = _times(so_far, *(f for r, f in ranked[0] if r == rank))
            divisor = _times(*(f for r, f in ranked[1] if r == rank))
            if divisor != ONE:
                so_far = self._divided(so_far, divisor, rank[1] == CONSTANT, sizes)
            if rank[1] == CONSTANT and rank < last:
                so_far = self._constant(so_far, sizes)
        return so_far

    def _joined(
        self, above: list[Expr], below: list[Expr], sizes: dict[int, int]
    ) -> tuple[list[Expr], list[Expr]]:
        """The factors with powers over the same loops made one, which takes a single exponential;
        those below with the sign of their exponents turned."""
        powers = [self._raised(f, sizes) or f for f in above]
        over = Counter(frozenset(free_axes(f)) for f in [*powers, *below] if is_raised(f))
        above = [
            g if over[frozenset(free_axes(g))] > 1 else f
            for f, g in zip(above, powers, strict=True)
        ]
        inverse = [turned(f) for f in below if is_raised(f)]
        below = [f for f in below if not is_raised(f)]
        found: dict[frozenset[int], list[Expr]] = {}
        out: list[Expr] = []
        for f in [*above, *inverse]:
            if is_raised(f) and self._rank(f)[1] == STEP:
                found.setdefault(frozenset(free_axes(f)), []).append(f)
            else:
                out.append(f)
        for some in found.values():
            out.append(Call("power", tuple(a for f in some for a in children(f))))
        return out, below

    def _raised(self, e: Expr, sizes: dict[int, int]) -> Expr | None:
        """A factor as a power: one, or a variable that is one and that nothing else reads."""
        if is_raised(e):
            return e
        if not isinstance(e, Ref) or e.name not in self.written:
            return None
        base, exponent = children(self.written[e.name])
        reader = e.at
        both = (substitute(x, lambda at: through(at, reader)) for x in (base, exponent))
        return Call("power", tuple(self.change(x, sizes) for x in both))

    def _divided(self, e: Expr, divisor: Expr, constant: bool, sizes: dict[int, int]) -> Expr:
        if constant and e != ONE:
            inverse = self._constant(Call("/", (ONE, divisor)), sizes)
            if isinstance(inverse, Ref):
                return Call("*", (e, inverse))
        return Call("/", (e, divisor))

    def _rank(self, e: Expr) -> tuple[int, int]:
        """How deep in the loops and how late in the run a factor is settled."""
        if e in self.ranks:
            return self.ranks[e]
        latest = CONSTANT
        for x in walk(e):
            match x:
                case Ref(name=name):
                    same = self.levels.get(name, "constant") == "constant"
                    latest = max(latest, CONSTANT if same else STEP)
                case Builtin(name=name):
                    latest = max(latest, STEP if name == "time" else CONTROL)
                case Look() | Call(op="active_initial"):
                    latest = STEP
        self.ranks[e] = max(free_axes(e), default=-1), latest
        return self.ranks[e]

    def _constant(self, e: Expr, sizes: dict[int, int]) -> Expr:
        """A reference to a hidden constant with the value of `e`."""
        free = sorted(free_axes(e))
        shape = tuple(sizes[a] for a in free)
        simple = not isinstance(e, Call) or self._rank(e)[1] != CONSTANT
        if simple or math.prod(shape) > MOST:
            return e
        number = {axis: i for i, axis in enumerate([*free, *sorted(bound_axes(e))])}
        moved = renumbered(e, number)
        if (moved, shape) not in self.made:
            name = f"#factor {len(self.made)}"
            component = Component(shape, tuple(At(i) for i in range(len(free))), moved)
            self.made[moved, shape] = Variable(
                name, ("",) * len(free), shape, "auxiliary", components=[component], hidden=True
            )
        return Ref(self.made[moved, shape].name, tuple(At(a) for a in free))


def _is_added(e: Expr) -> bool:
    return isinstance(e, Call) and e.op in ("+", "-")


def _is_product(e: Expr) -> bool:
    return isinstance(e, Call) and e.op in ("*", "/")


def _times(*factors: Expr) -> Expr:
    product: Expr = ONE
    for f in factors:
        product = f if product == ONE else Call("*", (product, f))
    return product
