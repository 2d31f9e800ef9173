"""The README's table of constructs is the one the code has."""

from __future__ import annotations

import ast
import sys
import warnings
from pathlib import Path

import engine
from engine import constructs
from engine.translate import Translator

README = (Path(engine.__file__).parent / "README.md").read_text(encoding="utf-8")


def test_the_table_of_constructs_is_current():
    assert constructs.FILE.read_text(encoding="utf-8") == constructs.table()


def test_every_construct_that_pysd_names_is_compiled():
    """Those of its two parsers and those of its builder."""
    with warnings.catch_warnings(action="ignore"):
        named, compiled = constructs.languages_of(), constructs.functions()
    assert not set(named) - set(compiled)
    assert all(compiled.values())


def test_every_syntax_that_pysd_makes_is_read():
    with warnings.catch_warnings(action="ignore"):
        from pysd.translators.structures import abstract_expressions
    classes = {n for n in vars(abstract_expressions) if n.endswith("Structure")}
    definitions = {"LookupsStructure", "DataStructure", "SubscriptsReferenceStructure"}
    tables = {f"Get{what}Structure" for what in ("Constants", "Data", "Lookups")}
    read = {n.removeprefix("_") for n in dir(Translator)}
    assert not classes - read - definitions - tables


def test_every_stage_is_in_the_readme():
    stages = {p.stem for p in Path(engine.__file__).parent.glob("*.py")} - {"__init__"}
    known = {"errors", "ir", "evaluate", "functions", "subscripts", "driver", "constructs"}
    assert not [s for s in stages - known if f"`{s}`" not in README]


def test_the_folder_stands_alone():
    allowed = {"engine", "llvmlite", "numpy", "pandas", "platformdirs", "pysd", "xarray"}
    for source in Path(engine.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            roots = {n.split(".")[0] for n in names}
            assert roots <= allowed | sys.stdlib_module_names, (source.name, roots)
