"""BPTK-Py as a peer. It pins the versions of what it needs, so it lives in an environment of its
own in the user's cache, made when first wanted and where pip can install it."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import platformdirs

import engine
from bench.bptk_export import CannotExport, element, exported
from bench.cases import Case
from engine.cache import Cache, read_cached
from engine.ir import deep, key

REQUIREMENT = "bptk-py==3.2.0"
RUNNER = Path(__file__).with_name("bptk_run.py")
AGREEMENT = 1e-9


class NoFigures(Exception):
    """A peer cannot run a model here: the text says why."""


def interpreter(folder: Path | None = None, requirement: str = REQUIREMENT) -> Path:
    """The environment's Python; makes it where it is missing. Raises NoFigures."""
    folder = folder or platformdirs.user_cache_path("rendiqian") / "bench" / requirement
    python, ready = folder / "bin" / "python", folder / "ready"
    if not ready.exists():
        _do("not installed", [sys.executable, "-m", "venv", "--clear", str(folder)])
        pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", "--retries", "1"]
        _do("not installed", [*pip, "install", requirement])
        ready.touch()
    return python


def _do(failure: str, command: list[str]) -> str:
    """What a command prints. Raises NoFigures when it fails, with the last words it says."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "no word why").splitlines()[-1]
        raise NoFigures(f"{failure} ({last})")
    return done.stdout


def bptk(case: Case, folder: Path, brief: bool) -> dict[str, float]:
    """Its Rust engine on the equations as ours has read them, written in its own format.

    Raises NoFigures where it is not installed, cannot say the model, or fails on it, and where its
    results are not ours.
    """
    python, source, path = interpreter(), case.ours(folder), folder / "bptk.json"
    try:
        with deep():
            equations = read_cached(source, Cache())
            path.write_text(exported(equations), encoding="utf-8")
    except CannotExport as reason:
        raise NoFigures(f"cannot run this model (no {reason})") from reason
    varied, outputs = (
        [element(key(n), i) for n in names for i in range(equations.variables[key(n)].size)]
        for names in ([case.varied], case.outputs)
    )
    command = [str(python), str(RUNNER), str(path), json.dumps(varied), json.dumps(outputs)]
    command += [json.dumps(case.times), str(case.value), *(["brief"] if brief else [])]
    figures = json.loads(_do("fails on this model", command).splitlines()[-1])
    check(case, source, np.array(figures.pop("results")))
    return figures


def check(case: Case, source: Path, results: np.ndarray) -> None:
    """Raise NoFigures when these results, elements of outputs × times, are not the engine's."""
    ours = engine.load(source).run(outputs=list(case.outputs), times=list(case.times))
    parts = [ours[name].to_numpy().reshape(len(case.times), -1).T for name in case.outputs]
    expected = np.concatenate(parts)
    if not np.allclose(results, expected, rtol=AGREEMENT, atol=0):
        worst = float(np.nanmax(np.abs(results / expected - 1)))
        raise NoFigures(f"computes something else (by {worst:.1e})")
