"""Values of constants, worked out with numpy before anything is compiled."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from engine.errors import ReadError
from engine.ir import Builtin, Call, Component, Expr, Model, Num, Position, Ref, Values, Variable

START = math.nan  #: as a moment: the initial time, whatever that is

_NUMPY = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": np.power,
    "neg": np.negative,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "=": np.equal,
    "<>": np.not_equal,
    "and": np.logical_and,
    "or": np.logical_or,
    "not": np.logical_not,
    "if": np.where,
    "min": np.minimum,
    "max": np.maximum,
    "trunc": np.trunc,
    "remainder": np.fmod,
    "abs": np.abs,
    "exp": np.exp,
    "ln": np.log,
    "sqrt": np.sqrt,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "arcsin": np.arcsin,
    "arccos": np.arccos,
    "arctan": np.arctan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
}


def default(variable: Variable) -> np.ndarray:
    """Value of a constant as the file gives it, shaped like the variable; float64."""
    out = np.full(variable.shape, math.nan)
    for c in variable.components:
        for place in np.ndindex(*c.sizes):
            out[element(c, place)] = _number(c.expr, place)
    return out


def element(c: Component, place: tuple[int, ...]) -> tuple[int, ...]:
    """The element of the variable that the counters `place` of a component's axes point at."""
    return tuple(
        at.first
        if at.axis < 0
        else (at.table or range(at.first, at.first + c.sizes[at.axis]))[place[at.axis]]
        for at in c.target
    )


def _number(e: Expr, place: tuple[int, ...]) -> float:
    match e:
        case Num(value=value):
            return value
        case Values(values=values, shape=shape):
            return values[int(np.ravel_multi_index(place, shape)) if shape else 0]
        case Position(at=at):
            if at.axis < 0:
                return at.first + 1.0
            i = place[at.axis]
            return (at.table[i] if at.table else at.first + i) + 1.0
        case Call(op=op, args=args) if op in _NUMPY:
            with np.errstate(all="ignore"):
                return float(_NUMPY[op](*[_number(a, place) for a in args]))
    raise ReadError(f"not a number: {e}")


def constant_value(
    model: Model,
    e: Expr,
    where: str,
    given: dict[str, float] | None = None,
    *,
    moment: float | None = None,
    need: Callable[[str], None] = lambda name: None,
) -> float:
    """Value of a scalar expression of constants (orders of delays, the control times).

    `given`: values that replace the file's, by key; `moment`: the time at which it is wanted, when
    it may use Time; `need` is told the key of each variable that is about to be read. Raises
    ReadError when the expression depends on anything else that changes over time.
    """
    given = given or {}

    def replace(x: Expr, depth: int = 0) -> Expr:
        if depth > 100:
            raise ReadError(f"circular constants: {where}")
        match x:
            case Call(op=op, args=args):
                return Call(op, tuple(replace(a, depth + 1) for a in args))
            case Builtin(name="time") if moment is not None:
                if not math.isnan(moment):
                    return Num(moment)
                return Num(constant_value(model, Builtin("initial_time"), where, given, moment=0.0))
            case Builtin(name=name) if name in given:
                return Num(given[name])
            case Builtin(name=name) if name in model.control:
                return replace(model.control[name], depth + 1)
            case Ref(name=name, at=()):
                if name in given:
                    return Num(given[name])
                need(name)
                v = model.variables[name]
                if v.kind in ("auxiliary", "constant") and len(v.components) == 1:
                    return replace(v.components[0].expr, depth + 1)
        return x

    try:
        return _number(replace(e), ())
    except ReadError as error:
        raise ReadError(f"must be constant: {where}") from error
