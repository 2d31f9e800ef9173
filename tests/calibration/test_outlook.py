"""Paths of the drivers after 2020: start at the status quo, stay in range, repeat by seed."""

import numpy as np
import pytest

from calibration.outlook import outlook
from calibration.priors import level
from model import levers


def test_random_walks_start_as_in_2020_and_spread_as_the_prior_says() -> None:
    paths = outlook(4000, 2024, seed=1)
    for name in ("fertility_factor", "land_market_cycle"):
        values = paths[name].to_numpy()
        assert (values[:, 0] == levers()[name].status_quo[0]).all()
        first = np.log(values[:, 1])
        inside = (values[:, 1] > levers()[name].low) & (values[:, 1] < levers()[name].high)
        step = level("driver")[name].high
        middle = np.abs(first[inside]) < step
        assert middle.sum() / len(first) == pytest.approx(0.683, abs=0.03)


def test_paths_stay_within_the_range_of_their_assumption() -> None:
    for name, values in outlook(300, 2050, seed=2).items():
        assert values.dims == ("run", "time")
        assert values.to_numpy().min() >= levers()[name].low
        assert values.to_numpy().max() <= levers()[name].high


def test_a_draw_keeps_its_path_when_draws_or_years_are_added() -> None:
    few, many = outlook(5, 2030, seed=3), outlook(50, 2040, seed=3)
    for name in few:
        np.testing.assert_array_equal(few[name], many[name][:5, :11])
    assert not np.array_equal(outlook(5, 2030, seed=4)["outside_pull"], few["outside_pull"])
