"""The README's table of constructs is the one the code has."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import engine
from engine.functions import EXPANSIONS, REDUCTIONS

README = (Path(engine.__file__).parent / "README.md").read_text(encoding="utf-8")


def test_every_function_is_in_the_readme():
    names = {n.removeprefix("X").upper().replace("_", " ") for n in [*EXPANSIONS, *REDUCTIONS]}
    assert not [n for n in names if f"`{n}`" not in README and n not in README]


def test_every_stage_is_in_the_readme():
    stages = {p.stem for p in Path(engine.__file__).parent.glob("*.py")} - {"__init__"}
    known = {"errors", "ir", "evaluate", "functions", "subscripts", "driver"}
    assert not [s for s in stages - known if f"`{s}`" not in README]


def test_the_folder_stands_alone():
    allowed = {"engine", "llvmlite", "numpy", "pandas", "platformdirs", "pysd", "xarray"}
    for source in Path(engine.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            roots = {n.split(".")[0] for n in names}
            assert roots <= allowed | sys.stdlib_module_names, (source.name, roots)
