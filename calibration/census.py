"""The censuses of 2010 and 2020 for the model's regions.

`source/census_regions.csv` and `source/census_age_sex.csv` hold the published tables; Qingdao is
given there with Pingdu, so `qingdao_other` is the difference of the two.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from model.codelists import region_ids

SOURCE = Path(__file__).parent / "source"
AGES = (*tuple(f"{start}-{start + 4}" for start in range(0, 85, 5)), "85+")


@cache
def published(name: str) -> pd.DataFrame:
    """Return one source table as published, by its file stem."""
    return pd.read_csv(SOURCE / f"{name}.csv")


def without_pingdu(by_region: pd.DataFrame) -> pd.DataFrame:
    """Return the 17 rows of the model from counts of the cities, Qingdao split in two."""
    split = by_region.copy()
    split.loc["qingdao_other"] = split.loc["qingdao"] - split.loc["pingdu"]
    return split.reindex(index=list(region_ids()))


def counts(indicator: str, year: int) -> np.ndarray:
    """Return a census count per region, persons. Counts only: rates cannot be subtracted."""
    rows = published("census_regions").query("indicator == @indicator and year == @year")
    cities = rows.set_index("region").reindex(columns=["value"])
    return without_pingdu(cities)["value"].to_numpy(float)


def rate(indicator: str, year: int) -> np.ndarray:
    """Return a census rate per region; `qingdao_other` carries the figure of all Qingdao."""
    rows = published("census_regions").query("indicator == @indicator and year == @year")
    values = rows.set_index("region")["value"]
    names = ["qingdao" if code == "qingdao_other" else code for code in region_ids()]
    return values.loc[names].to_numpy(float)


def by_age(year: int, sex: str = "both") -> np.ndarray:
    """Return residents by region and age, shape (17, 18); `sex` both, male or female."""
    rows = published("census_age_sex").query("year == @year").copy()
    rows["both"] = rows["male"] + rows["female"]
    table = rows.pivot_table(index="region", columns="age_group", values=sex)
    return without_pingdu(table.reindex(columns=list(AGES))).to_numpy(float)


def vital_events(indicator: str) -> dict[int, float]:
    """Return the figures of one indicator of `source/vital_events.csv` by year."""
    rows = published("vital_events").query("indicator == @indicator")
    return dict(zip(rows["year"].astype(int), rows["value"].astype(float), strict=True))
