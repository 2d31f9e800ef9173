"""Rows of `model/data/regional.csv` about people: scales of births and deaths, hukou accounts."""

from dataclasses import dataclass

import numpy as np

from calibration.census import counts
from calibration.fertility import fertility_scales
from calibration.mortality import mortality_scale
from calibration.statuses import hukou_population, initial_people


@dataclass(frozen=True)
class RegionalRow:
    """One row of the table: a name as in the .mdl, its provenance and 17 values."""

    name: str
    unit: str
    spread: float
    grade: str
    source: str
    note: str
    values: np.ndarray


def people_rows() -> list[RegionalRow]:
    """Return the rows about people: scales of births and deaths, and hukou accounts."""
    start = {year: initial_people(year) for year in (2010, 2020)}
    late = fertility_scales()[1]
    rows = [
        RegionalRow(
            "later fertility scale",
            "1",
            0.1,
            "estimated",
            "2020 census, children 0-4 and 5-9 per woman",
            "Over the province's, from mid-2018 on (model time 2017.5)",
            late,
        ),
        RegionalRow(
            "mortality scale",
            "1",
            0.1,
            "estimated",
            "Shandong communiques of 2013, 2017, 2019; 2010 census crude death rates",
            "Over China's age-specific rates; regional part shrunk by a square root",
            mortality_scale(),
        ),
    ]
    for year, people in start.items():
        rows.append(
            RegionalRow(
                f"initial absent within province {year}",
                "person",
                0.3,
                "estimated",
                f"{year} census and hukou population, proportional fitting",
                "Registered here, living in another region of Shandong",
                people.absent_province,
            )
        )
        for name, indicator in (
            ("same county", "registered_elsewhere_same_county"),
            ("same province", "registered_elsewhere_same_province"),
            ("other province", "registered_in_other_province"),
        ):
            rows.append(
                RegionalRow(
                    f"census registered elsewhere {name} {year}",
                    "person",
                    0.0,
                    "census",
                    f"{year} census, county tabulation",
                    "Residents by place of registration",
                    counts(indicator, year),
                )
            )
    rows.append(
        RegionalRow(
            "census hukou population 2020",
            "person",
            0.0,
            "official",
            "Shandong 2020 year-end registered population by city",
            "Pingdu held at its 2010 census figure",
            hukou_population(2020),
        )
    )
    return rows


def earlier_rows() -> list[RegionalRow]:
    """Return the rows that only a run from 2010 uses."""
    return [
        RegionalRow(
            "earlier fertility scale",
            "1",
            0.1,
            "estimated",
            "2020 census, children 0-4 and 5-9 per woman",
            "Over the province's, up to mid-2013 (model time 2012.5)",
            fertility_scales()[0],
        ),
    ]
