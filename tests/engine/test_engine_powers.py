"""Powers through logarithms, which equations use where a last bit cannot turn anything over."""

from __future__ import annotations

import numpy as np
import pytest

MODEL = """
r: (r1-r7) ~~|
base[r] = INTEG(0, first * r) ~~|
first = 2 ~~|
exponent = 0.5 ~~|
raised[r] = base[r] ^ exponent ~~|
again[r] = base[r] ^ (exponent + 1) * raised[r] ^ 2.5 ~~|
chained[r] = (raised[r] + 1) ^ (again[r] / 1000) ~~|
switched[r] = IF THEN ELSE(first > 1, base[r] ^ exponent, 0) ~~|
grown[r] = EXP(level * base[r]) ~~|
level = 1 ~~|
"""
R = np.arange(1.0, 8)


def test_powers_are_as_exact_as_numbers_allow(made):
    generator = np.random.default_rng(3)
    first = np.exp(generator.uniform(-20, 20, 3000))
    exponent = generator.uniform(-4, 4, 3000)
    given = {"first": first, "exponent": exponent}
    found = made(MODEL).run(given, outputs=["raised"], times=[0])["raised"].values[:, 0]
    base = np.longdouble(first[:, None] * R)
    exact = base ** exponent[:, None].astype(np.longdouble)
    error = np.abs((found - exact) / exact).astype(float)
    size = np.abs(np.log(exact)).astype(float)
    allowed = 2.2e-16 * (1 + 2 * size) + 3e-16 * np.abs(exponent[:, None])  # of exp, product and ln
    assert (error < allowed).all()
    assert (error > allowed / 20).any()


@pytest.mark.parametrize("exponent", [0.0, 0.5, 2.0, 3.0, -1.0, -0.5, 1e300, -1e300])
def test_bases_and_exponents_that_are_not_ordinary(made, exponent):
    first = np.array([0.0, -2.0, 1.0, 5e-324, 1e-310, 1e308, 3.0])
    given = {"first": first, "exponent": np.full(first.size, exponent)}
    with np.errstate(all="ignore"):
        found = made(MODEL).run(given, outputs=["raised"], times=[0])["raised"].values[:, 0]
        expected = (first[:, None] * R) ** exponent
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_exponentials_are_as_exact_as_numbers_allow(made):
    first = np.random.default_rng(4).uniform(-99, 99, 3000)
    found = made(MODEL).run({"first": first}, outputs=["grown"], times=[0])["grown"].values[:, 0]
    x = np.longdouble(first[:, None] * R)
    error = np.abs(found / np.exp(x) - 1).astype(float)
    assert (error < 3e-16).all()
    assert (error > 1e-17).any()


@pytest.mark.parametrize("level", [1e4, -1e4, 7.5, -7.5, 0.0])
def test_exponents_that_are_not_ordinary(made, level):
    first = np.array([0.0, -2.0, 1.0, 5e-324, 100.0, 99.9, 1e300, -1e300])
    given = {"first": first, "level": np.full(first.size, level)}
    with np.errstate(all="ignore"):
        found = made(MODEL).run(given, outputs=["grown"], times=[0])["grown"].values[:, 0]
        expected = np.exp(level * first[:, None] * R)
    np.testing.assert_allclose(found, expected, rtol=4e-16, atol=1e-323)


def test_neighbours_side_by_side_do_not_change_a_bit(made):
    model = made(MODEL)
    first = np.array([2.0, -3.0, 1e-320, 7.5, 0.0, 1.25, 1e200, 4.0, 1.0])
    given = {"first": first}
    alone = model.run(given, width=1)
    for width in (8, 16):
        beside = model.run(given, width=width)
        for name in alone:
            np.testing.assert_array_equal(beside[name], alone[name], err_msg=str(name))


def test_every_element_has_its_own_power(made):
    found = made(MODEL).run({"first": np.array([2.0, 3.0])}, times=[0])
    base = np.array([2.0, 3.0])[:, None] * R
    raised = base**0.5
    again = base**1.5 * raised**2.5
    np.testing.assert_allclose(found["raised"].values[:, 0], raised, rtol=1e-14)
    np.testing.assert_allclose(found["again"].values[:, 0], again, rtol=1e-14)
    np.testing.assert_allclose(
        found["chained"].values[:, 0], (raised + 1) ** (again / 1000), rtol=1e-12
    )
    np.testing.assert_allclose(found["switched"].values[:, 0], raised, rtol=1e-14)


def test_powers_inside_sums(made):
    model = made("""
r: (r1-r7) ~~|
c: (c1-c9) ~~|
size[r,c] = INTEG(0, start * r / c) ~~|
start = 3 ~~|
flat = 0.3 ~~|
total[r] = SUM(size[r,c!] ^ flat) + SUM(EXP(-size[r,c!]) * size[r,c!]) ~~|
""")
    start = np.array([1.0, 3.0, 4.5])
    found = model.run({"start": start}, times=[0], width=8)
    size = start[:, None, None] * R[:, None] / np.arange(1.0, 10)
    expected = (size**0.3).sum(-1) + (np.exp(-size) * size).sum(-1)
    np.testing.assert_allclose(found["total"].values[:, 0], expected, rtol=1e-13)
    alone = model.run({"start": start}, times=[0], width=1)
    np.testing.assert_array_equal(found["total"], alone["total"])


def test_processors_without_the_widest_vectors_compute_the_same_bits(made, monkeypatch):
    first = np.array([2.0, -3.0, 1e-320, 7.5, 0.0, 1.25, 1e200, 4.0, 1.0])
    usual = made(MODEL).run({"first": first}, width=8)
    monkeypatch.setattr("engine.kernel.avx512", lambda: False)
    other = made(MODEL).run({"first": first}, width=8)
    for name in usual:
        np.testing.assert_array_equal(other[name], usual[name], err_msg=str(name))
