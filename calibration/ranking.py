"""The order of the shipped scenarios: how sure it is, and which assumptions turn it round."""

import itertools
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import pandas as pd
import xarray as xr

from calibration.sensitivity import ENDS, PLACE, YEARS, headlines, plan_regions
from model import Scenario, load_scenario, outputs, shipped_scenarios

RANKING, REVERSALS = "ranking.csv", "assumption_ranking.csv"


@cache
def shipped() -> dict[str, Scenario]:
    """Return the shipped scenarios by id."""
    return {each.id: each for each in map(load_scenario, shipped_scenarios())}


def orders(values: np.ndarray, digits: int) -> np.ndarray:
    """Return how scenarios (last axis, n) stand to each other: 1, -1, or 0 (..., n, n).

    Entry [i, j] says whether i is above j. Two that differ by less than the last printed digit
    (`digits` decimal places) are level.
    """
    apart = values[..., :, None] - values[..., None, :]
    return np.where(np.abs(apart) < 10.0**-digits, 0, np.sign(apart)).astype(int)


def kendall(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return Kendall's tau-b of orders (..., n, n); NaN where one of the two ranks nothing.

    Kendall (1945), The treatment of ties in ranking problems.
    """
    agreeing = (first * second).sum(axis=(-2, -1))
    ranked = np.sqrt((first**2).sum(axis=(-2, -1)) * (second**2).sum(axis=(-2, -1)))
    return np.divide(agreeing, ranked, out=np.full(ranked.shape, np.nan), where=ranked > 0)


def places() -> list[tuple[str, str, int]]:
    """Return the regions, outputs and years that are ranked: those that plans set targets for."""
    return [
        (region, output, year)
        for region in plan_regions()
        for output in headlines(region)
        for year in YEARS
    ]


def at(runs: Sequence[xr.Dataset], place: tuple[str, str, int]) -> np.ndarray:
    """Return the values of one place with the scenarios last; `runs` has one dataset each."""
    region, output, year = place
    chosen = [run[output].sel(region=region, time=float(year)).to_numpy() for run in runs]
    return np.stack(chosen, axis=-1)


def ranking(usual: Mapping[str, xr.Dataset], draws: Mapping[str, xr.Dataset]) -> pd.DataFrame:
    """Return one row per place and pair of scenarios (`first`, `second`).

    `usual` and `draws` hold each scenario's run, and its runs with a leading dimension draw; draw i
    is the same world for all. Columns: `difference`, first less second at the point estimate;
    `first_higher` and `level`, parts of the draws in which the first is above the second, and in
    which they differ by less than is printed.
    """
    names, rows = list(usual), []
    for place in places():
        digits = outputs()[place[1]].digits
        values = at(list(usual.values()), place)
        drawn = orders(at(list(draws.values()), place), digits)
        for first, second in itertools.combinations(range(len(names)), 2):
            signs = drawn[:, first, second]
            rows.append(
                {
                    **dict(zip(PLACE, place, strict=True)),
                    "first": names[first],
                    "second": names[second],
                    "difference": values[first] - values[second],
                    "first_higher": (signs > 0).mean(),
                    "level": (signs == 0).mean(),
                }
            )
    return pd.DataFrame(rows)


def reversals(usual: Mapping[str, xr.Dataset], moved: Mapping[str, xr.Dataset]) -> pd.DataFrame:
    """Return one row per place, assumption and end of its range that swaps two scenarios.

    `moved` holds each scenario's runs with the dimensions assumption and end. Columns: `tau`,
    Kendall's tau-b with the usual order; `swapped`, the pairs that change places, each "a>b" for a
    now above b, separated by spaces. A scenario that sets the assumption itself is left out of that
    assumption's order.
    """
    names, rows = list(usual), []
    compared = np.stack([each["moves"].to_numpy() for each in moved.values()], axis=-1)
    both = (compared[:, :, None] & compared[:, None, :])[:, None]
    variables = next(iter(moved.values()))["assumption"].to_numpy()
    for place in places():
        digits = outputs()[place[1]].digits
        before = both * orders(at(list(usual.values()), place), digits)
        after = both * orders(at(list(moved.values()), place), digits)
        tau = kendall(before, after)
        turned = (after == 1) & (before == -1)
        for index, end in np.argwhere(turned.any(axis=(2, 3))):
            pairs = (f"{names[a]}>{names[b]}" for a, b in np.argwhere(turned[index, end]))
            rows.append(
                {
                    **dict(zip(PLACE, place, strict=True)),
                    "assumption": str(variables[index]),
                    "end": ENDS[end],
                    "tau": tau[index, end],
                    "swapped": " ".join(pairs),
                }
            )
    return pd.DataFrame(rows, columns=[*PLACE, "assumption", "end", "tau", "swapped"])
