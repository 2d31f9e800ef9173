"""Write the model's initial and driver tables: `python -m calibration.build`.

The result is committed in `model/data`; running this again changes nothing.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from calibration.census import AGES, region_ids
from calibration.fertility import age_pattern, total_fertility
from calibration.mortality import death_rates, female_share
from calibration.regional import RegionalRow, regional_rows
from calibration.statuses import CATEGORIES, STATUSES, initial_people

MIDDLE_OF_YEAR = -0.5
"""Model time 2017.0 is end-2017, so a figure for the year 2017 stands at 2016.5."""

DATA = Path(__file__).parent.parent / "model" / "data"


def column(name: str) -> str:
    """Return a name as a table header: words joined by underscores."""
    return name.replace(" ", "_")


def write(frame: pd.DataFrame, name: str) -> None:
    """Write one table of `model/data` with full precision."""
    frame.to_csv(DATA / f"{name}.csv", index=False, lineterminator="\n", float_format="%.12g")


def people_tables(year: int) -> None:
    """Write the people of one census: by age and status, living outside, and by category."""
    people = initial_people(year)
    blocks = [
        pd.DataFrame(people.population[:, :, index], columns=list(AGES)).assign(
            status=column(status), region=region_ids()
        )
        for index, status in enumerate(STATUSES)
    ]
    people_rows = pd.concat(blocks).reindex(columns=["status", "region", *AGES])
    write(people_rows, f"population_{year}")
    outside = pd.DataFrame(people.absent_outside, columns=list(AGES))
    outside.insert(0, "region", region_ids())
    write(outside, f"living_outside_{year}")
    rows = [
        {"region": region, "category": column(category)}
        | dict(zip(map(column, STATUSES), people.categories[at, index], strict=True))
        for at, region in enumerate(region_ids())
        for index, category in enumerate(CATEGORIES)
    ]
    write(pd.DataFrame(rows), f"census_status_{year}")


def driver_tables() -> None:
    """Write the paths over time: one row per year."""
    for name, frame, shift in (
        ("fertility", total_fertility().to_frame("total_fertility"), MIDDLE_OF_YEAR),
        ("fertility_age_pattern", age_pattern(), MIDDLE_OF_YEAR),
        ("death_rates", death_rates(), MIDDLE_OF_YEAR),
        ("female_share", female_share(), 0),
    ):
        table = frame.set_axis(frame.index + shift, axis=0)
        write(table.reset_index(names="year"), name)


def regional_frame(rows: list[RegionalRow]) -> pd.DataFrame:
    """Return rows as a table: provenance columns, then the 17 regions; ranges are the mean's."""
    return pd.DataFrame(
        [
            {
                "name": row.name,
                "unit": row.unit,
                "low": np.mean(row.values) * (1 - row.spread),
                "high": np.mean(row.values) * (1 + row.spread),
                "grade": row.grade,
                "source": row.source,
                "note": row.note,
            }
            | dict(zip(region_ids(), row.values, strict=True))
            for row in rows
        ]
    )


def main() -> None:
    """Write all tables."""
    for year in (2010, 2020):
        people_tables(year)
    driver_tables()
    write(regional_frame(regional_rows()), "regional")


if __name__ == "__main__":
    main()
