"""Large cheap values, which kernels for many runs compute where they are read."""

from __future__ import annotations

import numpy as np

import engine.inline
from engine.ir import key
from engine.plan import Scope

MODEL = """
r: (r1-r12) ~~|
other: r7, r2, r5 ~~|
part: (r3-r6) ~~|
c: (c1-c12) ~~|
late: (c5-c8) ~~|
size[r,c] = INTEG(gain[r,c] - loss[r,c] + shared[r], start) ~~|
start = 3 ~~|
rate[r] = 0.01 * r ~~|
speed[c] = 0.3 / c ~~|
loss[r,c] = size[r,c] * rate[r] * speed[c] ~~|
gain[r,c] = size[r,c] * speed[c] + rate[r] ~~|
shared[r] = SUM(loss[r,c!]) / 12 + SUM(gain[r!,c3]) / 1000 ~~|
some[other] = loss[other,c4] + SUM(loss[other,late!]) ~~|
few[part,late] = EXP(-loss[part,late]) * gain[part,c2] ~~|
least[c] = VMIN(loss[r!,c]) ~~|
"""
READ = ["size", "shared", "some", "few", "least"]


def test_values_computed_where_they_are_read_have_the_same_bits(made):
    model = made(MODEL)
    start = np.random.default_rng(0).uniform(1, 9, 11)
    alone = model.run({"start": start}, outputs=READ, width=1)
    kept = model.run({"start": start}, width=8)
    beside = model.run({"start": start}, outputs=READ, width=8)
    for name in READ:
        np.testing.assert_array_equal(beside[name], alone[name])
        np.testing.assert_array_equal(kept[name], alone[name])


def test_they_need_no_memory(made):
    model = made(MODEL)
    sizes = {}
    for outputs in (READ, [*READ, "loss"], [*READ, "loss", "gain"]):
        model.run({"start": np.arange(1.0, 9)}, outputs=outputs, width=8)
        plan, _ = model._compiled(frozenset(map(key, outputs)), Scope(frozenset({"start"})), 8)
        sizes[len(outputs)] = plan.memory.sizes["work"]
    assert sizes[6] - sizes[5] > 100
    assert sizes[7] - sizes[6] > 100
    assert engine.inline.LARGE <= 144


def test_chains_do_not_grow_without_end(made):
    """Each of thirty arrays reads the one before twice: written out, a thousand million terms."""
    chain = "".join(f"x{i}[r,c] = x{i - 1}[r,c] + x{i - 1}[r,c] ~~|" for i in range(1, 31))
    model = made(f"""
r: (r1-r12) ~~|
c: (c1-c12) ~~|
x0[r,c] = INTEG(0.1 * k, 1) ~~|
k = 1 ~~|
{chain}
""")
    found = model.run({"k": np.arange(9.0)}, outputs=["x30"], times=[0], width=8)
    assert (found["x30"] == 2.0**30).all()
