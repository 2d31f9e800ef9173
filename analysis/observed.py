"""Observed figures to set beside results: the censuses and the annual series that agree with them.

`calibration/observed.csv` holds one figure per row, in the unit of its output, with its standard
error, grade and source. `series` tells rows apart that must not be mixed:

- census, register: counts of 2010 and 2020;
- annual: yearly figures consistent with the 2020 census (or untouched by its revision);
- derived: worked out from other published figures, as the row's note says;
- pre_revision: published before the 2020 census revised the years between the censuses;
- conflict: printed by a source but contradicted by a better one, kept for the record.

The rows "province without Qingdao" of the fiscal panel are added to Qingdao's here. A figure with
`proxy_for` stands in for that output but measures something else, such as government-fund revenue
for land revenue.
"""

from functools import cache
from pathlib import Path

import pandas as pd

from model.codelists import GRADES, regions
from model.rows import read_rows

FILE = Path(__file__).parent.parent / "calibration" / "observed.csv"
COLUMNS = (
    "region",
    "variable",
    "year",
    "value",
    "unit",
    "standard_error",
    "grade",
    "series",
    "proxy_for",
    "source",
    "note",
)
USABLE = ("census", "register", "annual", "derived")
SERIES = (*USABLE, "pre_revision", "conflict")


@cache
def all_observed() -> pd.DataFrame:
    """Return every row of the file, columns `COLUMNS`. Raises TableError for a malformed row."""
    records = [
        {
            **{name: row.text(name) for name in COLUMNS},
            "region": row.choice("region", tuple(regions())),
            "year": row.integer("year"),
            "value": row.number("value"),
            "grade": row.choice("grade", GRADES),
            "series": row.choice("series", SERIES),
        }
        for row in read_rows(FILE, COLUMNS)
    ]
    return pd.DataFrame.from_records(records, columns=list(COLUMNS))


def observed(output: str, region: str, proxies: bool = True) -> pd.DataFrame:
    """Return the usable figures for one output and region by year, columns `COLUMNS`.

    Figures of an output and, with `proxies`, figures that stand in for it; `proxy_for` tells them
    apart. A year counts to its end: year 2025 belongs beside the model's time 2025.0. Raises
    KeyError for an unknown region.
    """
    regions()[region]
    frame = all_observed()
    wanted = frame["variable"] == output
    if proxies:
        wanted |= frame["proxy_for"] == output
    wanted &= (frame["region"] == region) & frame["series"].isin(USABLE)
    return frame.loc[wanted].sort_values(by="year", ignore_index=True)
