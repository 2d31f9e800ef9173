"""`make bench`: our engine and its peers side by side, as a table with ratios."""

import json
import os
import subprocess
import sys
import tempfile

from bench import browser
from bench.cases import CASES
from bench.measure import ENGINES

COLUMNS = (
    ("first result, cold (s)", "cold", "{:.2f}"),
    ("first result, warm (s)", "first", "{:.2f}"),
    ("one run (ms)", "single", "{:.3f}"),
    ("runs/s, 100 runs, 1 core", "core 100", "{:,.0f}"),
    ("runs/s, 10,000 runs, 1 core", "core 10000", "{:,.0f}"),
    ("runs/s, 10,000 runs, all cores", "all 10000", "{:,.0f}"),
    ("peak memory (MB)", "memory", "{:.0f}"),
)


def measure(engine: str, case: str, cache: str) -> dict[str, float]:
    """Run the measurement in a fresh process with its own kernel cache."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.measure", engine, case],
        env={**os.environ, "SDENGINE_CACHE_DIR": cache},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{engine} on {case}:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def rows(case: str) -> dict[str, dict[str, float]]:
    """All engines' figures on one model; times in seconds but for `single` in milliseconds."""
    figures = {}
    for engine in ENGINES:
        if engine == "PySD" and not CASES[case].pysd:
            continue
        with tempfile.TemporaryDirectory() as cache:
            cold = measure(engine, case, cache)["first"]
            figures[engine] = measure(engine, case, cache) | {"cold": cold}
        figures[engine]["single"] *= 1000
    return figures


def table(case: str, figures: dict[str, dict[str, float]]) -> str:
    """One model's table: a row per figure, a column per engine, and ours over the best peer."""
    peers = [engine for engine in figures if engine != "ours"]
    head = ["", *figures, "ours : best peer"]
    lines = [head]
    for label, key, form in COLUMNS:
        cells = [form.format(f[key]) if key in f else "-" for f in figures.values()]
        # A peer without batches runs any number of runs at the speed of a hundred.
        known = [figures[p].get(key, figures[p]["core 100"]) for p in peers]
        if key.startswith(("core", "all")):
            ratio = f"{figures['ours'][key] / max(known):,.1f} times as many"
        else:
            ratio = f"{figures['ours'][key] / min(known):.3f} of it"
        lines.append([label, *cells, ratio])
    widths = [max(len(row[i]) for row in lines) for i in range(len(head))]
    text = ["  ".join(cell.rjust(w) for cell, w in zip(row, widths, strict=True)) for row in lines]
    return "\n".join([f"\n{case}", *text])


def main() -> None:
    """Measure the models named on the command line, "app" among them, or all."""
    print(f"{os.cpu_count()} cores; one process per engine; medians")
    wanted = sys.argv[1:] or [*CASES, "app"]
    for case in wanted:
        print(browser.table() if case == "app" else table(case, rows(case)), flush=True)


if __name__ == "__main__":
    main()
