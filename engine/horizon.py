"""Runs whose FINAL TIME is worked out as they go: the end is found first, then they are run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.errors import ParameterError
from engine.grid import PRECISION, Grid, grid
from engine.inputs import Inputs
from engine.moving import changes, hidden
from engine.run import lay_out, sweep

if TYPE_CHECKING:
    from engine import model

FIRST_GUESS, MOST_STEPS = 128, 100_000


def ends(model: model.Model, inputs: Inputs, threads: int | None) -> np.ndarray | None:
    """The last time of every run, when FINAL TIME moves and is not given; a run ends with the
    first step at which it has reached its FINAL TIME. Raises ParameterError for one that does
    not end."""
    if not changes(model._equations, "final_time") or "final_time" in inputs.control:
        return None
    end = hidden("final_time")
    plan, kernel = model._compiled(frozenset([end]), model._scope(inputs), None)
    count = FIRST_GUESS
    while count <= MOST_STEPS:
        steps = _grid(model, inputs, count)
        layout = lay_out(plan, kernel, plan.width, steps, inputs, [end])
        values, _ = sweep(layout, threads)
        # a FINAL TIME that is not a number ends a run, or it would end none
        reached = ~(steps.times + steps.shortest * PRECISION < values[:, :, 0])
        if reached.any(axis=1).all():
            return steps.times[reached.argmax(axis=1)]
        count *= 4
    raise ParameterError(f"FINAL TIME is not reached within {count // 4:,} steps: give one")


def _grid(model: model.Model, inputs: Inputs, count: int) -> Grid:
    endless = {**inputs.control, "final_time": np.inf}
    fine = grid(model._equations, endless, None, model._runge_kutta, most=count)
    every = np.ones_like(fine.saves)
    return Grid(fine.control, fine.times, fine.samples, every, fine.times, None, fine.shortest)
