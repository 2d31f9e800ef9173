"""The joint problem: its figures, its residuals, its derivatives."""

from functools import cache

import numpy as np
import pytest

from calibration.figures import LaterFigureError
from calibration.hindcast import SHRINKAGE, committed
from calibration.identify import conditioning
from calibration.joint import Joint, province_figures
from calibration.priors import level, parameter_values, table_scores


@cache
def problem() -> Joint:
    return Joint()


def table_point() -> np.ndarray:
    """Return the point estimate: the tables' values and the committed hazards."""
    return np.concatenate([table_scores(), committed().ravel()])


def test_the_fit_uses_figures_of_2020_only() -> None:
    assert {each.year for each in province_figures(2020)} == {2020}
    assert {each.output for each in province_figures(2020)} == {
        "gdp",
        "income_ratio",
        "general_revenue",
        "land_revenue",
    }


def test_a_nowcast_adds_later_years() -> None:
    assert {each.year for each in province_figures(2022)} == {2020, 2021, 2022}
    with pytest.raises(LaterFigureError):
        province_figures(2019)


def test_a_nowcast_holds_the_run_against_later_years() -> None:
    later = Joint(2022)
    point = table_point()[None]
    residuals = later.data_residuals(point)[0]
    assert len(residuals) == 85 + 4 + 2 * 2
    np.testing.assert_allclose(residuals[:85], problem().data_residuals(point)[0][:85], atol=1e-6)
    rates = [index for index, each in enumerate(later.figures) if each.output.startswith("urbanis")]
    assert [later.figures[index].year for index in rates] == [2021, 2022]
    assert np.abs(residuals[85:][rates]).max() < 10


def test_the_counts_are_those_of_the_point_estimate() -> None:
    point = table_point()[None]
    hazards = point[:, problem().scores :].reshape(1, 5, 17)
    alone = problem().hindcast.residuals(hazards)[0]
    together = problem().data_residuals(point)[0]
    np.testing.assert_allclose(together[:85], alone[:85], atol=0.02)


def test_regions_deviate_as_in_the_point_estimate() -> None:
    for prior in level("regional deviation").values():
        assert prior.spread == pytest.approx(SHRINKAGE, abs=1e-3)


def test_priors_are_linear_with_the_right_spreads() -> None:
    point = np.zeros((1, problem().size))
    point[0, problem().scores :] = problem().hindcast.start.ravel()
    assert np.abs(problem().prior_residuals(point)).max() < 1e-9
    point[0, problem().scores : problem().scores + 17] += 0.3  # one hazard, in every region
    found = problem().prior_residuals(point)[0]
    assert np.abs(found[:85]).max() < 1e-9
    assert found[85] == pytest.approx(
        0.3 / level("provincial mean")["base rural to urban hazard"].spread
    )


def test_derivatives_are_those_of_central_differences() -> None:
    point = table_point()[None]
    point[:, : problem().scores] = 0.1
    jacobian = problem().jacobians(point, problem().residuals(point))[0]
    for column in (0, 20, problem().scores + 3, problem().size - 1):
        step = np.zeros_like(point)
        step[0, column] = 1e-3
        central = (problem().residuals(point + step) - problem().residuals(point - step))[0] / 2e-3
        scale = np.abs(central).max()
        np.testing.assert_allclose(jacobian[:, column], central, atol=0.01 * scale)


def test_runs_do_not_depend_on_those_beside_them() -> None:
    points = table_point() + 0.1 * np.random.default_rng(1).standard_normal((3, problem().size))
    together = problem().residuals(points)
    for row in range(3):
        np.testing.assert_allclose(problem().residuals(points[row : row + 1])[0], together[row])


def test_parameters_reach_the_model_within_their_range() -> None:
    scores = np.random.default_rng(2).standard_normal((50, problem().scores)) * 2
    known = problem().model.parameters.set_index("name")
    for name, values in parameter_values(scores).items():
        prior = level("province")[name]
        assert name in known.index
        assert prior.low <= values.min()
        assert values.max() <= prior.high


def test_rank_and_condition_of_known_matrices() -> None:
    found = conditioning(np.diag([4.0, 2.0, 1.0]))
    assert (found.rank, found.columns, found.condition) == (3, 3, 4.0)
    short = conditioning(np.ones((1, 3)))
    assert (short.rank, short.condition) == (1, np.inf)
