"""Imports run one way, and every folder may know only the folders before it."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ALLOWED = {
    "engine": set(),
    "model": {"engine"},
    "calibration": {"engine", "model"},
    "analysis": {"engine", "model", "calibration"},
    "views": {"engine", "model", "calibration", "analysis"},
    "cli_parser.py": {"engine", "model", "calibration", "analysis"},
    "cli_output.py": {"engine", "model", "calibration", "analysis"},
    "cli.py": {"engine", "model", "calibration", "analysis", "cli_parser", "cli_output"},
    "app.py": {"engine", "model", "calibration", "analysis", "views"},
    "bench": {"engine", "model", "calibration", "analysis"},
}
OURS = {name.removesuffix(".py") for name in ALLOWED}


def imported(path: Path) -> set[str]:
    """Return the top-level packages that a Python file imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("place", ALLOWED)
def test_imports_run_one_way(place: str) -> None:
    files = [ROOT / place] if place.endswith(".py") else sorted((ROOT / place).rglob("*.py"))
    assert files, f"{place} holds no Python file"
    for path in files:
        foreign = imported(path) & OURS - ALLOWED[place] - {place.removesuffix(".py")}
        assert not foreign, f"{path.relative_to(ROOT)} imports {sorted(foreign)}"
