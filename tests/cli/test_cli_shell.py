"""The command line as a shell runs it: results on real input, files whole, streams well-behaved."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
import xarray as xr

from model import load_scenario, outputs, regions
from model.scenario.files import SCENARIOS

ROOT = SCENARIOS.parent


def shell(*words: str, cwd: Path = ROOT, **changes: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), *words],
        cwd=cwd,
        capture_output=True,
        env={**os.environ, **changes},
        timeout=300,
        check=False,
    )


def test_run_writes_netcdf_and_its_manifest(tmp_path: Path) -> None:
    path = tmp_path / "out.nc"
    done = shell("run", "scenarios/baseline.yaml", "-o", str(path))
    assert done.returncode == 0, done.stderr.decode()
    with xr.open_dataset(path) as found:
        assert set(found.data_vars) == set(outputs())
        assert found["region"].to_numpy().tolist() == list(regions())
        assert found["time"].to_numpy().tolist() == list(range(2020, 2036))
        rate = found["urbanisation_rate_resident"].sel(region="shandong", time=2020.0)
        assert float(rate) == pytest.approx(100 * 64_014_254 / 101_527_453, abs=0.01)
    record = json.loads((tmp_path / "out.nc.manifest.json").read_text(encoding="utf-8"))
    fingerprint = load_scenario(SCENARIOS / "baseline.yaml").fingerprint
    assert record["scenarios"][0]["fingerprint"] == fingerprint
    assert {each.name for each in tmp_path.iterdir()} == {"out.nc", "out.nc.manifest.json"}


def test_run_writes_the_outputs_asked_for_to_csv(tmp_path: Path) -> None:
    words = ("--outputs", "urbanisation_rate_resident,debt", "--end", "2030")
    done = shell("run", "scenarios/county_towns.yaml", "-o", "out.csv", *words, cwd=tmp_path)
    assert done.returncode == 1
    file = str(SCENARIOS / "county_towns.yaml")
    done = shell("run", file, "-o", "out.csv", *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    frame = pd.read_csv(tmp_path / "out.csv", encoding="utf-8-sig")
    assert set(frame["output"]) == {"urbanisation_rate_resident", "debt"}
    assert set(frame["year"]) == set(range(2020, 2031))
    assert len(frame) == 2 * 19 * 11


def test_run_prints_targets_and_results_in_utf8_on_any_terminal() -> None:
    done = shell("run", "scenarios/baseline.yaml", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert done.returncode == 0, done.stderr.decode()
    text = done.stdout.decode("utf-8")
    assert "山东省的目标" in text
    assert "常住人口城镇化率" in text


def test_run_as_json_agrees_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "out.nc"
    done = shell("run", "scenarios/baseline.yaml", "--json", "--region", "pingdu", "-o", str(path))
    assert done.returncode == 0, done.stderr.decode()
    found = json.loads(done.stdout)
    assert found["region"] == "pingdu"
    assert [each["id"] for each in found["targets"]] == [
        "pingdu_residents_2035",
        "pingdu_gdp_per_person_2035",
    ]
    with xr.open_dataset(path) as dataset:
        residents = dataset["resident_population"].sel(region="pingdu", time=2035.0)
        assert found["targets"][0]["value"] == pytest.approx(float(residents))
        assert found["outputs"]["resident_population"]["values"]["2035"] == float(residents)


def test_compare_prints_targets_differences_and_levers(tmp_path: Path) -> None:
    files = ("scenarios/baseline.yaml", "scenarios/open_settling.yaml")
    done = shell("compare", *files, "--lang", "en")
    assert done.returncode == 0, done.stderr.decode()
    text = done.stdout.decode()
    assert "Targets of Shandong" in text
    assert "Shandong: difference from Baseline, 2035" in text
    assert "Openness of settling" in text


def test_compare_writes_one_file_with_a_scenario_dimension(tmp_path: Path) -> None:
    path = tmp_path / "both.nc"
    files = ("scenarios/baseline.yaml", "scenarios/open_settling.yaml")
    done = shell("compare", *files, "-o", str(path), "--outputs", "hukou_conversions")
    assert done.returncode == 0, done.stderr.decode()
    with xr.open_dataset(path) as found:
        assert found.sizes["scenario"] == 2
        settlers = found["hukou_conversions"].sel(region="shandong", time=2025.0)
        assert float(settlers[1]) > float(settlers[0])


def test_two_runs_give_the_same_figures(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        done = shell("run", "scenarios/baseline.yaml", "-o", str(tmp_path / name))
        assert done.returncode == 0, done.stderr.decode()
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_a_reader_that_stops_early_is_no_error() -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as closed:
        done = subprocess.run(
            [sys.executable, "cli.py", "validate", "scenarios/combined_package.yaml"],
            cwd=ROOT,
            stdout=closed,
            stderr=subprocess.PIPE,
            timeout=300,
            check=False,
        )
    assert done.returncode == 0
    assert done.stderr == b""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_stopped_run_leaves_no_partial_file(tmp_path: Path, number: signal.Signals) -> None:
    words = ["run", "scenarios/baseline.yaml", "-o", str(tmp_path / "out.nc"), "--end", "2050"]
    process = subprocess.Popen(
        [sys.executable, "cli.py", *words],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(1.0)
    process.send_signal(number)
    assert process.wait(timeout=60) in (0, 130, 128 + number, -number)
    left = {each.name for each in tmp_path.iterdir()}
    assert left in (set(), {"out.nc.manifest.json"}, {"out.nc", "out.nc.manifest.json"})
    for name in left & {"out.nc"}:
        with xr.open_dataset(tmp_path / name) as found:
            assert set(found.data_vars) == set(outputs())
