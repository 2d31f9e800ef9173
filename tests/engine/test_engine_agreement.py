"""Every construct, against PySD; some against pysimlin."""

from __future__ import annotations

import numpy as np
import pytest
import simlin

import engine

CONTROL = ("INITIAL TIME", "FINAL TIME", "TIME STEP", "SAVEPER")
FILES = [
    "functions.mdl",
    "delays.mdl",
    "subscripts.mdl",
    "lookups.mdl",
    "tables.mdl",
    "epidemic.mdl",
    "vensim.mdl",
    "macros.mdl",
    "mixed.mdl",
    "regions.mdl",
    "vectors.mdl",
    "teacup.xmile",
    "arrays.xmile",
]


@pytest.mark.parametrize("file", FILES)
def test_every_variable_agrees_with_pysd_at_every_time(file, models, pysd_run, column):
    """PySD finds the price of ALLOCATE AVAILABLE by least squares, to some seven digits."""
    expected = pysd_run(models / file)
    result = engine.load(models / file).run()
    np.testing.assert_allclose(result.time, expected.index, rtol=1e-12)
    compared = 0
    for name in expected.columns:
        if name in CONTROL:
            continue
        want = expected[name].to_numpy(float)
        got = column(result, name)
        rtol, atol = (1e-7, 1e-7) if name.startswith("available") else (1e-10, 1e-12)
        np.testing.assert_allclose(got, want, rtol=rtol, atol=atol, err_msg=name)
        compared += 1
    assert compared > 5
    assert not result.attrs.get("faults")


@pytest.mark.parametrize("file", ["lookups.mdl", "epidemic.mdl"])
def test_scalar_variables_agree_with_pysimlin(file, models):
    expected = simlin.load(models / file).run().results
    result = engine.load(models / file).run()
    scalars = [str(n) for n in result if result[n].dims == ("time",)]
    compared = [n for n in scalars if n.replace(" ", "_") in expected]
    assert len(compared) > 4
    for name in compared:
        want = expected[name.replace(" ", "_")].to_numpy()
        np.testing.assert_allclose(result[name], want, rtol=1e-10, atol=1e-12, err_msg=name)


def test_a_changed_parameter_agrees_with_pysd(models, pysd_run):
    path = models / "delays.mdl"
    expected = pysd_run(path, {"delay_time": 5.5})
    result = engine.load(path).run({"Delay Time": 5.5}, outputs=["s1", "d3i", "dn"])
    for name in result:
        np.testing.assert_allclose(result[name], expected[name], rtol=1e-10, err_msg=str(name))


def test_an_equation_may_use_other_elements_of_its_own_variable(made):
    """PySD cannot run these; Vensim can: x[b] needs x[a] only."""
    model = made(
        "R: a, b, c ~~| up: b, c ~~| down: a, b -> up ~~|"
        "x[a] = 1 ~~| x[b] = 2*x[a] + Time ~~| x[c] = x[b] + x[a] ~~|"
        "y[a] = 1 ~~| y[up] = y[down] + x[up] ~~|"
    )
    result = model.run(times=[4])
    assert result["x"].values.tolist() == [[1, 6, 7]]
    assert result["y"].values.tolist() == [[1, 7, 14]]


def test_integer_initial_values_are_not_truncated(made):
    """PySD starts SMOOTHI(…, 3) as an integer array and drops the fractions of its flows."""
    result = made("x = SMOOTHI(10, 4, 3) ~~|").run(times=[0.5])
    assert result["x"].item() == pytest.approx(3 + 0.5 * 7 / 4, rel=1e-15)


def test_and_binds_tighter_than_or(made):
    model = made("t = 1 ~~| x = IF THEN ELSE(t = 1 :OR: t = 2 :AND: t = 3, 1, 0) ~~|")
    assert model.run(outputs=["x"], times=[0])["x"].item() == 1


def test_nan_in_the_branch_not_taken_does_not_leak(made):
    model = made("z = 0 ~~| x = IF THEN ELSE(z > 0, 1/z + LN(-1), 2) ~~|")
    result = model.run()
    assert (result["x"] == 2).all()
    assert "faults" not in result.attrs


def test_xmile_graphical_functions_step_and_extrapolate(tmp_path, models):
    """As the XMILE standard says; PySD interpolates them all when they sit in an auxiliary."""
    curve = "<xpts>2,7,12</xpts><ypts>1,2,5</ypts></gf></aux>"
    extra = (
        f'<aux name="stepwise"><eqn>TIME</eqn><gf type="discrete">{curve}'
        f'<aux name="beyond"><eqn>TIME</eqn><gf type="extrapolate">{curve}'
    )
    text = (models / "teacup.xmile").read_text(encoding="utf-8")
    path = tmp_path / "curves.xmile"
    path.write_text(text.replace("</variables>", extra + "</variables>"), encoding="utf-8")
    result = engine.load(path).run(outputs=["stepwise", "beyond"], times=[0, 4, 7, 9.5, 20])
    assert result["stepwise"].values.tolist() == [1, 1, 2, 2, 5]
    np.testing.assert_allclose(result["beyond"], [0.6, 1.4, 2, 3.5, 9.8], rtol=1e-12)


def test_a_file_as_vensim_writes_it_keeps_units_and_comments(models):
    """Control section, continued lines, limits, a sketch, and names that are not ASCII."""
    table = engine.load(models / "vensim.mdl").variables.set_index("name")
    assert table.unit["Characteristic Time"] == "Minutes"
    assert table.comment["Heat Loss to Room"].endswith("room. We can ignore it at this point.")
    assert table.unit["人口 总数"] == "人"
    assert table.subscripts["人口 总数"] == ("地区",)


def test_a_macro_may_be_called_for_every_element_and_hold_delays_and_lookups(made):
    """PySD's macros are scalar and know neither; each call here is compared with its text."""
    model = made(
        ":MACRO: FOLLOW(goal, lag) FOLLOW = bend(goal)*SMOOTH(goal, lag) + late - TIME STEP ~~|"
        "late = DELAY FIXED(goal, lag, 0) ~~| bend((0,0),(20,10)) ~~| :END OF MACRO:"
        "R: a, b ~~| lag[R] = 1, 2 ~~| goal[R] = 3*lag[R] + Time ~~| bend((0,0),(20,10)) ~~|"
        "x[R] = FOLLOW(goal[R] + 1, lag[R]) ~~| late[R] = DELAY FIXED(goal[R] + 1, lag[R], 0) ~~|"
        "y[R] = bend(goal[R] + 1)*SMOOTH(goal[R] + 1, lag[R]) + late[R] - TIME STEP ~~|"
    )
    result = model.run(outputs=["x", "y"])
    np.testing.assert_array_equal(result["x"], result["y"])
    assert result["x"].values[-1, 0] != result["x"].values[-1, 1]


def test_sums_of_a_thousand_terms_compile(made):
    terms = [f"v{i % 7}*{i}" for i in range(1000)]
    model = made(
        f"x = {' + '.join(terms)} ~~|" + "".join(f"v{i} = {i} + Time ~~|" for i in range(7))
    )
    assert model.run(times=[1])["x"].item() == sum((i % 7 + 1) * i for i in range(1000))
