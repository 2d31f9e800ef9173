"""Everything uncertain and everything observed by 2020, as one least-squares problem.

A point is the normal scores of the province's parameters, then the logarithms of the five hazards
of each region: (parameter + 85). Residuals, each over its error, are the censuses' counts by
region, a few figures of the province, the hazards' distance from their priors, and the scores; half
their sum of squares is the negative logarithm of the posterior density, up to a constant.
"""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from scipy.optimize import OptimizeResult, least_squares

from calibration.figures import LAST_YEAR, fitting_figures
from calibration.hindcast import COUNTED, Hindcast, counted, hazard_inputs
from calibration.priors import level, parameter_values
from calibration.regional import LAND_REVENUE_IN_FUND
from model import regions
from model.simulation import STEP, collect, model_names, resolve

MODEL_ERROR = {
    "income_ratio": 0.02,
    "gdp": 0.03,
    "general_revenue": 0.05,
    "government_fund_revenue": 0.20,
}
"""Figures of the province in 2020 in the fit, and the relative error allowed to the model besides
the figure's own: it carries no cycles, and fund revenue stands in for land revenue."""
NOWCAST = {"urbanisation_rate_resident": 0.0, "resident_population": 0.0}
"""Yearly figures of the province after 2020, used only when a later last year is asked for."""
STEPS = round(1 / STEP)
DIFFERENCE = 1e-4
"""Step of finite differences: scores and logarithms are of order one."""
PROVINCE = list(regions()).index("shandong")
BLOCK = 2000
"""Runs in one engine call, to bound memory."""


@dataclass(frozen=True)
class Figure:
    """One figure of the province in the fit; `error` is relative, the model's own included."""

    output: str
    year: int
    value: float
    error: float


def province_figures(through: int) -> tuple[Figure, ...]:
    """Return the province's figures that a fit through a year uses."""
    rows = [fitting_figures(MODEL_ERROR, [LAST_YEAR], through=through)]
    if through > LAST_YEAR:
        later = range(LAST_YEAR + 1, through + 1)
        rows.append(fitting_figures(NOWCAST, later, through=through))
    found = []
    for row in (row for frame in rows for row in frame.to_dict("records")):
        if row["region"] != "shandong":
            continue
        name, value = str(row["variable"]), float(row["value"])
        error = np.hypot(float(row["standard_error"]) / value, (MODEL_ERROR | NOWCAST)[name])
        if row["proxy_for"]:
            name, value = str(row["proxy_for"]), LAND_REVENUE_IN_FUND * value
        found.append(Figure(name, int(row["year"]), value, float(error)))
    return tuple(found)


class Joint:
    """The problem. `through` is the last year whose figures it may use."""

    def __init__(self, through: int = LAST_YEAR) -> None:
        self.hindcast = Hindcast()
        self.model = self.hindcast.model
        self.through = through
        self.figures = province_figures(through)
        self.wanted = resolve(each.output for each in self.figures)
        self.parameters = tuple(level("province"))
        self.scores = len(self.parameters)
        self.size = self.scores + self.hindcast.start.size
        self.mean_errors = np.array([prior.spread for prior in level("provincial mean").values()])
        self.times = np.arange(LAST_YEAR - 1, through + STEP / 2, STEP)

    def split(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return scores (run, parameter) and hazards (run, hazard, region) of (run, point)."""
        hazards = points[:, self.scores :].reshape(len(points), *self.hindcast.start.shape)
        return points[:, : self.scores], hazards

    def inputs(self, points: np.ndarray) -> dict[str, np.ndarray]:
        """Return the model's inputs for points (run, point)."""
        scores, hazards = self.split(points)
        return {**parameter_values(scores), **hazard_inputs(hazards)}

    def reach(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return counts (run, measure, region) and figures (run, figure) that points reach."""
        parts = [self.reach_block(points[at : at + BLOCK]) for at in range(0, len(points), BLOCK)]
        return np.concatenate([part[0] for part in parts]), np.concatenate([p[1] for p in parts])

    def reach_block(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Do the work of `reach` in one engine call."""
        span = {"INITIAL TIME": 2010, "FINAL TIME": self.through}
        names = [*COUNTED, *model_names(self.wanted.values())]
        result = self.model.run(
            {**span, **self.inputs(points)}, outputs=names, times=list(self.times)
        )
        found = collect(result, self.wanted, STEPS)
        first = round(self.times[0])
        reached = [found[each.output][:, PROVINCE, each.year - first] for each in self.figures]
        return counted(result), np.stack(reached, axis=1)

    def data_residuals(self, points: np.ndarray) -> np.ndarray:
        """Return the residuals of the figures alone, (run, residual)."""
        counts, figures = self.reach(points)
        values, errors = (
            np.array([getattr(each, name) for each in self.figures]) for name in ("value", "error")
        )
        misfit = np.log(counts / self.hindcast.observed) / self.hindcast.errors
        return np.concatenate(
            [misfit.reshape(len(points), -1), np.log(figures / values) / errors], axis=1
        )

    def prior_residuals(self, points: np.ndarray) -> np.ndarray:
        """Return the residuals of the priors alone, (run, residual): linear in the point."""
        scores, hazards = self.split(points)
        relative = hazards - self.hindcast.start
        mean = relative.mean(axis=2)
        spread = np.array([prior.spread for prior in level("regional deviation").values()])
        deviation = (relative - mean[:, :, None]) / spread[:, None]
        parts = [deviation.reshape(len(points), -1), mean / self.mean_errors, scores]
        return np.concatenate(parts, axis=1)

    def residuals(self, points: np.ndarray) -> np.ndarray:
        """Return all residuals, (run, residual)."""
        return np.concatenate([self.data_residuals(points), self.prior_residuals(points)], axis=1)

    def jacobians(self, points: np.ndarray, values: np.ndarray, first: int = 0) -> np.ndarray:
        """Return the derivatives of the residuals (run, residual, column) at points (run, point).

        `values` are the residuals there; columns are the point's entries from `first` on. Forward
        differences, all columns of all points in one batch.
        """
        count = self.size - first
        moved = np.repeat(points, count, axis=0)
        columns = np.tile(np.arange(first, self.size), len(points))
        moved[np.arange(len(moved)), columns] += DIFFERENCE
        after = self.residuals(moved).reshape(len(points), count, -1)
        return np.swapaxes(after - values[:, None], 1, 2) / DIFFERENCE

    def optimise(
        self, start: np.ndarray, fixed: tuple[int, ...] = (), tolerance: float = 1e-10
    ) -> OptimizeResult:
        """Return scipy's result of least squares from a start, all but `fixed` entries free.

        Its `x` is the whole point and its `jac` has the free columns. Raises RuntimeError when it
        does not converge.
        """
        free = np.setdiff1d(np.arange(self.size), fixed)

        def whole(part: np.ndarray) -> np.ndarray:
            point = start.copy()
            point[free] = part
            return point[None]

        def residuals(part: np.ndarray) -> np.ndarray:
            return self.residuals(whole(part))[0]

        def jacobian(part: np.ndarray) -> np.ndarray:
            point = whole(part)
            return self.jacobians(point, self.residuals(point))[0][:, free]

        result = least_squares(
            residuals,
            start[free],
            jac=cast(Any, jacobian),
            x_scale="jac",
            ftol=tolerance,
            xtol=tolerance,
            gtol=1e-6,
        )
        if not result.success:
            raise RuntimeError(f"the joint fit did not converge: {result.message}")
        result.x = whole(result.x)[0]
        return result
