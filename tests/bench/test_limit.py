"""The models written by hand in C compute what the engine does, so that their speed is a limit."""

from pathlib import Path

import numpy as np
import pytest

from bench.cases import CASES
from bench.limit import available, check, kernels

HERE = pytest.mark.skipif(
    not any(available(case) for case in CASES.values()),
    reason="the kernels written by hand need gcc on Linux and x86",
)


@HERE
@pytest.mark.parametrize("name", CASES)
def test_a_kernel_written_by_hand_computes_what_the_engine_does(name: str, tmp_path: Path) -> None:
    check(next(kernels(CASES[name], tmp_path)), draws=20)


@HERE
def test_a_kernel_with_a_wrong_number_is_found_out(tmp_path: Path) -> None:
    kernel = next(kernels(CASES["urbanisation"], tmp_path))
    assert kernel.tables is not None
    kernel.tables.constants["most mobile hazard"] = np.array(0.01)
    with pytest.raises(AssertionError):
        check(kernel)
