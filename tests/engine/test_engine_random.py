"""Random functions: their distributions, and that a run draws the same whatever stands beside."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import engine
from engine import ParameterError

EQUATIONS = """
R: a, b, c ~~|
unit = RANDOM 0 1() ~~|
even[R] = RANDOM UNIFORM(2, 5, 7) ~~|
bell = RANDOM NORMAL(-1, 4, 1, 2, 0) ~~|
narrow bell = RANDOM NORMAL(-100, 100, 5, 1, 0) ~~|
decay = RANDOM EXPONENTIAL(1, 6, 0, 2, 0) ~~|
no width = RANDOM NORMAL(-1, 4, 1, 0, 0) ~~|
first = INITIAL(unit) ~~|
walk = INTEG(even[a] - even[b], unit) ~~|
two[R] = RANDOM UNIFORM(0, 1, 0) - RANDOM UNIFORM(0, 1, 0) ~~|
some[R] :EXCEPT: [a] = RANDOM UNIFORM(0, 1, 0) ~~| some[a] = 0 ~~|
"""
CONTROL = "INITIAL TIME = 0 ~~| FINAL TIME = 40 ~~| TIME STEP = 1 ~~| SAVEPER = 1 ~~|"
DISTRIBUTIONS = {
    "unit": stats.uniform(),
    "even": stats.uniform(2, 3),
    "bell": stats.truncnorm(-1, 1.5, loc=1, scale=2),
    "narrow bell": stats.norm(5, 1),
    "decay": stats.truncexpon(2.5, loc=1, scale=2),
}


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    path = tmp_path_factory.mktemp("random") / "model.mdl"
    path.write_text("{UTF-8}\n" + EQUATIONS + CONTROL, encoding="utf-8")
    return engine.load(path)


@pytest.fixture(scope="module")
def many(model):
    return model.run(runs=300)


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_draws_have_the_distribution_that_pysd_draws_from(many, name):
    drawn = many[name].values.reshape(-1)
    assert stats.kstest(drawn, DISTRIBUTIONS[name].cdf).pvalue > 0.01


def test_draws_do_not_depend_on_each_other(many):
    even = many["even"].values
    pairs = {
        "elements": (even[..., 0], even[..., 1]),
        "runs": (even[1:], even[:-1]),
        "steps": (even[:, 1:], even[:, :-1]),
        "equations": (many["unit"].values, many["two"].values[..., 0]),
    }
    for name, (x, y) in pairs.items():
        limit = 4 / np.sqrt(x.size)
        assert abs(np.corrcoef(x.reshape(-1), y.reshape(-1))[0, 1]) < limit, name


def test_a_run_draws_the_same_whatever_stands_beside_it(model, many):
    for options in ({"width": 4, "threads": 1}, {"width": 1}, {"threads": 5}):
        assert model.run(runs=300, **options).identical(many)
    few, one = model.run(runs=2), model.run()
    alone = model.run(runs=9, outputs=["walk"])
    for name in many:
        np.testing.assert_array_equal(few[name], many[name][:2])
        np.testing.assert_array_equal(one[name], many[name][0])
    np.testing.assert_array_equal(alone["walk"], many["walk"][:9])


def test_the_seed_decides(model, many):
    assert model.run(runs=300, seed=0).identical(many)
    other = model.run(runs=300, seed=1)
    assert (other["unit"] != many["unit"]).all()
    assert len(np.unique(np.concatenate([other["unit"], many["unit"]]))) == 2 * 300 * 41


def test_runs_do_not_repeat_under_neighbouring_seeds(model):
    values = np.stack([model.run(runs=50, seed=s, times=[0])["unit"] for s in range(4)])
    assert len(np.unique(values)) == values.size


def test_the_value_at_the_start_is_the_one_that_stocks_start_from(many):
    np.testing.assert_array_equal(many["first"][:, -1], many["unit"][:, 0])
    np.testing.assert_array_equal(many["walk"][:, 0], many["unit"][:, 0])


def test_equations_per_element_and_without_width(many):
    assert (many["some"].sel(R="a") == 0).all()
    assert (many["some"].sel(R="b") != many["some"].sel(R="c")).all()
    assert (many["no width"] == 1).all()


def test_truncated_draws_stay_within_their_bounds(many):
    assert many["bell"].min() >= -1
    assert many["bell"].max() <= 4
    assert many["decay"].min() >= 1
    assert many["decay"].max() <= 6


def test_within_a_step_of_runge_kutta_a_draw_stands(model, many):
    other = engine.load(model.path, integration="rk4").run(runs=300)
    np.testing.assert_array_equal(other["unit"], many["unit"])
    np.testing.assert_allclose(other["walk"], many["walk"], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("seed", [0.5, "a", None, 2**63])
def test_seeds_are_whole_numbers(model, seed):
    with pytest.raises(ParameterError, match="seed must be a whole number"):
        model.run(seed=seed)
