"""The cache on disk: used when sound, rebuilt when not, shared between processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import engine
from engine.cache import VARIABLE, Cache

EQUATIONS = "a = 2 ~~| x = INTEG(a*x, 1) ~~| y = EXP(x/100) ~~|"
RUN = """
import sys
import engine
result = engine.load(sys.argv[1]).run()
print(repr(float(result["y"].values[-1])), "pysd" in sys.modules)
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    monkeypatch.setenv(VARIABLE, str(folder))
    return folder


def run(path) -> float:
    return float(engine.load(path).run()["y"].values[-1])


def test_everything_compiled_is_found_again(write, folder):
    path = write(EQUATIONS)
    expected = run(path)
    written = {p: p.stat().st_mtime_ns for p in folder.iterdir()}
    assert {p.suffix for p in written} == {".o", ".json"}
    assert run(path) == expected
    assert {p: p.stat().st_mtime_ns for p in folder.iterdir()} == written


@pytest.mark.parametrize("damage", [b"", b"foreign", None])
def test_a_damaged_cache_is_rebuilt(write, folder, damage):
    path = write(EQUATIONS)
    expected = run(path)
    for file in folder.iterdir():
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 0xFF
        file.write_bytes(content if damage is None else damage)
    assert run(path) == expected
    cache = Cache()
    assert all(cache.load(file.name) is not None for file in folder.iterdir())


def test_the_oldest_files_are_forgotten(folder, monkeypatch):
    monkeypatch.setattr("engine.cache.MOST_FILES", 3)
    cache = Cache()
    for i in range(5):
        cache.store(f"{i}.o", b"content")
        os.utime(folder / f"{i}.o", (i, i))
    cache.store("5.o", b"content")
    assert sorted(p.name for p in folder.iterdir()) == ["3.o", "4.o", "5.o"]


def test_a_file_of_another_name_is_not_taken_for_this_one(folder):
    cache = Cache()
    cache.store("a.o", b"content")
    (folder / "a.o").rename(folder / "b.o")
    assert cache.load("b.o") is None


def test_a_changed_table_is_read_again(write, folder, tmp_path):
    table = tmp_path / "numbers.csv"
    table.write_text("name,value\na,3\n")
    path = write("a = GET DIRECT CONSTANTS('numbers.csv', ',', 'B2') ~~| y = a*2 ~~|")
    assert run(path) == 6
    table.write_text("name,value\na,5\n")
    assert run(path) == 10


def test_an_unwritable_cache_does_no_harm(write, tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv(VARIABLE, str(blocked))
    path = write(EQUATIONS)
    first = run(path)
    monkeypatch.setenv(VARIABLE, "")
    assert run(path) == first


def test_two_processes_compiling_at_once_agree_and_a_warm_start_skips_the_parser(write, folder):
    path = write(EQUATIONS)
    root = Path(engine.__file__).parents[1]
    environment = os.environ | {VARIABLE: str(folder), "PYTHONPATH": str(root)}
    command = [sys.executable, "-c", RUN, str(path)]

    def start():
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)

    together = [start(), start()]
    outputs = [p.communicate(timeout=60)[0].split() for p in together]
    assert all(p.returncode == 0 for p in together)
    assert outputs[0][0] == outputs[1][0]
    warm = start().communicate(timeout=60)[0].split()
    assert warm == [outputs[0][0], "False"]
    assert sorted(p.suffix for p in folder.iterdir()) == [".json", ".o"]
