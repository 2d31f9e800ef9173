"""Results taken away: netCDF or CSV, written whole or not at all, with a manifest beside them."""

import contextlib
import glob
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from analysis.provenance import manifest, sha256
from model.codelists import outputs, regions
from model.scenario import Scenario

SUFFIXES = (".nc", ".csv")


@contextlib.contextmanager
def whole(*paths: Path) -> Iterator[list[Path]]:
    """Give a temporary file beside each path; when the block ends well, put them in place.

    Whatever interrupts the block, each path holds either what it held before or all of the new
    content, and the temporary files are removed; those of a process that was killed are removed by
    the next to write the same path. Raises OSError as the system reports it.
    """
    temporary = [path.with_name(f".{path.name}.{os.getpid()}.part") for path in paths]
    try:
        for path in paths:
            remove_leftovers(path)
        yield temporary
        for part, path in zip(temporary, paths, strict=True):
            part.replace(path)
    finally:
        for part in temporary:
            part.unlink(missing_ok=True)


def remove_leftovers(path: Path) -> None:
    """Remove the temporary files beside `path` whose process is no more."""
    for part in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
        process = part.name.removesuffix(".part").rpartition(".")[2]
        if process.isdecimal() and not running(int(process)):
            # A system that has no such file any more, or keeps it for a program, may do so.
            with contextlib.suppress(OSError):
                part.unlink()


def running(process: int) -> bool:
    """Say whether a process may still be writing. Windows keeps files that are open from removal,
    so none needs to be asked for there."""
    if os.name == "nt":
        return False
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text whole or not at all, its line ends as they are."""
    with whole(path) as (part,):
        part.write_bytes(text.encode("utf-8"))


def write_results(
    dataset: xr.Dataset,
    path: Path,
    scenarios: Sequence[Scenario],
    command: Sequence[str],
    language: str = "zh",
) -> Path:
    """Write a run's dataset to `path` (.nc or .csv) and its manifest; return the manifest's path.

    The CSV is long, with names in `language` and a byte-order mark so that Excel reads it as
    UTF-8. Both files are complete before either is put in place, the manifest first: it holds the
    sha256 of its result, so that a pair that an interruption parted is known by it.
    Raises ValueError for another suffix and OSError when the folder cannot be written.
    """
    if path.suffix not in SUFFIXES:
        raise ValueError(f"{path.name}: expected a name ending in {' or '.join(SUFFIXES)}")
    beside = path.with_name(path.name + ".manifest.json")
    with whole(beside, path) as (record, part):
        if path.suffix == ".nc":
            for_netcdf(dataset).to_netcdf(part, engine="h5netcdf")
        else:
            long_frame(dataset, language).to_csv(part, index=False, encoding="utf-8-sig")
        told = manifest(scenarios, command, plain_value(dataset.attrs.get("invariants")))
        told["file"] = {
            "name": path.name,
            "bytes": part.stat().st_size,
            "sha256": sha256(part),
            "outputs": [str(name) for name in dataset.data_vars],
        }
        text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
        record.write_bytes(text.encode("utf-8"))
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
