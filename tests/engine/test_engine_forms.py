"""Nests that are written in two forms, totals within them, and powers of what is not ordinary: many
runs side by side against one alone."""

from __future__ import annotations

import numpy as np
import pytest

import engine.model

RANGES = """
r: (r1-r6) ~~|
other: (r1-r6) ~~|
c: (c1-c9) ~~|
also: (c1-c9) ~~|
t: a, b ~~|
k = 1 ~~|
kr[r] = 1,2,3,4,5,6 ~~|
kc[c] = 1,2,3,4,5,6,7,8,9 ~~|
pulse = IF THEN ELSE(MODULO(Time, 3) < 0.6, 0, 1) ~~|
switch = 0 ~~|
lever = 0 ~~|
rare[c] = 0,0,0,0,0,0,0,1,0 ~~|
zeros[r] = 0,1,2,0,0,0 ~~|
size[r,c] = INTEG(0.1 * k * kc[c], 1) ~~|
"""
FORMS = {
    "a total of what only a pulse brings": """
loss[r,c] = pulse * MAX(0, size[r,c]) ^ 1.2 * 0.1 ~~|
y[r] = SUM(loss[r,c!]) ~~|""",
    "a total of a product with a pulse": """
y[r] = SUM(pulse * (size[r,c!] ^ 1.3 + EXP(0.1 * size[r,c!]))) ~~|""",
    "a total of what few elements have": """
z[r,c] = kc[c] + rare[c] * size[r,c] + rare[c] * k ~~|
y[r] = SUM(z[r,c!]) ~~|""",
    "a total of what a switch brings": """
loss[r,c] = IF THEN ELSE(switch > 0.5, MAX(0, size[r,c]) ^ 1.2 * 0.1, 0) ~~|
y[r] = SUM(loss[r,c!]) ~~|""",
    "a total of a product with a lever": """
loss[r,c] = lever * (MAX(0, size[r,c]) ^ 1.2 * 0.1) ~~|
y[r] = SUM(loss[r,c!]) ~~|""",
    "a sum over the first subscript of a short second one": """
pair[r,t] = INTEG(k * 0.1, 1) ~~|
x[r,t] = SUM(pair[other!,t]) ~~|
y[r,t] = VMAX(pair[other!,t]) ~~|""",
    "a sum for each of two subscripts": """
x[r,c] = SUM(size[r,also!] ^ (0.1 * size[r,c])) ~~|
y[r,c] = VMAX(size[r,also!] * size[r,c]) ~~|""",
    "a condition on a sum": """
y[r] = IF THEN ELSE(SUM(size[r,c!]) > 20, kr[r] * k, 1) ~~|""",
    "a power within two conditions": """
x[r] = IF THEN ELSE(lever < 0.5, IF THEN ELSE(switch < 0.5, size[r,c2] ^ 1.3, 1), 1) ~~|
y[r] = x[r] * k ~~|""",
    "an infinite base": """
base[r] = 1 / zeros[r] ~~|
y[r,c] = base[r] ^ (0.5 * size[r,c]) ~~|""",
    "a sum that leaves a nest in two forms": """
q[r] = k * size[r,c1] ~~|
y[r,c] = IF THEN ELSE(pulse <> 0, size[r,c] ^ 1.3 * EXP(size[r,c]), 0.1)
	+ SUM(IF THEN ELSE(pulse <> 0, q[other!] ^ 1.2 * EXP(0.1 * q[other!]), q[other!])) ~~|""",
    "a value of levers alone that starts a stock": """
x[r] = kr[r] ^ (0.3 + lever) ~~|
y[r] = INTEG(x[r] * 0.1 * k, x[r]) ~~|""",
    "a sum of nothing but what few elements have": """
x[r,c] = rare[c] * size[r,c] + rare[c] * k * size[r,c2] ~~|
y[r,c] = MIN(9, 1 / x[r,c]) ~~|""",
}


@pytest.mark.parametrize("many", [1, 5000])
@pytest.mark.parametrize("form", FORMS)
def test_a_run_has_the_same_bits_alone(made, monkeypatch, form, many):
    model = made(RANGES + FORMS[form], time_varying=["lever"])
    names = [str(n) for n in model.run() if len(model.run()[n].dims) > 1]
    runs = np.linspace(0.5, 1.5, 11)
    monkeypatch.setattr(engine.model, "MANY", many)
    for given in ({"k": runs}, {"k": runs, "switch": 0.0}):
        beside = model.run(given, outputs=names, width=8)
        for i in (0, 10):
            alone = model.run({n: v if np.ndim(v) == 0 else v[i] for n, v in given.items()})
            for name in names:
                np.testing.assert_array_equal(beside[name][i], alone[name], err_msg=name)


def test_a_zero_of_few_elements_keeps_its_sign(made):
    form = FORMS["a sum of nothing but what few elements have"]
    found = made(RANGES + form).run({"k": np.linspace(0.5, 1.5, 11)}, outputs=["y"], width=8)
    others = [i for i in range(9) if i != 7]
    assert (found["y"].isel(c=others) == 9).all()


def test_what_a_nest_does_in_two_forms_is_right(made):
    form = FORMS["a total of what only a pulse brings"]
    found = made(RANGES + form).run({"k": np.linspace(0.5, 1.5, 11)}, width=8)
    on = (found.time.values % 3 >= 0.6)[:, None, None]
    expected = np.where(on, found["size"].values ** 1.2 * 0.1, 0).sum(-1)
    np.testing.assert_allclose(found["y"], expected, rtol=1e-13)
