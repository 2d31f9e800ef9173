"""How the goals of the calibration ended: the figures behind its document and the app's page."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from calibration.figures import LAST_YEAR
from calibration.score import RATE, RIVALS
from model import region_ids

PERCENT, POINTS = "percent", "points"
GOALS = {
    RATE: (0.5, POINTS),
    "resident_population": (1.0, PERCENT),
    "share_age_0_14": (1.0, POINTS),
    "share_age_15_64": (1.0, POINTS),
    "share_age_65_plus": (1.0, POINTS),
}
"""Largest error allowed in any of the 17 regions in 2020, starting in 2010."""
RATE_GOAL = 0.6
"""Largest error of the province's rate allowed in any later year, in points."""
COVERED = 0.8
"""Part of the later years whose figure the 80% interval should hold: four of five."""


@dataclass(frozen=True)
class Hindcast:
    """One goal of the hindcast: errors of the point estimate by region, in `unit`."""

    output: str
    unit: str
    goal: float
    errors: dict[str, float]

    @property
    def worst(self) -> str:
        """The region with the largest error."""
        return max(self.errors, key=lambda region: abs(self.errors[region]))

    @property
    def missed(self) -> tuple[str, ...]:
        """The regions that miss the goal."""
        return tuple(code for code, error in self.errors.items() if abs(error) > self.goal)


@dataclass(frozen=True)
class RateScore:
    """The province's rate after 2020: `rates` has a row per year with a figure, columns year,
    observed, model, low_80, high_80, inside and one per rival; `roots` are root mean square errors
    in points of the model and its rivals."""

    rates: pd.DataFrame
    roots: dict[str, float]
    largest: float
    inside: int

    @property
    def within(self) -> bool:
        """Whether the error stays within `RATE_GOAL` every year."""
        return self.largest <= RATE_GOAL

    @property
    def ahead(self) -> bool:
        """Whether the model is closer than every rival."""
        return self.roots["model"] < min(self.roots[key] for key in RIVALS)

    @property
    def covered(self) -> bool:
        """Whether the interval holds enough of the figures."""
        return self.inside / len(self.rates) >= COVERED


def hindcast(pairs: pd.DataFrame) -> list[Hindcast]:
    """Return the goals of the hindcast; `pairs` is the table of `calibration.score.pairs`."""
    now = pairs.loc[(pairs["year"] == LAST_YEAR) & pairs["region"].isin(region_ids())]
    found = []
    for output, (goal, unit) in GOALS.items():
        chosen = now.loc[now["variable"] == output]
        error = chosen["model"] - chosen["observed"]
        error = 100 * error / chosen["observed"] if unit == PERCENT else error
        errors = dict(zip(chosen["region"], error.astype(float), strict=True))
        found.append(Hindcast(output, unit, goal, errors))
    return found


def rate_score(pairs: pd.DataFrame) -> RateScore:
    """Return how the province's rate after 2020 did beside its rivals."""
    later = after(pairs)
    rates = later.loc[later["variable"] == RATE]
    observed = rates["observed"].to_numpy(float)
    errors = {key: rates[key].to_numpy(float) - observed for key in ("model", *RIVALS)}
    return RateScore(
        rates,
        {key: float(np.sqrt((error**2).mean())) for key, error in errors.items()},
        float(np.abs(errors["model"]).max()),
        int(rates["inside"].to_numpy(bool).sum()),
    )


def others(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the province's rows later than 2020 on anything but the rate."""
    later = after(pairs)
    return later.loc[later["variable"] != RATE]


def after(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the province's rows later than 2020."""
    return pairs.loc[(pairs["year"] > LAST_YEAR) & (pairs["region"] == "shandong")]
