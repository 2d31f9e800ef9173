"""Births and fertility: the province's path and the regions' scales, from figures known by 2020.

Registers tell how births moved from year to year, but the census of 2020 counts the children. So
the two cohorts of children under ten give the level (reverse survival, United Nations Manual X,
chapter VIII), and registers only the shape inside each five years.

After 2020 births follow first marriages, which had halved since 2013: first births come one and two
years after a marriage, later ones some years after a first. Marriages per woman are held at 2020.
"""

from functools import cache

import numpy as np
import pandas as pd

from calibration.census import AGES, by_age, published, vital_events
from calibration.mortality import death_rates, province_mortality

LAST_YEAR = 2050
SETTLED_YEAR = 2026
"""First year whose births all follow marriages at the rates of 2020: fertility is held from it."""
COHORTS = {0: range(2016, 2021), 1: range(2011, 2016)}
"""The years in which the children of the first two age groups of 2020 were born."""
REVISED = (2020,)
"""Years whose registered births already agree with the census."""


def age_pattern() -> pd.DataFrame:
    """Return the share of total fertility in each age group, 1 in all; held after 2020."""
    rows = published("wpp2024_china").query("indicator == 'fertility_age_pattern'")
    table = rows.pivot_table(index="period", columns="age", values="value")
    table.index = table.index.astype(int)
    table = table.reindex(columns=list(AGES), fill_value=0.0).loc[[2010, 2015, 2020]]
    table.loc[LAST_YEAR] = table.loc[2020]
    return table.div(table.sum(axis=1), axis=0)


def national_fertility() -> pd.Series:
    """Return China's total fertility 2010-2020, children per woman (UN WPP 2024 estimates)."""
    rows = published("wpp2024_china").query("indicator == 'TFR'")
    series = pd.Series(rows["value"].to_numpy(), index=rows["period"].astype(int))
    return series.loc[2010:2020]


@cache
def women_of(year: int) -> np.ndarray:
    """Return women by region and age (17, 18) in a year, ages of childbearing only.

    Those born in the same five years are followed as they grow older: straight from the census of
    2010 to that of 2020, then none lost. The old and those born after 2010 are left out.
    """
    first, last = by_age(2010, "female")[:, :16], by_age(2020, "female")[:, 2:]
    weight = min(1.0, (year - 2010) / 10)
    cohorts = first * (1 - weight) + last * weight
    groups, part = divmod((year - 2010) / 5, 1)
    women = np.zeros((len(cohorts), 18))
    for extra, share in ((0, 1 - part), (1, part)):
        shift = int(groups) + extra
        kept = min(16, 18 - shift)
        women[:, shift : shift + kept] += share * cohorts[:, :kept]
    return women


def births_at_one(year: int) -> np.ndarray:
    """Return the births of each region's women (17,) at a total fertility of one, a year."""
    pattern = age_pattern()
    shares = np.array([np.interp(year, pattern.index, pattern[age]) for age in AGES])
    return women_of(year) @ shares / 5


def surviving(group: int) -> float:
    """Return the share of the births of a cohort alive in 2020; `group` 0 is ages 0-4, 1 is 5-9."""
    rates = death_rates().loc[2017].to_numpy() * province_mortality()
    lived = [2.5 * rates[0], 5 * rates[0] + 2.5 * rates[1]][group]
    return float(np.exp(-lived))


def cohort_births() -> dict[int, np.ndarray]:
    """Return the births by region (17,) behind the children of ages 0-4 and 5-9 in 2020.

    Children count where they live, so those left behind by migrants are births of their home.
    """
    children = by_age(2020)
    return {group: children[:, group] / surviving(group) for group in COHORTS}


def registered_fertility() -> pd.Series:
    """Return total fertility 2010-2020 as the registers have it.

    China's path times the ratio of registered births to those that Shandong's women would have had
    at China's rates, straight between the years with a figure.
    """
    national = national_fertility()
    births = vital_events("births")
    ratio = [births[year] / (national[year] * births_at_one(year).sum()) for year in births]
    return national * np.interp(national.index, list(births), ratio)


def total_fertility() -> pd.Series:
    """Return Shandong's total fertility by year, children per woman; constant from the last row."""
    path = registered_fertility()
    for group, years in COHORTS.items():
        counted = float(cohort_births()[group].sum())
        births = {year: path[year] * births_at_one(year).sum() for year in years}
        held = sum(births[year] for year in years if year in REVISED)
        free = [year for year in years if year not in REVISED]
        factor = (counted - held) / sum(births[year] for year in free)
        path.loc[free] *= factor
        if years.start == 2011:
            path.loc[2010] *= factor
    for year, births in births_after_marriages(path).items():
        path.loc[year] = births / births_at_one(year).sum()
    path.loc[LAST_YEAR] = path.loc[SETTLED_YEAR]
    return path


def marriages() -> dict[int, float]:
    """Return first marriages by year; after 2020 in proportion to women of childbearing age."""
    found = dict(vital_events("first_marriages_china"))
    women = births_at_one(2020).sum()
    for year in range(2021, SETTLED_YEAR):
        found[year] = found[2020] * births_at_one(year).sum() / women
    return found


def births_after_marriages(path: pd.Series) -> dict[int, float]:
    """Return Shandong's births 2021-2026, from fertility up to 2020 and first marriages.

    First births move with the marriages of the two years before; 2016 gives their level. Later
    births move with the first births of some years before; 2020 gives theirs.
    """
    married = marriages()

    def total(year: int) -> float:
        return float(path[year] * births_at_one(year).sum())

    def first(year: int) -> float:
        level = vital_events("first_birth_share")[2016] * total(2016)
        return level * sum(married[year - lag] / married[2016 - lag] for lag in (1, 2)) / 2

    interval = int(vital_events("birth_interval")[2020])
    later = total(2020) - first(2020)
    return {
        year: first(year) + later * first(year - interval) / first(2020 - interval)
        for year in range(2021, SETTLED_YEAR + 1)
    }


def fertility_scales() -> tuple[np.ndarray, np.ndarray]:
    """Return each region's fertility over the province's, (17,) up to 2012.5 and from 2017.5 on.

    The model passes from one to the other in a straight line, so that over each of the two periods
    of five years the mean is that of the children counted.
    """
    means = {}
    for group, years in COHORTS.items():
        path = registered_fertility()
        expected = sum(path[year] * births_at_one(year) for year in years)
        births = cohort_births()[group]
        means[group] = births / births.sum() * np.sum(expected) / expected
    # An eighth of the change lies inside each period.
    change = (means[0] - means[1]) / 0.75
    return means[1] - change / 8, means[0] + change / 8
