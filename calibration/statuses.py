"""Initial people by region, age and status: proportional fitting to every published margin.

No census table crosses age, hukou and place. Two fits per census year fill the gap:

1. category (registered here, same county, same province, other province) × status, per region:
   the census counts of the four categories and the five status totals hold exactly;
2. age × status, per region: the census counts by age and the five status totals hold exactly.

Status totals: rural residents are the census count. People registered in another province or in
another county of Shandong who live in towns become outside and provincial migrants, the latter
only when they crossed the region's border. Settled residents follow from the hukou population and
an urban hukou share tied to the resident rate; local migrants are the rest of the urban count.
"""

from dataclasses import dataclass

import numpy as np

from calibration.census import by_age, counts, published, region_ids

STATUSES = ("rural", "settled", "local migrant", "provincial migrant", "outside migrant")
CATEGORIES = ("registered here", "same county", "same province", "other province")

ASSUMED = published("status_assumptions").set_index("name")["value"].astype(float).to_dict()
"""Shares that no table gives, each with range and source in `source/status_assumptions.csv`."""

PARENTS_2010, PARENTS_2020 = slice(5, 7), slice(7, 9)
"""Ages 25 to 34 of 2010, ten years later 35 to 44."""

# Relative weight of an age among people of each status, over its weight among all residents.
AGE_WEIGHTS = np.array(
    [
        [0.95, 1.05, 1.10, 0.80, 0.80],
        [1.00, 1.05, 1.05, 0.70, 0.70],
        [1.00, 1.05, 1.00, 0.60, 0.60],
        [0.75, 1.10, 1.00, 1.50, 1.10],
        [0.60, 1.10, 1.00, 2.20, 1.90],
        [0.65, 1.05, 1.20, 1.80, 1.90],
        [0.70, 1.10, 1.30, 1.60, 1.60],
        [0.75, 1.10, 1.25, 1.30, 1.30],
        [0.85, 1.05, 1.15, 1.00, 1.10],
        [1.00, 1.00, 1.00, 0.80, 1.00],
        [1.10, 0.95, 0.90, 0.70, 0.90],
        [1.20, 0.90, 0.80, 0.60, 0.70],
        [1.35, 0.85, 0.70, 0.50, 0.50],
        [1.50, 0.75, 0.55, 0.40, 0.40],
        [1.55, 0.70, 0.50, 0.35, 0.30],
        [1.60, 0.70, 0.45, 0.30, 0.30],
        [1.60, 0.70, 0.45, 0.30, 0.25],
        [1.60, 0.70, 0.45, 0.30, 0.25],
    ]
)

# Which statuses a census category may hold, and how strongly it leans to each before fitting.
CATEGORY_SEED = np.array(
    [
        [1.0, 1.0, 0.15, 0.0, 0.0],
        [0.2, 0.5, 0.50, 0.0, 0.0],
        [0.08, 0.25, 0.10, 0.6, 0.0],
        [0.10, 0.0, 0.0, 0.0, 0.9],
    ]
)


@dataclass(frozen=True)
class InitialPeople:
    """Initial tables of one census year; region first, in the fixed order, persons.

    population (17, 18, 5); categories (17, 4, 5); absent_province (17,), registered here and
    living elsewhere in Shandong; absent_outside (17, 18), living outside the province.
    """

    population: np.ndarray
    categories: np.ndarray
    absent_province: np.ndarray
    absent_outside: np.ndarray


def fit_margins(seed: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Return `seed` scaled by iterative proportional fitting so that both margins hold.

    Raises ValueError when the margins disagree or no table with the seed's zeros meets them.
    """
    if not np.isclose(rows.sum(), columns.sum()):
        raise ValueError(f"margins disagree: {rows.sum():.0f} and {columns.sum():.0f}")
    table = seed.copy()
    for _ in range(10_000):
        table *= (columns / table.sum(axis=0))[None, :]
        table *= (rows / table.sum(axis=1))[:, None]
        if np.allclose(table.sum(axis=0), columns, rtol=1e-12, atol=1e-6):
            return table
    raise ValueError("proportional fitting did not converge: the seed's zeros forbid the margins")


def hukou_population(year: int) -> np.ndarray:
    """Return hukou population by region; Pingdu 2020 is not published and is held at 2010."""
    if year == 2010:
        return counts("hukou_population", 2010)
    rows = published("census_regions").query("indicator == 'hukou_population'")
    now = rows.query("year == 2020").set_index("region")["value"].copy()
    now["pingdu"] = rows.query("year == 2010").set_index("region")["value"]["pingdu"]
    now["qingdao_other"] = now["qingdao"] - now["pingdu"]
    return now.loc[list(region_ids())].to_numpy(float)


def status_totals(year: int) -> tuple[np.ndarray, np.ndarray]:
    """Return people by region and status (17, 5) and people absent from each region (17,)."""
    residents = counts("resident_population", year)
    urban = counts("urban_resident_population", year)
    outside = ASSUMED["urban share of people from other provinces"] * counts(
        "registered_in_other_province", year
    )
    same_province = counts("registered_elsewhere_same_province", year)
    provincial = (
        ASSUMED["urban share of people from other counties"]
        * (1 - ASSUMED["share that stayed in the region"])
        * same_province
    )
    hukou = hukou_population(year)
    absent = hukou - (residents - outside - provincial)
    absent = np.maximum(absent, ASSUMED["least absent share"] * hukou)
    settled = (
        ASSUMED["urban hukou share over resident rate"] * urban / residents * hukou
        - ASSUMED["urban hukou share of absentees"] * absent
    )
    local = urban - outside - provincial - settled
    return np.stack([residents - urban, settled, local, provincial, outside], axis=1), absent


def undercount_2010() -> np.ndarray:
    """Return what the children of 2010 must be multiplied by, (2 age groups, 17).

    The province's factors are in the table. Ages 0-4 differ by region as the children of 10-14 in
    2020 do from those of 0-4 in 2010, after allowing for migration: their parents' ages tell how
    many families came or went, and children move with part of them.
    """
    before, after = by_age(2010), by_age(2020)
    children = after[:, 2] / before[:, 0]
    parents = after[:, PARENTS_2020].sum(axis=1) / before[:, PARENTS_2010].sum(axis=1)
    ratio = children / parents ** ASSUMED["children moving with their parents"]
    ratio *= before[:, 0].sum() / (before[:, 0] * ratio).sum()
    youngest = ASSUMED["undercount of ages 0-4 in 2010"] * ratio
    return np.stack([youngest, np.full(17, ASSUMED["undercount of ages 5-9 in 2010"])])


def initial_people(year: int) -> InitialPeople:
    """Return the initial tables of census year 2010 or 2020."""
    totals, absent = status_totals(year)
    ages = by_age(year)
    elsewhere = np.stack(
        [
            counts("registered_elsewhere_same_county", year),
            counts("registered_elsewhere_same_province", year),
            counts("registered_in_other_province", year),
        ],
        axis=1,
    )
    here = totals.sum(axis=1) - elsewhere.sum(axis=1)
    category_counts = np.concatenate([here[:, None], elsewhere], axis=1)
    categories = np.stack(
        [
            fit_margins(CATEGORY_SEED, row, total)
            for row, total in zip(category_counts, totals, strict=True)
        ]
    )
    population = np.stack(
        [
            fit_margins(AGE_WEIGHTS * row[:, None] * total[None, :] / total.sum(), row, total)
            for row, total in zip(ages, totals, strict=True)
        ]
    )
    if year == 2010:
        for age, factor in enumerate(undercount_2010()):
            population[:, age] *= factor[:, None]
        population[:, 3] *= ASSUMED["overcount of ages 15-19 in 2010"]
    in_province = absent * population[:, :, 3].sum() / absent.sum()
    emigrants = ages * AGE_WEIGHTS[None, :, 4]
    outside = (absent - in_province)[:, None] * emigrants / emigrants.sum(axis=1, keepdims=True)
    return InitialPeople(population, categories, in_province, outside)
