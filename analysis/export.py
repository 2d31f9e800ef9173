"""Results taken away: netCDF or CSV, written whole or not at all, with a manifest beside them."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from analysis.provenance import manifest, sha256
from model.codelists import outputs, regions
from model.scenario import Scenario

SUFFIXES = (".nc", ".csv")


def write_atomically(path: Path, write: Callable[[Path], object]) -> None:
    """Have `write` fill a temporary file beside `path`, then put it in place.

    Whatever interrupts the writing, `path` holds either what it held before or all of the new
    content, and the temporary file is removed. Raises OSError as the system reports it.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        write(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text atomically, its line ends as they are."""
    write_atomically(path, lambda part: part.write_bytes(text.encode("utf-8")))


def write_results(
    dataset: xr.Dataset,
    path: Path,
    scenarios: Sequence[Scenario],
    command: Sequence[str],
    language: str = "zh",
) -> Path:
    """Write a run's dataset to `path` (.nc or .csv) and its manifest; return the manifest's path.

    The CSV is long, with names in `language` and a byte-order mark so that Excel reads it as
    UTF-8. Raises ValueError for another suffix and OSError when the folder cannot be written.
    """
    if path.suffix == ".nc":
        plain = for_netcdf(dataset)
        write_atomically(path, lambda part: plain.to_netcdf(part, engine="h5netcdf"))
    elif path.suffix == ".csv":
        frame = long_frame(dataset, language)
        write_atomically(path, lambda part: frame.to_csv(part, index=False, encoding="utf-8-sig"))
    else:
        raise ValueError(f"{path.name}: expected a name ending in {' or '.join(SUFFIXES)}")
    record = manifest(scenarios, command, plain_value(dataset.attrs.get("invariants")))
    record["file"] = {
        "name": path.name,
        "bytes": path.stat().st_size,
        "sha256": sha256(path),
        "outputs": [str(name) for name in dataset.data_vars],
    }
    beside = path.with_name(path.name + ".manifest.json")
    write_text(beside, json.dumps(record, ensure_ascii=False, indent=1) + "\n")
    return beside


def for_netcdf(dataset: xr.Dataset) -> xr.Dataset:
    """Return the dataset with attributes that netCDF can hold: text, numbers or JSON text."""
    copy = dataset.copy()
    copy.attrs = {str(name): attribute(value) for name, value in dataset.attrs.items()}
    for name in copy.variables:
        held = copy[name].attrs
        copy[name].attrs = {str(key): attribute(value) for key, value in held.items()}
    return copy


def attribute(value: Any) -> str | int | float:
    """Return one attribute as text or number; anything else becomes JSON."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return json.dumps(plain_value(value), ensure_ascii=False)
    return value


def plain_value(value: Any) -> Any:
    """Return a value as plain data for JSON."""
    if isinstance(value, Mapping):
        return {str(key): plain_value(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | list | tuple | set):
        return [plain_value(item) for item in value]
    return value.item() if isinstance(value, np.generic) else value


def long_frame(dataset: xr.Dataset, language: str) -> pd.DataFrame:
    """Return one row per value: scenario, region, year, age and status where they apply, output,
    names and unit in `language`, value."""
    frames = []
    for name, variable in dataset.data_vars.items():
        frame = variable.to_series().rename("value").reset_index()
        output = outputs()[str(name)]
        frame["output"] = output.id
        frame["output_name"] = output.name(language)
        frame["unit"] = output.unit_label(language)
        frames.append(frame)
    long = pd.concat(frames, ignore_index=True)
    long["region_name"] = long["region"].map(lambda code: regions()[code].name(language))
    years = long.pop("time")
    long["year"] = years.astype(int) if (years == years.round()).all() else years
    first = [name for name in ("scenario", "region", "region_name", "year") if name in long]
    last = ["output", "output_name", "value", "unit"]
    dims = [name for name in long.columns if name not in (*first, *last)]
    return long.loc[:, [*first, *dims, *last]]
