"""What the figures can and cannot tell about each parameter."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from calibration.hindcast import HAZARDS
from calibration.joint import Joint
from calibration.posterior import columns
from calibration.priors import level, parameter_values
from model import region_ids

LEARNT = 0.85
"""A parameter whose posterior is at least this wide, over its prior, is not identified: a spread
from a few hundred independent draws is itself uncertain by some five percent."""
PROFILED = (
    "provincial return hazard",
    "outside return hazard",
    "local return hazard",
    "peri urban density multiple",
    "income elasticity of migration",
    "output level of 2010",
)
"""Parameters whose profile is worked out: those the figures pull on most, and one elasticity."""
PROFILE_SCORES = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
NOT_IDENTIFIED = "not identified; prior used"


@dataclass(frozen=True)
class Conditioning:
    """Rank and condition number of a Jacobian at the best point, and its number of columns."""

    rank: int
    columns: int
    condition: float


def conditioning(jacobian: np.ndarray) -> Conditioning:
    """Return rank and condition of residuals' derivatives (residual, column).

    The rank counts singular values above the precision of forward differences, 1e-6 of the largest.
    """
    singular = np.linalg.svd(jacobian, compute_uv=False)
    rank = int((singular > 1e-6 * singular[0]).sum())
    smallest = singular[-1] if len(jacobian) >= jacobian.shape[1] else 0.0
    with np.errstate(divide="ignore"):
        return Conditioning(rank, jacobian.shape[1], float(singular[0] / smallest))


def prior_spread(problem: Joint) -> np.ndarray:
    """Return the prior standard deviation of every entry of a point.

    A region's hazard is held against its deviation from the province's mean: the mean's own prior
    is so wide that any figure would seem to inform it.
    """
    deviation = np.array([prior.spread for prior in level("regional deviation").values()])
    return np.concatenate([np.ones(problem.scores), np.repeat(deviation, len(region_ids()))])


def identification(problem: Joint, best: np.ndarray, points: np.ndarray) -> pd.DataFrame:
    """Return one row per parameter: where prior, best point and draws (draw, point) put it.

    Spreads are of normal scores and of logarithms of hazards; a hazard's is compared with its
    prior in the province, region by region.
    """
    prior, found = prior_spread(problem), points.std(axis=0, ddof=1)
    ratio = found / prior
    scores, hazards = problem.split(best[None])
    values = [each[0] for each in parameter_values(scores).values()] + list(np.exp(hazards).ravel())
    draws = natural(problem, points)
    low, middle, high = np.quantile(draws, [0.1, 0.5, 0.9], axis=0)
    return pd.DataFrame(
        {
            "parameter": columns(),
            "best": values,
            "median": middle,
            "low_80": low,
            "high_80": high,
            "prior_spread": prior,
            "posterior_spread": found,
            "ratio": ratio,
            "verdict": np.where(ratio < LEARNT, "informed", NOT_IDENTIFIED),
        }
    )


def natural(problem: Joint, points: np.ndarray) -> np.ndarray:
    """Return points (draw, point) in the units of the model, in the order of `columns`."""
    inputs = problem.inputs(points)
    parts = [inputs[name][:, None] for name in problem.parameters]
    return np.concatenate([*parts, *(inputs[name] for name in HAZARDS)], axis=1)


def profile(problem: Joint, best: np.ndarray, name: str) -> pd.DataFrame:
    """Return the profile of one parameter: the best fit of all others at fixed values of it.

    `loss` is half the sum of squared residuals above that of the best point, prior included;
    `misfit` is the part of the figures alone.
    """
    column = problem.parameters.index(name)
    lowest = 0.5 * (problem.residuals(best[None]) ** 2).sum()
    rows = []
    for score in PROFILE_SCORES:
        start = best.copy()
        start[column] = score
        result = problem.optimise(start, (column,), tolerance=1e-6)
        misfit = 0.5 * (problem.data_residuals(result.x[None]) ** 2).sum()
        value = level("province")[name].values(np.array([score]))[0]
        rows.append((name, value, result.cost - lowest, misfit))
    return pd.DataFrame(rows, columns=["parameter", "value", "loss", "misfit"])
