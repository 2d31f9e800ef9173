"""What PySD reads otherwise or not at all: each against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

import engine
from engine import CycleError, ParameterError, ReadError, UnsupportedConstruct

ENDLESS = "\nINITIAL TIME = 0 ~~| TIME STEP = 0.5 ~~| SAVEPER = 1 ~~| FINAL TIME = "
UNTIL = f"{ENDLESS} IF THEN ELSE(x >= limit, Time, 20) ~~|"


def first(model: engine.Model, *names: str) -> list[list[float]]:
    result = model.run(times=[1])
    return [np.atleast_1d(result[n].values[0]).tolist() for n in names]


def test_mappings_may_list_elements_and_ranges(made):
    model = made(
        "A: a1, a2, a3 -> (B: b3, b2, b1), (C: S, c3, T) ~~| B: b1, b2, b3 ~~|"
        "C: c1, c2, c3, c4, c5 ~~| S: c1, c2 ~~| T: c4, c5 ~~| U: b1, b2 ~~|"
        "x[A] = 1, 2, 3 ~~| y[B] = x[A] ~~| z[C] = x[A]*Time ~~| w[U] = x[A] + 1 ~~| w[b3] = 0 ~~|"
        "place[C] = A ~~|"
    )
    assert first(model, "y", "z", "w", "place") == [
        [3, 2, 1], [1, 1, 2, 3, 3], [4, 3, 0], [1, 1, 2, 3, 3],
    ]  # fmt: skip


def test_a_mapping_without_a_partner_is_named(made):
    with pytest.raises(ReadError, match="'A' and 'B' has nothing for 'b3'"):
        made("A: a1, a2 -> (B: b1, b2) ~~| B: b1, b2, b3 ~~| x[A] = 1 ~~| y[B] = x[A] ~~|")


def test_data_constants_and_stocks_may_be_elements_of_one_variable(write, models, tmp_path):
    (tmp_path / "in.csv").write_text("time,a,b\n0,1,2\n2,3,4\n")
    path = write(
        "K: given, fixed, own, level ~~| D: a, b ~~|"
        "v[given,D] :INTERPOLATE: := GET DIRECT DATA('in.csv', ',', 'A', 'B2') ~~|"
        "v[fixed,D] = GET DIRECT CONSTANTS('in.csv', ',', 'B3') ~~| v[own,D] = 2, 5 ~~|"
        "v[level,D] = INTEG(v[own,D], v[fixed,D]) ~~| w[K,D] = v[K,D]*10 ~~|"
    )
    v, w = first(engine.load(path), "v", "w")
    assert v == [[2, 3], [3, 4], [2, 5], [5, 9]]
    assert w == (np.array(v) * 10).tolist()


def test_brackets_around_a_negative_number_count(made):
    """PySD's parser drops them: its (-2)^2 is -4."""
    model = made(
        "a = (-2)^2 ~~| b = -2^2 ~~| c = ( - 2.5e0 ) ^ 3 ~~| d = ((-2))^2 ~~| e = 2^(-1) ~~|"
        '"(-2)^2" = 7 ~~| f = "(-2)^2" + (-1)^Time ~~| g = 3*(-2) ~~|'
    )
    assert first(model, *"abcdefg") == [[4], [-4], [-15.625], [4], [0.5], [6], [-6]]


def test_equations_not_entered_yet_are_not_numbers(made):
    model = made("x = A FUNCTION OF(x, y) ~~| x = ~~| y = 3 ~~| z = x + y ~~| w = ~~|")
    result = model.run()
    assert np.isnan(result["z"]).all()
    assert np.isnan(result["w"]).all()
    assert (result["y"] == 3).all()
    assert "= nan at time 0" in result.attrs["faults"][0]


def test_a_variable_defined_twice_is_refused(made):
    with pytest.raises(ReadError, match="x is defined twice"):
        made("x = 1 ~~| X = 2 ~~|")
    assert first(made("R: a, b ~~| x[a] = 1 ~~| X[b] = 2 ~~|"), "x") == [[1, 2]]


def test_a_lookup_may_have_one_point(made):
    assert first(made("f((3,5)) ~~| x = f(Time) ~~|"), "x") == [[5]]


def test_a_lookup_may_be_written_as_all_its_x_and_then_its_y(made):
    rows = "R: a, b ~~| f[a](0, 2, 4,\\\n -1, 1e1, .5) ~~| f[b](0,4, 0,8) ~~|"
    assert made(f"{rows} x[R] = f[R](Time) ~~|").run(times=[1, 3])["x"].values.tolist() == [
        [4.5, 2],
        [5.25, 6],
    ]
    with pytest.raises(ReadError, match=r"cannot read f: \(0,1,2\)"):
        made("f(0,1,2) ~~| x = f(Time) ~~|")


def test_the_end_may_depend_on_the_run(made):
    model = made("x = INTEG(1, 0) ~~| limit = 3 ~~| y = FINAL TIME ~~|", UNTIL)
    one = model.run()
    assert one["time"].values.tolist() == [0, 1, 2, 3]
    assert one["y"].values.tolist() == [20, 20, 20, 3]
    many = model.run({"limit": [2, 5, 99, 1]})
    assert many["time"].values[-1] == 20
    ends = np.isfinite(many["x"]).sum("time")
    assert ends.values.tolist() == [3, 6, 21, 2]
    np.testing.assert_array_equal(many["x"][1, :6], range(6))
    assert "faults" not in many.attrs
    assert model.run({"FINAL TIME": 7})["time"].values[-1] == 7
    assert model.run({"limit": [2, 5]}, times=[4])["x"].values[:, 0].tolist() == pytest.approx(
        [np.nan, 4], nan_ok=True
    )


def test_a_run_whose_end_is_no_number_ends_there(made):
    model = made("x = INTEG(k / k, 0) ~~| k = 1 ~~|", f"{ENDLESS} MIN(4, 3 + 0 * x) ~~|")
    found = model.run({"k": [1.0, 0.0, 2.0]})
    assert found.attrs["fault_runs"] == [1]
    np.testing.assert_array_equal(found["x"][[0, 2]], [[0, 1, 2, 3], [0, 1, 2, 3]])


def test_a_run_without_an_end_is_refused(made):
    model = made("x = 1 ~~|", f"{ENDLESS} Time + x ~~|")
    with pytest.raises(ParameterError, match="FINAL TIME is not reached"):
        model.run()


CHANGING = (
    "FINAL TIME = IF THEN ELSE(Time < 3, 4, 8) ~~| TIME STEP = IF THEN ELSE(Time < 2, 1, 0.5) ~~|"
    "INITIAL TIME = IF THEN ELSE(Time < 1, 0, 9) ~~| SAVEPER = MAX(TIME STEP, STEP(2, 4)) ~~|"
)


def test_control_times_may_change_with_time(made):
    """Steps of 1 until 2, then of 0.5; saved at each of them until 4, then every 2."""
    model = made(
        "x = INTEG(Time, 0) ~~| d = SMOOTH(Time, 2) ~~| y = INITIAL TIME + TIME STEP ~~|", CHANGING
    )
    result = model.run()
    assert result["time"].values.tolist() == [0, 1, 2, 2.5, 3, 3.5, 4, 6, 8]
    assert result["x"].values[:5].tolist() == [0, 0, 1, 2, 3.25]
    assert result["d"].values[:4].tolist() == [0, 0, 0.5, 0.875]
    assert result["y"].values[:4].tolist() == [1, 10, 9.5, 9.5]
    assert result["TIME STEP"].values[:3].tolist() == [1, 1, 0.5]
    assert result["FINAL TIME"].values[3:5].tolist() == [4, 8]
    assert model.run(times=[2.5, 1])["x"].values.tolist() == [2, 0]
    with pytest.raises(ParameterError, match="TIME STEP changes"):
        model.run({"TIME STEP": 1})


def test_a_step_that_depends_on_a_stock_is_refused(made):
    control = CHANGING.replace("Time < 2", "x < 2")
    with pytest.raises(UnsupportedConstruct, match=r"TIME STEP.*more than Time"):
        made("x = INTEG(1, 0) ~~|", control)
    with pytest.raises(UnsupportedConstruct, match=r"TIME STEP.*Runge-Kutta"):
        made("x = INTEG(1, 0) ~~|", CHANGING, integration="rk4")


def test_a_lookup_may_be_given_as_points(made):
    model = made(
        "R: a, b ~~| f((0,0),(10,10)) ~~| g[a]((0,1),(10,1)) ~~| g[b]((0,2),(10,2)) ~~|"
        "k = 1 ~~| x = f(Time)*k ~~| y[R] = g[R](Time) ~~|"
    )
    other = model.run({"F": [[0, 5], [4, 9]], "k": [1, 2]}, times=[2])
    assert other["x"].values.tolist() == [[7], [14]]
    both = model.run({"g": [(0, 0), (4, 4)]}, times=[2])
    assert both["y"].values.tolist() == [[2, 2]]
    assert model.run(times=[2])["x"].item() == 2
    for points in ([1, 2], [[0, 1], [0, 2]], [[0, np.nan]], "points", np.zeros((0, 2))):
        with pytest.raises(ParameterError, match="f"):
            model.run({"f": points})


def test_macros_may_be_defined_after_their_use_and_hold_stocks_and_each_other(made):
    model = made(
        "out = OUTER(Time, 2) ~~| :MACRO: INNER(a) INNER = a*b ~~| b = 3 ~~| :END OF MACRO:"
        ":MACRO: OUTER(a, t : extra) OUTER = level + INNER(a) ~~| level = INTEG(a/t, t) ~~|"
        "extra = level*2 ~~| :END OF MACRO:"
    )
    assert first(model, "out") == [[2 + 0.5 * 0.25 + 3]]


def test_comments_inside_equations_and_leading_zeros_do_no_harm(made):
    model = made('a = 3 {a comment} + 2 ~~| "b {c}" = a {two\nlines} * 007 ~~| d = 00.50 + 010 ~~|')
    assert first(model, "a", "b {c}", "d") == [[5], [35], [10.5]]


def test_a_pulse_without_width_lasts_one_step(made):
    """As Vensim's manual says; in PySD it does not happen."""
    model = made("w = 0 ~~| x = PULSE(1, 0) ~~| y = PULSE(1, w) ~~| s = INTEG(x/TIME STEP, 0) ~~|")
    result = model.run()
    assert result["x"].values.tolist() == [0, 0, 1, 0, 0, 0, 0, 0, 0]
    np.testing.assert_array_equal(result["x"], result["y"])
    assert result["s"].values[-1] == 1
    assert model.run({"w": 1})["y"].values.sum() == 2


def test_two_axes_may_run_over_one_range(made):
    """Vensim names both axes alike in `x[a, R]`, `x[b, R]`; the result needs two names."""
    model = made("R: a, b ~~| x[a,R] = 1, 10 ~~| x[b,R] = 5, 7 ~~| y[R] = x[R,b] + x[b,a] ~~|")
    result = model.run(times=[3])
    assert result["x"].dims == ("time", "R", "R 2")
    assert result["x"].sel({"R": "b", "R 2": "a"}).item() == 5
    assert first(model, "y") == [[15, 12]]


def test_the_order_of_a_delay_is_what_it_is_at_the_start(made):
    """Wherever it is defined; it is not a parameter then, as the stages are built upon it."""
    model = made(
        "n = m + STEP(1, 1) ~~| x = SMOOTH N(Time, 2, 1, n) ~~| y = SMOOTH N(Time, 2, 1, 3) ~~|"
        "z = DELAY N(Time, 2, 1, n) ~~| w = DELAY N(Time, 2, 1, 3) ~~| m = 3 ~~|"
    )
    result = model.run()
    np.testing.assert_array_equal(result["x"], result["y"])
    np.testing.assert_array_equal(result["z"], result["w"])
    with pytest.raises(ParameterError, match="m is unchangeable"):
        model.run({"m": 2})


def test_control_times_are_among_the_results(made):
    model = made("x = 2 ~~|")
    result = model.run({"x": [1, 2], "SAVEPER": 2})
    assert list(result) == ["x", "INITIAL TIME", "FINAL TIME", "TIME STEP", "SAVEPER"]
    assert result["SAVEPER"].dims == ("run", "time")
    assert (result["SAVEPER"] == 2).all()
    assert (result["TIME STEP"] == 0.5).all()
    assert list(model.run(outputs=["final time", "x"])) == ["x", "FINAL TIME"]


def test_a_result_may_be_laid_flat(made):
    model = made(
        'R: a, b ~~| D: c, "d e" ~~| "x (y)"[R,D] = 1, 2; 3, 4; ~~| k = 4 ~~| t = k*Time ~~|'
    )
    one = engine.flat(model.run(outputs=["x (y)", "t"], times=[0, 2]))
    assert list(one) == ["x (y)[a,c]", "x (y)[a,d e]", "x (y)[b,c]", "x (y)[b,d e]", "t"]
    assert one.index.tolist() == [0, 2]
    assert one["t"].tolist() == [0, 8]
    many = engine.flat(model.run({"k": [4, 5]}, outputs=["t"], times=[0, 2]))
    assert many.index.names == ["run", "time"]
    assert many.loc[(1, 2), "t"] == 10


def test_present_values_are_those_of_the_manual(made):
    model = made(
        "R: a, b ~~| rate[R] = 0.1, 0 ~~| x[R] = NPV(Time + R, rate[R], 2, 3) ~~|"
        "weight[R] = INTEG(-weight[R]*rate[R]/(1 + rate[R]*TIME STEP), 1) ~~|"
        "sum[R] = INTEG((Time + R)*weight[R], 2) ~~|"
        "y[R] = (sum[R] + (Time + R)*TIME STEP*weight[R]) * 3 ~~|"
    )
    result = model.run()
    np.testing.assert_allclose(result["x"], result["y"], rtol=1e-14)
    assert result["x"].values[0].tolist() == [7.5, 9]


def test_a_sample_may_name_itself(made):
    model = made(
        ":MACRO: PEAK(x) PEAK = SAMPLE IF TRUE(x > PEAK, x, x) ~~| :END OF MACRO:"
        "R: a, b, c ~~| Q: b, c ~~| wave[R] = SIN(Time*R) ~~| lowest[a] = 7 ~~|"
        "lowest[Q] = SAMPLE IF TRUE(wave[Q] < lowest[Q] - 0.1, wave[Q], 0) ~~|"
        "highest[R] = PEAK(wave[R]) ~~|"
    )
    result = model.run()
    wave = result["wave"].values
    np.testing.assert_array_equal(result["highest"], np.maximum.accumulate(wave))
    low = np.zeros(2)
    for row, lowest in zip(wave[:, 1:], result["lowest"].values, strict=True):
        low = np.where(row < low - 0.1, row, low)
        assert lowest.tolist() == [7, *low]
    with pytest.raises(CycleError, match="x → x"):
        made("x = 1 + SAMPLE IF TRUE(Time > x, Time, 0) ~~|").run()


def test_a_comment_may_end_an_equation(made):
    assert made("x = MAX(Time, 1){not MIN()} ~~|").run(times=[4])["x"].item() == 4
