"""What each feedback loop does: the baseline with the loop cut, against the baseline whole."""

import re
from functools import cache

import numpy as np
import xarray as xr

from model import load_scenario, shipped_scenarios, simulate
from model.simulation import loaded_model

SWITCH = re.compile(r"loop (\w+) switch")
OUTPUTS = ("urbanisation_rate_resident", "urbanisation_rate_hukou")


@cache
def loops() -> tuple[str, ...]:
    """Return the names of the loops that the model can cut, in the order of its switches."""
    matches = (SWITCH.fullmatch(str(name)) for name in loaded_model().parameters["name"])
    return tuple(match[1] for match in matches if match)


@cache
def knock_outs(year: int = 2035) -> xr.Dataset:
    """Return what cutting each loop adds to both rates at the end of `year`, in points.

    Dimensions loop and region; all runs are one engine call.
    """
    names = loops()
    baseline = load_scenario(next(path for path in shipped_scenarios() if path.stem == "baseline"))
    count = len(names) + 1
    runs = simulate(
        [baseline] * count,
        outputs=OUTPUTS,
        parameters={
            f"loop {name} switch": np.where(np.arange(count) == index, 0.0, 1.0)
            for index, name in enumerate(names)
        },
    ).sel(time=float(year), drop=True)
    change = runs - runs.isel(scenario=-1, drop=True)
    cut = change.isel(scenario=slice(0, -1)).drop_vars("scenario")
    return cut.rename(scenario="loop").assign_coords(loop=list(names))
