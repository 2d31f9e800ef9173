"""The sampler against posteriors that are known."""

from typing import cast

import numpy as np
import pytest
from scipy.optimize import least_squares

from calibration.joint import Joint
from calibration.sampler import Proposals, Randomised, Tuned, metropolis, refine, tune


class Bent:
    """Residuals x - 1/2, y, 2 (y - x²/2): a bent ridge in two unknowns."""

    def residuals(self, points: np.ndarray) -> np.ndarray:
        x, y = points.T
        return np.stack([x - 0.5, y, 2 * (y - 0.5 * x**2)], axis=1)

    def jacobians(self, points: np.ndarray, values: np.ndarray) -> np.ndarray:
        x, _ = points.T
        one, zero = np.ones_like(x), np.zeros_like(x)
        rows = [[one, zero], [zero, one], [-2 * x, 2 * one]]
        return np.moveaxis(np.array(rows), -1, 0)

    def moments(self) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and standard deviation of the posterior by quadrature."""
        axis = np.linspace(-6, 6, 801)
        grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
        density = np.exp(-0.5 * (self.residuals(grid) ** 2).sum(axis=1))
        density /= density.sum()
        mean = density @ grid
        return mean, np.sqrt(density @ (grid - mean) ** 2)


def best() -> np.ndarray:
    return least_squares(lambda point: Bent().residuals(point[None])[0], np.zeros(2)).x


def randomised() -> Randomised:
    return Randomised(cast(Joint, Bent()), best())


def test_points_solve_their_equations() -> None:
    noise = np.random.default_rng(1).standard_normal((30, 2))
    found = randomised().solve(noise)
    reached = Bent().residuals(found.points) @ randomised().q
    np.testing.assert_allclose(reached, noise, atol=1e-4)


def test_chains_have_the_moments_of_the_posterior() -> None:
    generator = np.random.default_rng(4)
    normal = tune(randomised().solve, Tuned(np.zeros(2), np.ones(2)))
    noise = normal.draw(generator, 40_000)
    found = randomised().solve(noise)
    weights = found.weights + normal.correction(noise)
    held, moved = metropolis(weights.reshape(4, -1), generator)
    chains = found.points.reshape(4, -1, 2)
    draws = np.concatenate([chain[index] for chain, index in zip(chains, held, strict=True)])
    mean, spread = Bent().moments()
    np.testing.assert_allclose(draws.mean(axis=0), mean, atol=0.03)
    np.testing.assert_allclose(draws.std(axis=0), spread, rtol=0.04)
    assert moved.min() > 0.5


def test_a_straight_problem_accepts_everything() -> None:
    class Straight(Bent):
        def residuals(self, points: np.ndarray) -> np.ndarray:
            return points @ np.array([[1.0, 0.0, 2.0], [0.0, 3.0, 1.0]])

        def jacobians(self, points: np.ndarray, values: np.ndarray) -> np.ndarray:
            matrix = np.array([[1.0, 0.0, 2.0], [0.0, 3.0, 1.0]]).T
            return np.repeat(matrix[None], len(points), axis=0)

    found = Randomised(cast(Joint, Straight()), np.zeros(2)).solve(
        np.random.default_rng(2).standard_normal((20, 2))
    )
    assert np.ptp(found.weights) < 1e-9
    _, moved = metropolis(found.weights.reshape(2, 10), np.random.default_rng(3))
    assert moved.tolist() == [1.0, 1.0]


def test_the_tuned_normal_is_exact_for_normal_weights() -> None:
    def solve(noise: np.ndarray) -> Proposals:
        return Proposals(noise, noise, 0.5 * noise[:, 0] - 0.25 * noise[:, 1] ** 2)

    found = tune(solve, Tuned(np.zeros(2), np.ones(2)))
    np.testing.assert_allclose(found.mean, [0.5, 0.0], atol=1e-12)
    np.testing.assert_allclose(found.width, [1.0, 1.5**-0.5])
    noise = np.random.default_rng(1).standard_normal((9, 2))
    corrected = solve(noise).weights + found.correction(noise)
    assert np.ptp(corrected) < 1e-12


def test_a_pilot_sample_gives_back_the_normal_it_was_weighted_by() -> None:
    noise = np.random.default_rng(6).standard_normal((4000, 2))
    weights = 0.5 * noise[:, 0] - 0.25 * noise[:, 1] ** 2
    weights[:7] = -np.inf
    found = refine(Tuned(np.zeros(2), np.ones(2)), noise, weights)
    np.testing.assert_allclose(found.mean, [0.5, 0.0], atol=0.03)
    np.testing.assert_allclose(found.width, [1.0, 1.5**-0.5], atol=0.03)


def test_a_point_without_weight_is_never_held() -> None:
    weights = np.zeros((1, 50))
    weights[0, ::2] = -np.inf
    held, _ = metropolis(weights, np.random.default_rng(1))
    assert (held % 2 == 1).all()
    with pytest.raises(ValueError, match="finite weight"):
        metropolis(np.full((1, 5), -np.inf), np.random.default_rng(1))
