"""Posterior draws by randomise-then-optimise, made exact by independence Metropolis.

Bardsley, Solonen, Haario, Laine (2014), Randomize-then-optimize, SIAM J. Sci. Comput. 36(4). With J
the Jacobian of the residuals r at the best point and J = QR, a normal vector e is turned into a
point by solving Q'r(point) = e. The points have the density |Q'J(point)| exp(-|Q'r|^2/2), near the
posterior exp(-|r|^2/2) even where it bends; the ratio of the two is a point's weight.

Because the weight varies with e in a nearly quadratic way, e is drawn from a normal whose mean and
widths follow from differences of the weight along each axis. Any such choice is exact after the
Metropolis step; a good one accepts more often.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from calibration.joint import Joint

CHORDS = 8
"""Steps with the Jacobian of the best point, which cost one run each."""
POLISH = 3
"""Steps with the point's own Jacobian."""
SOLVED = 1e-4
"""A point solves its equations when no residual is off by more."""
BLOCK = 20
"""Points solved at once: their Jacobians are one engine call."""
FAR_BELOW = 8.0
RIDGE = (100.0, 300.0)
"""Penalties of the regression's slopes and bends: about a tenth and a third of a pilot sample."""
WIDTHS = (0.4, 2.5)
"""Least and greatest precision of the tuned normal, over that of the standard one."""


@dataclass(frozen=True)
class Proposals:
    """Points (draw, point) and logarithms of their weights under the standard normal of `noise`.

    A weight is minus infinity where the equations were not solved or a run was not finite.
    """

    noise: np.ndarray
    points: np.ndarray
    weights: np.ndarray


class Randomised:
    """The map from noise to points, around the best point of a problem."""

    def __init__(self, problem: Joint, best: np.ndarray) -> None:
        self.problem, self.best = problem, best
        values = problem.residuals(best[None])
        jacobian = problem.jacobians(best[None], values)[0]
        self.q, self.r = np.linalg.qr(jacobian)
        self.offset = values[0] @ self.q

    def solve(self, noise: np.ndarray) -> Proposals:
        """Return the points of (draw, point) noise and their weights."""
        parts = [self.solve_block(noise[at : at + BLOCK]) for at in range(0, len(noise), BLOCK)]
        points, weights = (np.concatenate(part) for part in zip(*parts, strict=True))
        return Proposals(noise, points, weights)

    def solve_block(self, noise: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return points and weights of one block, by Newton's method from the linear solution.

        The Jacobian costs as many runs as a point has entries. So the steps first share that of the
        best point, and only the last take the point's own, which its volume needs anyway: within
        0.01 of the weights that a Jacobian for every step gives.
        """
        points = self.best + np.linalg.solve(self.r, (noise - self.offset).T).T
        values = self.problem.residuals(points)
        square = np.broadcast_to(self.r, (len(noise), *self.r.shape))
        for step in range(CHORDS + POLISH):
            if step == CHORDS:
                square = np.matmul(self.q.T, self.problem.jacobians(points, values))
            missing = values @ self.q - noise
            points = points - np.linalg.solve(square, missing[..., None])[..., 0]
            values = self.problem.residuals(points)
        reached = values @ self.q
        solved = np.abs(reached - noise).max(axis=1) < SOLVED
        volume = np.linalg.slogdet(square)[1]
        weights = 0.5 * (reached**2).sum(axis=1) - 0.5 * (values**2).sum(axis=1) - volume
        return points, np.where(solved & np.isfinite(weights), weights, -np.inf)


@dataclass(frozen=True)
class Tuned:
    """A normal with independent axes, from which the noise is drawn."""

    mean: np.ndarray
    width: np.ndarray

    def draw(self, generator: np.random.Generator, count: int) -> np.ndarray:
        """Return noise (draw, axis)."""
        return self.mean + self.width * generator.standard_normal((count, len(self.mean)))

    def correction(self, noise: np.ndarray) -> np.ndarray:
        """Return what turns weights under the standard normal into weights under this one."""
        tuned = 0.5 * (((noise - self.mean) / self.width) ** 2).sum(axis=1)
        return tuned + np.log(self.width).sum() - 0.5 * (noise**2).sum(axis=1)


def tune(solve: Callable[[np.ndarray], Proposals], centre: Tuned) -> Tuned:
    """Return a better normal than `centre`, from the weights one width along each axis either way.

    An axis whose weights are not both finite keeps its mean and width.
    """
    axes = np.diag(centre.width)
    noise = centre.mean + np.concatenate([np.zeros((1, len(axes))), axes, -axes])
    weights = solve(noise).weights
    up, down = weights[1 : len(axes) + 1], weights[len(axes) + 1 :]
    with np.errstate(invalid="ignore"):
        slope = (up - down) / (2 * centre.width)
        bend = (up + down - 2 * weights[0]) / centre.width**2
    known = np.isfinite(slope) & np.isfinite(bend)
    precision = np.clip(1 - np.where(known, bend, 0), *WIDTHS)
    gradient = np.where(known, slope, 0) - centre.mean
    mean = np.where(known, centre.mean + gradient / precision, centre.mean)
    return Tuned(mean, np.where(known, precision**-0.5, centre.width))


def refine(normal: Tuned, noise: np.ndarray, weights: np.ndarray) -> Tuned:
    """Return a better normal from a sample of `normal`: noise (draw, axis), log weights (draw,).

    Ridge regression of the weights on every axis and its square; weights far below the middle,
    which the chains would refuse anyway, are left out.
    """
    finite = np.isfinite(weights)
    kept = finite & (weights > np.median(weights[finite]) - FAR_BELOW)
    axes = (noise[kept] - normal.mean) / normal.width
    features = np.concatenate([axes, (axes**2 - 1) / np.sqrt(2)], axis=1)
    centred = features - features.mean(axis=0)
    penalty = np.repeat(RIDGE, axes.shape[1])
    square = centred.T @ centred + np.diag(penalty)
    slope, bend = np.split(np.linalg.solve(square, centred.T @ weights[kept]), 2)
    precision = np.clip(1 - np.sqrt(2) * bend, *WIDTHS)
    mean = normal.mean + normal.width * slope / precision
    return Tuned(mean, normal.width * precision**-0.5)


def metropolis(
    weights: np.ndarray, generator: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return which proposal each chain holds at each step (chain, step), and how often it moved.

    `weights` are logarithms (chain, step) of target over proposal; independence Metropolis
    (Tierney 1994). The first step takes the first proposal with a finite weight.
    """
    chains, steps = weights.shape
    held = np.zeros((chains, steps), dtype=np.int64)
    luck = np.log(generator.uniform(size=(chains, steps)))
    moved = np.zeros(chains)
    for chain in range(chains):
        finite = np.flatnonzero(np.isfinite(weights[chain]))
        if not len(finite):
            raise ValueError("no proposal of a chain has a finite weight")
        now = int(finite[0])
        for step in range(steps):
            if luck[chain, step] < weights[chain, step] - weights[chain, now]:
                now = step
                moved[chain] += 1
            held[chain, step] = now
    return held, moved / steps
