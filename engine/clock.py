"""The computer's clock for GET TIME VALUE(2, offset, measure): one moment for all runs of a call.

Measures are those of Vensim's manual, which PySD follows except that its week begins on Monday.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import numpy as np

from engine.inputs import Inputs
from engine.ir import Component, Expr, Model, Num, Ref, Variable, key

FIRST = datetime(1, 1, 1)
MEASURES: dict[int, Callable[[datetime], float]] = {
    1: lambda now: now.year,
    2: lambda now: (now.month + 2) // 3,
    3: lambda now: now.month,
    4: lambda now: now.day,
    5: lambda now: now.isoweekday() % 7,  # 0 is Sunday
    6: lambda now: (now - FIRST).days,
    7: lambda now: now.hour,
    8: lambda now: now.minute,
    9: lambda now: now.second + now.microsecond / 1e6,
    10: lambda now: (now - FIRST).seconds % 500_000,
}


NAME = "engine: clock {}"  # no model without quotes can call a variable so
KEYS = {key(NAME.format(measure)): count for measure, count in MEASURES.items()}


def reading(model: Model, measure: int) -> Expr:
    """What the clock says when a run is asked for, a constant that `set_clock` gives."""
    name = NAME.format(measure)
    if key(name) not in model.variables:
        zero = Component((), (), Num(0.0))
        model.variables[key(name)] = Variable(
            name, (), (), "constant", components=[zero], hidden=True, fixed=True
        )
    return Ref(key(name))


def set_clock(model: Model, inputs: Inputs) -> None:
    """Set what the model reads from the clock."""
    now = datetime.now()
    for name, count in KEYS.items():
        if name in model.variables:
            inputs.give(name, np.array([float(count(now))]), False)
