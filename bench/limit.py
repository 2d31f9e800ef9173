"""The limit: the same equations written by hand in C, compiled with the system's gcc.

Only the bench needs a compiler. Each model of `models/*.c` is built for several shapes of vectors
and the fastest counts; its results must be those of the engine.
"""

import ctypes
import itertools
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

import engine
from bench.cases import Case
from bench.county import TOWNS
from bench.tables import Tables, perturbed

SOURCES = Path(__file__).parent / "models"
LANES = {"avx512f": (8, 4), "avx2": (4, 2)}
CHAINS = (1, 2, 4, 8)
# As -ffast-math, but for the whole process's denormal numbers; and instructions put in an order in
# which they need not wait for the ones before.
FREE = [
    "-ffp-contract=fast",
    "-freciprocal-math",
    "-fassociative-math",
    "-fno-signed-zeros",
    "-fno-trapping-math",
    "-ffinite-math-only",
    "-fno-math-errno",
    "-fschedule-insns",
    "-fsched-pressure",
]
AGREEMENT = 1e-9


def available(case: Case) -> bool:
    """Whether this model was written by hand and gcc is here, on Linux and x86."""
    here = sys.platform == "linux" and platform.machine() == "x86_64" and shutil.which("gcc")
    return bool(here) and (SOURCES / f"{case.name}.c").is_file()


class Kernel:
    """A compiled model. Called with the varied parameter, one number per run, and constants that
    are not as in the model, it returns runs × outputs × times × elements."""

    def __init__(
        self, library: Path, case: Case, model: engine.Model, tables: Tables | None
    ) -> None:
        self.case, self.model, self.tables = case, model, tables
        self._run = ctypes.CDLL(str(library)).run
        self._run.restype = None
        self._usual = self._numbers({})

    def _numbers(self, changed: Mapping[str, np.ndarray]) -> list[np.ndarray]:
        return [self.tables.numbers(changed), self.tables.rows] if self.tables else []

    def __call__(
        self, varied: np.ndarray, changed: Mapping[str, np.ndarray] | None = None
    ) -> np.ndarray:
        case = self.case
        out = np.empty((len(varied), len(case.outputs), len(case.times), case.elements))
        arrays = [varied, out, *(self._numbers(changed) if changed else self._usual)]
        self._run(ctypes.c_long(len(varied)), *(ctypes.c_void_p(a.ctypes.data) for a in arrays))
        return out


def kernels(case: Case, folder: Path) -> Iterator[Kernel]:
    """The model in every shape of vectors that this processor has, the widest first."""
    flags = Path("/proc/cpuinfo").read_text().split()
    lanes = next((found for name, found in LANES.items() if name in flags), (2,))
    source = SOURCES / f"{case.name}.c"
    text = source.read_text()
    chains = CHAINS if "CHAINS" in text else (1,)
    model = engine.load(case.ours(folder))
    tables = Tables(model, case) if "struct constants" in text else None
    pace = ", ".join(str(round(0.9 + 0.01 * i, 2)) for i in range(TOWNS))
    header = folder / "given.h"
    header.write_text(
        tables.header() if tables else f"static const double PACE[{TOWNS}] = {{{pace}}};\n"
    )
    for n, m in itertools.product(lanes, chains):
        library = folder / f"{case.name}_{n}_{m}.so"
        subprocess.run(
            ["gcc", "-O3", "-march=native", *FREE, "-shared", "-fPIC", "-Wno-psabi",
             "-include", str(header), f"-DLANES={n}", f"-DCHAINS={m}",
             str(source), "-o", str(library), "-lm"],
            check=True,
        )  # fmt: skip
        yield Kernel(library, case, model, tables)


def check(kernel: Kernel, draws: int = 3) -> None:
    """Raise AssertionError when the kernel does not compute what the engine does, for nine values
    of the varied parameter and, where it reads the model's tables, for as many draws of them."""
    case, model, tables = kernel.case, kernel.model, kernel.tables
    values = case.value * np.linspace(0.9, 1.1, 9)

    def compare(varied: np.ndarray, changed: dict[str, np.ndarray], many: bool) -> None:
        found = kernel(varied, changed)
        given = varied[:, None] * np.ones(case.elements) if case.elements > 1 else varied
        result = model.run(
            changed | {case.varied: given if many else given[0]},
            outputs=list(case.outputs),
            times=list(case.times),
        )
        expected = np.stack([result[name].to_numpy() for name in case.outputs], axis=int(many))
        np.testing.assert_allclose(
            found,
            expected.reshape(found.shape),
            rtol=AGREEMENT,
            err_msg=f"models/{case.name}.c no longer computes what the model says",
        )

    compare(values, {}, True)
    for seed in range(draws if tables else 0):
        generator = np.random.default_rng(seed)
        compare(generator.uniform(0.8, 1.2, 1), perturbed(model, generator), False)
