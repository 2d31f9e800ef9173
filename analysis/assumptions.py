"""Which assumptions an answer hangs on more than its band shows, and what they do to an order.

From the committed tables (`calibration/tables.py`) for the baseline and the shipped scenarios; for
any other scenario `effects_of` works the same out in a fifth of a second.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd
import xarray as xr

from calibration.assumptions import Assumption, assumptions
from calibration.posterior import FOLDER, posterior
from calibration.posterior import is_current as draws_are_current
from calibration.ranking import RANKING, REVERSALS
from calibration.sensitivity import EFFECTS, PLACE, YEARS, effects, headlines, moves
from calibration.tables import is_current
from model import Scenario, regions


@dataclass(frozen=True)
class Outweighing:
    """An assumption that moves an answer by more than its band.

    `low_change` and `high_change` are what the low and the high end of its range add to the answer,
    in the output's unit; `band` is the width of the answer's band, and `share` how many times that
    width the ends and the usual value lie apart (above 1; infinite where the band has no width).
    """

    assumption: Assumption
    low_change: float
    high_change: float
    band: float
    share: float


@dataclass(frozen=True)
class Lead:
    """How sure it is that one scenario is above another: parts of the draws, adding up to 1.

    `level`: they differ by less than is printed. `reversed_by`: the assumptions that swap the two
    at one end of their range.
    """

    higher: float
    level: float
    lower: float
    reversed_by: tuple[Assumption, ...]


@cache
def available() -> bool:
    """Say whether the committed tables belong to today's model, draws and scenarios."""
    return is_current() and draws_are_current(posterior())


@cache
def held(name: str) -> pd.DataFrame:
    """Return a committed table."""
    return pd.read_csv(FOLDER / name, keep_default_na=False)


def effects_of(
    scenario: Scenario,
    draws: xr.Dataset,
    base: tuple[Scenario, xr.Dataset] | None = None,
) -> pd.DataFrame:
    """Return what every assumption does to a scenario's answers in 2025 and 2035.

    `draws` are its runs by `calibration.ensemble.ensemble`; with `base`, another scenario and its
    runs under the same draws, the answers are the differences from that. One row per region, output
    of `draws`, year and assumption: see `calibration.sensitivity.effects`. Raises
    model.InvariantError.
    """
    names, years = [str(name) for name in draws.data_vars], list(YEARS)
    parts = [each.sel(time=years) for each in (*moves(scenario, names), draws)]
    if base is not None:
        others = (*moves(base[0], names), base[1][names])
        parts = [part - other.sel(time=years) for part, other in zip(parts, others, strict=True)]
    return effects(*parts)


def outweighing(
    region: str, output: str, year: int, table: pd.DataFrame | None = None
) -> tuple[Outweighing, ...]:
    """Return the assumptions that move an answer by more than its 80% band, the strongest first.

    The answer is that of the baseline; of another scenario when `table` is what `effects_of`
    returns. Raises KeyError for a region, output or year that was not worked out: all regions, the
    outputs of `calibration.sensitivity.headlines()`, and 2025 and 2035 are.
    """
    if (
        region not in regions()
        or year not in YEARS
        or (table is None and output not in headlines())
    ):
        raise KeyError((region, output, year))
    table = held(EFFECTS) if table is None else table
    chosen = rows(table.loc[table["share"] > 1], region, output, year)
    return tuple(
        Outweighing(
            assumptions()[row["assumption"]],
            row["low_change"],
            row["high_change"],
            row["band"],
            row["share"],
        )
        for row in sorted(chosen, key=lambda row: -row["share"])
    )


def lead(first: str, second: str, region: str, output: str, year: int) -> Lead:
    """Return how sure it is that the shipped scenario `first` is above `second`.

    Raises KeyError for a pair, region, output or year that was not worked out: Shandong and the
    regions with a plan, with the outputs that their plans set targets for.
    """
    here = rows(held(RANKING), region, output, year)
    pairs = (row for row in here if {row["first"], row["second"]} == {first, second})
    row = next(pairs, None)
    if row is None:
        raise KeyError((first, second, region, output, year))
    below = 1 - row["first_higher"] - row["level"]
    higher, lower = (row["first_higher"], below)[:: 1 if row["first"] == first else -1]
    return Lead(higher, row["level"], lower, reversing(first, second, region, output, year))


def reversing(
    first: str, second: str, region: str, output: str, year: int
) -> tuple[Assumption, ...]:
    """Return the assumptions that swap two shipped scenarios at one end of their range."""
    swaps = {f"{first}>{second}", f"{second}>{first}"}
    here = rows(held(REVERSALS), region, output, year)
    names = [row["assumption"] for row in here if swaps & set(row["swapped"].split())]
    return tuple(assumptions()[name] for name in dict.fromkeys(names))


def rows(table: pd.DataFrame, region: str, output: str, year: int) -> list[dict[str, Any]]:
    """Return the rows of a table that belong to a place."""
    here = table
    for column, value in zip(PLACE, (region, output, year), strict=True):
        here = here.loc[here[column] == value]
    return [{str(key): value for key, value in row.items()} for row in here.to_dict("records")]
