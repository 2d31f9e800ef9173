"""Fertility, mortality and the sex mix over time, from figures known by 2020.

Each function returns a frame with one row per year (index `year`) and one column per age group.
After 2020 nothing later than 2020 enters: fertility is held at its level of 2020 and mortality
continues its decline of the 2010s at half speed.
"""

import numpy as np
import pandas as pd

from calibration.census import AGES, by_age, published, without_pingdu

LAST_YEAR = 2050
BIRTHS = {2013: 1_107_800.0, 2017: 1_749_800.0, 2019: 1_183_900.0}
DEATHS = {2013: 621_400.0, 2017: 738_200.0, 2019: 754_400.0}
"""Shandong, persons: statistical communiqués of 2013, 2017 and 2019."""
MORTALITY_DECLINE_KEPT = 0.5
FEMALE_AT_BIRTH = 0.47


def interpolated(year: float, values: dict[int, np.ndarray]) -> np.ndarray:
    """Return the straight line between the two census years, at `year`."""
    weight = (year - 2010) / 10
    return values[2010] * (1 - weight) + values[2020] * weight


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


def expected_births(year: int, women: np.ndarray) -> float:
    """Return the births of `women` (18 ages) at China's fertility of `year`, persons a year."""
    pattern = age_pattern()
    shares = np.array([np.interp(year, pattern.index, pattern[age]) for age in AGES])
    return float(national_fertility()[year] * (women * shares).sum() / 5)


def total_fertility() -> pd.Series:
    """Return Shandong's total fertility by year, children per woman.

    China's path times the ratio of Shandong's recorded births to those its women would have had
    at China's rates, known for 2013, 2017 and 2019 and straight between them. The ratio rose and
    began to fall with the two-child policy; in 2020 it is taken half-way back, at the mean of 2013
    and 2019, and fertility is held from then on.
    """
    women = {year: by_age(year, "female").sum(axis=0) for year in (2010, 2020)}
    ratio = {
        year: births / expected_births(year, interpolated(year, women))
        for year, births in BIRTHS.items()
    }
    ratio[2020] = (ratio[2013] + ratio[2019]) / 2
    path = national_fertility()
    path *= np.interp(path.index, list(ratio), list(ratio.values()))
    path.loc[LAST_YEAR] = path.loc[2020]
    return path


def fertility_scale() -> np.ndarray:
    """Return each region's fertility over the province's, from children per woman in 2020."""
    pattern = age_pattern().loc[2020].to_numpy()
    per_woman = by_age(2020)[:, 0] / (by_age(2020, "female") @ pattern)
    province = by_age(2020)[:, 0].sum() / (by_age(2020, "female").sum(axis=0) @ pattern)
    return per_woman / province


def death_rates() -> pd.DataFrame:
    """Return death rates by age, per year, both sexes at the census sex mix of 2020."""
    female = by_age(2020, "female").sum(axis=0) / by_age(2020).sum(axis=0)
    tables = {
        sex: pd.DataFrame(
            {
                middle: five_year_rates(sex, period)
                for middle, period in ((2012, "2010-2015"), (2017, "2015-2020"))
            }
        )
        for sex in ("female", "male")
    }
    rates = tables["female"].mul(female, axis=0) + tables["male"].mul(1 - female, axis=0)
    decline = np.log(rates[2017] / rates[2012]) / 5
    table = {2010: rates[2012] * np.exp(-2 * decline), 2012: rates[2012]}
    table |= {
        year: rates[2017]
        * np.exp(decline * (min(year, 2020) - 2017))
        * np.exp(MORTALITY_DECLINE_KEPT * decline * max(0, year - 2020))
        for year in (2017, 2020, 2025, 2030, 2035, 2050)
    }
    return pd.DataFrame(table).T.set_axis(list(AGES), axis=1)


def five_year_rates(sex: str, period: str) -> np.ndarray:
    """Return the death rates of the 18 age groups: ages 0 and 1-4, and 85 and over, joined.

    Joined by the years lived in each in a life table of the same rates.
    """
    rows = published("wpp2024_china")
    chosen = (rows["indicator"] == f"death_rate_{sex}") & (rows["period"] == period)
    rates = rows.loc[chosen, "value"].to_numpy(float)
    widths = np.array([1.0, 4.0] + [5.0] * (len(rates) - 3) + [2.0])
    alive = np.concatenate([[1.0], np.exp(-np.cumsum(rates * widths))[:-1]])
    lived = alive * (1 - np.exp(-rates * widths)) / rates
    first = (rates[:2] * lived[:2]).sum() / lived[:2].sum()
    last = (rates[18:] * lived[18:]).sum() / lived[18:].sum()
    return np.concatenate([[first], rates[2:18], [last]])


def mortality_scale() -> np.ndarray:
    """Return each region's death rates over China's.

    The province's ratio from the deaths of 2013, 2017 and 2019; a region departs from it by the
    square root of its own ratio in the census year 2010, for one year's rate is noisy.
    """
    rates = death_rates()

    def at(year: float) -> np.ndarray:
        return np.array([np.interp(year, rates.index, rates[age]) for age in AGES])

    residents = {year: by_age(year).sum(axis=0) for year in (2010, 2020)}
    province = np.mean(
        [count / (interpolated(year, residents) @ at(year)) for year, count in DEATHS.items()]
    )
    crude = published("census_regions").query("indicator == 'crude_death_rate'")
    crude = crude.set_index("region")["value"] / 1000
    people = published("census_regions").query(
        "indicator == 'resident_population' and year == 2010"
    )
    deaths = (crude * people.set_index("region")["value"]).to_frame("value")
    observed = without_pingdu(deaths)["value"].to_numpy(float)
    ratio = observed / (by_age(2010) @ at(2010))
    ratio /= observed.sum() / (by_age(2010) @ at(2010)).sum()
    return province * np.sqrt(ratio)


def female_share() -> pd.DataFrame:
    """Return the female share by age: the two censuses, then the cohorts of 2020 moved up."""
    shares = {
        year: by_age(year, "female").sum(axis=0) / by_age(year).sum(axis=0) for year in (2010, 2020)
    }
    table = dict(shares)
    for steps in range(1, 7):
        young = np.full(steps, FEMALE_AT_BIRTH)
        table[2020 + 5 * steps] = np.concatenate([young, shares[2020][: 18 - steps]])
    return pd.DataFrame(table).T.set_axis(list(AGES), axis=1)
