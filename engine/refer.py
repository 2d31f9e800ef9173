"""Names and subscripts on the right-hand side of an equation, made into positions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from engine.errors import ReadError, UnsupportedConstruct
from engine.ir import At, Expr, Model, Ref, key
from engine.source import Macro
from engine.subscripts import Ranges


@dataclass(slots=True)
class References:
    """What is known while one component of `owner` is translated.

    `axes`: range key of each left-hand-side axis (elements are fixed and have none);
    `sizes`: of all axes, those of reductions included; `bang`: axes of `range!` now in scope,
    `plain`: ranges among them that need no mark; `inside`: axes of the ranges that an equation of a
    macro runs along, `arrays`: the same of its variables that have subscripts; `constant`:
    works out the value of an expression of constants; `scope`: what the names of the macro stand
    for that is being expanded, `curves` the same for its lookups; `draws`: random numbers met;
    `current`: the variable itself, where it is a sample of something; `table`: reads what a part
    of an equation says from a table; `need`: defines a variable now.
    """

    model: Model
    ranges: Ranges
    owner: str
    text: str
    axes: list[str]
    sizes: list[int]
    constant: Callable[[Expr], float]
    macros: dict[str, Macro] = field(default_factory=dict)
    scope: dict[str, Expr] = field(default_factory=dict)
    curves: dict[str, str] = field(default_factory=dict)
    expanding: list[str] = field(default_factory=list)
    bang: dict[str, int] = field(default_factory=dict)
    plain: set[str] = field(default_factory=set)
    inside: dict[str, int] = field(default_factory=dict)
    arrays: dict[str, dict[str, int]] = field(default_factory=dict)
    renumbering: dict[str, dict[int, int]] = field(default_factory=dict)
    draws: int = 0
    current: Ref | None = None
    table: Callable[[Any], Expr] | None = None
    need: Callable[[str], None] = lambda name: None

    def refuse(self, construct: str) -> UnsupportedConstruct:
        """The error for something that is not supported, to be raised by the caller."""
        return UnsupportedConstruct(self.model.variables[self.owner].name, construct, self.text)

    def wrong(self, what: str) -> ReadError:
        """The error for something that makes no sense, to be raised by the caller."""
        return ReadError(f"{self.model.variables[self.owner].name}: {what}\n    {self.text}")

    def loop(self, size: int) -> int:
        """The number of a new axis of that size."""
        self.sizes.append(size)
        return len(self.sizes) - 1

    def length(self, axis: int) -> int:
        """Size of an axis."""
        return self.sizes[axis]

    def at(self, name: str, tree: Any) -> tuple[At, ...]:
        """Positions of a reference in each dimension of variable `name`."""
        return self.positions(name, list(tree.subscripts.subscripts) if tree.subscripts else [])

    def positions(self, name: str, written: list[str]) -> tuple[At, ...]:
        """Positions of subscripts in each dimension of variable `name`."""
        variable = self.model.variables[name]
        if not written and variable.dims:
            written = self._implied(variable.dims, variable.name)
        if len(written) != len(variable.dims):
            raise self.wrong(
                f"{variable.name} has {len(variable.dims)} subscripts, not {len(written)}"
            )
        out = []
        for i, (sub, dim) in enumerate(zip(written, variable.dims, strict=True)):
            try:
                out.append(self._position(sub.strip(), dim, written[:i].count(sub)))
            except ReadError as error:
                raise self.wrong(str(error)) from error
        return tuple(out)

    def element(self, name: str, tree: Any) -> Expr:
        """What a name in a macro stands for: elements of one of its variables, if it has any."""
        held, axes = self.scope[name], self.arrays.get(name, {})
        written = list(tree.subscripts.subscripts) if tree.subscripts else []
        if len(written) != len(axes):
            raise self.refuse(f"subscripts in macro {self.expanding[-1]}")
        if not isinstance(held, Ref) or not axes:
            return held
        at = {
            axis: self._position(sub.strip(), dim, 0)
            for sub, (dim, axis) in zip(written, axes.items(), strict=True)
        }
        return Ref(held.name, tuple(at.get(a.axis, a) for a in held.at))

    def marked(self, sub: str) -> At:
        """Places of the elements of a range marked `!` among those of its main range."""
        name = key(sub.removesuffix("!"))
        if name not in self.bang:
            raise self.wrong(f"{sub!r} outside of SUM, PROD, VMIN and VMAX")
        return self.ranges.positions(self.ranges.of(name), self.ranges.main(name), self.bang[name])

    def _implied(self, dims: tuple[str, ...], name: str) -> list[str]:
        """Subscripts for a variable written without any, each axis used once where possible."""
        out, left = [], list(self.axes)
        for dim in dims:
            found = [a for a in (*left, *self.axes) if self.ranges.joined(a, dim)]
            if dim in self.bang:
                out.append(dim + "!")
            elif found:
                out.append(found[0])
                if found[0] in left:
                    left.remove(found[0])
            else:
                raise self.wrong(f"{name} needs subscripts")
        return out

    def _position(self, sub: str, dim: str, before: int) -> At:
        """`before`: how often the subscript stands further left in the same brackets."""
        if sub.endswith("!") or key(sub) in self.plain:
            name = key(sub.removesuffix("!"))
            if name not in self.bang:
                raise ReadError(f"{sub!r} outside of SUM, PROD, VMIN and VMAX")
            return self.ranges.positions(self.ranges.of(name), dim, self.bang[name])
        name = key(sub)
        if name.isdigit() and name not in self.ranges.elements[dim]:
            return self._numbered(int(name), dim)
        if name not in self.ranges:
            return self.ranges.positions(self.ranges.of(name), dim, -1)
        axis, own = self.axis(name, before)
        if set(own) <= set(self.ranges.elements[dim]):
            return self.ranges.positions(own, dim, axis)
        return self.ranges.positions(self.ranges.elements[self.axes[axis]], dim, axis)

    def _numbered(self, place: int, dim: str) -> At:
        """An element given by its place from 1, as XMILE allows where elements have names."""
        elements = self.ranges.elements[dim]
        if not 1 <= place <= len(elements) or any(e.isdigit() for e in elements):
            raise ReadError(f"{self.ranges.labels[dim]!r} has no element {place}")
        return At(-1, place - 1)

    def runs_along(self, name: str) -> bool:
        """Whether a range is joined to one on the left."""
        return any(self.ranges.along(name, a) is not None for a in self.axes)

    def axis(self, name: str, before: int = 0) -> tuple[int, list[str]]:
        """The axis that a range on the right-hand side runs along, its own or a mapped one, and
        the elements of the range in the order in which it does. Of several axes over the range
        `before` are passed by: in XMILE x[R, R] may stand on both sides. Raises ReadError."""
        if name in self.inside:
            return self.inside[name], self.ranges.elements[name]
        own = [i for i, a in enumerate(self.axes) if a == name]
        if own:
            return own[min(before, len(own) - 1)], self.ranges.elements[name]
        for i, a in enumerate(self.axes):
            elements = self.ranges.along(name, a)
            if elements is not None:
                return i, elements
        raise ReadError(
            f"range {self.ranges.labels[name]!r} is not among the subscripts on the left"
        )
