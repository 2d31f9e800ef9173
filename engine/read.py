"""A model file to the engine's own `ir.Model`: names, dimensions, boxes of elements, tables."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.boxes import cut, narrow
from engine.declare import declared, merged, ranges_of
from engine.errors import ReadError
from engine.evaluate import START, constant_value
from engine.ir import (
    At,
    Builtin,
    Component,
    Curve,
    Expr,
    Look,
    Model,
    Num,
    Reduce,
    Ref,
    Root,
    Values,
    Variable,
    key,
    walk,
)
from engine.moving import settle
from engine.source import Element, Equation, Macro, parse
from engine.subscripts import Ranges
from engine.tables import Tables
from engine.translate import Translator, curve_of

SORTS = {"GetDataStructure": "data", "DataStructure": "data", "IntegStructure": "stock"}
CONTROL = ("initial_time", "final_time", "time_step", "saveper")


def read(path: Path) -> Model:
    """Read a Vensim or XMILE file with the tables it names.

    Raises ReadError for what is wrong in the file, UnsupportedConstruct for what is not compiled.
    """
    source = parse(path)
    tables = Tables(path.parent)
    ranges = ranges_of(source, tables)
    model = Model({}, {}, {}, integration=source.integration, datasets=source.datasets)
    model.set_to = source.set_to
    controls = [e for e in source.elements if key(e.name) in CONTROL]
    elements = merged([e for e in source.elements if key(e.name) not in CONTROL])
    for e in elements:
        model.variables[key(e.name)] = declared(e, ranges)
    model.ranges = {
        ranges.labels[k]: tuple(ranges.labels[e] for e in es) for k, es in ranges.elements.items()
    }
    reader = _Reader(model, ranges, tables, source.macros, elements)
    reader.control(controls)
    for e in elements:
        reader.define(key(e.name))
    settle(model)
    for v in model.variables.values():
        _settle_kind(v)
        v.dims = tuple(ranges.labels.get(d, d) for d in v.dims)
    _refuse_names(model)
    model.files = tables.files
    return model


def _refuse_names(model: Model) -> None:
    """Raises ReadError for a name that stands for two things in a result."""
    used = {d for v in model.variables.values() for d in v.dims}
    for name in sorted({v.name for v in model.variables.values() if not v.hidden} & used):
        raise ReadError(f"{name} is a variable and a subscript range")
    for name in sorted({*model.variables, *used} & {"time"}):
        raise ReadError(f"{name} is the time of the simulation and nothing else")


class _Reader:
    """Fills in the equations of declared variables."""

    def __init__(
        self,
        model: Model,
        ranges: Ranges,
        tables: Tables,
        macros: dict[str, Macro],
        elements: list[Element],
    ) -> None:
        self.model, self.ranges, self.tables, self.macros = model, ranges, tables, macros
        self.waiting = {key(e.name): e for e in elements}

    def define(self, name: str) -> None:
        """Fill in all equations of a variable, unless that is done. Where data or stocks are some
        of its elements only, they become a hidden variable that the others stand beside."""
        element = self.waiting.pop(name, None)
        if element is None:
            return
        variable = self.model.variables[key(element.name)]
        sorts = [SORTS.get(type(q.tree).__name__, "") for q in element.equations]
        for sort in sorted(set(sorts)):
            equations = [q for q, s in zip(element.equations, sorts, strict=True) if s == sort]
            if not sort or len(set(sorts)) == 1:
                self._define(variable, equations)
                continue
            name = f"{variable.name}: {sort}"
            hidden = Variable(name, variable.dims, variable.shape, "auxiliary", hidden=True)
            self.model.variables[key(name)] = hidden
            self._define(hidden, equations)
            for q in equations:
                for sizes, target, _ in self._boxes(variable, q, self._translator(variable, q)):
                    seen = Component(sizes, target, Ref(key(name), target), q.text)
                    variable.components.append(seen)

    def _define(self, variable: Variable, equations: list[Equation]) -> None:
        for q in equations:
            tree = type(q.tree).__name__
            if tree == "LookupsStructure":
                self._curves(variable, q, [curve_of(q.tree)] * self._count(q))
            elif tree == "GetLookupsStructure":
                self._curves(variable, q, self.tables.lookups(q, self._coordinates(q)))
            elif tree == "GetDataStructure":
                variable.kind = "data"
                self._curves(variable, q, self.tables.data(q, self._coordinates(q)))
            elif tree == "DataStructure":
                variable.kind = "data"
                how = (q.keyword or "interpolate").replace(" ", "_")
                self._curves(variable, q, [Curve((), (), how)] * self._count(q))
            else:
                variable.components += self._components(variable, q)

    def control(self, elements: list[Element]) -> None:
        """Initial and final time, step, and saving interval as expressions of constants."""
        for e in elements:
            self.model.variables[key(e.name)] = Variable(
                e.name, (), (), "constant", e.unit, e.comment, fixed=True
            )
        for e in elements:
            translator = self._translator(self.model.variables[key(e.name)], e.equations[0])
            self.model.control[key(e.name)] = translator.expr(e.equations[0].tree)
        for e in elements:
            del self.model.variables[key(e.name)]
        missing = [c for c in CONTROL[:3] if c not in self.model.control]
        if missing:
            raise ReadError(
                f"the model does not define {', '.join(missing).upper().replace('_', ' ')}"
            )
        self.model.control.setdefault("saveper", self.model.control["time_step"])

    def _translator(self, variable: Variable, q: Equation) -> Translator:
        axes = [key(s) for s in q.subscripts if s in self.ranges]
        sizes = [len(self.ranges.of(a)) for a in axes]

        def need(name: str) -> None:
            self.define(name)
            self.model.variables[name].fixed = True  # the equations are built upon its value

        def constant(expr: Expr) -> float:
            where = f"{variable.name}\n    {q.text}"
            return constant_value(self.model, expr, where, moment=START, need=need)

        out = Translator(
            self.model, self.ranges, key(variable.name), q.text, axes, sizes, constant, self.macros
        )
        out.need = self.define
        out.table = lambda tree: self._outside(out, replace(q, tree=tree))
        return out

    def _outside(self, t: Translator, q: Equation) -> Expr:
        """Numbers of a table, or data from one, inside an equation."""
        sizes = tuple(t.sizes[: len(t.axes)])
        if type(q.tree).__name__ == "GetConstantsStructure":
            return Values(self.tables.constants(q, self._coordinates(q)), sizes)
        curves = self.tables.data(q, self._coordinates(q))
        name = t.fresh("table")
        self.model.variables[key(name)] = Variable(
            name, ("",) * len(sizes), sizes, "data", hidden=True, curves=curves
        )
        return Ref(key(name), tuple(At(i) for i in range(len(sizes))))

    def _components(self, variable: Variable, q: Equation) -> Iterator[Component]:
        translator = self._translator(variable, q)
        tree, start, floor = q.tree, None, False
        if type(tree).__name__ == "SampleIfTrueStructure":
            name = key(variable.name)
            translator.current = Ref(name, translator.positions(name, q.subscripts))
        if type(tree).__name__ == "IntegStructure" and variable.kind in ("auxiliary", "stock"):
            variable.kind = "stock"
            expr, start = translator.expr(tree.flow), translator.expr(tree.initial)
            floor = bool(tree.non_negative)
        else:
            expr = translator.expr(tree)
        variable.fixed |= q.kind == "AbstractUnchangeableConstant"
        for sizes, target, change in self._boxes(variable, q, translator):
            yield Component(
                sizes, target, change(expr), q.text, start and change(start), None, floor
            )

    def _boxes(self, variable: Variable, q: Equation, translator: Translator) -> Iterator[Any]:
        """Boxes of elements that one equation defines: one, or several where EXCEPT cuts."""
        whole = [self.ranges.of(s) for s in q.subscripts]
        boxes = [whole]
        for group in q.excepted:
            out = [set(self.ranges.of(s)) for s in group]
            boxes = [b for box in boxes for b in cut(box, out)]
        ranged = [s in self.ranges for s in q.subscripts]
        for box in boxes:
            target, tables = [], {}
            axis = 0
            for elements, wide, dim, is_range in zip(
                box, whole, variable.dims, ranged, strict=True
            ):
                if not is_range:
                    target.append(self.ranges.positions(elements, dim, -1))
                    continue
                target.append(self.ranges.positions(elements, dim, axis))
                tables[axis] = [wide.index(e) for e in elements]
                axis += 1
            sizes = tuple(len(tables[a]) for a in range(axis))
            yield sizes, tuple(target), narrow(tables, tuple(translator.sizes[:axis]))

    def _coordinates(self, q: Equation) -> dict[str, list[str]]:
        return {f"{i} {s}": self.ranges.of(s) for i, s in enumerate(q.subscripts)}

    def _count(self, q: Equation) -> int:
        n = 1
        for s in q.subscripts:
            n *= len(self.ranges.of(s))
        return n

    def _curves(self, variable: Variable, q: Equation, curves: list[Curve]) -> None:
        if not variable.curves:
            variable.curves = [Curve((), (), "")] * variable.size
        boxes = [self.ranges.of(s) for s in q.subscripts]
        for elements, curve in zip(itertools.product(*boxes), curves, strict=True):
            flat = 0
            for e, dim, n in zip(elements, variable.dims, variable.shape, strict=True):
                flat = flat * n + self.ranges.elements[dim].index(e)
            variable.curves[flat] = curve


def _settle_kind(v: Variable) -> None:
    """Constants are the variables whose equations use nothing but numbers."""
    if v.kind != "auxiliary" or not v.components:
        return
    if all(_is_number(c.expr) for c in v.components):
        v.kind = "constant"


def _is_number(e: Expr) -> bool:
    return not any(isinstance(x, Ref | Builtin | Look | Reduce | Root) for x in walk(e)) and not (
        isinstance(e, Num) and e.value != e.value
    )
