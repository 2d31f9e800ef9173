"""Single runs use the memory of earlier ones, and are not touched by what was in it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import xarray as xr

MODEL = (
    "R: a, b, c ~~| rate[R] = 0.1, 0.2, 0.3 ~~| start = 5 ~~| part[a] = 1 ~~| part[b] = 2 ~~|"
    "unused = 3 ~~| late = DELAY FIXED(total, 1, start) ~~| total = SUM(x[R!]) ~~|"
    "x[R] = INTEG(rate[R]*x[R] - 0.01*late, start) ~~|"
)
PARAMETERS = [
    {},
    {"start": 2.0},
    {"rate": np.array([0.3, 0.2, 0.1])},
    {"rate": 0.5, "unused": 7.0},
    {"start": 1.0, "FINAL TIME": 3},
    {"start": np.array([4.0, 6.0, 8.0])},
    {"rate": np.linspace(0, 1, 12).reshape(4, 3), "start": 3.0},
]


@pytest.fixture
def expected(made):
    """Each result by a model that does nothing else, as a block of runs."""

    def expected(parameters: dict, **options) -> xr.Dataset:
        several = any(np.ndim(v) == 1 + (k == "rate") for k, v in parameters.items())
        result = made(MODEL).run(parameters, runs=None if several else 1, width=8, **options)
        return result if several else result.isel(run=0, drop=True)

    return expected


def same(one: xr.Dataset, other: xr.Dataset) -> bool:
    return all(np.array_equal(one[n], other[n], equal_nan=True) for n in {*one, *other})


def test_results_do_not_depend_on_earlier_calls(made, expected):
    model = made(MODEL)
    for parameters in [*PARAMETERS, *PARAMETERS[::-1]]:
        for outputs, times in ((None, None), (["x"], [0, 2, 3]), (["part", "late"], [3])):
            found = model.run(parameters, outputs=outputs, times=times)
            assert same(found, expected(parameters, outputs=outputs, times=times)), parameters


def test_results_are_kept_apart(made):
    model = made(MODEL)
    first = model.run(outputs=["x", "part"])
    values = {name: first[name].to_numpy().copy() for name in first}
    second = model.run({"start": 1.0}, outputs=["x", "part"])
    for name in first:
        assert not np.shares_memory(first[name], second[name])
        np.testing.assert_array_equal(first[name], values[name])
    assert np.isnan(second["part"].sel(R="c")).all()


def test_a_broken_run_leaves_nothing_behind(made):
    model = made(MODEL)
    fine = model.run(outputs=["x"])
    broken = model.run({"start": 1e308, "rate": 1e308}, outputs=["x"])
    assert broken.attrs["fault_runs"] == [0]
    assert model.run(outputs=["x"]).identical(fine)


def test_several_threads_do_not_meet(made):
    model = made(MODEL)
    starts = np.linspace(1, 9, 400)
    alone = [model.run({"start": s}, outputs=["total"])["total"].to_numpy() for s in starts]
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda s: model.run({"start": s}, outputs=["total"]), starts))
    for one, result in zip(alone, found, strict=True):
        np.testing.assert_array_equal(result["total"], one)


def test_numbers_and_paths_may_take_turns(made):
    model = made(MODEL, time_varying=["start", "rate"])
    path = xr.DataArray([0.1, 0.4], dims="time", coords={"time": [0, 4]})
    steady = model.run({"rate": 0.1}, outputs=["x"])
    moving = model.run({"rate": path}, outputs=["x"])
    assert not moving.identical(steady)
    assert model.run({"rate": 0.1}, outputs=["x"]).identical(steady)
    assert model.run({"rate": path}, outputs=["x"]).identical(moving)


def test_many_choices_of_outputs_and_times(made):
    """More than are remembered."""
    model = made(
        "k = 1 ~~| x = INTEG(k, 0) ~~|" + "".join(f"y{i} = x + {i} ~~|" for i in range(10))
    )
    for _ in range(2):
        for i in range(10):
            result = model.run({"k": i}, outputs=[f"y{i}"], times=[i / 4 - i / 4 % 0.5])
            assert result[f"y{i}"].item() == i * (i / 4 - i / 4 % 0.5) + i
