"""Initial land, money, income and output by region, most of it not observed by city.

Each function returns rows of `model/data/regional.csv`. What is observed is used as it is; the
rest is allocated from provincial figures by the rule each row's note states, graded "assumption",
with a relative range.
"""

import numpy as np

from calibration.allocation import (
    ARABLE_LAND,
    QINGDAO,
    arable_land,
    cities,
    expenditure,
    gdp,
    incomes,
    split_qingdao,
)
from calibration.census import counts, rate
from calibration.regional_people import RegionalRow, earlier_rows, people_rows

PINGDU = 2
REVENUE = {"qingdao": 1254.0, "rest": 5306.08}
FUND_REVENUE = {"qingdao": 1051.96, "rest": 6109.08}
DEBT_REST = 6178.62 + 8354.87
LAND_REVENUE_IN_FUND = 0.9
ARABLE_FLOOR = 74_787.0
CONSTRUCTION_LAND_CAP = 20_074.0
PLAN_QUOTA = 184.0
PANEL = "local-government bond disclosure platform, provincial panel 2020"


def economy_rows() -> list[RegionalRow]:
    """Return the rows about output, income and work."""
    urban, rural = incomes()
    sample, farm = (
        counts(name, 2020) for name in ("employed_sample", "employed_sample_agriculture")
    )
    return [
        RegionalRow(
            "gross domestic product 2020",
            "100m yuan/year",
            0.03,
            "estimated",
            "First figures of 2020 (early 2021) by city: communiques, press, reposts; Pingdu plan",
            "Each city's source in calibration/source/cities.csv; Jining, Taian, Dezhou and Heze "
            "recalled, not found; Zibo from 2019; sum 0.05% below the province's 73129",
            gdp(),
        ),
        RegionalRow(
            "urban income per person 2020",
            "yuan/person/year",
            0.1,
            "assumption",
            "Qingdao communique 2020 (55905); province 43726 recalled, not found",
            "A power of GDP per person that meets both figures",
            urban,
        ),
        RegionalRow(
            "rural income per person 2020",
            "yuan/person/year",
            0.1,
            "assumption",
            "Qingdao communique 2020 (23656); Yantai's ratio 2.2; province 18753 recalled, "
            "not found",
            "A power of GDP per person that meets the first and the last; Yantai by its ratio",
            rural,
        ),
        RegionalRow(
            "agricultural share of employment 2020",
            "1",
            0.0,
            "census",
            "2020 census long form",
            "Employed in agriculture over employed",
            farm / sample,
        ),
        RegionalRow(
            "housing floor per person 2020",
            "m2/person",
            0.05,
            "census",
            "2020 census, households",
            "All residents; used for urban residents",
            rate("housing_floor_area_per_person", 2020),
        ),
    ]


def land_rows() -> list[RegionalRow]:
    """Return the rows about land and water."""
    urban = counts("urban_resident_population", 2020)
    per_person = np.full(17, 142.7)
    per_person[list(QINGDAO)] = 126.2
    built = per_person * urban / 1e6
    rural = counts("rural_resident_population", 2020)
    settlement = (CONSTRUCTION_LAND_CAP - built.sum()) * rural / rural.sum()
    quota_weight = 0.5 * urban / urban.sum() + 0.5 * gdp() / gdp().sum()
    return [
        RegionalRow(
            "urban land per urban resident 2020",
            "m2/person",
            0.15,
            "assumption",
            "Built-up area 2020 over people: Qingdao 758.16 km2 (bkbbs.net), 6.01m in its census "
            "districts; Shandong 5646.1 km2, 40.26m incl. temporary",
            "Shandong: ministry's 2021 figures (5669.85, 40.86m) less that year's growth (0.42%, "
            "1.5%); rest of the cities 142.7; taken to hold for all urban residents",
            per_person,
        ),
        RegionalRow(
            "rural settlement land 2020",
            "km2",
            0.2,
            "assumption",
            "Shandong land-use plan 2006-2020: urban and rural construction land 20074 km2",
            "Less urban land, by rural residents",
            settlement,
        ),
        RegionalRow(
            "arable land 2020",
            "km2",
            0.03,
            "assumption",
            "Recalled total of 76070 km2, not found; Shandong land-use plan: floor 74787 km2; "
            "land survey of 2009: 76683 km2",
            "By administrative area, plains weighing 62 to 42",
            arable_land(),
        ),
        RegionalRow(
            "arable land floor",
            "km2",
            0.01,
            "official",
            "Shandong land-use plan 2006-2020: 7.4787m ha",
            "Allocated as arable land",
            arable_land() * ARABLE_FLOOR / ARABLE_LAND,
        ),
        RegionalRow(
            "plan quota 2020",
            "km2/year",
            0.3,
            "assumption",
            "Ministry of Land 2016: 39m mu of new construction land in 2015-20",
            "Shandong 7.1% by urban residents, six tenths of it urban; by urban residents "
            "and GDP in equal parts",
            PLAN_QUOTA * quota_weight,
        ),
        RegionalRow(
            "initial water margin",
            "1",
            0.5,
            "assumption",
            "Qingdao plan line 104: 186 m3 of water a person, sources long overloaded",
            "2 percent in Qingdao, 6 percent elsewhere: usable water is nearly all used",
            cities("water_margin"),
        ),
    ]


def money_rows() -> list[RegionalRow]:
    """Return the rows about public money in 2020, 100m yuan."""
    revenue = split_qingdao(REVENUE, gdp())
    revenue[1] += revenue[PINGDU] - 61.0
    revenue[PINGDU] = 61.0
    spending = expenditure()
    transfers = np.maximum(spending - revenue, 0.05 * spending)
    debt_ratio = DEBT_REST / (gdp().sum() - gdp()[list(QINGDAO)].sum())
    return [
        RegionalRow(
            "general revenue 2020",
            "100m yuan/year",
            0.05,
            "assumption",
            f"{PANEL}; Qingdao 1254 implied by 2021; Pingdu 61 from its plan",
            "Others by GDP",
            revenue,
        ),
        RegionalRow(
            "general expenditure 2020",
            "100m yuan/year",
            0.1,
            "assumption",
            PANEL,
            "Qingdao as given; others by residents (3/4) and GDP (1/4)",
            spending,
        ),
        RegionalRow(
            "land revenue 2020",
            "100m yuan/year",
            0.15,
            "assumption",
            f"{PANEL}: government-fund revenue",
            "Nine tenths of fund revenue; Qingdao as given; by GDP",
            LAND_REVENUE_IN_FUND * split_qingdao(FUND_REVENUE, gdp()),
        ),
        RegionalRow(
            "transfers 2020",
            "100m yuan/year",
            0.2,
            "assumption",
            PANEL,
            "General expenditure less revenue, at least 5 percent of expenditure",
            transfers,
        ),
        RegionalRow(
            "government debt 2020",
            "100m yuan",
            0.15,
            "assumption",
            f"{PANEL}: general and special debt without Qingdao",
            "Same ratio to GDP everywhere, Qingdao included",
            debt_ratio * gdp(),
        ),
    ]


def regional_rows() -> list[RegionalRow]:
    """Return every row of the regional table, in file order."""
    return people_rows() + economy_rows() + land_rows() + money_rows() + earlier_rows()
