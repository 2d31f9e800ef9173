"""Subscript ranges: their elements, subranges and mappings, and how a name becomes a position."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.errors import ReadError, UnsupportedConstruct
from engine.ir import At, key


@dataclass(slots=True)
class Ranges:
    """All subscript ranges of a model, found without regard to case.

    `elements`: range key → element keys; `labels`: key → spelling in the file;
    `mapped`: pairs of range keys that a mapping joins, position by position unless `listed` says
    for each element of the first which element or range of the second belongs to it.
    """

    elements: dict[str, list[str]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    mapped: set[tuple[str, str]] = field(default_factory=set)
    listed: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def add(self, name: str, elements: Iterable[str], mappings: Iterable[str] = ()) -> None:
        """Define a range; elements that are themselves ranges are expanded by `expand`. Raises
        ReadError for one that is defined already, or that has an element twice."""
        k = key(name)
        keys = []
        for e in elements:
            if key(e) in keys:
                raise ReadError(f"subscript range {name.strip()} has {e.strip()} twice")
            self.labels.setdefault(key(e), e.strip().strip('"'))
            keys.append(key(e))
        if self.elements.get(k, keys) != keys:
            raise ReadError(f"subscript range {name.strip()} is defined twice")
        self.labels[k] = name.strip().strip('"')
        self.elements[k] = keys
        self.mapped |= {(k, key(m)) for m in mappings}

    def add_of_macro(self, macro: str, ranges: Iterable[Any]) -> None:
        """Define the ranges of a macro (PySD's AbstractSubscriptRange objects), which the model may
        have as well. Raises UnsupportedConstruct where it has another of that name."""
        for r in ranges:
            listed = isinstance(r.subscripts, list)
            if not listed or self.elements.get(key(r.name)) not in (
                None,
                [*map(key, r.subscripts)],
            ):
                raise UnsupportedConstruct(
                    macro, f"a range {r.name} of its own", f":MACRO: {macro}"
                )
            self.add(r.name, r.subscripts, r.mapping)

    def expand(self) -> None:
        """Replace range names among the elements of other ranges by their elements. Raises
        ReadError for ranges within each other."""

        def inside(path: tuple[str, ...]) -> list[str]:
            out: list[str] = []
            for e in self.elements[path[-1]]:
                if e in path[:-1]:
                    chain = " → ".join(self.labels[n] for n in (*path, e))
                    raise ReadError(f"subscript ranges within each other: {chain}")
                out += [e] if e not in self.elements or e == path[-1] else inside((*path, e))
            return out

        self.elements = {name: inside((name,)) for name in self.elements}
        self.mapped |= {(b, a) for a, b in self.mapped}

    def __contains__(self, name: str) -> bool:
        return key(name) in self.elements

    def is_element(self, name: str) -> bool:
        """Whether `name` is an element of some range."""
        k = key(name)
        return any(k in e for e in self.elements.values())

    def of(self, name: str) -> list[str]:
        """Element keys of a range, or of a single element the element itself."""
        k = key(name)
        if k in self.elements:
            return self.elements[k]
        if self.is_element(k):
            return [k]
        raise ReadError(f"unknown subscript {name!r}")

    def main(self, name: str) -> str:
        """Key of the widest range that holds all elements of range or element `name`."""
        wanted = set(self.of(name))
        best = [k for k, e in self.elements.items() if wanted <= set(e)]
        return max(best, key=lambda k: len(self.elements[k]))

    def dimension(self, used: Sequence[str], taken: Sequence[str]) -> str:
        """The range that a dimension is over, from the subscripts used for it in all equations.

        The range that equals the union of what is used, one of the used names first; else the
        smallest that holds it. Ranges in `taken` serve other dimensions of the same variable: where
        no other holds the union, it gets a range of its own, equal to the one taken.
        """
        union = {e for u in used for e in self.of(u)}
        named = [key(u) for u in used if key(u) in self.elements]
        order = named + [k for k in self.elements if k not in named]
        holding = [k for k in order if union <= set(self.elements[k])]
        if not holding:
            raise ReadError(f"no subscript range holds all of {sorted(union)}")
        free = [k for k in holding if k not in taken]
        if free:
            return min(free, key=lambda k: len(self.elements[k]))
        return self._twin(min(holding, key=lambda k: len(self.elements[k])))

    def _twin(self, name: str) -> str:
        """A new range with the elements of another: `x[R, R]` needs two names for its axes."""
        n = 2
        while key(f"{name} {n}") in self.elements:
            n += 1
        label = f"{self.labels[name]} {n}"
        self.labels[key(label)] = label
        self.elements[key(label)] = self.elements[name]
        return key(label)

    def positions(self, elements: Sequence[str], dim: str, axis: int) -> At:
        """Positions of `elements`, run through by `axis`, within the range `dim`."""
        place = {e: i for i, e in enumerate(self.elements[dim])}
        missing = [e for e in elements if e not in place]
        if missing:
            raise ReadError(
                f"{self.labels[missing[0]]!r} is not an element of {self.labels[dim]!r}"
            )
        table = [place[e] for e in elements]
        if axis < 0:
            return At(-1, table[0])
        if table == list(range(table[0], table[0] + len(table))):
            return At(axis, table[0])
        return At(axis, 0, tuple(table))

    def joined(self, a: str, b: str) -> bool:
        """Whether a mapping, or equal elements in equal order, joins two ranges."""
        return (a, b) in self.mapped or self.elements[a] == self.elements[b]

    def along(self, name: str, axis: str) -> list[str] | None:
        """Elements of range `name`, one for each element of the range `axis`, by a mapping that
        joins them or ranges around `axis`; None when there is none."""
        if self.elements[name] == self.elements[axis]:
            return self.elements[name]
        wanted = self.elements[axis]
        for other in sorted(b for a, b in self.mapped if a == name):
            if set(wanted) <= set(self.elements[other]):
                partner = self._partners(name, other)
                missing = [e for e in wanted if e not in partner]
                if missing:
                    raise ReadError(
                        f"the mapping of {self.labels[name]!r} and {self.labels[other]!r}"
                        f" has nothing for {self.labels[missing[0]]!r}"
                    )
                return [partner[e] for e in wanted]
        return None

    def _partners(self, name: str, other: str) -> dict[str, str]:
        """For elements of range `other` the element of `name` that is mapped to it."""
        mine, theirs = self.elements[name], self.elements[other]
        if (name, other) in self.listed:
            pairs = zip(mine, self.listed[name, other], strict=False)
            return {e: own for own, listed in pairs for e in self.of(listed)}
        if (other, name) in self.listed:
            pairs = zip(theirs, self.listed[other, name], strict=False)
            return {e: self.of(listed)[0] for e, listed in pairs}
        if len(mine) != len(theirs):
            raise ReadError(
                f"{self.labels[name]!r} and {self.labels[other]!r} are mapped but differ in length"
            )
        return dict(zip(theirs, mine, strict=True))
