"""Whether chains agree and how many independent draws they are worth.

Vehtari, Gelman, Simpson, Carpenter, Buerkner (2021), Rank-normalization, folding, and localization,
Bayesian Analysis 16(2): split R-hat of rank-normalised values, and the effective sample size from
autocorrelations summed while pairs of them stay positive (Geyer 1992).
"""

import numpy as np
from scipy.special import ndtri
from scipy.stats import rankdata


def split(chains: np.ndarray) -> np.ndarray:
    """Return every chain (chain, step) as two halves; an odd last step is left out."""
    half = chains.shape[1] // 2
    return np.concatenate([chains[:, :half], chains[:, half : 2 * half]])


def normal_ranks(chains: np.ndarray) -> np.ndarray:
    """Return the normal scores of the ranks among all values."""
    ranks = rankdata(chains, axis=None).reshape(chains.shape)
    return ndtri((ranks - 0.375) / (chains.size + 0.25))


def spread_ratio(chains: np.ndarray) -> float:
    """Return the square root of the total variance over the mean variance within chains."""
    steps = chains.shape[1]
    within = chains.var(axis=1, ddof=1).mean()
    between = chains.mean(axis=1).var(ddof=1)
    return float(np.sqrt((steps - 1) / steps + between / within))


def r_hat(chains: np.ndarray) -> float:
    """Return the larger of the bulk and the folded R-hat of one quantity, chains (chain, step).

    Near 1 when the chains agree; above 1.01 they do not yet; infinite when a half of a chain stands
    still. Raises ValueError when a chain is too short to be split.
    """
    if chains.shape[1] < 4:
        raise ValueError("a chain needs at least four steps")
    halves = split(chains)
    if not (np.ptp(halves, axis=1) > 0).all():
        return np.inf
    folded = np.abs(halves - np.median(halves))
    return max(spread_ratio(normal_ranks(halves)), spread_ratio(normal_ranks(folded)))


def autocovariance(chain: np.ndarray) -> np.ndarray:
    """Return the autocovariance of one chain at every lag, by Fourier transform."""
    steps = len(chain)
    power = np.abs(np.fft.rfft(chain - chain.mean(), 2 * steps)) ** 2
    return np.fft.irfft(power)[:steps] / steps


def effective_sample_size(chains: np.ndarray) -> float:
    """Return the number of independent draws that one quantity's chains (chain, step) are worth."""
    scores = normal_ranks(split(chains))
    count, steps = scores.shape
    covariance = np.mean([autocovariance(chain) for chain in scores], axis=0)
    within = covariance[0] * steps / (steps - 1)
    total = covariance[0] + scores.mean(axis=1).var(ddof=1)
    correlation = 1 - (within - covariance) / total
    correlation[0] = 1
    pairs = correlation[: steps // 2 * 2].reshape(-1, 2).sum(axis=1)
    ended = np.flatnonzero(pairs < 0)
    pairs = pairs[: ended[0]] if len(ended) else pairs
    # A pair may not exceed the one before it: the sum of noise at long lags stays out.
    time = 2 * np.minimum.accumulate(pairs).sum() - 1
    draws = count * steps
    return float(min(draws / time, draws * np.log10(draws)))
