"""The limit: the same equations written by hand in C, compiled with the system's gcc.

Only the bench needs a compiler. Each model of `models/*.c` is built for several shapes of vectors
and the fastest counts; its results must be those of the engine.
"""

import ctypes
import itertools
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np

from bench.cases import Case
from bench.county import TOWNS

SOURCES = Path(__file__).parent / "models"
LANES = {"avx512f": (8, 4), "avx2": (4, 2)}
EXP = {8: "_ZGVeN8v_exp", 4: "_ZGVdN4v_exp", 2: "_ZGVbN2v_exp"}
CHAINS = (1, 2, 4, 8)


def available(case: Case) -> bool:
    """Whether this model was written by hand and a compiler is here."""
    return shutil.which("gcc") is not None and (SOURCES / f"{case.name}.c").is_file()


def kernels(case: Case, folder: Path) -> list[Callable[[np.ndarray], np.ndarray]]:
    """The model in every shape: functions from the varied parameter, one number per run, to
    results as runs × outputs × times."""
    flags = Path("/proc/cpuinfo").read_text().split()
    lanes = next((found for name, found in LANES.items() if name in flags), (2,))
    source = SOURCES / f"{case.name}.c"
    chains = CHAINS if "CHAINS" in source.read_text() else (1,)
    pace = ", ".join(str(round(0.9 + 0.01 * i, 2)) for i in range(TOWNS))
    header = folder / "county.h"
    header.write_text(f"static const double PACE[{TOWNS}] = {{{pace}}};\n")
    out = []
    for n, m in itertools.product(lanes, chains):
        library = folder / f"{case.name}_{n}_{m}.so"
        subprocess.run(
            ["gcc", "-O3", "-march=native", "-ffp-contract=fast", "-shared", "-fPIC",
             "-Wno-psabi", "-include", str(header), f"-DLANES={n}", f"-DCHAINS={m}",
             f"-DEXP={EXP[n]}", str(source), "-o", str(library), "-lmvec", "-lm"],
            check=True,
        )  # fmt: skip
        out.append(_function(library, len(case.outputs) * len(case.times), case))
    return out


def _function(library: Path, size: int, case: Case) -> Callable[[np.ndarray], np.ndarray]:
    run = ctypes.CDLL(str(library)).run
    run.argtypes = [ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    run.restype = None

    def call(varied: np.ndarray) -> np.ndarray:
        out = np.empty((len(varied), size))
        run(len(varied), varied.ctypes.data, out.ctypes.data)
        return out.reshape(len(varied), len(case.outputs), len(case.times))

    return call


def check(case: Case, call: Callable[[np.ndarray], np.ndarray], path: Path) -> None:
    """Raise AssertionError when the kernel does not compute what the engine does."""
    import engine

    values = case.value * np.linspace(0.9, 1.1, 9)
    ours = engine.load(path).run(
        {case.varied: values}, outputs=list(case.outputs), times=list(case.times)
    )
    expected = np.stack([ours[name].to_numpy() for name in case.outputs], axis=1)
    np.testing.assert_allclose(call(values), expected, rtol=1e-9)
