"""Where a run first went wrong: variable, element, time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.grid import Grid
from engine.inputs import Inputs
from engine.plan import Plan
from engine.run import lay_out, sweep

if TYPE_CHECKING:
    from engine.model import Model

MOST_LOCATED = 3


def locate(model: Model, inputs: Inputs, steps: Grid, bad: list[int]) -> list[str]:
    """One sentence for each of the first faulty runs; they are run again with everything kept."""
    return [_first(model, inputs, steps, run) for run in bad[:MOST_LOCATED]]


def _first(model: Model, inputs: Inputs, steps: Grid, run: int) -> str:
    one = inputs.of_run(run)
    every = np.ones_like(steps.saves)
    fine = Grid(steps.control, steps.times, steps.samples, every, steps.times, None, steps.shortest)
    equations = model._equations
    names = [n for n, v in equations.variables.items() if v.kind != "lookup"]
    plan, kernel = model._compiled(frozenset(names), model._scope(one), 1)
    layout = lay_out(plan, kernel, 1, fine, one, names)
    values, _ = sweep(layout, 1)
    bad = ~np.isfinite(values[0])
    checked = np.zeros(bad.shape[1], bool)
    checked[layout.kept_checked] = True
    bad &= checked
    if not bad.any():
        return f"run {run}: not finite after the last step"
    step = int(np.flatnonzero(bad.any(axis=1))[0])
    sources = _sources(plan, names)
    place = min(np.flatnonzero(bad[step]), key=lambda i: sources[i])
    offset = 0
    for n in names:
        v = equations.variables[n]
        if place < offset + v.size:
            spot = np.unravel_index(place - offset, v.shape) if v.shape else ()
            labels = [
                equations.ranges[d][i] if d else str(i) for d, i in zip(v.dims, spot, strict=True)
            ]
            where = f"[{', '.join(labels)}]" if labels else ""
            value = values[0, step, place]
            return f"run {run}: {v.name}{where} = {value:g} at time {steps.times[step]:g}"
        offset += v.size
    raise AssertionError("a faulty element belongs to some variable")


def _sources(plan: Plan, names: list[str]) -> np.ndarray:
    """For every element the position of its variable in the order of computation."""
    order: dict[str, int] = {}
    for phase in ("constant", "initial", "step"):
        for g in plan.phases[phase]:
            for s in g.statements:
                if s.role != "next":
                    order.setdefault(s.name, len(order))
    sizes = [plan.model.variables[n].size for n in names]
    return np.repeat([order.get(n, -1) for n in names], sizes)
