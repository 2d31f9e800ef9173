"""A model in the JSON of BPTK-Py's Rust engine: every element a variable of its own."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from typing import Any

from engine.ir import At, Builtin, Call, Expr, Look, Model, Num, Reduce, Ref, Values

Json = dict[str, Any]
BINARY = {
    "+": "add", "-": "sub", "*": "mul", "/": "div", "^": "pow", "and": "and", "or": "or",
    "<": "lt", "<=": "lte", ">": "gt", ">=": "gte", "=": "eq", "<>": "neq",
}  # fmt: skip
CALLS = "abs exp ln sqrt sin cos tan arcsin arccos arctan min max".split()  # noqa: SIM905
TIMES = {"time": "time", "time_step": "dt", "initial_time": "starttime", "final_time": "stoptime"}
SUMS = {"sum": "arr_sum", "prod": "arr_prod", "vmin": "arr_min", "vmax": "arr_max"}


class CannotExport(Exception):
    """The other engine has nothing for what the model uses: the text names it."""


def literal(value: float | str) -> Json:
    """A number, or the name of a table."""
    return {"type": "literal", "value": value}


def call(function: str, *args: Json) -> Json:
    """A function of the other engine."""
    return {"type": "call", "function": function, "args": list(args)}


def element(name: str, index: int) -> str:
    """What an element of a variable is called, by its place among all of them."""
    return f"{name}[{index}]"


def place(at: tuple[At, ...], shape: tuple[int, ...], loops: Mapping[int, int]) -> int:
    """The place among all elements of a variable, where the loops stand at these counters."""
    index = 0
    for a, size in zip(at, shape, strict=True):
        counter = loops[a.axis] if a.axis >= 0 else 0
        index = index * size + (a.table[counter] if a.table else a.first + counter)
    return index


class _Writer:
    """Expressions of one model."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def _element(self, name: str, at: tuple[At, ...], loops: Mapping[int, int]) -> str:
        return element(name, place(at, self.model.variables[name].shape, loops))

    def write(self, e: Expr, loops: dict[int, int]) -> Json:
        """`e` where the loops stand at these counters. Raises CannotExport."""
        match e:
            case Num(value=value):
                return literal(value)
            case Values(values=values, shape=shape):
                flat = 0
                for i, size in enumerate(shape):
                    flat = flat * size + loops[i]
                return literal(values[flat])
            case Builtin(name=name) if name in TIMES:
                return call(TIMES[name])
            case Ref(name=name, at=at):
                return {"type": "ref", "name": self._element(name, at, loops)}
            case Look(name=name, at=at, arg=arg):
                table = literal(self._element(name, at, loops))
                return call("lookup", self.write(arg, loops), table)
            case Reduce(op=op, axes=axes, arg=arg):
                axis = [a for a, _ in axes]
                places = itertools.product(*(range(n) for _, n in axes))
                items = [self.write(arg, loops | dict(zip(axis, p, strict=True))) for p in places]
                return call(SUMS[op], *items)
            case Call(op=op, args=args):
                return self._operator(op, [self.write(a, loops) for a in args])
        raise CannotExport(type(e).__name__)

    def _operator(self, op: str, args: list[Json]) -> Json:
        if op in BINARY:
            left, right = args
            return {"type": "binary_op", "op": BINARY[op], "left": left, "right": right}
        if op in ("neg", "not"):
            return {"type": "unary_op", "op": op, "operand": args[0]}
        if op == "if":
            condition, then, other = args
            return {"type": "if", "condition": condition, "then": then, "else": other}
        if op == "trunc":
            below = self._operator("<", [args[0], literal(0.0)])
            return self._operator("if", [below, call("ceil", args[0]), call("floor", args[0])])
        if op in CALLS:
            return call(op, *args)
        raise CannotExport(op)


def _counters(sizes: Mapping[int, int]) -> Iterator[dict[int, int]]:
    """Where loops of these sizes stand, one after the other; each by its axis."""
    for counters in itertools.product(*(range(n) for n in sizes.values())):
        yield dict(zip(sizes, counters, strict=True))


def exported(model: Model) -> str:
    """The model as JSON. Raises CannotExport."""
    writer = _Writer(model)
    entities: dict[str, list[Json]] = {"stocks": [], "converters": [], "constants": []}
    points: dict[str, Json] = {}
    for name, v in model.variables.items():
        if v.kind in ("register", "delay"):
            raise CannotExport(f"{v.kind} {v.name}")
        for i, curve in enumerate(v.curves):
            named = element(name, i)
            points[named] = {"points": list(zip(curve.x, curve.y, strict=True))}
            if v.kind == "data":
                read = call("lookup", call("time"), literal(named))
                entities["converters"].append({"name": named, "equation": read})
        for c in v.components:
            for loops in _counters(dict(enumerate(c.sizes))):
                named = {"name": element(name, place(c.target, v.shape, loops))}
                value = {"equation": writer.write(c.expr, loops)}
                if v.kind == "stock":
                    start = {"initial_value": writer.write(c.start or Num(0.0), loops)}
                    entities["stocks"].append(named | start | value)
                elif v.kind == "initial":
                    start = {"initial_value": value["equation"], "equation": literal(0.0)}
                    entities["stocks"].append(named | start)
                else:
                    where = "constants" if v.kind == "constant" else "converters"
                    entities[where].append(named | value)
    control = {n: e.value for n, e in model.control.items() if isinstance(e, Num)}
    specs = {"starttime": control["initial_time"], "stoptime": control["final_time"]}
    specs["dt"] = control["time_step"]
    whole = {"name": "model", "specs": specs, "entities": entities}
    return json.dumps(whole | {"graphical_functions": points})
