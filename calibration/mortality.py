"""Mortality and the sex mix over time, from figures known by 2020.

Each function returns a frame with one row per year (index `year`) and one column per age group.
After 2020 mortality continues its decline of the 2010s at half speed.
"""

import numpy as np
import pandas as pd

from calibration.census import AGES, by_age, published, vital_events, without_pingdu

MORTALITY_DECLINE_KEPT = 0.5
FEMALE_AT_BIRTH = 0.47


def interpolated(year: float, values: dict[int, np.ndarray]) -> np.ndarray:
    """Return the straight line between the two census years, at `year`."""
    weight = (year - 2010) / 10
    return values[2010] * (1 - weight) + values[2020] * weight


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


def rates_at(year: float) -> np.ndarray:
    """Return China's death rates by age at a year, (18,)."""
    rates = death_rates()
    return np.array([np.interp(year, rates.index, rates[age]) for age in AGES])


def province_mortality() -> float:
    """Return Shandong's deaths over those at China's rates: mean of the years with a figure."""
    residents = {year: by_age(year).sum(axis=0) for year in (2010, 2020)}
    return float(
        np.mean(
            [
                count / (interpolated(year, residents) @ rates_at(year))
                for year, count in vital_events("deaths").items()
            ]
        )
    )


def mortality_scale() -> np.ndarray:
    """Return each region's death rates over China's.

    The province's ratio; a region departs from it by the square root of its own ratio in the census
    year 2010, for one year's rate is noisy.
    """
    crude = published("census_regions").query("indicator == 'crude_death_rate'")
    crude = crude.set_index("region")["value"] / 1000
    people = published("census_regions").query(
        "indicator == 'resident_population' and year == 2010"
    )
    deaths = (crude * people.set_index("region")["value"]).to_frame("value")
    observed = without_pingdu(deaths)["value"].to_numpy(float)
    ratio = observed / (by_age(2010) @ rates_at(2010))
    ratio /= observed.sum() / (by_age(2010) @ rates_at(2010)).sum()
    return province_mortality() * np.sqrt(ratio)


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
