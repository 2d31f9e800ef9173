"""BPTK-Py's side of the bench, run by the interpreter of its own environment, which has nothing
of ours: load a model, run it again and again, print figures and results as a line of JSON.

Arguments: the model's file; the varied constants and the outputs, each as a list of elements in
JSON; the times; the usual value of the constants; "brief" for the first result alone.
"""

import json
import resource
import statistics
import sys
import time
from pathlib import Path

from BPTK_Py._rust_engine import (  # pyright: ignore[reportMissingImports]
    RustSdEngine,
)


def main(path: str, varied: str, outputs: str, times: str, value: str, brief: str = "") -> None:
    """Times of processor but for `first`; `results`: by output, then time."""
    names = json.loads(outputs)
    start = time.perf_counter()
    model = RustSdEngine().load_model(Path(path).read_text(encoding="utf-8"))
    found = model.simulate(names)
    first = time.perf_counter() - start

    def again(factor: float) -> float:
        begin = time.process_time()
        for name in json.loads(varied):
            model.set_constant(name, float(value) * factor)
        model.simulate(names)
        return time.process_time() - begin

    figures = {"first": first}
    if not brief:
        single = statistics.median(again(0.9 + 0.02 * i) for i in range(11))
        figures |= {"single": single, "core 100": 1 / single}
    figures["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    series = [{float(t): v for t, v in found[name].items()} for name in names]
    results = [[s[t] for t in json.loads(times)] for s in series]
    print(json.dumps(figures | {"results": results}))


if __name__ == "__main__":
    main(*sys.argv[1:])
