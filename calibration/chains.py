"""Metropolis chains over proposals, and whether they agree, as ArviZ reckons it.

Vehtari, Gelman, Simpson, Carpenter, Buerkner (2021), Rank-normalization, folding, and localization,
Bayesian Analysis 16(2): R-hat near 1 when chains agree, and the number of independent draws that
they are worth in the middle and in the tails of a parameter.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from arviz_stats.base.array import array_stats

from calibration.sampler import Proposals, metropolis

SUMMARY = "chains.csv"
CHAINS = 4
TAILS = (0.05, 0.95)
"""Quantiles whose independent draws the tail size counts."""


def walk(found: Proposals, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return the chains' points (chain, step, entry), and how often each moved (chain,)."""
    steps = len(found.weights) // CHAINS
    held, moved = metropolis(found.weights[: CHAINS * steps].reshape(CHAINS, steps), generator)
    chains = found.points[: CHAINS * steps].reshape(CHAINS, steps, -1)
    walked = [chain[index] for chain, index in zip(chains, held, strict=True)]
    return np.stack(walked), moved


def summary(names: Sequence[str], values: np.ndarray) -> pd.DataFrame:
    """Return one row per parameter for values (chain, step, parameter).

    Columns: mean, sd, the Monte-Carlo error of the mean, both effective sample sizes, and R-hat,
    which is infinite where half a chain stands still.
    """
    stats = {
        "mcse_mean": array_stats.mcse(values, chain_axis=0, draw_axis=1, method="mean"),
        "ess_bulk": array_stats.ess(values, chain_axis=0, draw_axis=1, method="bulk"),
        "ess_tail": array_stats.ess(values, chain_axis=0, draw_axis=1, method="tail", prob=TAILS),
        "r_hat": array_stats.rhat(values, chain_axis=0, draw_axis=1),
    }
    half = values.shape[1] // 2
    halves = np.concatenate([values[:, :half], values[:, half : 2 * half]])
    still = (np.ptp(halves, axis=1) == 0).any(axis=0)
    stats["r_hat"] = np.where(still, np.inf, stats["r_hat"])
    centre = {"mean": values.mean(axis=(0, 1)), "sd": values.std(axis=(0, 1), ddof=1)}
    return pd.DataFrame({"parameter": names, **centre, **stats})
