"""`make bench`: our engine, its peers and a hand-written kernel side by side, with ratios.

The limit is the same model written by hand in C (`bench.limit`), where gcc is installed. BPTK-Py
lives in an environment of its own (`bench.bptk`), made where pip can install it. Below a table
stands who could not be measured, and why.
"""

import json
import os
import subprocess
import sys
import tempfile
from typing import Any

from bench import browser
from bench.cases import CASES
from bench.limit import available
from bench.measure import ENGINES

RUNS = "{:,.0f}"
COLUMNS = (
    ("first result, cold (s)", "cold", "{:.2f}"),
    ("first result, warm (s)", "first", "{:.2f}"),
    ("one run (ms)", "single", "{:.3f}"),
    ("runs/s, one run", "core 1", RUNS),
    ("runs/s, 100 runs, 1 core", "core 100", RUNS),
    ("runs/s, 10,000 runs, 1 core", "core 10000", RUNS),
    ("runs/s, 10,000 runs, all cores", "all 10000", RUNS),
    ("peak memory (MB)", "memory", "{:.0f}"),
    ("memory beside results, 1,000 runs (MB)", "beside 1000", "{:.1f}"),
    ("memory beside results, 100,000 runs (MB)", "beside 100000", "{:.1f}"),
)
LIMITED = ("single", "core 1", "core 100", "core 10000")


def measure(engine: str, case: str, cache: str, *brief: str) -> dict[str, Any]:
    """Run the measurement in a fresh process with its own kernel cache."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.measure", engine, case, *brief],
        env={**os.environ, "SDENGINE_CACHE_DIR": cache},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{engine} on {case}:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def rows(case: str) -> tuple[dict[str, dict[str, float]], dict[str, str]]:
    """All engines' figures on one model, times in seconds but for `single` in milliseconds; and
    why others have none."""
    figures, missing = {}, {}
    for engine in ENGINES:
        if engine == "limit" and not available(CASES[case]):
            missing[engine] = "needs gcc, on Linux and x86"
            continue
        with tempfile.TemporaryDirectory() as cache:
            cold = measure(engine, case, cache, "brief")
            found = cold if "missing" in cold else measure(engine, case, cache)
        if "missing" in found:
            missing[engine] = found["missing"]
            continue
        single = found["single"]
        more = {"cold": cold["first"], "core 1": 1 / single, "single": 1000 * single}
        figures[engine] = found | more
    return figures, missing


def best(ours: float, peers: list[float], many: bool) -> str:
    """Ours over the best of the peers: more is better for `many` runs, less for all else."""
    if not peers:
        return "-"
    return f"{ours / max(peers):,.1f} times as many" if many else f"{ours / min(peers):.3f} of it"


def cell(figure: float | None, form: str) -> str:
    """A figure as text; runs so slow that none ends in a second keep two digits."""
    if figure is None:
        return "-"
    return f"{figure:.2g}" if form == RUNS and figure < 10 else form.format(figure)


def table(case: str, figures: dict[str, dict[str, float]], missing: dict[str, str]) -> str:
    """One model's table: a row per figure, a column per engine, and ours over the others; and a
    line for each engine without figures."""
    peers = [engine for engine in figures if engine not in ("ours", "limit")]
    head = ["", *figures, "ours : best peer", "ours : limit"]
    lines = [head]
    for label, key, form in COLUMNS:
        many = key.startswith(("core", "all"))
        cells = [cell(f.get(key), form) for f in figures.values()]
        # A peer without batches runs any number of runs at the speed of a hundred.
        known = [figures[p].get(key, figures[p]["core 100"] if many else None) for p in peers]
        known = [figure for figure in known if figure is not None]
        against = best(figures["ours"][key], known, many)
        bound = figures.get("limit", {}).get(key) if key in LIMITED else None
        speed = "-"
        if bound is not None:
            ours = figures["ours"][key]
            speed = f"{ours / bound if many else bound / ours:.2f} of its speed"
        lines.append([label, *cells, against, speed])
    widths = [max(len(row[i]) for row in lines) for i in range(len(head))]
    text = ["  ".join(c.rjust(w) for c, w in zip(row, widths, strict=True)) for row in lines]
    return "\n".join([f"\n{case}", *text, *(f"{e}: {why}" for e, why in missing.items())])


def main() -> None:
    """Measure the models named on the command line, "app" among them, or all."""
    print(
        f"{os.cpu_count()} cores; one process per engine; medians, of processor time for one core; "
        f"{os.getloadavg()[0]:.1f} other processes at work when it began"
    )
    wanted = sys.argv[1:] or [*CASES, "app"]
    for case in wanted:
        print(browser.table() if case == "app" else table(case, *rows(case)), flush=True)


if __name__ == "__main__":
    main()
