"""A few runs, one by one: sooner than as a block most of which would be empty.

Each is done in memory that an earlier one has left: to arrange it anew takes longer than a small
model does.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.compile import Kernel
from engine.grid import Grid
from engine.inputs import Inputs
from engine.plan import Plan
from engine.run import INSTANT, OUT, Layout, Workspace, faulty, lay_out, size, sweep

MOST_KEPT = 8  # combinations of outputs


class Singles:
    """Single runs of a model. `compiled`: plan and kernel, one wide, for outputs (keys)."""

    def __init__(self, compiled: Callable[[frozenset[str]], tuple[Plan, Kernel]]) -> None:
        self._compiled = compiled
        self._ready: dict[tuple[str, ...], tuple[Grid, _Single | None]] = {}

    def run(self, names: list[str], inputs: Inputs, grid: Grid) -> tuple[np.ndarray, list[int]]:
        """All runs that `inputs` are for, as `sweep`."""
        which = tuple(names)
        known, ready = self._ready.get(which, (None, None))
        if known is not grid:
            ready = self._prepared(names, grid)
            if len(self._ready) == MOST_KEPT:
                self._ready.clear()
            self._ready[which] = grid, ready
        if ready is not None and not inputs.paths:
            return ready.run(inputs)
        plan, kernel = self._compiled(frozenset(names))
        parts, bad = [], []
        for run in range(inputs.runs or 1):
            values, faults = sweep(lay_out(plan, kernel, 1, grid, inputs.of_run(run), names), 1)
            parts.append(values)
            bad += [run] if faults else []
        return np.concatenate(parts), bad

    def _prepared(self, names: list[str], grid: Grid) -> _Single | None:
        """None where data are needed, which may be given or lack a table, and where a run takes so
        long that somebody may wish to interrupt it."""
        plan, kernel = self._compiled(frozenset(names))
        if any(plan.model.variables[n].kind == "data" for n in plan.memory.series):
            return None
        layout = lay_out(plan, kernel, 1, grid, Inputs(), names)
        return _Single(layout) if size(layout) < INSTANT else None


class _Single:
    """Runs that keep the same outputs at the same times; no parameter is a path over time.

    Several threads may use it at once: a call has memory of its own for as long as it takes.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.idle: list[Workspace] = []

    def run(self, inputs: Inputs) -> tuple[np.ndarray, list[int]]:
        values = np.empty((inputs.runs or 1, self.layout.kept, self.layout.save_size))
        try:
            space = self.idle.pop()
        except IndexError:  # none yet, or all in use
            space = Workspace(self.layout, 1)
        runs = range(len(values))
        bad = [run for run in runs if self._fill(values[run : run + 1], space, inputs, run)]
        self.idle.append(space)
        return values, bad

    def _fill(self, out: np.ndarray, space: Workspace, inputs: Inputs, run: int) -> bool:
        """Do one run; returns whether a stock or output is not finite."""
        layout = self.layout
        space.flat[: layout.shared.size] = layout.shared
        space.work[: layout.constants.size] = layout.constants
        for name, given in inputs.values.items():
            slot = layout.plan.memory.lasting.get(name)
            if slot is not None:  # an output needs it
                area = space.flat if slot.area == "flat" else space.work
                values = given.values[run] if given.per_run else given.values
                area[slot.first : slot.first + slot.size] = values
        space.arguments[OUT] = out.ctypes.data
        layout.kernel.run(*space.arguments)
        return bool(faulty(layout, out, space.faults[0]))
