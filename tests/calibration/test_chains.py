"""Chains over proposals, and their summary against chains whose answers are known."""

import numpy as np
import pytest

from calibration.chains import CHAINS, summary, walk
from calibration.sampler import Proposals


def autoregressive(correlation: float, shape: tuple[int, int]) -> np.ndarray:
    """Return stationary chains (chain, step, 1) whose value keeps a part of the one before."""
    generator = np.random.default_rng(3)
    shocks = generator.standard_normal(shape)
    chains = shocks.copy()
    for step in range(1, shape[1]):
        kept = correlation * chains[:, step - 1]
        chains[:, step] = kept + np.sqrt(1 - correlation**2) * shocks[:, step]
    return chains[:, :, None]


def row(chains: np.ndarray) -> dict[str, float]:
    """Return the summary of one parameter."""
    return summary(["one"], chains).iloc[0].to_dict()


def test_independent_draws_agree_and_count_fully() -> None:
    found = row(autoregressive(0.0, (4, 2000)))
    assert found["r_hat"] == pytest.approx(1, abs=0.005)
    assert found["ess_bulk"] == pytest.approx(8000, rel=0.1)
    assert found["mcse_mean"] == pytest.approx(found["sd"] / 8000**0.5, rel=0.1)


def test_correlated_draws_count_less() -> None:
    found = row(autoregressive(0.8, (4, 5000)))
    assert found["ess_bulk"] == pytest.approx(20_000 * 0.2 / 1.8, rel=0.15)


def test_a_chain_elsewhere_or_of_another_width_is_noticed() -> None:
    for change in (lambda chain: chain + 1, lambda chain: 4 * chain):
        chains = autoregressive(0.0, (4, 500))
        chains[0] = change(chains[0])
        assert row(chains)["r_hat"] > 1.1


def test_a_chain_that_stands_still_agrees_with_nothing() -> None:
    chains = autoregressive(0.0, (2, 100))
    chains[1, :50] = 0
    assert row(chains)["r_hat"] == np.inf


def test_a_walk_holds_its_place_where_nothing_better_is_proposed() -> None:
    weights = np.tile([0.0, 5.0, -1e9], CHAINS)
    points = np.arange(3.0 * CHAINS)[:, None]
    walked, _ = walk(Proposals(points, points, weights), np.random.default_rng(0))
    places = 3.0 * np.arange(CHAINS)[:, None] + np.array([0, 1, 1])
    np.testing.assert_array_equal(walked[:, :, 0], places)
