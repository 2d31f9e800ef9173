"""The committed draws: today's, enough of them, mixed, within their priors, and at the best fit."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from calibration.hindcast import HAZARDS
from calibration.identify import LEARNT, NOT_IDENTIFIED
from calibration.joint import Joint
from calibration.posterior import FOLDER, Posterior, fingerprint, is_current, posterior
from calibration.priors import level
from calibration.report import IDENTIFIED
from model import load_scenario, region_ids, shipped_scenarios, simulate


@cache
def draws() -> Posterior:
    return posterior()


@cache
def problem() -> Joint:
    return Joint()


def test_the_draws_are_those_of_today_s_model_and_figures() -> None:
    assert is_current(draws()), "run: python cli.py calibrate"
    assert draws().manifest["through"] == 2020
    assert "nowcast" not in draws().manifest["label"]


def test_a_nowcast_has_another_fingerprint() -> None:
    assert fingerprint(2023) != fingerprint(2020)


def test_there_are_enough_draws_and_the_chains_agree() -> None:
    manifest = draws().manifest
    assert draws().count == manifest["draws"] >= 500
    assert manifest["distinct_draws"] > 300
    assert manifest["r_hat_largest"] < 1.1
    assert manifest["effective_sample_size_median"] > 200


def test_every_draw_lies_within_its_prior() -> None:
    assert list(draws().inputs) == [*level("province"), *HAZARDS]
    for name, prior in level("province").items():
        values = draws().inputs[name]
        slack = 1e-4 * (prior.high - prior.low)
        assert prior.low - slack <= values.min()
        assert values.max() <= prior.high + slack
    for name in HAZARDS:
        assert draws().inputs[name].shape == (draws().count, len(region_ids()))
        assert draws().inputs[name].min() > 0


def test_the_draws_reach_the_censuses_within_their_errors() -> None:
    names = ["urban population", "resident population"]
    result = problem().model.run(
        {"INITIAL TIME": 2010, "FINAL TIME": 2020, **draws().inputs}, outputs=names, times=[2020.0]
    )
    for row, name in enumerate(names):
        reached = result[name].sel(time=2020.0).to_numpy()
        error = np.log(reached / problem().hindcast.observed[row]) / problem().hindcast.errors[row]
        assert np.abs(error).mean() < 1.5
        assert np.abs(error.mean(axis=0)).max() < 3


def test_the_committed_best_point_is_a_minimum() -> None:
    table = pd.read_csv(FOLDER / IDENTIFIED)
    scores = np.zeros(problem().scores)
    for index, (prior, value) in enumerate(
        zip(level("province").values(), table["best"], strict=False)
    ):
        grid = np.linspace(-4, 4, 4001)
        scores[index] = np.interp(value, prior.values(grid), grid)
    hazards = np.log(table["best"].to_numpy(float)[problem().scores :])
    point = np.concatenate([scores, hazards])[None]
    residuals = problem().residuals(point)
    jacobian = problem().jacobians(point, residuals)[0]
    step = np.linalg.lstsq(jacobian, -residuals[0], rcond=None)[0]
    gain = 0.5 * ((jacobian @ step) ** 2).sum()
    assert gain < 0.05


def test_what_is_not_identified_is_as_wide_as_its_prior() -> None:
    table = pd.read_csv(FOLDER / IDENTIFIED)
    for row in table.to_dict("records"):
        assert (row["verdict"] == NOT_IDENTIFIED) == (row["ratio"] >= LEARNT)
    assert set(table["verdict"]) == {NOT_IDENTIFIED, "informed"}


def test_the_first_draws_are_a_part_and_more_than_all_are_refused() -> None:
    part = draws().first(7)
    assert part.count == 7
    for name, values in part.inputs.items():
        np.testing.assert_array_equal(values, draws().inputs[name][:7])
    with pytest.raises(ValueError, match="not 100000"):
        draws().first(100_000)


@pytest.mark.parametrize("stem", ["baseline", "combined_package"])
def test_the_laws_of_the_model_hold_for_the_draws(stem: str) -> None:
    scenario = load_scenario(next(path for path in shipped_scenarios() if path.stem == stem))
    part = draws().first(40)
    runs = simulate([scenario] * part.count, outputs=["debt"], parameters=part.inputs)
    assert max(runs.attrs["invariants"].values()) < 1e-9
