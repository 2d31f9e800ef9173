"""Runs whose FINAL TIME is worked out as they go: the end is found first, then they are run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.errors import ParameterError, ReadError
from engine.evaluate import constant_value
from engine.grid import PRECISION, Grid, grid
from engine.inputs import Inputs
from engine.ir import Builtin, Component, Expr, Model, Ref, Variable, key, rebuild
from engine.run import lay_out, sweep

if TYPE_CHECKING:
    from engine import model

END = "engine: moving FINAL TIME"
FIRST_GUESS, MOST_STEPS = 128, 100_000


def settle(equations: Model) -> None:
    """Make FINAL TIME a hidden variable when it is not a constant."""
    end = equations.control["final_time"]
    try:
        constant_value(equations, end, "FINAL TIME")
        return
    except ReadError:
        pass  # it needs what changes over time

    def change(e: Expr) -> Expr:
        return Ref(key(END)) if e == Builtin("final_time") else rebuild(e, change)

    for v in equations.variables.values():
        for c in v.components:
            c.expr = change(c.expr)
            c.start = c.start and change(c.start)
            c.delay = c.delay and change(c.delay)
    one = Component((), (), end, "FINAL TIME")
    equations.variables[key(END)] = Variable(
        END, (), (), "auxiliary", components=[one], hidden=True
    )
    equations.control["final_time"] = Ref(key(END))


def ends(model: model.Model, inputs: Inputs, threads: int | None) -> np.ndarray | None:
    """The last time of every run, when FINAL TIME moves and is not given; a run ends with the
    first step at which it has reached its FINAL TIME. Raises ParameterError for one that does
    not end."""
    if key(END) not in model._equations.variables or "final_time" in inputs.control:
        return None
    plan, kernel = model._compiled(frozenset([key(END)]), inputs.varying, None)
    count = FIRST_GUESS
    while count <= MOST_STEPS:
        steps = _grid(model, inputs, count)
        layout = lay_out(plan, kernel, plan.width, steps, inputs, [key(END)])
        values, _ = sweep(layout, threads)
        reached = steps.times + steps.control[2] * PRECISION >= values[:, :, 0]
        if reached.any(axis=1).all():
            return steps.times[reached.argmax(axis=1)]
        count *= 4
    raise ParameterError(f"FINAL TIME is not reached within {count // 4:,} steps: give one")


def _grid(model: model.Model, inputs: Inputs, count: int) -> Grid:
    equations, rk4 = model._equations, model._runge_kutta
    start, step = (
        inputs.control.get(name, constant_value(equations, equations.control[name], name))
        for name in ("initial_time", "time_step")
    )
    fine = grid(equations, {**inputs.control, "final_time": start + count * step}, None, rk4)
    every = np.ones_like(fine.saves)
    return Grid(fine.control, fine.times, fine.samples, every, fine.times, None)
