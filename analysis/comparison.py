"""What differs between scenarios: in what they set, and in what comes of it."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr

from model.codelists import levers, region_ids, regions
from model.scenario import Scenario
from model.scenario.paths import FIRST_YEAR, LAST_YEAR


def lever_differences(
    scenarios: Sequence[Scenario], years: Sequence[int] = (2025, 2035)
) -> pd.DataFrame:
    """Return the levers and assumptions in which the scenarios differ from one another.

    One row per lever and group of regions that share their values: columns `lever`, `kind`,
    `regions` (a tuple of ids, an aggregate's id where it covers them all), `year`, and one column
    per scenario position (0, 1, …) with the value in force at the end of that year.
    """
    grid = np.arange(FIRST_YEAR - 1, LAST_YEAR + 1, dtype=np.float64)
    at = np.array(years, dtype=np.float64)
    rows = []
    for lever in levers().values():
        over_time = np.stack([each.lever_values(lever.id, grid) for each in scenarios])
        differs = (over_time != over_time[:1]).any(axis=(0, 1))
        if not differs.any():
            continue
        # At the end of a year, just before the next year's key takes over.
        values = np.stack([each.lever_values(lever.id, at - 1e-6) for each in scenarios])
        groups: dict[bytes, list[int]] = {}
        for index in np.flatnonzero(differs):
            groups.setdefault(over_time[:, :, index].tobytes(), []).append(int(index))
        for indices in groups.values():
            area = area_names([region_ids()[index] for index in indices])
            for position, year in enumerate(years):
                each = {
                    number: float(values[number, position, indices[0]])
                    for number in range(len(scenarios))
                }
                rows.append(
                    {"lever": lever.id, "kind": lever.kind, "regions": area, "year": year, **each}
                )
    columns = ["lever", "kind", "regions", "year", *range(len(scenarios))]
    return pd.DataFrame.from_records(rows, columns=columns)


def area_names(codes: Sequence[str]) -> tuple[str, ...]:
    """Return the shortest list of ids that names exactly these regions."""
    left, names = list(codes), []
    aggregates = [area for area in regions().values() if area.kind == "aggregate"]
    for area in sorted(aggregates, key=lambda area: -len(area.members)):
        if set(area.members) <= set(left):
            names.append(area.id)
            left = [code for code in left if code not in area.members]
    return (*names, *left)


def output_differences(
    dataset: xr.Dataset, outputs: Sequence[str], region: str, years: Sequence[int]
) -> pd.DataFrame:
    """Return results and their difference from the first scenario's, at the ends of `years`.

    `dataset` has a `scenario` dimension. Columns: `output`, `year`, `scenario` (its label),
    `value`, `difference`, `ratio` (the difference over the first scenario's value; NaN over 0).
    Raises KeyError for an output, region or year that the dataset lacks.
    """
    times = [float(year) for year in years]
    rows = []
    for output in outputs:
        chosen = dataset[output].sel(region=region, time=times).transpose("scenario", "time")
        values = np.asarray(chosen.values, dtype=np.float64)
        for number, label in enumerate(chosen["scenario"].values):
            for position, year in enumerate(years):
                value, base = values[number, position], values[0, position]
                rows.append(
                    {
                        "output": output,
                        "year": year,
                        "scenario": str(label),
                        "value": value,
                        "difference": value - base,
                        "ratio": (value - base) / base if base else np.nan,
                    }
                )
    columns = ["output", "year", "scenario", "value", "difference", "ratio"]
    return pd.DataFrame.from_records(rows, columns=columns)
