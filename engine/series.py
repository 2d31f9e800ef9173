"""Data and paths over time, brought to the steps of a run before it starts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.errors import ParameterError
from engine.grid import Grid
from engine.inputs import Given
from engine.ir import Curve, Model, Variable


@dataclass(slots=True)
class Path:
    """A parameter given over time. `values`: [runs,] its own times, elements; `below` and `part`:
    for every sample the time before it, and how far it lies on the way to the next."""

    values: np.ndarray
    below: np.ndarray
    part: np.ndarray

    def at_samples(self, runs: np.ndarray | None = None) -> np.ndarray:
        """Values at all samples, linear in between: [runs,] samples, elements."""
        values = self.values if runs is None else self.values[runs]
        low = values[..., self.below, :]
        high = values[..., np.minimum(self.below + 1, values.shape[-2] - 1), :]
        return low + (high - low) * self.part[:, None]


def path(given: Given, grid: Grid) -> Path:
    """How a parameter with times of its own meets the samples of a grid; held at its ends."""
    assert given.at is not None
    times = np.clip(grid.samples, given.at[0], given.at[-1])
    below = np.clip(np.searchsorted(given.at, times, "right") - 1, 0, max(0, len(given.at) - 2))
    above = np.minimum(below + 1, len(given.at) - 1)
    gap = given.at[above] - given.at[below]
    part = (times - given.at[below]) / np.where(gap > 0, gap, 1.0)
    return Path(given.values, below, part)


def has_values(model: Model, name: str) -> bool:
    """Whether a variable is anything but data without a table."""
    v = model.variables[name]
    return v.kind != "data" or any(c.x for c in v.curves)


def sampled(v: Variable, grid: Grid) -> Given:
    """The file's data at the samples of a grid. Raises ParameterError when it has none."""
    if not any(c.x for c in v.curves):
        raise ParameterError(
            f"{v.name} is data without a table: give it as a parameter, or in data_files on loading"
        )
    columns = [_sample(c, grid.samples) for c in v.curves]
    return Given(v.name, np.stack(columns, axis=1), False, grid.samples)


def _sample(curve: Curve, times: np.ndarray) -> np.ndarray:
    """Data at given times, by the interpolation mode of the file; held at the ends."""
    x, y = np.array(curve.x), np.array(curve.y)
    if not x.size:
        return np.full(len(times), np.nan)
    if curve.kind == "interpolate":
        return np.interp(times, x, y)
    if curve.kind == "raw":
        place = np.clip(np.searchsorted(x, times), 0, len(x) - 1)
        return np.where(x[place] == times, y[place], np.nan)
    side = "left" if curve.kind == "look_forward" else "right"
    place = np.searchsorted(x, times, side) - (curve.kind == "hold_backward")
    return y[np.clip(place, 0, len(x) - 1)]
