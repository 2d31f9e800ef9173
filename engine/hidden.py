"""Variables that the engine adds: stages of delays, stocks inside expressions, inline curves."""

from __future__ import annotations

from dataclasses import dataclass

from engine.ir import (
    At,
    Component,
    Expr,
    Num,
    Reduce,
    Ref,
    Root,
    Unknown,
    Values,
    Variable,
    free_axes,
    key,
    rebuild,
    substitute,
    walk,
)
from engine.refer import References


@dataclass(slots=True)
class Hidden(References):
    """Makes hidden variables over the axes that they need."""

    def fresh(self, what: str) -> str:
        """A name for a new variable that says what it belongs to."""
        owner, n = self.model.variables[self.owner].name, 1
        while key(f"{owner}: {what} #{n}") in self.model.variables:
            n += 1
        return f"{owner}: {what} #{n}"

    def make(
        self,
        kind: str,
        what: str,
        expr: Expr,
        start: Expr | None = None,
        delay: Expr | None = None,
        free: tuple[Expr, ...] = (),
    ) -> Ref:
        """A new hidden variable over the axes that its expressions (and `free`) use."""
        parts = [e for e in (expr, start, delay, *free) if e is not None]
        used = sorted(set().union(*(free_axes(e) for e in parts)))
        if any(isinstance(x, Values) for e in parts for x in walk(e)):
            used = sorted(set(used) | set(range(len(self.axes))))
        sizes = tuple(self.sizes[a] for a in used)
        name = self.fresh(what)
        target = tuple(At(i) for i in range(len(used)))
        variable = Variable(name, ("",) * len(used), sizes, kind, hidden=True)
        variable.components.append(Component(sizes, target, Num(0.0), self.text))
        self.model.variables[key(name)] = variable
        self.renumbering[key(name)] = {a: i for i, a in enumerate(used)}
        component = variable.components[0]
        component.start = start and self._renumber(key(name), start)
        component.delay = delay and self._renumber(key(name), delay)
        made = Ref(key(name), tuple(At(a) for a in used))
        self.connect(made, expr)
        return made

    def connect(self, made: Ref, expr: Expr, start: Expr | None = None) -> None:
        """Set the expression, and the initial value, of a variable that `make` made."""
        component = self.model.variables[made.name].components[0]
        component.expr = self._renumber(made.name, expr)
        if start is not None:
            component.start = self._renumber(made.name, start)

    def _renumber(self, name: str, expr: Expr) -> Expr:
        new = self.renumbering[name]
        shift = len(new)  # axes of reductions inside move out of the way of the new numbering

        def move(axis: int) -> int:
            return new[axis] if axis in new else axis + shift

        def move_reductions(e: Expr) -> Expr:
            if isinstance(e, Reduce):
                e = Reduce(e.op, tuple((move(a), n) for a, n in e.axes), e.arg)
            elif isinstance(e, Root):
                e = Root(move(e.axis), e.low, e.high, e.arg)
            elif isinstance(e, Unknown):
                return Unknown(move(e.axis))
            return rebuild(e, move_reductions)

        moved = substitute(
            expr, lambda at: at if at.axis < 0 else At(move(at.axis), at.first, at.table)
        )
        return move_reductions(moved)
