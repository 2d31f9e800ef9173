"""What was believed before the fit: one row per uncertain parameter in `priors.csv`.

Levels: "provincial mean" and "regional deviation" of each migration hazard, as logarithms; the
parameters of the "province", one value for all regions; and "driver", what happens to the province
after 2020 from outside the model. A blank centre, range or unit is that of the table named, so that
a number stands in one place.

A triangular prior reaches from low to high and is highest at the centre. Fits and samplers work
with its normal score: z is standard normal, and the value is the quantile at the probability of z.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from model.rows import TableError, read_rows
from model.tables import MODEL_FILE

PRIORS = Path(__file__).parent / "priors.csv"
PARAMETERS = MODEL_FILE.parent / "data" / "parameters.csv"
LEVELS = ("provincial mean", "regional deviation", "province", "driver")
DISTRIBUTIONS = ("lognormal", "triangular", "random walk")
NINETY = 1.6448536
"""Half-width of the central 90 percent of a standard normal."""


@dataclass(frozen=True)
class Prior:
    """One row of the table; `centre` and `low` are NaN where the distribution has none."""

    name: str
    level: str
    distribution: str
    centre: float
    low: float
    high: float
    unit: str
    source: str
    enters: str

    def values(self, scores: np.ndarray) -> np.ndarray:
        """Return the values of a triangular prior at normal scores, same shape."""
        return triangular(scores, self.low, self.centre, self.high)

    @property
    def spread(self) -> float:
        """Standard deviation of the logarithm of a lognormal prior."""
        return self.high / NINETY


def triangular(
    scores: np.ndarray,
    low: float | np.ndarray,
    centre: float | np.ndarray,
    high: float | np.ndarray,
) -> np.ndarray:
    """Return the triangular quantiles at the probabilities of standard normal `scores`."""
    share, width = ndtr(scores), np.subtract(high, low)
    rising = np.subtract(centre, low)
    below = low + np.sqrt(share * width * rising)
    above = high - np.sqrt((1 - share) * width * np.subtract(high, centre))
    return np.where(share * width < rising, below, above)


@cache
def priors() -> tuple[Prior, ...]:
    """Return every row in file order. Raises TableError for a malformed or unknown one."""
    columns = ("name", "level", "distribution", "centre", "low", "high", "unit", "table")
    parameters = pd.read_csv(PARAMETERS, index_col="name")
    found = []
    for row in read_rows(PRIORS, (*columns, "source", "enters")):
        level = row.choice("level", LEVELS)
        text = {name: row.text(name) for name in ("name", "unit", "source", "enters")}
        if level == "province":
            if text["name"] not in parameters.index:
                raise row.error("name", "a row of model/data/parameters.csv")
            given = parameters.loc[text["name"]]
            centre, low, high = (float(given[key]) for key in ("value", "low", "high"))
            text |= {"unit": str(given["unit"]), "source": f"{given['grade']}: {given['source']}"}
        else:
            centre, low = (
                row.number(key) if row.text(key) else np.nan for key in ("centre", "low")
            )
            high = row.number("high")
        prior = Prior(
            text["name"],
            level,
            row.choice("distribution", DISTRIBUTIONS),
            centre,
            low,
            high,
            text["unit"],
            text["source"],
            text["enters"],
        )
        if prior.low >= prior.high:
            raise TableError(f"{PRIORS.name}: {prior.name}: the range is empty")
        found.append(prior)
    return tuple(found)


def level(name: str) -> Mapping[str, Prior]:
    """Return the priors of one level by name, in file order."""
    return {prior.name: prior for prior in priors() if prior.level == name}


def parameter_values(scores: np.ndarray) -> dict[str, np.ndarray]:
    """Return the province's parameters by name, (run,), from normal scores (run, parameter)."""
    return {
        prior.name: prior.values(scores[:, column])
        for column, prior in enumerate(level("province").values())
    }


def table_scores() -> np.ndarray:
    """Return the normal scores at which every parameter has the value of its table."""
    found = []
    for prior in level("province").values():
        share = (prior.centre - prior.low) / (prior.high - prior.low)
        found.append(ndtri(np.clip(share, 1e-6, 1 - 1e-6)))
    return np.array(found)
