"""A lever's value at any model time, from the calendar years a file writes."""

import numpy as np
import pytest

from model import LeverPath

QUARTERS = np.arange(2010.0, 2051.0, 0.25)


def test_a_number_holds_from_the_start_of_2021() -> None:
    path = LeverPath.constant(0.8)
    values = path.values([2010, 2019.75, 2020.0, 2020.25, 2050.0], status_quo=0.5)
    assert values.tolist() == [0.5, 0.5, 0.8, 0.8, 0.8]


def test_a_step_holds_from_the_start_of_its_year() -> None:
    path = LeverPath(((2025, 0.7), (2030, 0.9)), "step")
    values = path.values([2020.0, 2023.75, 2024.0, 2028.75, 2029.0, 2040.0], status_quo=0.5)
    assert values.tolist() == [0.5, 0.5, 0.7, 0.7, 0.9, 0.9]


def test_a_line_starts_from_the_status_quo_at_the_start_of_2021() -> None:
    path = LeverPath(((2025, 0.9),), "linear")
    values = path.values([2015.0, 2020.0, 2022.0, 2024.0, 2035.0], status_quo=0.5)
    assert values == pytest.approx([0.5, 0.5, 0.7, 0.9, 0.9])


def test_a_line_with_a_key_in_2021_starts_there() -> None:
    path = LeverPath(((2021, 0.1), (2031, 1.1)), "linear")
    values = path.values([2019.75, 2020.0, 2025.0, 2030.0, 2031.0], status_quo=0.5)
    assert values == pytest.approx([0.5, 0.1, 0.6, 1.1, 1.1])


def test_times_off_by_rounding_are_still_on_the_key() -> None:
    path = LeverPath(((2025, 0.7),), "step")
    assert path.values([2024.0 - 1e-12], status_quo=0.5).tolist() == [0.7]


@pytest.mark.parametrize("shape", ["step", "linear"])
def test_values_stay_between_the_status_quo_and_the_keys(shape: str) -> None:
    random = np.random.default_rng(3)
    for _ in range(200):
        years = np.sort(random.choice(np.arange(2021, 2051), random.integers(1, 6), replace=False))
        keys = tuple((int(year), float(random.uniform(-5, 5))) for year in years)
        status_quo = float(random.uniform(-5, 5))
        values = LeverPath(keys, shape).values(QUARTERS, status_quo)
        levels = [status_quo, *(value for _, value in keys)]
        assert values.min() >= min(levels) - 1e-12
        assert values.max() <= max(levels) + 1e-12
        for year, value in keys:
            assert values[year - 1.0 == QUARTERS] == pytest.approx(value)
        assert (values[keys[-1][0] - 1.0 <= QUARTERS] == keys[-1][1]).all()
        assert (values[QUARTERS < 2020.0] == status_quo).all()
