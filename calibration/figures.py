"""The observed figures that a fit may use: nothing later than 2020 unless a user asks for it.

`observed.csv` holds later figures too, to score the model against. They reach a fit only by way of
`fitting_figures`, which refuses them.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pandas as pd

OBSERVED = Path(__file__).parent / "observed.csv"
LAST_YEAR = 2020
"""The last year whose figures the calibration uses by default."""
SCORED_SERIES = ("census", "register", "annual", "derived", "pre_revision")


class LaterFigureError(ValueError):
    """A fit asked for figures later than it may use."""


@cache
def observed_figures() -> pd.DataFrame:
    """Return every figure that is not contradicted, with its standard error in its own unit.

    Columns region, variable, year, value, unit, standard_error, grade, series, source.
    Raises ValueError for a row without a positive standard error.
    """
    frame = pd.read_csv(OBSERVED, keep_default_na=False)
    frame = frame.query("series in @SCORED_SERIES").reset_index(drop=True)
    frame["standard_error"] = pd.to_numeric(frame["standard_error"], errors="coerce")
    missing = frame.query("not standard_error > 0")
    if len(missing):
        row = missing.iloc[0]
        raise ValueError(f"observed.csv: no standard error: {row.region} {row.variable} {row.year}")
    return frame


def fitting_figures(
    variables: Iterable[str], years: Iterable[int], *, through: int = LAST_YEAR
) -> pd.DataFrame:
    """Return the figures of some variables and years for a fit, in file order.

    `through` is the last year allowed; a fit with a later one is a nowcast and `label` says so.
    Raises LaterFigureError when a year is later.
    """
    wanted = set(years)
    if late := sorted(year for year in wanted if year > through):
        raise LaterFigureError(f"a fit through {through} may not use figures of {late[0]}")
    known = observed_figures()
    chosen = known["variable"].isin(list(variables)) & known["year"].isin(list(wanted))
    return known.loc[chosen].reset_index(drop=True)


def label(through: int) -> str:
    """Return the words that name a calibration by the data it used."""
    if through == LAST_YEAR:
        return f"data through {LAST_YEAR}"
    return f"nowcast: data through {through}, not the calibration of {LAST_YEAR}"
