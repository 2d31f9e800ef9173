"""exp, ln and power of the kernel: within an ulp or so of the C library, right at the edges."""

from __future__ import annotations

import math

import numpy as np
import pytest

MODEL = "u = 1 ~~| v = 1 ~~| e = EXP(u) ~~| l = LN(u) ~~| p = u^v ~~|"
INF, NAN = math.inf, math.nan


@pytest.fixture
def compute(made):
    """Values of e, l and p for arrays of u and v; infinities come from overflowing constants."""

    def compute(u, v, width=8):
        result = made(MODEL).run({"u": np.asarray(u), "v": np.asarray(v)}, times=[0], width=width)
        return {n: result[n].values[:, 0] for n in ("e", "l", "p")}

    return compute


def ulps(got: np.ndarray, want: np.ndarray) -> float:
    """Largest distance in units in the last place of `want`."""
    same = (got == want) | (np.isnan(got) & np.isnan(want))
    finite = np.isfinite(want) & ~same
    assert (same | finite).all()
    got, want = got[finite], want[finite]
    return float((np.abs(got - want) / np.spacing(np.abs(want))).max(initial=0))


def test_random_arguments_are_within_two_ulps_of_the_library(compute):
    rng = np.random.default_rng(0)
    u = np.concatenate([rng.uniform(0, 10, 20000), np.exp(rng.uniform(-700, 700, 20000))])
    v = np.concatenate([rng.uniform(-20, 20, 20000), rng.uniform(-1, 1, 20000)])
    got = compute(u, v)
    assert ulps(got["l"], np.log(u)) <= 2
    assert ulps(got["p"], np.power(u, v)) <= 2
    small = compute(np.linspace(-745, 709.7, 40000), np.ones(40000))
    with np.errstate(invalid="ignore"):
        assert ulps(small["e"], np.exp(np.linspace(-745, 709.7, 40000))) <= 2


def test_every_width_gives_the_same_bits(compute):
    rng = np.random.default_rng(1)
    u, v = rng.uniform(0, 50, 999), rng.uniform(-9, 9, 999)
    wide = compute(u, v)
    for width in (1, 4):
        narrow = compute(u, v, width)
        for name in wide:
            np.testing.assert_array_equal(narrow[name], wide[name])


def test_neighbours_that_take_the_long_way_change_no_bits(compute):
    rng = np.random.default_rng(2)
    u, v = rng.uniform(0, 50, 64), rng.uniform(-9, 9, 64)
    alone = compute(u, v)
    far = np.array([0.0, -3.0, 5e-324, 1e308, 1e-310, 800.0])
    beside = compute(np.insert(u, range(0, 60, 10), far), np.insert(v, range(0, 60, 10), 300.0))
    kept = np.delete(np.arange(70), [i + n for n, i in enumerate(range(0, 60, 10))])
    for name in alone:
        np.testing.assert_array_equal(beside[name][kept], alone[name])


def test_a_power_of_one_half_is_the_square_root(made):
    x = np.array([0.0, 2.0, 3.0, 1e-300, 1e300])
    result = made("x = 1 ~~| y = x^0.5 ~~|").run({"x": x}, times=[0])
    np.testing.assert_array_equal(result["y"].values[:, 0], np.sqrt(x))


def test_whole_powers_of_whole_numbers_are_exact(compute):
    base, exponent = np.meshgrid(np.arange(-12.0, 13.0), np.arange(0.0, 13.0))
    got = compute(base.ravel(), exponent.ravel())["p"]
    want = [float(int(b) ** int(e)) for b, e in zip(base.ravel(), exponent.ravel(), strict=True)]
    np.testing.assert_array_equal(got, want)


@pytest.mark.parametrize(
    ("u", "v"),
    [
        (0.0, 0.0), (0.0, 2.0), (0.0, -1.0), (0.0, 0.5), (-2.0, 3.0), (-2.0, 4.0), (-2.0, -3.0),
        (-2.0, 0.5), (-8.0, 1 / 3), (1.0, 1e300), (-1.0, 1e300), (2.0, 1e4), (2.0, -1e4),
        (0.5, 1e4), (0.5, -1e4), (1e-310, 0.5), (5e-324, -1.0), (1e308, 2.0), (1e-320, 1.0),
        (2.0, 1023.0), (2.0, -1074.0), (1.0000000000000002, 1e17), (-5.0, 0.0), (700.0, 1.0),
        (-745.2, 1.0), (-800.0, 1.0), (800.0, 1.0), (1e-300, 1.0),
    ],
)  # fmt: skip
def test_edges_are_as_in_the_library(compute, u, v):
    got = compute([u], [v])
    with np.errstate(all="ignore"):
        want = {"e": np.exp([u]), "l": np.log([u]), "p": np.power([u], [v])}
    for name in want:
        assert ulps(got[name], want[name]) <= 1, name


def test_infinities_and_nan(made):
    model = made(
        "big = 1e308 ~~| i = big*10 ~~| n = i - i ~~| z = 0 ~~|"
        "e = EXP(i) ~~| f = EXP(-i) ~~| g = EXP(n) ~~| l = LN(i) ~~| m = LN(n) ~~| k = LN(-i) ~~|"
        "p = i^big ~~| q = i^(-big) ~~| r = big^i ~~| s = z^(-i) ~~| t = n^z ~~| u = n^big ~~|"
        "v = (1+z)^n ~~| w = big^n ~~| x = big^(-i) ~~|"
    )
    result = model.run(times=[0])
    want = {
        "e": INF, "f": 0.0, "g": NAN, "l": INF, "m": NAN, "k": NAN, "p": INF, "q": 0.0, "r": INF,
        "s": INF, "t": 1.0, "u": NAN, "v": 1.0, "w": NAN, "x": 0.0,
    }  # fmt: skip
    for name, value in want.items():
        np.testing.assert_equal(result[name].item(), value, err_msg=name)
