"""A loaded model: its parameters and variables, and `run`."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from engine import chance, faults, horizon, lookups
from engine.cache import Cache
from engine.clock import set_clock
from engine.compile import Kernel, build
from engine.errors import ParameterError, UnknownName
from engine.evaluate import default
from engine.grid import Grid, grid, moments
from engine.inputs import CONTROL, Inputs, aligned, check
from engine.ir import Curve, Variable, deep, key
from engine.ir import Model as Equations
from engine.kernel import module
from engine.labels import coordinates, refuse_run
from engine.moving import changes, hidden, label
from engine.plan import Plan, Scope, make
from engine.run import lay_out, sweep
from engine.series import has_values
from engine.single import Singles
from engine.usual import asked

MOST_EMPTY = 8  # datasets without numbers kept for the next call
FEW = 4  # runs up to this number go one by one
MANY = 5000  # runs from this number on are worth a kernel of their own


class Model:
    """A model ready to run. Made by `load`."""

    def __init__(
        self,
        path: Path,
        equations: Equations,
        time_varying: frozenset[str],
        cache: Cache,
        runge_kutta: bool,
    ) -> None:
        self.path, self._runge_kutta = path, runge_kutta
        self._equations, self._varying, self._cache = equations, time_varying, cache
        self._kernels: dict[tuple[frozenset[str], Scope, int | None], tuple[Plan, Kernel]] = {}
        self._switches = asked(equations, time_varying)
        self._varied: frozenset[str] = frozenset()
        self._last_grid: tuple[object, Grid] | None = None
        self._empty: dict[tuple[object, ...], xr.Dataset] = {}
        self._singles = {
            usual: Singles(
                partial(self._compiled, scope=Scope(paths=time_varying, usual=usual), width=1)
            )
            for usual in (False, True)
        }
        self._others: dict[tuple[tuple[str, Curve], ...], Model] = {}
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        shown = [v for v in self._equations.variables.values() if not v.hidden]
        return f"<engine.Model {self.path.name}: {len(shown)} variables>"

    @property
    def parameters(self) -> pd.DataFrame:
        """Constants and data: name, unit, comment, subscripts (tuple of ranges), default
        (number, or array over the subscripts; None for data)."""
        rows = [
            (v.name, v.unit, v.comment, v.dims, self._default(v))
            for v in self._shown()
            if v.kind in ("constant", "data") and not v.fixed
        ]
        return pd.DataFrame(rows, columns=["name", "unit", "comment", "subscripts", "default"])

    @property
    def variables(self) -> pd.DataFrame:
        """All variables: name, unit, comment, subscripts, kind, and default for constants."""
        rows = [
            (v.name, v.unit, v.comment, v.dims, v.kind, self._default(v)) for v in self._shown()
        ]
        columns = ["name", "unit", "comment", "subscripts", "kind", "default"]
        return pd.DataFrame(rows, columns=columns)

    @property
    def subscripts(self) -> dict[str, tuple[str, ...]]:
        """Subscript ranges and their elements."""
        return dict(self._equations.ranges)

    def _shown(self) -> list[Variable]:
        return [v for v in self._equations.variables.values() if not v.hidden]

    def _default(self, v: Variable) -> float | np.ndarray | None:
        if v.kind != "constant":
            return None
        value = default(v)
        return float(value) if not v.dims else value

    def run(
        self,
        parameters: Mapping[str, Any] | None = None,
        *,
        outputs: Sequence[str] | None = None,
        times: Sequence[float] | None = None,
        runs: int | None = None,
        seed: int = 0,
        threads: int | None = None,
        width: int | None = None,
    ) -> xr.Dataset:
        """Simulate once, or many times at once.

        `parameters`: by name a number, an array over the variable's subscripts, an array with a
        leading run axis, or a DataArray with any of the dimensions run, time and subscripts;
        "INITIAL TIME", "FINAL TIME", "TIME STEP" and "SAVEPER" are single numbers; a lookup is its
        points, the same for all runs. `outputs`: names to keep, when None all but data that have no
        table; `times`: times to keep, every SAVEPER when None; `runs`: their number, when no
        parameter tells it. `seed`: of random functions; run i draws the same whatever stands beside
        it. `threads` and `width` (runs in one block) change speed, not results.

        Returns a Dataset with dimensions [run,] time and subscripts; variables carry `units` and
        `comment`. Runs in which a stock or output became NaN or infinite are named in
        `attrs["fault_runs"]`, and in `attrs["faults"]` where that began.
        Raises ParameterError, UnknownName (nothing has run then), CycleError.
        """
        plain, curves = lookups.split(self._equations, parameters or {})
        if curves:
            other = self._with_curves(curves)
            return other.run(
                plain,
                outputs=outputs,
                times=times,
                runs=runs,
                seed=seed,
                threads=threads,
                width=width,
            )
        given = {n: self._aligned(n, v) for n, v in plain.items()}
        inputs = check(self._equations, given, runs, self._varying)
        self._draw(inputs, seed)
        set_clock(self._equations, inputs)
        names, clock = self._names(outputs)
        if inputs.runs is not None:
            refuse_run(self._equations.variables[n] for n in names)
        if outputs is None:
            known = set(map(key, given))
            names = [n for n in names if n in known or has_values(self._equations, n)]
        names += [hidden(c) for c in clock if changes(self._equations, c)]
        last = horizon.ends(self, inputs, threads)
        if last is not None:
            inputs.control["final_time"] = float(last.max())
        steps = self._steps(inputs, times)
        if width not in (None, 1, 2, 4, 8, 16, 32, 64):
            raise ParameterError(f"width must be a power of two up to 64, not {width}")
        usual = bool(self._switches) and self._switches.isdisjoint(inputs.values)
        if width is None and (inputs.runs or 1) <= FEW:
            values, bad = self._singles[usual].run(names, inputs, steps)
        else:
            exact = (inputs.runs or 1) >= MANY
            plan, kernel = self._compiled(
                frozenset(names), self._scope(inputs, usual), width, exact
            )
            lanes = width or plan.width
            values, bad = sweep(lay_out(plan, kernel, lanes, steps, inputs, names), threads)
        if steps.order is not None:
            values = values[:, steps.order]
        if last is not None:
            values[steps.labels > last[:, None] + steps.shortest / 2] = np.nan
        dataset = self._dataset(names, clock, values, steps, inputs)
        if bad:
            dataset.attrs["fault_runs"] = bad
            dataset.attrs["faults"] = faults.locate(self, inputs, steps, bad)
        return dataset

    def _steps(self, inputs: Inputs, times: Sequence[float] | None) -> Grid:
        """The grid of a run; the last one again when the same is asked for."""
        wanted = None if times is None else moments(times)
        which = tuple(inputs.control.items()), None if wanted is None else wanted.tobytes()
        last = self._last_grid
        if last is None or last[0] != which:
            last = which, grid(self._equations, inputs.control, wanted, self._runge_kutta)
            self._last_grid = last
        return last[1]

    def _with_curves(self, curves: tuple[tuple[str, Curve], ...]) -> Model:
        """This model with other points for some lookups, which its kernels hold as constants."""
        with self._lock:
            if curves not in self._others:
                equations = lookups.replaced(self._equations, curves)
                self._others[curves] = Model(
                    self.path, equations, self._varying, self._cache, self._runge_kutta
                )
            return self._others[curves]

    def _draw(self, inputs: Inputs, seed: int) -> None:
        """Give every run the key of its random numbers."""
        if not isinstance(seed, int) or not -(2**63) <= seed < 2**63:
            raise ParameterError(f"seed must be a whole number of 64 bits, not {seed!r}")
        if key(chance.KEY) in self._equations.variables:
            many = inputs.runs is not None
            drawn = chance.keys(seed, inputs.runs or 1)
            inputs.give(chance.KEY, drawn.reshape(-1, 1) if many else drawn, many)

    def _aligned(self, name: str, value: Any) -> Any:
        v = self._equations.variables.get(key(name))
        return value if v is None else aligned(self._equations, v, value)

    def _names(self, outputs: Sequence[str] | None) -> tuple[list[str], list[str]]:
        """Keys of the variables that are asked for, and of the control times."""
        if outputs is None:
            return [key(v.name) for v in self._shown() if v.kind != "lookup"], list(CONTROL)
        if isinstance(outputs, str) or not all(isinstance(name, str) for name in outputs):
            raise ParameterError("outputs must be a list of names")
        if not outputs:
            raise ParameterError("outputs is empty: there is nothing to keep")
        names = []
        clock = [c for c in CONTROL if c in map(key, outputs)]
        for name in outputs:
            if key(name) in CONTROL:
                continue
            v = self._equations.variables.get(key(name))
            whole = name.partition("[")[0]
            if v is None and key(whole) in self._equations.variables:
                raise ParameterError(
                    f"{name}: ask for all of {whole!r}, then select from the result"
                )
            if v is None or v.hidden:
                raise UnknownName("output", name, [x.name for x in self._shown()])
            if v.kind == "lookup":
                raise ParameterError(f"{v.name} is a lookup: it has no value over time")
            names.append(key(name))
        return list(dict.fromkeys(names)), clock

    def _scope(self, inputs: Inputs, usual: bool = False) -> Scope:
        """What the kernel of a call must be for."""
        return Scope(inputs.varying, inputs.paths & self._varying, usual)

    def _compiled(
        self,
        names: frozenset[str],
        scope: Scope,
        width: int | None,
        exact: bool = False,
    ) -> tuple[Plan, Kernel]:
        """Plan and kernel for at least these outputs and this scope; a width of None is the plan's
        own.

        A kernel made before is used when it covers them. A new one allows for all parameters that
        have differed so far and for paths of all that may be some, so that a user who varies now
        this, now that soon compiles no more; `exact`: for the scope and nothing else, which large
        sweeps are worth.
        """
        with self._lock:
            fitting = [
                (n, s)
                for n, s, w in self._kernels
                if w == width and names <= n and (s == scope if exact else s.covers(scope))
            ]
            if fitting:
                wanted = min(fitting, key=lambda f: (len(f[0]), len(f[1].varying)))
                return self._kernels[(*wanted, width)]
            if not exact:
                if scope.varying:
                    self._varied |= scope.varying | self._varying
                    scope = replace(scope, varying=self._varied)
                scope = replace(scope, paths=self._varying)
            with deep():
                plan = make(
                    self._equations, sorted(names), self._varying, scope.varying,
                    self._runge_kutta, shared=width != 1,
                    usual=self._switches if scope.usual else frozenset(),
                    still=self._varying - scope.paths,
                )  # fmt: skip
                text = module(plan, width or plan.width)
            made = self._kernels[names, scope, width] = plan, build(text, self._cache)
            return made

    def _dataset(
        self, names: list[str], clock: list[str], values: np.ndarray, steps: Grid, inputs: Inputs
    ) -> xr.Dataset:
        lead = ("run", "time")[inputs.runs is None :]
        data: dict[str, np.ndarray] = {}
        offset = 0
        for name in names:
            v = self._equations.variables[name]
            part = values[:, :, offset : offset + v.size]
            offset += v.size
            part = part.reshape(*part.shape[:2], *v.shape)
            data[v.name] = part if len(lead) == 2 else part[0]
        for name, value in zip(CONTROL, steps.control, strict=True):
            moving = data.pop(f"engine: moving {name}", None)
            if name in clock:  # in memory once for all runs and times
                fixed = np.broadcast_to(value, values.shape[2 - len(lead) : 2])
                data[label(name)] = fixed if moving is None else moving
        which = tuple(data), tuple(steps.labels.tolist()), inputs.runs
        empty = self._empty.get(which)
        if empty is None:
            if len(self._empty) == MOST_EMPTY:
                self._empty.clear()
            empty = self._empty[which] = self._framed(data, steps, inputs)
        return empty.copy(data=data)

    def _framed(self, data: dict[str, np.ndarray], steps: Grid, inputs: Inputs) -> xr.Dataset:
        """A dataset with everything but the numbers: to make it takes longer than a short run."""
        lead = ("run", "time")[inputs.runs is None :]
        variables, ranges = {}, {}
        for name, array in data.items():
            nothing = np.broadcast_to(np.nan, array.shape)
            v = self._equations.variables.get(key(name))
            if v is None:
                variables[name] = lead, nothing
                continue
            ranges |= {d: self._equations.ranges[d] for d in v.dims}
            attrs = {"units": v.unit, "comment": v.comment}
            variables[name] = (*lead, *v.dims), nothing, attrs
        coords = coordinates(tuple(steps.labels), inputs.runs, tuple(ranges.items()))
        return xr.Dataset(variables, coords, {"model": self.path.name})
