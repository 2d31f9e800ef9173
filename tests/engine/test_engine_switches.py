"""Products with a pulse, and branches that hold for all runs or for none."""

from __future__ import annotations

import numpy as np
import pytest

MODEL = """
r: a, b, c ~~|
rate[r] = 0.1, 0.2, 0.3 ~~|
start = 1 ~~|
beat = PULSE(start, 1) ~~|
growth[r] = beat * (level[r]^1.5 / (1 + rate[r]) + EXP(rate[r] * level[r]) / 7) ~~|
level[r] = INTEG(growth[r], 1 + rate[r]) ~~|
choice[r] = IF THEN ELSE(Time > start, LN(level[r]) / (3 + level[r]), EXP(-level[r]) * rate[r]) ~~|
"""
TIMES = {"INITIAL TIME": 0, "FINAL TIME": 4, "TIME STEP": 0.3}


@pytest.mark.parametrize("width", [1, 4, 8])
def test_a_switch_gives_the_same_bits_whether_or_not_it_differs_by_run(made, width):
    model = made(MODEL)
    rate = np.random.default_rng(0).uniform(0, 0.5, (8, 3))
    alike = model.run({**TIMES, "rate": rate, "start": 2}, width=8)
    for start in (np.full(8, 2.0), 2.0):
        other = model.run({**TIMES, "rate": rate, "start": start}, width=width)
        for name in ("level", "choice", "beat"):
            np.testing.assert_array_equal(other[name], alike[name])
    assert (alike["level"][:, -1] > alike["level"][:, 0]).all()
    assert np.ptp(alike["level"].sel(time=slice(0, 1.9)).values, axis=1).max() == 0


def test_what_is_switched_off_cannot_spoil_the_result(made):
    model = made(
        "zero = 0 ~~| x = 2 ~~| beat = PULSE(1, 1) ~~|"
        "y = beat * (EXP(x) / zero + x^1.5 / (1 + x)) ~~|"
    )
    for parameters in ({"x": [2.0, 3.0, 4.0, 5.0, 6.0]}, {}):
        y = model.run({**TIMES, "TIME STEP": 1, **parameters}, outputs=["y"])["y"].values
        assert (y[..., [0, 2, 3, 4]] == 0).all()
        assert np.isinf(y[..., 1]).all()
