"""How well a series is met: error, explained variance, Theil's shares, interval coverage."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Fit:
    """Measures of fit over `count` pairs; NaN where too few pairs define one.

    `mape` is in percent. The three shares of the mean square error (Theil 1966; Sterman 1984) add
    up to 1: means that differ, spreads that differ, and the rest, which is unsystematic.
    """

    count: int
    rmse: float
    mape: float
    r_squared: float
    bias: float
    variance: float
    covariance: float


def fit(observed: np.ndarray, modelled: np.ndarray) -> Fit:
    """Return the measures for two arrays of one length. Raises ValueError when they are empty."""
    if not len(observed) or observed.shape != modelled.shape:
        raise ValueError("observed and modelled values must be pairs")
    error = modelled - observed
    square = float((error**2).mean())
    mape = 100 * float(np.abs(error / observed).mean()) if (observed != 0).all() else np.nan
    total = float(((observed - observed.mean()) ** 2).mean())
    explained = 1 - square / total if len(observed) > 2 and total > 0 else np.nan
    shares = (np.nan, np.nan, np.nan)
    if len(observed) > 1 and square > 0:
        bias = float(error.mean() ** 2) / square
        variance = float((modelled.std() - observed.std()) ** 2) / square
        shares = (bias, variance, 1 - bias - variance)
    return Fit(len(observed), square**0.5, mape, explained, *shares)


def interval(
    draws: np.ndarray, errors: np.ndarray, seed: int, share: float = 0.8
) -> tuple[np.ndarray, np.ndarray]:
    """Return the central interval of what would be observed, given draws (draw, pair).

    `errors` are the standard errors of the observations (pair,): each draw gets one of its own.
    """
    noise = np.random.default_rng([seed, 5]).standard_normal(draws.shape)
    low, high = np.quantile(draws + noise * errors, [(1 - share) / 2, (1 + share) / 2], axis=0)
    return low, high
