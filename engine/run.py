"""Batches of blocks of runs through the kernel, on all processors."""

from __future__ import annotations

import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace

import numpy as np

from engine.compile import Kernel
from engine.grid import Grid
from engine.inputs import Given, Inputs
from engine.plan import LANES, Plan, checked
from engine.series import Path, path, sampled

ALIGN = 512
MOST_IN_BATCH = 1 << 15  # doubles of parameters or of results
SHARES = 8  # batches for each worker, in long sweeps: they end at nearly the same time
INSTANT = 20_000_000  # operations on vectors: a millisecond, sooner done than shared with others
BRIEF = 5 * INSTANT


def _areas(counts: list[int]) -> list[np.ndarray]:
    """Arrays of doubles, each from a multiple of `ALIGN` bytes on; NaN, so that what no equation
    sets shows."""
    step = ALIGN // 8
    room = [-(-count // step) * step for count in counts]
    raw = np.empty(sum(room) + step)
    raw.fill(np.nan)
    starts = np.cumsum([(-raw.ctypes.data % ALIGN) // 8, *room])
    return [raw[i : i + count] for i, count in zip(starts.tolist(), counts, strict=False)]


@dataclass(slots=True)
class Layout:
    """Everything about a call that does not change from block to block."""

    plan: Plan
    kernel: Kernel
    width: int
    grid: Grid
    runs: int
    names: list[str]
    shared: np.ndarray
    constants: np.ndarray
    own_places: np.ndarray
    own_values: np.ndarray
    series: np.ndarray
    series_map: np.ndarray
    paths: list[tuple[list[int], Path]]
    save_map: np.ndarray
    save_size: int
    state_checked: np.ndarray
    kept_checked: np.ndarray
    kept: int
    stop: np.ndarray = field(default_factory=lambda: np.zeros(1, np.uint8))


def lay_out(
    plan: Plan, kernel: Kernel, width: int, grid: Grid, inputs: Inputs, names: list[str]
) -> Layout:
    """Arrange parameters and series for the kernel. `names`: keys of the outputs to keep."""
    memory = plan.memory
    fixed = {area: values.copy() for area, values in memory.defaults.items()}
    own_places: list[np.ndarray] = []
    own_values: list[np.ndarray] = []
    flat: list[np.ndarray] = []
    rows: list[list[int]] = []
    moving: dict[bytes, list[tuple[int, Given]]] = {}
    offset = 0
    for name in [*memory.parameters, *memory.series]:
        slot, given = memory.lasting[name], inputs.values.get(name)
        place = slice(slot.first, slot.first + slot.size)
        values = None
        if given is None:
            if plan.model.variables[name].kind != "data":
                continue  # its default is in place
            given = sampled(plan.model.variables[name], grid)
            values = given.values
        if given.at is None and not given.per_run:
            fixed[slot.area][place] = given.values
        elif given.at is None:
            own_places.append(np.arange(place.start, place.stop))
            own_values.append(given.values)
        elif not given.per_run:
            values = path(given, grid).at_samples() if values is None else values
            rows.append([slot.first, slot.size, offset, slot.size, 2 * (slot.area == "flat")])
            flat.append(np.ascontiguousarray(values).reshape(-1))
            offset += flat[-1].size
        else:
            moving.setdefault(given.at.tobytes(), []).append((len(rows), given))
            rows.append([slot.first, slot.size, 0, 0, 1])
    paths = [_beside(group, rows, grid, width) for group in moving.values()]
    return Layout(
        plan, kernel, width, grid, inputs.runs or 1, names, fixed["flat"], fixed["work"],
        *_own(own_places, own_values, inputs.runs or 1),
        np.concatenate([*flat, np.zeros(1)]), np.array(rows, np.int64).reshape(-1, 5), paths,
        *_kept(plan, tuple(names)), int(grid.saves.sum()),
    )  # fmt: skip


def _beside(
    group: list[tuple[int, Given]], rows: list[list[int]], grid: Grid, width: int
) -> tuple[list[int], Path]:
    """Paths with the same times as one, and the rows of its parts."""
    sizes = [given.values.shape[-1] for _, given in group]
    starts = np.cumsum([0, *sizes])
    for (row, _), start in zip(group, starts[:-1], strict=True):
        rows[row][2:4] = [int(start) * width, int(starts[-1]) * width]
    every = np.concatenate([given.values for _, given in group], axis=-1)
    return [row for row, _ in group], path(replace(group[0][1], values=every), grid)


def _kept(plan: Plan, names: tuple[str, ...]) -> tuple[np.ndarray, int, np.ndarray, np.ndarray]:
    """Where outputs are, how many elements, and which elements of states and outputs to check."""
    if names not in plan.kept_places:
        saved = [s for s in (plan.memory.slot(n) for n in names) if s is not None]
        areas = {"work": 0, "state": 1, "flat": 2}
        rows = [[areas[s.area], s.first, s.size] for s in saved]
        plan.kept_places[names] = (
            np.array(rows, np.int64).reshape(-1, 3), sum(s.size for s in saved),
            plan.state_checked, checked(plan, list(names)),
        )  # fmt: skip
    return plan.kept_places[names]


def _own(
    places: list[np.ndarray], values: list[np.ndarray], runs: int
) -> tuple[np.ndarray, np.ndarray]:
    """Places and values (runs × places) of all parameters that differ by run; one is not copied."""
    if len(values) == 1:
        return places[0], values[0]
    return (
        np.concatenate([np.zeros(0, int), *places]),
        np.concatenate([np.zeros((runs, 0)), *values], axis=1),
    )


OUT, BLOCKS, OWN = 14, 16, 18  # places among the arguments of a kernel
SERIES = slice(8, 10)


class Workspace:
    """Memory of one thread, used again for every batch that it does, and what a kernel is called
    with (see `kernel`), but for its results; `blocks`: the most in one call."""

    def __init__(self, layout: Layout, blocks: int) -> None:
        sizes, width = layout.plan.memory.sizes, layout.width
        states = 3 if layout.plan.runge_kutta else 1  # with the trial and the total of a step
        rows = (layout.grid.steps + 1) if sizes["history"] else 0
        wide = [sizes["work"], sizes["state"] * states, sizes["state"], sizes["history"] * rows]
        flat = layout.plan.flat * (2 if layout.plan.turn >= 0 else 1)
        areas = _areas([flat, *(max(1, n) * width for n in wide)])
        self.flat, self.work = areas[:2]
        self.flat[: layout.shared.size] = layout.shared
        size = len(layout.constants) * width
        self.work[:size].reshape(-1, width)[:] = layout.constants[:, None]
        self.faults = np.zeros((blocks, width))
        g = layout.grid
        self.arguments: list[int] = [
            *(a.ctypes.data for a in areas), g.control.ctypes.data, g.samples.ctypes.data, g.steps,
            layout.series.ctypes.data, layout.series_map.ctypes.data, len(layout.series_map),
            g.saves.ctypes.data, layout.save_map.ctypes.data, len(layout.save_map), 0,
            layout.stop.ctypes.data, 1, layout.kept * layout.save_size * width, 0,
            layout.own_places.ctypes.data, layout.own_places.size,
            layout.state_checked.ctypes.data, layout.state_checked.size, self.faults.ctypes.data,
        ]  # fmt: skip


def batch(layout: Layout, space: Workspace, first: int, out: np.ndarray) -> list[int]:
    """Run the blocks from run `first` on that `space` has room for; fill their rows of `out`;
    return the faulty runs."""
    width, arguments = layout.width, space.arguments
    blocks = min(len(space.faults), -(-(layout.runs - first) // width))
    count = min(blocks * width, layout.runs - first)
    lanes = np.minimum(np.arange(first, first + blocks * width), layout.runs - 1)
    own = layout.own_values[lanes].reshape(blocks, width, layout.own_places.size)
    own = np.ascontiguousarray(own.swapaxes(1, 2))
    if layout.paths:
        rows = layout.series_map.copy()
        parts, offset = [layout.series], layout.series.size
        for places, given in layout.paths:
            parts.append(np.moveaxis(given.at_samples(lanes), 0, -1).reshape(-1))
            rows[places, 2] += offset
            offset += parts[-1].size
        series = np.concatenate(parts)
        arguments[SERIES] = series.ctypes.data, rows.ctypes.data
    kept = out[first : first + blocks * width]
    arguments[OUT], arguments[BLOCKS] = kept.ctypes.data, blocks
    arguments[OWN] = own.ctypes.data
    layout.kernel.run(*arguments)
    return [first + i for i in faulty(layout, kept[:count], space.faults.reshape(-1)[:count])]


def faulty(layout: Layout, kept: np.ndarray, faults: np.ndarray) -> list[int]:
    """Which of some runs have a stock or output, among those to check, that is not finite."""
    if np.isfinite(kept).all() and np.isfinite(faults).all():
        return []
    fine = np.isfinite(kept[:, :, layout.kept_checked]).all(axis=(1, 2)) & np.isfinite(faults)
    return [int(i) for i in np.flatnonzero(~fine)]


def _batch_size(layout: Layout, workers: int) -> int:
    """Blocks to do in one call: few enough to share among the workers and to stay in the cache.

    Paths over time that differ by run are prepared for one block at a time.
    """
    if layout.paths or layout.width == 1:
        return 1
    kept = max(1, layout.kept * layout.save_size, layout.own_places.size)
    fitting = MOST_IN_BATCH // (layout.width * kept)
    # to hand out a batch takes the interpreter, for which workers wait on one another
    shares = min(SHARES, -(-2 * size(layout) // (workers * INSTANT))) if workers > 1 else 1
    share = -(-layout.runs // (layout.width * workers * max(1, shares)))
    return max(1, min(fitting, share))


def size(layout: Layout) -> int:
    """About how many operations on vectors are done."""
    vectors = -(-layout.runs // min(layout.width, LANES))
    stages = 4 if layout.plan.runge_kutta else 1
    return layout.plan.operations * layout.grid.steps * stages * vectors


_POOL: ThreadPoolExecutor | None = None
_POOL_LOCK = threading.Lock()


def _pool() -> ThreadPoolExecutor:
    global _POOL
    with _POOL_LOCK:
        if _POOL is None:
            _POOL = ThreadPoolExecutor(processors(), thread_name_prefix="engine")
        return _POOL


def processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def sweep(layout: Layout, threads: int | None) -> tuple[np.ndarray, list[int]]:
    """All runs: kept values as runs × times × elements, and the runs with NaN or infinities.

    Interrupting (Ctrl-C) stops the running blocks at their next step.
    """
    rows = -(-layout.runs // layout.width) * layout.width  # the last block may have room left
    out = np.empty((rows, layout.kept, layout.save_size))
    workers, operations = (
        min(-(-layout.runs // layout.width), threads or processors()),
        size(layout),
    )
    if operations < INSTANT:
        workers = 1
    blocks = _batch_size(layout, workers)
    starts = iter(range(0, layout.runs, layout.width * blocks))
    lock = threading.Lock()

    def work() -> list[int]:
        space, bad = Workspace(layout, blocks), []
        while not layout.stop[0]:
            with lock:
                first = next(starts, None)
            if first is None:
                break
            bad += batch(layout, space, first, out)
        return bad

    if workers == 1 and operations < BRIEF:  # over before an interrupt could wait
        return out[: layout.runs], sorted(work())
    futures: list[Future[list[int]]] = [_pool().submit(work) for _ in range(workers)]
    try:
        bad = [b for f in futures for b in f.result()]
    except BaseException:
        layout.stop[0] = 1
        wait(futures)
        raise
    return out[: layout.runs], sorted(bad)
