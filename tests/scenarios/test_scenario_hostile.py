"""Files made to harm are refused quickly, with a message, and run nothing."""

import itertools
import os
import sys
import time
from pathlib import Path

import pytest

from model import ScenarioError, load_scenario, read_scenario
from model.scenario.yaml import BYTES_LIMIT

LAUGHS = "a: &a [lol, lol, lol, lol]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}, *{a}, *{a}]\n" for a, b in itertools.pairwise("abcdefghi")
)
FILES = {
    "billion laughs": (LAUGHS, "alias"),
    "two megabytes": ("title: {en: a}\n" + "# " + "x" * 2_000_000, "too_large"),
    "two megabytes of bytes": (b"\xff" * 2_000_000, "too_large"),
    "deep flow nesting": ("title: " + "[" * 50_000, "too_deep"),
    "deep block nesting": (
        "title:\n" + "".join(" " * depth + "a:\n" for depth in range(1, 400)),
        "too_deep",
    ),
    "many items": ("targets: [" + "a, " * 30_000 + "]", "too_many"),
    "merge key": ("title: {en: a}\nregion: yantai\n<<: {region: pingdu}\n", "unknown_key"),
    "python object": ("title: !!python/object/apply:os.abort []\n", "tag"),
    "null bytes": ("title: {en: a\0b}\n", "character"),
    "only tabs": ("\t" * 1000, "tab"),
    "utf-16": ("title: {en: a}\n".encode("utf-16"), "not_utf8"),
    "long number": (f"title: {{en: a}}\nlevers: {{debt_ceiling: {'9' * 9999}}}", "out_of_range"),
    "long key": (f"title: {{en: a}}\n? {'k' * 60_000}\n: 1\n", "unknown_key"),
}


@pytest.mark.parametrize("name", FILES)
def test_hostile_text_is_refused_within_two_seconds(name: str) -> None:
    text, code = FILES[name]
    start = time.perf_counter()
    with pytest.raises(ScenarioError) as caught:
        read_scenario(text, "x.yaml")
    message = caught.value.render("en")
    assert time.perf_counter() - start < 2
    assert code in {problem.code for problem in caught.value.problems}
    assert len(message) < 20_000


def test_reading_a_tag_runs_no_code(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    text = f"title: {{en: a}}\nnote: !!python/object/apply:os.mkdir ['{mark}']\n"
    with pytest.raises(ScenarioError):
        read_scenario(text, "x.yaml")
    assert not mark.exists()


def test_a_file_just_within_the_limit_is_read() -> None:
    head = "title: {en: a}\n#"
    scenario = read_scenario(head + "x" * (BYTES_LIMIT - len(head)), "x.yaml")
    assert scenario.title["en"] == "a"


def test_text_without_a_file_may_extend_shipped_scenarios_only(tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("title: {en: secret}\n", encoding="utf-8")
    for name in (str(secret), os.path.relpath(secret), "./baseline.yaml", "a\\0b", "x" * 5000):
        with pytest.raises(ScenarioError) as caught:
            read_scenario(f'title: {{en: a}}\nextends: "{name}"\n', "x.yaml")
        assert [problem.code for problem in caught.value.problems] == ["extends_missing"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_a_pipe_does_not_block(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    with pytest.raises(ScenarioError) as caught:
        load_scenario(pipe)
    assert [problem.code for problem in caught.value.problems] == ["not_a_file"]


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b.yaml", "no/such/folder/a.yaml"])
def test_impossible_file_names(name: str) -> None:
    with pytest.raises(ScenarioError):
        load_scenario(name)
