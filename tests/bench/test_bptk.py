"""BPTK-Py as a peer, as far as it can be tested without it: what it is told, what is believed."""

import json
from pathlib import Path

import numpy as np
import pytest

import engine
from bench.bptk import NoFigures, check, interpreter
from bench.bptk_export import CannotExport, exported
from bench.cases import CASES
from engine.cache import Cache, read_cached

TOWNS = """{UTF-8}
Town: north, south ~ ~ |
pull[Town] = 2, 3 ~ 1 ~ |
people[Town] = INTEG(pull[Town] * 10 - people[Town] / SUM(pull[Town!]), 5) ~ person ~ |
effect((0,1),(2,3)) ~ 1 ~ |
felt[Town] = effect(people[Town]) ~ 1 ~ |
INITIAL TIME = 0 ~ year ~ |
FINAL TIME = 4 ~ year ~ |
TIME STEP = 0.5 ~ year ~ |
SAVEPER = 1 ~ year ~ |
"""


def written(folder: Path, text: str) -> dict:
    path = folder / "model.mdl"
    path.write_text(text, encoding="utf-8")
    return json.loads(exported(read_cached(path, Cache())))


def test_each_element_becomes_a_variable_and_a_sum_a_call(tmp_path: Path) -> None:
    model = written(tmp_path, TOWNS)
    assert model["specs"] == {"starttime": 0, "stoptime": 4, "dt": 0.5}
    constants = {c["name"]: c["equation"]["value"] for c in model["entities"]["constants"]}
    assert constants == {"pull[0]": 2, "pull[1]": 3}
    south = model["entities"]["stocks"][1]
    assert south["name"] == "people[1]"
    assert south["initial_value"]["value"] == 5
    loss = south["equation"]["right"]
    assert loss["left"] == {"type": "ref", "name": "people[1]"}
    assert [a["name"] for a in loss["right"]["args"]] == ["pull[0]", "pull[1]"]


def test_a_lookup_is_read_by_the_name_of_its_points(tmp_path: Path) -> None:
    model = written(tmp_path, TOWNS)
    assert model["graphical_functions"] == {"effect[0]": {"points": [[0, 1], [2, 3]]}}
    felt = model["entities"]["converters"][0]["equation"]
    assert felt["function"] == "lookup"
    assert felt["args"][1]["value"] == "effect[0]"


def test_what_the_other_engine_lacks_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotExport, match="sinh"):
        written(tmp_path, TOWNS + "bent = SINH(Time) ~ 1 ~ |\n")


def test_results_that_are_not_ours_are_not_timed(tmp_path: Path) -> None:
    case = CASES["sir"]
    source = case.ours(tmp_path)
    found = engine.load(source).run(outputs=list(case.outputs), times=list(case.times))
    ours = np.array([found[name].to_numpy() for name in case.outputs])
    check(case, source, ours)
    with pytest.raises(NoFigures, match=r"computes something else \(by 1\.0e-06\)"):
        check(case, source, ours * (1 + 1e-6))


def test_an_environment_that_cannot_be_made_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bench.bptk.sys.executable", "/bin/false")
    with pytest.raises(NoFigures, match="not installed"):
        interpreter(tmp_path / "none")
    assert not (tmp_path / "none" / "ready").exists()
