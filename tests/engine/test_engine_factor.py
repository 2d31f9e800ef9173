"""Factors of products and sums, which kernels multiply in another order than the file."""

from __future__ import annotations

import numpy as np
import pytest

from engine.ir import Call, Reduce, Ref, key, walk
from engine.plan import Scope

MODEL = """
r: (r1-r12) ~~|
c: (c1-c9) ~~|
size[r,c] = INTEG(-loss[r,c] + gain[r] / life, start) ~~|
start = 3 ~~|
life = 7 ~~|
rate[r] = 0.01 * r * level ~~|
level = 1 + 0.1 * SIN(Time) ~~|
speed[c] = 0.3 / c ~~|
loss[r,c] = size[r,c] * speed[c] * rate[r] / life ~~|
lost[r] = SUM(loss[r,c!]) ~~|
gain[r] = SUM(size[r,c!] * rate[r] / (speed[c!] * life * level)) ~~|
swift = SUM(rate[r!] / size[r!,c1]) ~~|
slow = SUM(1 / (size[r!,c1] * rate[r!])) ~~|
mean[c] = SUM(size[r!,c] / life) / 12 * speed[c] / (start / level) ~~|
"""


def test_the_order_of_factors_changes_last_bits_only(made):
    start = np.array([2.0, 3.0, 5.5])
    result = made(MODEL).run({"start": start}, width=8)
    size, c, r = result["size"].values, np.arange(1, 10), np.arange(1, 13)
    level = 1 + 0.1 * np.sin(result.time.values)
    rate, speed = 0.01 * r * level[:, None], 0.3 / c
    loss = size * speed * rate[..., None] / 7
    gain = (size * rate[..., None] / (speed * 7 * level[:, None, None])).sum(-1)
    mean = (size / 7).sum(2) / 12 * speed / (start[:, None, None] / level[:, None])
    first = size[..., 0]
    swift, slow = (rate / first).sum(-1), (1 / (first * rate)).sum(-1)
    names = ("loss", "lost", "gain", "mean", "swift", "slow")
    expected = zip(names, (loss, loss.sum(-1), gain, mean, swift, slow), strict=True)
    for name, values in expected:
        np.testing.assert_allclose(result[name], values, rtol=1e-13, err_msg=name)


def test_all_kernels_multiply_in_the_same_order(made):
    start = np.random.default_rng(0).uniform(1, 9, 11)
    model = made(MODEL)
    alone = model.run({"start": start}, width=1)
    for given in ({"start": start}, {"start": start, "life": np.full(11, 7.0)}):
        for name in alone:
            beside = model.run(given, outputs=[name], width=8)
            np.testing.assert_array_equal(beside[name], alone[name], err_msg=str(name))


def test_what_a_sum_does_not_depend_on_is_outside_of_it(made):
    model = made(MODEL)
    model.run({"start": np.arange(1.0, 9)}, outputs=["lost"], width=8)
    plan, _ = model._compiled(frozenset({key("lost")}), Scope(frozenset({"start"})), 8)
    statements = {s.name: s.expr for g in plan.phases["step"] for s in g.statements}
    (total,) = [e for e in walk(statements["lost"]) if isinstance(e, Ref) and "reduction" in e.name]
    assert isinstance(statements[total.name], Reduce)
    inside = {e.name for e in walk(statements[total.name]) if isinstance(e, Ref)}
    assert inside == {"size", "speed"}
    assert not any(isinstance(e, Call) and e.op == "/" for e in walk(statements["lost"]))


def test_a_sum_that_several_ask_for_is_computed_once(made):
    model = made("""
r: (r1-r12) ~~|
c: (c1-c9) ~~|
size[r,c] = INTEG(-0.1 * whole[r] / c, start) ~~|
start = 3 ~~|
whole[r] = SUM(size[r,c!]) ~~|
share[r] = size[r,c1] / SUM(size[r,c!]) + SUM(size[r,c!] * weight[c!]) ~~|
weight[c] = c ~~|
""")
    result = model.run({"start": np.arange(1.0, 9)}, width=8)
    names = frozenset({key("whole"), key("share")})
    plan, _ = model._compiled(names, Scope(frozenset({"start"})), 8)
    sums = [e for g in plan.phases["step"] for s in g.statements for e in walk(s.expr)]
    assert sum(isinstance(e, Reduce) for e in sums) == 2
    size = result["size"].values
    share = size[..., 0] / size.sum(-1) + size @ np.arange(1.0, 10)
    np.testing.assert_allclose(result["share"], share, rtol=1e-14)


@pytest.mark.parametrize("bad", [0.0, -1.0])
def test_a_factor_that_is_not_finite_is_still_found(made, bad):
    model = made("""
r: (r1-r12) ~~|
size[r] = INTEG(-1, 20) ~~|
rate = 2 ~~|
pace = 1 / rate + SQRT(rate) ~~|
total = SUM(size[r!] * pace * (Time + 1)) ~~|
""")
    result = model.run({"rate": np.array([1.0, bad, 3.0])}, outputs=["total"])
    assert result.attrs["fault_runs"] == [1]


def test_what_is_compared_or_cut_stays_exact(made):
    model = made("""
whole = 49 ~~|
part = STEP(49, 0) ~~|
clock = (Time + 45) / whole ~~|
turns = INTEGER(clock) ~~|
full = IF THEN ELSE(part / whole >= 1, 1, 0) ~~|
share = part / whole ~~|
complete = IF THEN ELSE(share < 1, 0, 1) ~~|
""")
    result = model.run({"whole": np.full(9, 49.0)}).isel(time=-1)
    for name in ("turns", "full", "complete"):
        np.testing.assert_array_equal(result[name], 1.0, err_msg=name)


def test_what_a_comparison_depends_on_through_stocks_and_others_stays_exact(made):
    model = made("""
ten = 10 ~~|
pace = STEP(3, 0) / ten ~~|
level = INTEG(pace, 0) ~~|
doubled = 2 * level ~~|
reached = IF THEN ELSE(doubled >= 0.6, 1, 0) ~~|
jumps((0,0), (0.3,0), (0.3,1), (9,1)) ~~|
other pace = STEP(3, 0) / ten ~~|
beyond = jumps(other pace) ~~|
""")
    result = model.run({"ten": np.full(9, 10.0)}, outputs=["level", "pace", "other pace"])
    assert (result["pace"] == 3 / 10).all()
    assert (result["other pace"] == 3 / 10).all()
    step, level = float(result.time[1] - result.time[0]), 0.0
    for seen in result["level"].isel(run=0).values:
        assert seen == level
        level += step * (3 / 10)


def test_a_factor_that_terms_share_is_multiplied_once(made):
    model = made("""
r: (r1-r12) ~~|
size[r] = INTEG(size[r] * birth - size[r] * death[r] + size[r] * pull * (1 + level), start) ~~|
start = 3 ~~|
birth = 0.03 ~~|
pull = 0.01 ~~|
death[r] = 0.002 * r ~~|
level = SIN(Time) ~~|
change[r] = size[r] * birth - size[r] * death[r] + size[r] * pull * (1 + level) - death[r] ~~|
""")
    result = model.run({"start": np.arange(1.0, 9)}, width=8)
    plan, _ = model._compiled(frozenset({key("change")}), Scope(frozenset({"start"})), 8)
    (change,) = [s for g in plan.phases["step"] for s in g.statements if s.name == "change"]
    assert sum(isinstance(e, Ref) and e.name == "size" for e in walk(change.expr)) == 1
    r, level = np.arange(1, 13), np.sin(result.time.values)[:, None]
    rate = 0.03 - 0.002 * r + 0.01 * (1 + level)
    expected = result["size"] * rate - 0.002 * r
    np.testing.assert_allclose(result["change"], expected, rtol=1e-13, atol=1e-16)
