"""One scenario over the draws of the posterior, in one engine call."""

from collections.abc import Iterable

import numpy as np
import xarray as xr

from calibration.outlook import outlook
from calibration.posterior import Posterior, posterior
from model import Scenario, levers
from model.invariants import refuse_faults
from model.simulation import (
    STEP,
    collect,
    dataset_of,
    lever_inputs,
    loaded_model,
    model_names,
    resolve,
)

START = 2020


def ensemble(
    scenario: Scenario,
    outputs: Iterable[str],
    *,
    draws: int | None = None,
    start: int = START,
    end: int = 2035,
    region: str | None = None,
    found: Posterior | None = None,
) -> xr.Dataset:
    """Return outputs of a scenario for the posterior's draws, dimensions draw, region, time.

    Values, regions and times are as `model.simulate` gives them. Draws differ in the calibrated
    parameters and in what drives the province from outside; an assumption that the scenario sets
    itself is as the scenario says in every draw. A `start` of 2010 is the hindcast. `draws` takes
    the first so many, all when None; `region` keeps one region alone, which spares memory and
    time; `found` replaces the committed posterior. Raises KeyError for an unknown output or region,
    ValueError for too many draws, and model.InvariantError when a run is not finite.
    """
    found = posterior() if found is None else found
    found = found if draws is None else found.first(draws)
    wanted = resolve(ids := list(outputs))
    times = np.arange(round((end - start) / STEP) + 1) * STEP + start
    given = {
        name: value.isel(run=0) if isinstance(value, xr.DataArray) else value[0]
        for name, value in lever_inputs([scenario], times).items()
    }
    paths = outlook(found.count, end, found.manifest["seed"]) if end > START else {}
    drivers = {
        levers()[name].variable: values
        for name, values in paths.items()
        if name not in scenario.assumptions
    }
    result = loaded_model().run(
        {
            **given,
            **found.inputs,
            **drivers,
            "INITIAL TIME": start,
            "FINAL TIME": end,
            "TIME STEP": STEP,
        },
        outputs=model_names(wanted.values()),
    )
    refuse_faults(result, [f"{scenario.id}, draw {draw}" for draw in range(found.count)])
    steps = round(1 / STEP)
    places = None if region is None else (region,)
    values = collect(result, wanted, steps, places)
    shown = {name: wanted[name] for name in ids}
    numbers = [str(draw) for draw in range(found.count)]
    dataset = dataset_of(values, shown, result, times[::steps], numbers, places)
    return dataset.rename(scenario="draw").drop_vars("draw")
