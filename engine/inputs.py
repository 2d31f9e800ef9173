"""Parameters given to a run, checked and laid out as the kernel reads them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xarray as xr

from engine.errors import ParameterError, UnknownName
from engine.ir import Model, Variable, key

CONTROL = ("initial_time", "final_time", "time_step", "saveper")


@dataclass(slots=True)
class Given:
    """One parameter: `values` has axes [run,] [time,] then the elements flattened.

    `at`: the times of the time axis.
    """

    name: str
    values: np.ndarray
    per_run: bool
    at: np.ndarray | None = None


@dataclass(slots=True)
class Inputs:
    """All parameters of a call: scalars for the grid, the rest by key, and the number of runs."""

    control: dict[str, float] = field(default_factory=dict)
    values: dict[str, Given] = field(default_factory=dict)
    runs: int | None = None

    @property
    def varying(self) -> frozenset[str]:
        """Parameters that differ between runs."""
        return frozenset(k for k, g in self.values.items() if g.per_run)

    @property
    def paths(self) -> frozenset[str]:
        """Parameters that are paths over time."""
        return frozenset(k for k, g in self.values.items() if g.at is not None)

    def give(self, name: str, values: np.ndarray, per_run: bool) -> None:
        """Add a parameter that the engine itself sets: [runs,] elements."""
        self.values[key(name)] = Given(name, values, per_run)

    def of_run(self, run: int) -> Inputs:
        """The parameters of one run, for all runs alike; the number of runs stays as asked for."""
        one = {
            k: Given(g.name, g.values[run], False, g.at) if g.per_run else g
            for k, g in self.values.items()
        }
        return Inputs(self.control, one, None if self.runs is None else 1)


def check(
    model: Model,
    parameters: Mapping[str, Any] | None,
    runs: int | None,
    time_varying: frozenset[str],
) -> Inputs:
    """Check all parameters. Raises UnknownName or ParameterError, which names the parameter."""
    out = Inputs(runs=runs)
    if runs is not None and (not isinstance(runs, int) or runs < 1):
        raise ParameterError(f"runs must be a positive whole number, not {runs!r}")
    for name, value in (parameters or {}).items():
        k = key(name)
        if k in CONTROL:
            out.control[k] = _scalar(name, value)
            continue
        v = _parameter(model, name)
        if k in out.values:
            raise ParameterError(f"{v.name} is given twice")
        given = _given(v, value, k in time_varying or v.kind == "data")
        out.values[k] = given
        if given.per_run:
            count = len(given.values)
            if out.runs not in (None, count):
                raise ParameterError(f"{v.name}: {count} runs, but {out.runs} elsewhere")
            out.runs = count
        elif given.at is None and given.values.size == 1 and not v.dims:
            out.control[k] = float(given.values[0])
    return out


def _parameter(model: Model, name: str) -> Variable:
    v = model.variables.get(key(name))
    if v is None or v.hidden:
        known = [x.name for x in model.variables.values() if x.kind in ("constant", "data")]
        raise UnknownName("parameter", name, known + [c.replace("_", " ").upper() for c in CONTROL])
    if v.kind not in ("constant", "data"):
        raise ParameterError(f"{v.name} is computed by the model ({v.kind}), it is not a parameter")
    if v.fixed:
        raise ParameterError(f"{v.name} is unchangeable: declared with ==, or read when loading")
    return v


def _scalar(name: str, value: Any) -> float:
    array = _numbers(name, value)
    if array.size != 1:
        raise ParameterError(f"{name}: must be one number for all runs")
    return float(array.reshape(())[()])


def _numbers(name: str, value: Any) -> np.ndarray:
    array = np.asarray(value)
    if array.dtype.kind not in "iuf" or array.dtype.itemsize > 8:
        raise ParameterError(f"{name}: not numeric ({array.dtype}): {value!r:.80}")
    array = array.astype(float, copy=False)
    # for one number the sooner of two ways
    if not (math.isfinite(array) if array.ndim == 0 else np.isfinite(array).all()):
        raise ParameterError(f"{name}: has NaN or infinite values")
    return array


def _given(v: Variable, value: Any, moving: bool) -> Given:
    if isinstance(value, xr.DataArray):
        return _labelled(v, value, moving)
    array = _numbers(v.name, value)
    size, n = v.size, len(v.shape)
    if array.ndim == 0:
        return Given(v.name, np.full(size, float(array)), False)
    if array.shape == v.shape:
        return Given(v.name, array.reshape(size), False)
    if array.ndim == n + 1 and array.shape[1:] == v.shape and len(array):
        return Given(v.name, array.reshape(-1, size), True)
    allowed = " or ".join(str(s).replace("'", "") for s in (v.shape, ("runs", *v.shape)))
    raise ParameterError(f"{v.name}: shape {array.shape}, expected a number or {allowed}")


def _labelled(v: Variable, value: xr.DataArray, moving: bool) -> Given:
    array = value
    wrong = [d for d in array.dims if d not in ("run", "time", *v.dims)]
    if wrong:
        allowed = ", ".join(("run", "time", *v.dims))
        raise ParameterError(f"{v.name}: dimension {wrong[0]!r}; allowed: {allowed}")
    if "time" in array.dims and not moving:
        raise ParameterError(
            f"{v.name}: given over time, but not named in time_varying when the model was loaded"
        )
    at = None
    if "time" in array.dims:
        moments = array.coords.variables.get("time")
        if moments is None or not moments.size:
            raise ParameterError(f"{v.name}: the time dimension has no coordinates")
        at = _numbers(f"{v.name}: time", moments.to_numpy())
        if (np.diff(at) <= 0).any():
            raise ParameterError(f"{v.name}: times must increase")
    lead = [d for d in ("run", "time") if d in array.dims]
    inner = [d for d in v.dims if d in array.dims]
    values = _numbers(v.name, array.variable.transpose(*lead, *inner))
    for i, d in enumerate(v.dims):
        if d not in array.dims:
            values = np.expand_dims(values, len(lead) + i)
    values = np.broadcast_to(values, (*values.shape[: len(lead)], *v.shape))
    return Given(v.name, values.reshape(*values.shape[: len(lead)], v.size), "run" in lead, at)


def aligned(model: Model, v: Variable, value: Any) -> Any:
    """A DataArray with its subscripts in the model's order, picked by label where it has labels."""
    if not isinstance(value, xr.DataArray):
        return value
    for d in v.dims:
        if d not in value.dims:
            continue
        wanted = list(model.ranges[d])
        if d in value.coords:
            have = {key(str(x)): i for i, x in enumerate(value.coords[d].values)}
            missing = [w for w in wanted if key(w) not in have]
            if missing:
                raise ParameterError(f"{v.name}: {d} lacks {missing[0]!r}")
            value = value.isel({d: [have[key(w)] for w in wanted]})
        elif (size := value.shape[value.dims.index(d)]) != len(wanted):
            raise ParameterError(f"{v.name}: {d} has {size} elements, not {len(wanted)}")
    return value
