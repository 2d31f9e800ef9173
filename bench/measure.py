"""One engine on one model, in a process of its own: prints its figures as a line of JSON.

Used by `python -m bench`; the process is fresh so that start-up and memory are its own.
"""

import json
import resource
import statistics
import sys
import tempfile
import time
import tracemalloc
import warnings
from collections.abc import Callable
from pathlib import Path

from bench.bptk import NoFigures, bptk
from bench.cases import CASES, Case

MANY = 10_000


def timed(action: Callable[[], object], clock: Callable[[], float]) -> float:
    """Seconds that one call takes."""
    start = clock()
    action()
    return clock() - start


def median(
    action: Callable[[], object],
    calls: int = 15,
    clock: Callable[[], float] = time.process_time,
) -> float:
    """Median seconds of a call, after one that is not counted; of the processor, unless another
    clock is given, so that other processes on the machine matter less."""
    action()
    return statistics.median(timed(action, clock) for _ in range(calls))


def ours(case: Case, folder: Path, brief: bool) -> dict[str, float]:
    """Our engine: cached or not is decided by the environment of this process."""
    import numpy as np

    import engine

    path = case.ours(folder)
    varying: list[str] = []
    if case.time_varying:
        from model import levers

        varying = [lever.variable for lever in levers().values()]
    start = time.perf_counter()
    model = engine.load(path, time_varying=varying)
    kept = {"outputs": list(case.outputs), "times": list(case.times)}
    model.run(**kept)
    first = time.perf_counter() - start
    if brief:
        return {"first": first}
    single = median(lambda: model.run(**kept))
    figures = {"first": first, "single": single}
    subscripts = model.parameters.set_index("name").at[case.varied, "subscripts"]
    shape = tuple(len(model.subscripts[s]) for s in subscripts)

    def draws(runs: int) -> dict[str, np.ndarray]:
        factors = np.linspace(0.9, 1.1, runs).reshape(runs, *(1 for _ in shape))
        return {case.varied: (case.value * factors * np.ones((1, *shape))).reshape(runs, *shape)}

    for runs in (100, MANY):
        inputs = draws(runs)
        one = median(lambda: model.run(inputs, threads=1, **kept), 5)  # noqa: B023
        both = median(lambda: model.run(inputs, **kept), 5, time.perf_counter)  # noqa: B023
        figures |= {f"core {runs}": runs / one, f"all {runs}": runs / both}
    kept["times"] = case.times[:1]
    for runs in (1_000, 100_000):
        inputs = draws(runs) | {"FINAL TIME": case.times[0]}
        tracemalloc.start()
        results = model.run(inputs, **kept)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        figures[f"beside {runs}"] = (peak - results.nbytes) / 1e6
    return figures


def limit(case: Case, folder: Path, brief: bool) -> dict[str, float]:
    """The same equations by hand in C: the fastest of several shapes of vectors."""
    import numpy as np

    from bench.limit import check, kernels

    start = time.perf_counter()
    shapes = list(kernels(case, folder))
    first = time.perf_counter() - start
    if brief:
        return {"first": first}
    for call in shapes:
        check(call)
    figures = {"first": first}
    for runs, name in ((1, "single"), (100, "core 100"), (MANY, f"core {MANY}")):
        values = case.value * np.linspace(0.9, 1.1, runs)
        seconds = min(median(lambda: call(values), 5) for call in shapes)  # noqa: B023
        figures[name] = seconds if runs == 1 else runs / seconds
    return figures


def pysimlin(case: Case, folder: Path, brief: bool) -> dict[str, float]:
    """pysimlin: one simulation object, reset between runs; it uses one core."""
    import simlin

    path = case.portable(folder)
    start = time.perf_counter()
    sim = simlin.load(path).simulate()
    sim.run_to_end()
    first = time.perf_counter() - start

    if brief:
        return {"first": first}

    def again() -> None:
        sim.reset()
        sim.run_to_end()

    single = median(again)
    return {"first": first, "single": single, "core 100": 1 / single}


def pysd(case: Case, folder: Path, brief: bool) -> dict[str, float]:
    """PySD: the chosen outputs at the chosen times."""
    import shutil

    import pysd as peer

    path = folder / f"pysd_{case.name}.mdl"
    shutil.copy(case.portable(folder), path)
    kept = {"return_columns": list(case.outputs), "return_timestamps": list(case.times)}
    start = time.perf_counter()
    model = peer.read_vensim(str(path))
    model.run(**kept)
    first = time.perf_counter() - start
    if brief:
        return {"first": first}
    single = median(lambda: model.run(reload=True, **kept), 1)
    return {"first": first, "single": single, "core 100": 1 / single}


ENGINES: dict[str, Callable[[Case, Path, bool], dict[str, float]]] = {
    "ours": ours,
    "limit": limit,
    "pysimlin": pysimlin,
    "PySD": pysd,
    "BPTK-Py": bptk,
}


def main(engine: str, case: str, brief: str = "") -> None:
    """Measure and print; `brief`: only how long the first result takes. Where there is nothing to
    measure, `missing` says why."""
    warnings.simplefilter("ignore")  # the peers' own notices
    with tempfile.TemporaryDirectory() as folder:
        try:
            figures = ENGINES[engine](CASES[case], Path(folder), bool(brief))
        except NoFigures as reason:
            print(json.dumps({"missing": str(reason)}))
            return
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"memory": own} | figures))


if __name__ == "__main__":
    main(*sys.argv[1:])
