"""The steps of a run: initial and final time, step, and which steps are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.errors import ParameterError, ReadError
from engine.evaluate import constant_value
from engine.ir import Model
from engine.moving import changes, label

PRECISION = 1e-5  # of a step: how PySD decides that a time has come
MOST_STEPS = 10_000_000


@dataclass(slots=True)
class Grid:
    """`control`: initial time, final time, step, saving interval, as the kernel wants them;
    `times`: of every step; `samples`: times at which data are needed, with Runge-Kutta also
    half-way; `saves`: a byte per step; `order`: positions of the kept times as the caller wants
    them; `shortest`: of the steps, where they differ."""

    control: np.ndarray
    times: np.ndarray
    samples: np.ndarray
    saves: np.ndarray
    labels: np.ndarray
    order: np.ndarray | None
    shortest: float

    @property
    def steps(self) -> int:
        """Number of steps taken."""
        return len(self.times) - 1


def grid(
    model: Model,
    given: dict[str, float],
    wanted: np.ndarray | None,
    runge_kutta: bool = False,
    most: int | None = None,
) -> Grid:
    """The grid of a run. `given`: scalar parameters by key. `wanted`: times to keep, or None for
    every saving interval; `most`: steps after which to end, whatever FINAL TIME is. Raises
    ParameterError when a wanted time is not one of the steps."""
    start = _value(model, given, "initial_time", 0.0)
    end, step, every = (
        _value(model, given, c, start) for c in ("final_time", "time_step", "saveper")
    )
    if not step > 0 or not end >= start:
        raise ParameterError(f"cannot step from {start} to {end} by {step}")
    if wanted is None and not every > 0:
        raise ParameterError(f"cannot save every {every}")
    if changes(model, "time_step"):
        if "time_step" in given:
            raise ParameterError("TIME STEP changes as a run of this model goes: do not give it")
        times = _moving(model, given, start, end, most or MOST_STEPS)
        step, kernel_step = float(np.diff(times).min(initial=step)), 1.0
    else:
        if most is None and (end - start) / step > MOST_STEPS:
            raise ParameterError(f"more than {MOST_STEPS:,} steps from {start} to {end} by {step}")
        count = most if most is not None else int((end - start) / step * (1 + 1e-6)) + 3
        # added up step by step, as PySD does: comparisons with Time then agree
        times = np.cumsum(np.concatenate([[start], np.full(count, step)]))
        times = times[: 1 + int((times + step * PRECISION < end)[:count].sum())]
        kernel_step = step
    control = np.array([start, end, kernel_step, every])
    samples = times
    if runge_kutta:
        samples = np.empty(2 * len(times) - 1)
        samples[::2], samples[1::2] = times, (times[1:] + times[:-1]) / 2
    saves = np.zeros(len(times), np.uint8)
    if wanted is None:
        intervals: float | np.ndarray = every
        if changes(model, "saveper") and "saveper" not in given:
            intervals = np.array([_value(model, given, "saveper", t) for t in times])
        since, slack = times - start, step * PRECISION
        saves[(since % intervals < slack) | (-since % intervals < slack)] = 1
        labels = times[saves > 0].round(max(0, -int(np.log10(slack))))
        return Grid(control, times, samples, saves, labels, None, step)
    places = _places(times, wanted, step)
    saves[places] = 1
    order = np.searchsorted(np.flatnonzero(saves), places)
    if np.array_equal(order, np.arange(saves.sum())):
        order = None  # as they come: large results need not be copied
    return Grid(control, times, samples, saves, wanted, order, step)


def moments(wanted: Sequence[float]) -> np.ndarray:
    """The times that a caller wants. Raises ParameterError."""
    try:
        return np.array(wanted, dtype=float).reshape(-1)
    except (TypeError, ValueError) as error:
        raise ParameterError(f"times must be numbers, not {wanted!r}") from error


def _value(model: Model, given: dict[str, float], control: str, moment: float) -> float:
    """A control time, at a moment when it changes."""
    if control in given:
        return given[control]
    try:
        return constant_value(model, model.control[control], label(control), given, moment=moment)
    except ReadError as error:
        raise ParameterError(str(error)) from error


def _moving(
    model: Model, given: dict[str, float], start: float, end: float, most: int
) -> np.ndarray:
    """Times of steps whose length changes."""
    times = [start]
    while len(times) <= most:
        step = _value(model, given, "time_step", times[-1])
        if not step > 0:
            raise ParameterError(f"TIME STEP is {step} at time {times[-1]}")
        if not times[-1] + step * PRECISION < end:
            break
        times.append(times[-1] + step)
    return np.array(times)


def _places(times: np.ndarray, wanted: np.ndarray, step: float) -> np.ndarray:
    if not wanted.size or not np.isfinite(wanted).all():
        raise ParameterError("times must be a non-empty list of finite numbers")
    right = np.clip(np.searchsorted(times, wanted), 1, max(1, len(times) - 1))
    right = np.minimum(right, len(times) - 1)
    left = np.maximum(right - 1, 0)
    nearer_left = np.abs(times[left] - wanted) <= np.abs(times[right] - wanted)
    places = np.where(nearer_left, left, right)
    off = np.abs(times[places] - wanted) > 1e-3 * step
    if off.any():
        raise ParameterError(
            f"time {wanted[off][0]:g} is not a step of the run"
            f" ({times[0]:g} to {times[-1]:g} by {step:g}); nearest: {times[places[off][0]]:g}"
        )
    return places
