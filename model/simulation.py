"""`simulate`: scenarios to results, one engine call for any number of them.

No equation of the model is repeated here. Results of the 17 regions are added up to Qingdao and
Shandong by the rules of `outputs.csv`, and flows are averaged over the steps of their year.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

import engine
from model.codelists import Output, levers, outputs, region_ids, regions
from model.invariants import InvariantError, check, variables
from model.scenario import Scenario, load_scenario
from model.tables import MODEL_FILE, check_tables

__all__ = ["InvariantError", "model_fingerprint", "simulate"]

STEP = 0.25
AGE_IDS = (*(f"{start}-{start + 4}" for start in range(0, 85, 5)), "85+")
LABELS = {"Region": "region", "Age": "age", "Status": "status", "Migrant": "migrant"}


@cache
def loaded_model() -> engine.Model:
    """Return the compiled model, its tables checked; read once per process.

    Raises model.rows.TableError when a table's row does not belong to the variable that reads it.
    """
    check_tables(MODEL_FILE)
    return engine.load(MODEL_FILE, time_varying=[lever.variable for lever in levers().values()])


@cache
def model_fingerprint() -> str:
    """Return the sha256 of the equations and of every table they read."""
    digest = hashlib.sha256(MODEL_FILE.read_bytes())
    for path in sorted((MODEL_FILE.parent / "data").glob("*.csv")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


@cache
def region_sums(shown: tuple[str, ...] | None = None) -> np.ndarray:
    """Return the 0-1 matrix (shown, 17) that adds the model's regions up to those shown, all 19
    when None."""
    members = [regions()[code].members for code in shown or regions()]
    return np.array([[float(code in each) for code in region_ids()] for each in members])


def simulate(
    scenarios: Scenario | str | Path | Sequence[Scenario | str | Path],
    *,
    outputs: Iterable[str] | None = None,
    start: int = 2020,
    end: int = 2035,
    parameters: Mapping[str, Any] | None = None,
) -> xr.Dataset:
    """Run one scenario, or a list of them at once.

    `outputs` are ids of the output codelist, all when None; `start` and `end` are year-ends, and a
    start of 2010 is the hindcast. `parameters` replace constants of the model by name, as
    `engine.Model.run` takes them; a leading run axis must have one entry per scenario.

    Returns a dataset with dimensions ([scenario,] region, time[, age, status or migrant]): 19
    regions, one value per year-end. Stocks are those of the year-end; flows are means over the
    year that ends then, per year; at the first year-end they are the rate at the start of the run,
    that is on 1 January of the next year, with the policies then in force. Attributes:
    `units` and `long_name` per output; `fingerprints` of model and scenarios, and `invariants`,
    the largest relative violation of each law.
    Raises InvariantError when a law of the model does not hold, KeyError for an unknown output.
    """
    single = isinstance(scenarios, Scenario | str | Path)
    runs = [
        each if isinstance(each, Scenario) else load_scenario(each)
        for each in ([scenarios] if single else scenarios)
    ]
    if not runs:
        raise ValueError("no scenario to run")
    constants = dict(parameters or {})
    step = float(constants.pop("TIME STEP", STEP))
    outputs = None if outputs is None else list(outputs)
    wanted = resolve(outputs)
    times = np.arange(round((end - start) / step) + 1) * step + start
    result = loaded_model().run(
        {
            **lever_inputs(runs, times),
            **constants,
            "INITIAL TIME": start,
            "FINAL TIME": end,
            "TIME STEP": step,
        },
        outputs=[*model_names(wanted.values()), *variables()],
        runs=len(runs),
    )
    laws = check(result, [run.id for run in runs])
    found = collect(result, wanted, round(1 / step))
    shown = {name: wanted[name] for name in (wanted if outputs is None else outputs)}
    years = times[:: round(1 / step)]
    dataset = dataset_of(found, shown, result, years, None if single else [run.id for run in runs])
    dataset.attrs = {
        "fingerprints": {
            "model": model_fingerprint(),
            "scenarios": {run.id: run.fingerprint for run in runs},
        },
        "invariants": laws,
    }
    return dataset


def resolve(ids: Iterable[str] | None) -> dict[str, Output]:
    """Return the outputs asked for after those they are computed from. Raises KeyError."""
    known = outputs()
    found: dict[str, Output] = {}
    for name in known if ids is None else ids:
        output = known[name]
        if output.rule in ("quotient", "difference"):
            found.update(resolve([output.numerator, output.denominator]))
        found[name] = output
    return found


def model_names(wanted: Iterable[Output]) -> list[str]:
    """Return the model variables that outputs are computed from."""
    names: dict[str, None] = {}
    for output in wanted:
        if output.rule == "sum":
            names[output.variable] = None
        elif output.rule == "ratio":
            names.update(dict.fromkeys((output.numerator, output.denominator)))
    return list(names)


def lever_inputs(runs: Sequence[Scenario], times: np.ndarray) -> dict[str, Any]:
    """Return what the runs change: per lever an array (run, 17), or a path over `times`."""
    inputs: dict[str, Any] = {}
    shape = len(runs), len(times), len(region_ids())
    nothing = np.broadcast_to(np.nan, shape)
    over_time = xr.DataArray(nothing, {"time": times}, ("run", "time", "Region"))
    for lever in levers().values():
        changed = [lever.id in run.levers or lever.id in run.assumptions for run in runs]
        if not any(changed):
            continue
        status_quo = np.array(lever.status_quo)
        values = np.empty(shape)
        values[:] = status_quo
        for i, run in enumerate(runs):
            if changed[i]:
                values[i] = run.lever_values(lever.id, times)
        if (values == status_quo).all():
            continue
        if (values == values[:, :1]).all():
            inputs[lever.variable] = values[:, 0]
        else:
            # a copy, as to make coordinates takes longer than to work out their values
            inputs[lever.variable] = over_time.copy(deep=False, data=values)
    return inputs


def collect(
    result: xr.Dataset,
    wanted: Mapping[str, Output],
    steps: int,
    places: tuple[str, ...] | None = None,
) -> dict[str, np.ndarray]:
    """Return the outputs by run, region and year-end from an engine run, for all 19 regions or
    those in `places`."""
    sums = region_sums(places)
    shown = {}
    for kind in ("stock", "flow"):
        names = model_names(each for each in wanted.values() if each.kind == kind)
        shown[kind] = yearly(result, names, kind, steps, sums)
    found: dict[str, np.ndarray] = {}
    for name, output in wanted.items():
        values = shown.get(output.kind, {})
        if output.rule == "sum":
            found[name] = output.scale * values[output.variable]
        elif output.rule == "ratio":
            over, under = values[output.numerator], values[output.denominator]
            found[name] = output.scale * divide(over, under)
        else:
            first, second = found[output.numerator], found[output.denominator]
            found[name] = divide(first, second) if output.rule == "quotient" else first - second
    return found


def dataset_of(
    found: Mapping[str, np.ndarray],
    shown: Mapping[str, Output],
    result: xr.Dataset,
    years: np.ndarray,
    scenarios: list[str] | None,
    places: tuple[str, ...] | None = None,
) -> xr.Dataset:
    """Return the dataset of the outputs `shown` in the regions `places`, all 19 when None; without
    a scenario dimension for None."""
    ranges = tuple(inner_ranges(result, output) for output in shown.values())
    runs = None if scenarios is None else tuple(scenarios)
    values = {name: found[name][0] if runs is None else found[name] for name in shown}
    return frame(tuple(shown), ranges, runs, tuple(years), places).copy(data=values)


@lru_cache(maxsize=16)
def frame(
    names: tuple[str, ...],
    ranges: tuple[tuple[str, ...], ...],
    scenarios: tuple[str, ...] | None,
    years: tuple[float, ...],
    places: tuple[str, ...] | None,
) -> xr.Dataset:
    """Return a dataset of outputs over region, year and `ranges`, without numbers.

    To make it takes longer than to run the model; it is the same for like calls.
    """
    subscripts = loaded_model().subscripts
    coordinates: dict[str, Any] = {"region": list(places or regions()), "time": np.array(years)}
    for name in dict.fromkeys(each for dims in ranges for each in dims):
        coordinates[LABELS[name]] = element_ids(name, subscripts[name])
    lead = ("region", "time")
    if scenarios is not None:
        coordinates["scenario"] = list(scenarios)
        lead = ("scenario", *lead)
    sizes = {name: len(labels) for name, labels in coordinates.items()}
    variables = {}
    for name, inner in zip(names, ranges, strict=True):
        dims = (*lead, *(LABELS[each] for each in inner))
        nothing = np.broadcast_to(np.nan, [sizes[each] for each in dims])
        variables[name] = xr.Variable(dims, nothing, describe(outputs()[name]))
    return xr.Dataset(variables, coordinates)


def describe(output: Output) -> dict[str, str]:
    """Return the attributes of an output."""
    return {
        "units": output.unit,
        "long_name": output.name_zh,
        "long_name_en": output.name_en,
    }


def inner_ranges(result: xr.Dataset, output: Output) -> tuple[str, ...]:
    """Return the subscript ranges of an output beside the region."""
    if output.rule != "sum":
        return ()
    return tuple(str(name) for name in result.variables[output.variable].dims[3:])


def divide(over: np.ndarray, under: np.ndarray) -> np.ndarray:
    """Return a quotient, NaN where there is nothing to divide by."""
    return np.divide(over, under, out=np.full_like(over, np.nan), where=under != 0)


def yearly(
    result: xr.Dataset, names: Sequence[str], kind: str, steps: int, sums: np.ndarray
) -> dict[str, np.ndarray]:
    """Return model variables at year-ends, each (run, region, year, ...), for the regions that
    `sums` (region, 17) adds up.

    They have dimensions run, time, Region and others, and are worked out together. Under the
    model's constant steps a stock changes by exactly the mean of a flow over the steps of the
    year, so a flow reported this way adds up with the stocks.
    """
    if not names:
        return {}
    every = steps if kind == "stock" else 1
    arrays = [result.variables[name].to_numpy()[:, ::every] for name in names]
    if len(sums) == 1:  # added up first, as a seventeenth is left to copy and average then
        arrays = [np.moveaxis(np.moveaxis(each, 2, -1) @ sums.T, -1, 2) for each in arrays]
        sums = np.ones((1, 1))
    shapes = [array.shape for array in arrays]
    flat = [array.reshape(*array.shape[:3], -1) for array in arrays]
    array = np.concatenate(flat, axis=3)
    if kind == "flow":
        years = (array.shape[1] - 1) // steps
        inside = array[:, : years * steps]
        inside = inside.reshape(len(array), years, steps, *array.shape[2:])
        array = np.concatenate([array[:, :1], inside.mean(axis=2)], axis=1)
    shown = np.moveaxis(sums @ array, 1, 2)
    ends = np.cumsum([part.shape[3] for part in flat])
    return {
        name: part.reshape(*part.shape[:3], *shape[3:])
        for name, shape, part in zip(names, shapes, np.split(shown, ends[:-1], axis=3), strict=True)
    }


def element_ids(range_name: str, elements: Sequence[str]) -> list[str]:
    """Return the ids that results carry for the elements of a subscript range."""
    if range_name == "Age":
        return list(AGE_IDS)
    return [element.replace(" ", "_") for element in elements]
