"""Provincial figures allocated to regions, where cities publish none.

Every rule is a judgement; `regional.py` says beside each row which one it rests on.
"""

import numpy as np
from scipy.optimize import root_scalar

from calibration.census import counts, published, region_ids

QINGDAO = (1, 2)
YANTAI = 6
EXPENDITURE = {"qingdao": 1699.73, "rest": 9648.87}
"""General expenditure of 2020, 100m yuan (provincial panel, whose Shandong leaves Qingdao out)."""
ARABLE_LAND = 76_070.0
"""Arable land, km2: recalled from the land-change survey of 2016, looked for and not found.

The second land survey had 76,683 km2 at the end of 2009; the third, at the end of 2019, 64,619 by
a new definition, below the floor of the plan of its day and so not comparable.
"""


def split_qingdao(total: dict[str, float], weight: np.ndarray) -> np.ndarray:
    """Return a provincial figure by region: Qingdao's and the rest's, each by `weight`."""
    inside = np.zeros(17, bool)
    inside[list(QINGDAO)] = True
    parts = np.where(inside, weight * inside / weight[inside].sum() * total["qingdao"], 0)
    return parts + np.where(inside, 0, weight / weight[~inside].sum() * total["rest"])


def cities(column: str) -> np.ndarray:
    """Return a column of `source/cities.csv` by region."""
    table = published("cities").set_index("region")
    return table.reindex(index=list(region_ids()))[column].to_numpy(float)


def gdp() -> np.ndarray:
    """Return gross domestic product of 2020, 100m yuan."""
    return cities("gdp_2020")


def incomes() -> tuple[np.ndarray, np.ndarray]:
    """Return disposable income per urban and per rural resident in 2020, yuan a year.

    A power of GDP per person, with factor and elasticity such that Qingdao's and the province's
    published figures are met; Yantai's rural income follows from its published ratio of 2.2.
    """
    residents = {
        place: counts(f"{place}_resident_population", 2020) for place in ("urban", "rural")
    }
    per_person = gdp() / (residents["urban"] + residents["rural"])
    urban = power_of_output(per_person, residents["urban"], qingdao=55_905, province=43_726)
    rural = power_of_output(per_person, residents["rural"], qingdao=23_656, province=18_753)
    rural[YANTAI] = urban[YANTAI] / 2.2
    return urban, rural


def power_of_output(
    per_person: np.ndarray, people: np.ndarray, *, qingdao: float, province: float
) -> np.ndarray:
    """Return incomes that are a power of GDP per person and meet two weighted means."""

    def scaled(elasticity: float) -> np.ndarray:
        shape = per_person**elasticity
        return shape * province / np.average(shape, weights=people)

    inside = list(QINGDAO)

    def gap(elasticity: float) -> float:
        return float(np.average(scaled(elasticity)[inside], weights=people[inside]) - qingdao)

    return scaled(root_scalar(gap, bracket=(0.0, 2.0)).root)


def arable_land() -> np.ndarray:
    """Return arable land in 2020, km2: the province's, by area, plains weighing more."""
    weight = cities("area_km2") * cities("arable_weight")
    return ARABLE_LAND * weight / weight.sum()


def expenditure() -> np.ndarray:
    """Return general expenditure of 2020, 100m yuan: by residents (3/4) and GDP (1/4)."""
    residents = counts("resident_population", 2020)
    weight = 0.75 * residents / residents.sum() + 0.25 * gdp() / gdp().sum()
    return split_qingdao(EXPENDITURE, weight)
