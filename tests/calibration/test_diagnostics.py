"""R-hat and the effective sample size, against chains whose answers are known."""

import numpy as np
import pytest

from calibration.diagnostics import effective_sample_size, r_hat


def autoregressive(correlation: float, shape: tuple[int, int]) -> np.ndarray:
    """Return stationary chains whose value keeps `correlation` of the one before."""
    generator = np.random.default_rng(3)
    shocks = generator.standard_normal(shape)
    chains = shocks.copy()
    for step in range(1, shape[1]):
        kept = correlation * chains[:, step - 1]
        chains[:, step] = kept + np.sqrt(1 - correlation**2) * shocks[:, step]
    return chains


def test_independent_draws_agree_and_count_fully() -> None:
    chains = autoregressive(0.0, (4, 2000))
    assert r_hat(chains) == pytest.approx(1, abs=0.005)
    assert effective_sample_size(chains) == pytest.approx(8000, rel=0.1)


def test_correlated_draws_count_less() -> None:
    chains = autoregressive(0.8, (4, 5000))
    assert effective_sample_size(chains) == pytest.approx(20_000 * 0.2 / 1.8, rel=0.15)


def test_a_chain_elsewhere_is_noticed() -> None:
    chains = autoregressive(0.0, (4, 500))
    chains[0] += 1
    assert r_hat(chains) > 1.1


def test_a_chain_of_another_width_is_noticed() -> None:
    chains = autoregressive(0.0, (4, 500))
    chains[0] *= 4
    assert r_hat(chains) > 1.1


def test_a_chain_that_stands_still_agrees_with_nothing() -> None:
    chains = autoregressive(0.0, (2, 100))
    chains[1] = 0
    assert r_hat(chains) == np.inf


def test_short_chains_are_refused() -> None:
    with pytest.raises(ValueError, match="four steps"):
        r_hat(np.ones((2, 3)))
