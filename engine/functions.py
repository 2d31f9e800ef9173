"""Functions of the modelling languages, reduced to the few operators that `emit` knows.

Definitions follow Vensim's manual as PySD implements it (pysd.py_backend.functions), so that
results agree: what counts as zero is `SMALL`, comparisons with Time use half a step.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from engine.ir import Builtin, Call, Expr, Num

SMALL = Num(1e-6)
TIME, STEP = Builtin("time"), Builtin("time_step")

SIMPLE_POWERS = (0.5, 1.0, 2.0, 3.0, 4.0)  # a square root and products
#: operators that the kernel computes directly, with their number of arguments
OPERATORS = {"+": 2, "-": 2, "*": 2, "/": 2, "^": 2, "neg": 1}
COMPARISONS = {"<": 2, "<=": 2, ">": 2, ">=": 2, "=": 2, "<>": 2}
LOGIC = {"and": 2, "or": 2, "not": 1}
DIRECT = {
    "abs": 1,
    "exp": 1,
    "ln": 1,
    "sqrt": 1,
    "sin": 1,
    "cos": 1,
    "tan": 1,
    "arcsin": 1,
    "arccos": 1,
    "arctan": 1,
    "sinh": 1,
    "cosh": 1,
    "tanh": 1,
    "min": 2,
    "max": 2,
}
INNER = {"if": 3, "trunc": 1, "remainder": 2, "active_initial": 2}
REDUCTIONS = {"sum": "sum", "prod": "prod", "vmin": "vmin", "vmax": "vmax"}


def call(op: str, *args: Expr | float) -> Call:
    """A call of an operator; plain numbers become `Num`."""
    return Call(op, tuple(a if isinstance(a, Expr) else Num(float(a)) for a in args))


def if_(condition: Expr, then: Expr | float, other: Expr | float) -> Call:
    """`then` where the condition holds, else `other`."""
    return call("if", condition, then, other)


def quantum(a: Expr, b: Expr) -> Expr:
    """b × integer part of a/b; `a` itself where b is zero or less."""
    return if_(call("<", b, SMALL), a, call("*", b, call("trunc", call("/", a, b))))


def xidz(a: Expr, b: Expr, x: Expr | float) -> Expr:
    """a/b, or x where b is zero."""
    return if_(call("<", call("abs", b), SMALL), x, call("/", a, b))


def step(height: Expr, start: Expr) -> Expr:
    """Zero before `start`, `height` from then on."""
    now = call("+", TIME, call("/", STEP, 2.0))
    return if_(call(">", now, start), height, 0.0)


def ramp(slope: Expr, start: Expr, end: Expr | None = None) -> Expr:
    """`slope` × time since `start`, held from `end` on."""
    until = TIME if end is None else call("min", end, TIME)
    started = call(">", call("+", TIME, SMALL), start)
    return if_(started, call("*", slope, call("-", until, start)), 0.0)


def pulse(start: Expr, width: Expr, height: Expr | float = 1.0) -> Expr:
    """`height` for `width` from `start`."""
    begun = call("<=", call("-", start, SMALL), TIME)
    lasts = call("<", TIME, call("+", start, width))
    return if_(call("and", begun, lasts), height, 0.0)


def pulses(
    start: Expr, every: Expr, width: Expr, end: Expr | None, height: Expr | float = 1.0
) -> Expr:
    """`height` for `width`, repeated `every` so often from `start` until `end`."""
    since = call("+", call("-", TIME, start), SMALL)
    inside = call("<=", start, TIME)
    if end is not None:
        inside = call("and", inside, call("<", TIME, end))
    lasts = call("<", call("remainder", since, every), width)
    repeated = if_(call("and", inside, lasts), height, 0.0)
    return if_(call("=", every, 0.0), pulse(start, width, height), repeated)


def single_pulse(start: Expr, width: Expr) -> Expr:
    """1 for `width` from `start`; a width of 0 means one step, as Vensim's manual says."""
    if isinstance(width, Num) and width.value != 0:
        return pulse(start, width)
    return pulse(start, if_(call("=", width, 0.0), call("*", 0.5, STEP), width))


HALF_STEP = call("*", 0.5, STEP)


def per_step(magnitude: Expr) -> Expr:
    """Height of a pulse of one step that adds `magnitude` in total."""
    return call("/", magnitude, STEP)


def turns(period: Expr) -> Expr:
    """The angle that time has gone round in waves of a period."""
    return call("/", call("*", 2 * math.pi, TIME), period)


def floor(x: Expr) -> Expr:
    """The largest integer that is not above x."""
    cut = call("trunc", x)
    return call("-", cut, if_(call(">", cut, x), 1.0, 0.0))


def sign(x: Expr) -> Expr:
    """1 above zero, -1 below it."""
    return if_(call(">", x, 0.0), 1.0, if_(call("<", x, 0.0), -1.0, x))


#: XMILE's operators beyond those of the kernel, as `parser` spells them
PRODUCTS: dict[str, Callable[[Expr, Expr], Expr]] = {
    "%%": lambda x, m: call("-", x, call("*", m, floor(call("/", x, m)))),
    "%": lambda x, m: call("-", x, quantum(x, m)),
    "//": lambda a, b: xidz(a, b, 0.0),
}
#: functions by the name that the translators give them; the number of arguments is checked
EXPANSIONS: dict[str, tuple[int, Callable[..., Expr]]] = {
    "if_then_else": (3, if_),
    "power": (2, lambda a, b: call("^", a, b)),
    "log": (2, lambda x, base: call("/", call("ln", x), call("ln", base))),
    "log10": (1, lambda x: call("/", call("ln", x), call("ln", 10.0))),
    "integer": (1, lambda x: call("trunc", x)),
    "floor": (1, floor),
    "sign": (1, sign),
    "quantum": (2, quantum),
    "modulo": (2, lambda x, m: call("-", x, quantum(x, m))),
    "xidz": (3, xidz),
    "zidz": (2, lambda a, b: xidz(a, b, 0.0)),
    "step": (2, step),
    "ramp": (3, ramp),
    "Xramp": (2, ramp),
    "pulse": (2, single_pulse),
    "pulse_train": (4, lambda start, every, width, end: pulses(start, every, width, end)),
    "Xpulse": (2, lambda start, size: pulse(start, HALF_STEP, per_step(size))),
    "Xpulse_train": (
        3,
        lambda start, every, size: pulses(start, every, HALF_STEP, None, per_step(size)),
    ),
    "round": (1, lambda x: call("trunc", call("+", x, if_(call("<", x, 0.0), -0.5, 0.5)))),
    "sinwave": (2, lambda size, period: call("*", size, call("sin", turns(period)))),
    "coswave": (2, lambda size, period: call("*", size, call("cos", turns(period)))),
    "active_initial": (2, lambda value, start: call("active_initial", value, start)),
    "pi": (0, lambda: Num(math.pi)),
}
EXPANSIONS |= {name: (n, lambda *a, name=name: Call(name, a)) for name, n in DIRECT.items()}
