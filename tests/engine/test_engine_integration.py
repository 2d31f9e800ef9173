"""Integration methods: Euler as PySD, and Runge-Kutta against a few lines of numpy."""

from __future__ import annotations

import re

import numpy as np
import pytest
import xarray as xr

import engine
from engine import ParameterError, UnsupportedConstruct

MODEL = """
R: a, b, c ~~|
rate[R] = 0.3, 0.5, 0.7 ~~|
push = 1 ~~|
x[R] = INTEG(push*COS(Time) - rate[R]*x[R]*y, 1) ~~|
y = INTEG(SUM(x[R!])*0.1 - 0.2*y, 0.5) ~~|
total = SUM(x[R!]) + y ~~|
held = SAMPLE IF TRUE(MODULO(Time, 2) < 0.25, total, 0.5) ~~|
late = DELAY FIXED(total, 1, 7) ~~|
"""


def by_hand(push, dt=0.5, steps=8):
    """States at every step by the classical Runge-Kutta method."""
    rate = np.array([0.3, 0.5, 0.7])

    def slope(t, s):
        x, y = s[:3], s[3]
        return np.append(push(t) * np.cos(t) - rate * x * y, x.sum() * 0.1 - 0.2 * y)

    s, t, out = np.array([1.0, 1.0, 1.0, 0.5]), 0.0, []
    for _ in range(steps + 1):
        out.append(s)
        k1 = slope(t, s)
        k2 = slope(t + dt / 2, s + dt / 2 * k1)
        k3 = slope(t + dt / 2, s + dt / 2 * k2)
        k4 = slope(t + dt, s + dt * k3)
        s, t = s + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4), t + dt
    return np.array(out)


def test_runge_kutta_is_the_classical_method(write):
    model = engine.load(write(MODEL), integration="rk4")
    result = model.run()
    want = by_hand(lambda t: 1.0)
    np.testing.assert_allclose(result["x"], want[:, :3], rtol=1e-13)
    np.testing.assert_allclose(result["y"], want[:, 3], rtol=1e-13)
    np.testing.assert_allclose(result["total"], want.sum(axis=1), rtol=1e-13)


def test_paths_are_read_at_half_steps(write):
    model = engine.load(write(MODEL), integration="rk4", time_varying=["push"])
    path = xr.DataArray([1.0, 5.0], dims="time", coords={"time": [0.0, 4.0]})
    result = model.run({"push": path})
    np.testing.assert_allclose(result["y"], by_hand(lambda t: 1 + t)[:, 3], rtol=1e-13)


def test_held_values_change_only_with_whole_steps(write):
    result = engine.load(write(MODEL), integration="rk4").run()
    total = result["total"].values
    np.testing.assert_array_equal(result["held"], total[[0, 0, 0, 0, 4, 4, 4, 4, 8]])
    np.testing.assert_array_equal(result["late"].values, [7, 7, *total[:7]])


def test_many_runs_have_the_bits_of_one(write):
    model = engine.load(write(MODEL), integration="rk4")
    push = np.linspace(0, 3, 13)
    many = model.run({"push": push})
    for i in (0, 12):
        one = model.run({"push": push[i]})
        for name in one:
            np.testing.assert_array_equal(many[name][i], one[name])


def test_euler_differs_and_halving_its_step_comes_closer(made):
    exact = made(MODEL, integration="rk4").run({"TIME STEP": 0.01}, times=[4])["y"].item()
    model = made(MODEL)
    errors = [
        abs(model.run({"TIME STEP": step}, times=[4])["y"].item() - exact) for step in (0.1, 0.05)
    ]
    assert 1.8 < errors[0] / errors[1] < 2.2


def test_unknown_methods_are_refused(write, models):
    with pytest.raises(ParameterError, match="'euler' or 'rk4'"):
        engine.load(write(MODEL), integration="heun")  # pyright: ignore[reportArgumentType]


def test_an_xmile_file_says_how_it_is_integrated(models, tmp_path):
    text = (models / "teacup.xmile").read_text(encoding="utf-8")
    path = tmp_path / "teacup.xmile"
    for method in ("RK4", "rk4"):
        path.write_text(re.sub(r'method="\w+"', f'method="{method}"', text), encoding="utf-8")
        asked = engine.load(path).run()
        assert asked.equals(engine.load(models / "teacup.xmile", integration="rk4").run())
        assert (
            engine.load(path, integration="euler")
            .run()
            .equals(engine.load(models / "teacup.xmile").run())
        )
    path.write_text(re.sub(r'method="\w+"', 'method="gear"', text), encoding="utf-8")
    with pytest.raises(UnsupportedConstruct, match="integration method gear"):
        engine.load(path)


def test_a_setting_of_vensim_that_is_not_followed_is_told(write, tmp_path):
    path = write(MODEL)
    plain = path.read_text(encoding="utf-8")
    for number, name in (("1", "RK4"), ("4", "RK2")):
        path.write_text(f"{plain}\n:L<%^E!@\n15:0,0,0,{number},0,0\n", encoding="utf-8")
        for _ in range(2):  # read anew, and from the cache
            with pytest.warns(UserWarning, match=f"set to {name} in Vensim"):
                assumed = engine.load(path)
        assert assumed.run().equals(engine.load(path, integration="euler").run())
    path.write_text(f"{plain}\n:L<%^E!@\n15:0,0,0,0,1,0\n", encoding="utf-8")
    engine.load(path)


def test_a_stock_that_may_not_be_negative_stays_at_zero(tmp_path, models):
    """Each stage of a step that would take it below leaves it at zero, as does the step."""
    text = (models / "teacup.xmile").read_text(encoding="utf-8")
    tank = (
        '<stock name="vessel"><eqn>3</eqn><outflow>leak</outflow><non_negative/></stock>'
        '<flow name="leak"><eqn>2</eqn></flow><stock name="twin"><eqn>0</eqn>'
        "<inflow>vessel</inflow></stock>"
    )
    path = tmp_path / "tank.xmile"
    path.write_text(text.replace("</variables>", tank + "</variables>"), encoding="utf-8")
    model = engine.load(path, integration="rk4")
    result = model.run({"TIME STEP": 1, "FINAL TIME": 4, "SAVEPER": 1}, outputs=["vessel", "twin"])
    assert result["vessel"].values.tolist() == pytest.approx([3, 1, 0, 0, 0], abs=1e-14)
    assert result["vessel"].values[2:].tolist() == [0, 0, 0]
    step = 1 / 6 * (1 + 2 * 0 + 2 * 0 + 0)
    assert result["twin"].values[1:3].tolist() == pytest.approx([2, 2 + step], rel=1e-14)
    many = model.run(
        {"TIME STEP": 1, "FINAL TIME": 4, "SAVEPER": 1}, outputs=["vessel", "twin"], runs=9
    )
    np.testing.assert_array_equal(many["twin"][8], result["twin"])
