"""What the engine's tests share: a kernel cache of their own, the models, and PySD as oracle."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.cache import VARIABLE
from tests.engine.stella import FRAME, RANGES

MODELS = Path(__file__).parent / "models"
CONTROL = "\nINITIAL TIME = 0 ~~|\nFINAL TIME = 4 ~~|\nTIME STEP = 0.5 ~~|\nSAVEPER = 0.5 ~~|\n"


@pytest.fixture(autouse=True, scope="session")
def kernel_cache(tmp_path_factory):
    """No test reads or writes the cache of the user who runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(tmp_path_factory.mktemp("kernels")))
        yield


@pytest.fixture(scope="session")
def models() -> Path:
    """Folder of the test models."""
    return MODELS


@pytest.fixture
def write(tmp_path):
    """Write equations (the control times are added) to a file; returns its path."""

    def write(equations: str, name: str = "model.mdl", control: str = CONTROL) -> Path:
        path = tmp_path / name
        path.write_text("{UTF-8}\n" + equations + control, encoding="utf-8")
        return path

    return write


@pytest.fixture
def made(write):
    """Load a model from its equations; keywords go to `engine.load`."""

    def made(equations: str, control: str = CONTROL, **options) -> engine.Model:
        return engine.load(write(equations, control=control), **options)

    return made


@pytest.fixture
def opened(tmp_path):
    """Load an XMILE model from its variables and whatever follows the main model."""

    def opened(
        body: str, more: str = "", vendor: str = "somebody", dims: str = RANGES
    ) -> engine.Model:
        path = tmp_path / "model.stmx"
        text = FRAME.format(body=body, more=more, vendor=vendor, dims=dims)
        path.write_text(text, encoding="utf-8")
        return engine.load(path)

    return opened


def _objects(values: list) -> np.ndarray:
    out = np.empty(len(values), object)
    for i, v in enumerate(values):
        out[i] = v
    return out


@pytest.fixture(scope="session")
def pysd_run(tmp_path_factory):
    """Run a model file in PySD; returns its flat table of all variables.

    PySD packs states into one object array, which numpy refuses when shapes begin alike: the
    packing is replaced by one that does not look inside.
    """

    def run(path: Path, params: dict | None = None):
        folder = tmp_path_factory.mktemp("pysd")
        for file in [path, *path.parent.glob("*.csv")]:
            shutil.copy(file, folder)
        with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
            warnings.simplefilter("ignore")
            import pysd
            from pysd.py_backend.model import Macro

            def state(self):
                return _objects([c.state for c in self._dynamicstateful_elements])

            def ddt(self):
                return _objects([c.ddt() for c in self._dynamicstateful_elements])

            patch.setattr(Macro, "ddt", ddt)
            patch.setattr(Macro, "state", property(state, Macro.state.fset))
            reader = pysd.read_vensim if path.suffix == ".mdl" else pysd.read_xmile
            return reader(str(folder / path.name)).run(params=params)

    return run


@pytest.fixture(scope="session")
def column():
    """Values of one of PySD's flat columns, such as `births[north, age1]`, in our result."""

    def column(result, name: str) -> np.ndarray:
        base, _, subscripts = name.partition("[")
        array = result[base.strip().strip('"')]
        places = [s.strip() for s in subscripts.rstrip("]").split(",") if s.strip()]
        for dim, place in zip(array.dims[1:], places, strict=True):
            array = array.sel({dim: place})
        return array.values

    return column
