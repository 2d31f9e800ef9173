"""How far each assumption moves the answers, beside the band of the draws.

Each goes to the low and to the high end of its range while all else stays at the point estimate.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from calibration.assumptions import Assumption, assumptions
from model import Scenario, region_ids, simulate
from model.codelists import targets

EFFECTS = "assumption_effects.csv"
ENDS = ("low", "high")
YEARS = (2025, 2035)
RATES = ("urbanisation_rate_resident", "urbanisation_rate_hukou")
BAND = (0.1, 0.9)
"""The part of the draws that lies inside a band."""
ROUNDING = 1e-9
"""Changes below this part of a value are those of arithmetic."""
LISTED = 0.25
"""Effects below this part of a band are not written."""
PLACE = ("region", "output", "year")
COLUMNS = (*PLACE, "assumption", "value", "low_change", "high_change", "band", "share")


def headlines(region: str | None = None) -> tuple[str, ...]:
    """Return the outputs that plans set targets for, and both rates; of one region or of all."""
    chosen = (each.output for each in targets().values() if region in (None, each.region))
    return tuple(dict.fromkeys((*RATES, *chosen)))


def plan_regions() -> tuple[str, ...]:
    """Return the regions whose plans set targets, in the order of the plans."""
    return tuple(dict.fromkeys(each.region for each in targets().values()))


def moves(
    scenario: Scenario, names: Iterable[str], *, end: int = YEARS[-1]
) -> tuple[xr.Dataset, xr.Dataset]:
    """Return the scenario's run, and its outputs with each assumption at either end.

    The second has the dimensions assumption, end ("low", "high"), region and time. An assumption
    that the scenario sets itself stays as it says, and is false in the coordinate `moves`. All runs
    are one engine call, and every law of the model is checked in each. Raises
    model.InvariantError, KeyError for an unknown output.
    """
    chosen = list(assumptions().values())
    count = 1 + len(ENDS) * len(chosen)
    free = [each.lever not in scenario.assumptions for each in chosen]
    parameters = {
        each.variable: ends(each, index, count) for index, each in enumerate(chosen) if free[index]
    }
    runs = simulate([scenario] * count, outputs=list(names), end=end, parameters=parameters)
    runs = runs.drop_vars("scenario")
    shape = (len(chosen), len(ENDS))
    moved = {
        name: (
            ("assumption", "end", *values.dims[1:]),
            values.to_numpy()[1:].reshape(*shape, *values.shape[1:]),
        )
        for name, values in runs.data_vars.items()
    }
    places: dict[str, Any] = {
        "assumption": [each.variable for each in chosen],
        "end": list(ENDS),
        "moves": ("assumption", free),
    }
    return runs.isel(scenario=0), xr.Dataset(moved, {**runs.coords, **places})


def ends(each: Assumption, index: int, count: int) -> np.ndarray:
    """Return the values of assumption number `index` by run: (count,), or (count, region)."""
    values = np.tile(each.usual, (count, 1))
    values[1 + 2 * index : 3 + 2 * index] = each.low, each.high
    if each.lever:
        return np.repeat(values, len(region_ids()), axis=1)
    return values if values.shape[1] > 1 else values[:, 0]


def effects(usual: xr.Dataset, moved: xr.Dataset, draws: xr.Dataset) -> pd.DataFrame:
    """Return one row per region, output, year and assumption that moves the output at all.

    `usual` and `moved` are what `moves` returns, `draws` the same outputs over the draws of the
    posterior. Columns: `value`, the usual one; `low_change` and `high_change`, what either end of
    the assumption's range adds; `band`, the width of the central 80 percent of the draws; `share`,
    how far the three values lie apart over that width, infinite where it is nil.
    """
    frames = []
    for name in moved.data_vars:
        change = (moved[name] - usual[name]).drop_vars("moves", errors="ignore")
        sides = {f"{end}_change": change.sel(end=end, drop=True) for end in ENDS}
        low, high = (draws[name].quantile(share, dim="draw", keep_attrs=False) for share in BAND)
        band = (high.drop_vars("quantile") - low.drop_vars("quantile")).broadcast_like(change)
        columns = {"value": usual[name], **sides, "band": band.isel(end=0, drop=True)}
        frame = xr.Dataset(columns).drop_vars("end", errors="ignore").to_dataframe()
        frames.append(frame.reset_index().assign(output=str(name)))
    table = pd.concat(frames, ignore_index=True).rename(columns={"time": "year"})
    changes = table[[f"{end}_change" for end in ENDS]]
    spread = changes.max(axis=1).clip(lower=0) - changes.min(axis=1).clip(upper=0)
    table = table.assign(share=spread / table["band"], year=table["year"].astype(int))
    moved_at_all = spread > ROUNDING * table["value"].abs()
    return table.loc[moved_at_all, list(COLUMNS)].reset_index(drop=True)
