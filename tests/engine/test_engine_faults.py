"""A run that goes wrong is marked with variable, element, time and run; the others finish."""

from __future__ import annotations

import numpy as np
import pytest

MODEL = (
    "Region: north, south ~~| rate[Region] = 1, 2 ~~| limit = 100 ~~|"
    "ratio[Region] = 1/(limit - level[Region]) ~~|"
    "safe = 5 + Time ~~|"
    "level[Region] = INTEG(rate[Region] + 0*ratio[Region], 0) ~~|"
)


def test_division_by_zero_is_located_and_other_runs_finish(made):
    model = made(MODEL)
    result = model.run({"limit": [100.0, 4.0, 50.0]}, outputs=["level"])
    assert result.attrs["fault_runs"] == [1]
    assert result.attrs["faults"] == ["run 1: ratio[south] = inf at time 2"]
    assert np.isfinite(result["level"].isel(run=[0, 2])).all()
    assert np.isnan(result["level"].isel(run=1, time=-1, Region=1))


def test_a_fault_in_a_stock_that_is_not_kept_is_found(made):
    result = made(MODEL).run({"limit": 4.0}, outputs=["level", "safe"], times=[1])
    assert result.attrs["fault_runs"] == [0]
    assert np.isfinite(result["level"]).all()


def test_nothing_is_reported_for_what_is_not_computed(made):
    result = made(MODEL).run({"limit": 4.0}, outputs=["safe"])
    assert "fault_runs" not in result.attrs


def test_overflow_is_a_fault(made):
    result = made("x = INTEG(x*x, 1e200) ~~|").run()
    assert result.attrs["fault_runs"] == [0]
    assert result.attrs["faults"][0].startswith("run 0: x = inf at time 0.5")


def test_elements_that_no_equation_defines_are_not_faults(made):
    result = made("R: a, b, c ~~| x[a] = 1 ~~| x[c] = 2 ~~|").run()
    assert "faults" not in result.attrs
    assert np.isnan(result["x"].sel(R="b")).all()


@pytest.mark.parametrize("method", ["euler", "rk4"])
@pytest.mark.parametrize("end", [4, 4.5])
def test_a_stock_that_only_starts_another_is_no_fault(made, method, end):
    """The inner smooth is one stock in its own right, and another in what the outer starts from."""
    model = made("x = INTEG(SMOOTH(SMOOTH(Time, 3), 3) - x, 1) ~~|", integration=method)
    for width in (None, 1, 8):
        result = model.run({"FINAL TIME": end}, outputs=["x"], runs=9, width=width)
        assert "fault_runs" not in result.attrs
        assert np.isfinite(result["x"]).all()


def test_a_fault_that_is_there_from_the_start_is_named(made):
    result = made("never = 1/0 ~~| x = INTEG(never, 1) ~~|").run({}, outputs=["x"])
    assert result.attrs["faults"] == ["run 0: never = inf at time 0"]


def test_a_model_of_nothing_but_faulty_constants_is_told_apart(made):
    result = made("never = 1/0 ~~|").run()
    assert result.attrs["faults"] == ["run 0: never = inf at time 0"]
