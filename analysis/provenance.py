"""Where a result comes from: versions and hashes of everything that decided it."""

import hashlib
import platform
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from model.scenario import Scenario

ROOT = Path(__file__).parent.parent
PACKAGES = ("numpy", "scipy", "pandas", "xarray", "pysd", "llvmlite", "h5netcdf")


def sha256(path: Path) -> str:
    """Return the hex sha256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@cache
def project_version() -> str:
    """Return the version that `pyproject.toml` states."""
    with (ROOT / "pyproject.toml").open("rb") as stream:
        return tomllib.load(stream)["project"]["version"]


def model_files() -> tuple[Path, ...]:
    """Return the files that decide the model's numbers: the .mdl, its tables, the codelists."""
    folder = ROOT / "model"
    found = [*folder.glob("*.mdl"), *folder.glob("*.csv"), *(folder / "data").rglob("*.csv")]
    return tuple(sorted(found))


def hashes(paths: Iterable[Path]) -> dict[str, str]:
    """Return the sha256 of each file by its path within the project."""
    return {path.relative_to(ROOT).as_posix(): sha256(path) for path in paths}


def combined(named: Mapping[str, str]) -> str:
    """Return one sha256 over named hashes: the fingerprint of a set of files."""
    text = "".join(f"{name} {value}\n" for name, value in sorted(named.items()))
    return hashlib.sha256(text.encode()).hexdigest()


def manifest(
    scenarios: Sequence[Scenario], command: Sequence[str], invariants: object = None
) -> dict[str, Any]:
    """Return what a reader needs to repeat a run, as plain data for JSON.

    The model is deterministic: it draws no random numbers, so there is no seed.
    """
    files = hashes(model_files())
    return {
        "project": "rendiqian",
        "version": project_version(),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": list(command),
        "seed": None,
        "scenarios": [
            {
                "id": each.id,
                "title": dict(each.title),
                "region": each.region,
                "fingerprint": each.fingerprint,
                "file": str(each.path) if each.path else None,
                "file_sha256": sha256(each.path) if each.path else None,
            }
            for each in scenarios
        ],
        "model": {"sha256": combined(files), "files": files},
        "invariants": invariants,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": {name: version(name) for name in PACKAGES},
    }
