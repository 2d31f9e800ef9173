"""Results written whole or not at all, readable again, with a manifest that tells their origin."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from analysis.export import whole, write_results
from analysis.provenance import ROOT, manifest, model_files, sha256
from model import load_scenario, outputs, regions
from model.scenario.files import SCENARIOS


def dataset() -> xr.Dataset:
    shape = (2, 3)
    coords = {"region": ["shandong", "pingdu"], "time": [2020.0, 2021.0, 2022.0]}
    data = {
        "debt": (("region", "time"), np.arange(6.0).reshape(shape), {"units": "100m yuan"}),
        "population_by_age": (("region", "time", "age"), np.ones((*shape, 2))),
    }
    attrs = {"fingerprints": ["a", "b"], "invariants": {"money": True, "worst": np.float64(1e-9)}}
    return xr.Dataset(data, coords={**coords, "age": ["0-4", "5-9"]}, attrs=attrs)


def write(path: Path, language: str = "zh") -> dict:
    scenario = load_scenario(SCENARIOS / "open_settling.yaml")
    beside = write_results(dataset(), path, [scenario], ["cli.py", "run"], language)
    return json.loads(beside.read_text(encoding="utf-8"))


def test_netcdf_reads_back_the_same(tmp_path: Path) -> None:
    path = tmp_path / "out.nc"
    write(path)
    with xr.open_dataset(path) as found:
        xr.testing.assert_equal(found, dataset())
        assert found["debt"].attrs["units"] == "100m yuan"
        assert json.loads(found.attrs["invariants"]) == {"money": True, "worst": 1e-9}


def test_csv_opens_in_excel_and_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write(path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    frame = pd.read_csv(path, encoding="utf-8-sig")
    assert list(frame.columns[:4]) == ["region", "region_name", "year", "age"]
    debt = frame[(frame["output"] == "debt") & (frame["region"] == "pingdu")]
    assert debt["value"].tolist() == [3.0, 4.0, 5.0]
    assert debt["year"].tolist() == [2020, 2021, 2022]
    assert set(debt["region_name"]) == {regions()["pingdu"].name_zh}
    assert set(debt["output_name"]) == {outputs()["debt"].name_zh}
    assert set(debt["unit"]) == {outputs()["debt"].unit_zh}
    assert len(frame) == 6 + 12


def test_csv_in_english(tmp_path: Path) -> None:
    write(tmp_path / "out.csv", "en")
    frame = pd.read_csv(tmp_path / "out.csv", encoding="utf-8-sig")
    assert set(frame["region_name"]) == {"Shandong", "Pingdu"}


def test_the_manifest_tells_where_the_file_comes_from(tmp_path: Path) -> None:
    path = tmp_path / "out.nc"
    record = write(path)
    scenario = load_scenario(SCENARIOS / "open_settling.yaml")
    assert record["command"] == ["cli.py", "run"]
    assert record["file"]["sha256"] == sha256(path)
    assert record["file"]["outputs"] == ["debt", "population_by_age"]
    assert record["scenarios"][0]["fingerprint"] == scenario.fingerprint
    assert record["scenarios"][0]["file_sha256"] == sha256(SCENARIOS / "open_settling.yaml")
    assert record["invariants"] == {"money": True, "worst": 1e-9}
    assert record["packages"]["numpy"] == np.__version__
    assert record["seed"] is None


def test_the_manifest_hashes_the_model_and_its_data() -> None:
    files = manifest([], [])["model"]["files"]
    assert {"model/levers.csv", "model/outputs.csv", "model/urbanisation.mdl"} <= set(files)
    assert any(name.startswith("model/data/") for name in files)
    assert files["model/levers.csv"] == sha256(ROOT / "model" / "levers.csv")
    assert len(files) == len(model_files())


def test_nothing_is_left_when_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("before", encoding="utf-8")

    def interrupted() -> None:
        with whole(path, tmp_path / "other") as (part, _):
            part.write_text("half", encoding="utf-8")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_both_files_stay_as_they_were_when_the_manifest_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "out.csv")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("analysis.export.manifest", fail)
    with pytest.raises(OSError, match="disk full"):
        write(tmp_path / "out.csv", "en")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_result_never_stands_before_its_manifest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed: list[str] = []
    replace = Path.replace

    def watched(self: Path, target: Path) -> Path:
        assert {each.suffix for each in tmp_path.glob(".*")} == {".part"}
        placed.append(target.name)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", watched)
    write(tmp_path / "out.nc")
    assert placed == ["out.nc.manifest.json", "out.nc"]


def test_files_of_a_killed_writer_are_removed_and_those_of_a_running_one_kept(
    tmp_path: Path,
) -> None:
    path = tmp_path / "out.csv"
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left, mine = (tmp_path / f".out.csv.{each}.part" for each in (dead.pid, os.getppid()))
    others = [tmp_path / ".out.csv.notes.part", tmp_path / ".other.csv.1.part"]
    for each in (left, mine, *others):
        each.write_text("half", encoding="utf-8")
    with whole(path) as (part,):
        part.write_text("new", encoding="utf-8")
    assert sorted(tmp_path.iterdir()) == sorted([path, mine, *others])


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"out\.xls: expected a name ending in \.nc or \.csv"):
        write(tmp_path / "out.xls")
