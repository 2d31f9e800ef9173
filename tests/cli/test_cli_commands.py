"""The commands from inside: what they print, what they refuse, and how they end."""

import csv
import json
import math
import re
import shutil
from pathlib import Path

import pytest

import cli
import model
from model import ScenarioError, codelists, load_scenario, read_scenario
from model.scenario.files import SCENARIOS

BASELINE = str(SCENARIOS / "baseline.yaml")
OPEN = str(SCENARIOS / "open_settling.yaml")
BAD = "title: {zh: 1}\nlevers: {setling_openness: 0.5, linkage_strength: 3}\n"


@pytest.fixture
def bad(tmp_path: Path) -> str:
    path = tmp_path / "bad.yaml"
    path.write_text(BAD, encoding="utf-8")
    return str(path)


def ends(words: list[str]) -> object:
    """Return the exit code of a command line that argparse ends by itself."""
    with pytest.raises(SystemExit) as caught:
        cli.main(words)
    return caught.value.code


def test_a_refusal_is_json_where_a_program_reads(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["run", BASELINE, "-o", "results.xlsx", "--json", "--lang", "en"]
    assert cli.main(words) == 1
    told = capsys.readouterr()
    found = json.loads(told.out)
    assert found["exit_code"] == 1
    assert "results.xlsx" in found["error"]
    assert not told.err
    assert cli.main([w for w in words if w != "--json"]) == 1
    told = capsys.readouterr()
    assert not told.out
    assert told.err.strip() == found["error"]


def test_validate_prints_the_resolved_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["validate", OPEN]) == 0
    printed = capsys.readouterr().out
    assert "有效" in printed
    again = read_scenario(printed, "again.yaml")
    assert again.fingerprint == load_scenario(OPEN).fingerprint
    assert again.fingerprint in printed


def test_validate_reports_every_problem_of_every_file(
    bad: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["validate", bad, BASELINE, "missing.yaml", "--lang", "en"]) == 1
    out, err = capsys.readouterr()
    assert f"{bad}:1:13: " in err
    assert f"{bad}:2:10: " in err
    assert "did you mean settling_openness?" in err
    assert f"{bad}:2:51: " in err
    assert "missing.yaml: no such file" in err
    assert "valid: " in out


def test_validate_as_json(bad: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["validate", bad, OPEN, "--json"]) == 1
    refused, valid = json.loads(capsys.readouterr().out)
    assert refused["valid"] is False
    places = [(each["code"], each["line"], each["column"]) for each in refused["problems"]]
    assert places == [
        ("expected_text", 1, 13),
        ("unknown_lever", 2, 10),
        ("out_of_range", 2, 51),
    ]
    assert valid["fingerprint"] == load_scenario(OPEN).fingerprint


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("command", ["validate", "run", "compare", "export"])
def test_every_command_has_help_with_an_example(
    command: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ends([command, "--help", f"--lang={language}"]) == 0
    text = capsys.readouterr().out
    assert f"python cli.py {command} scenarios/" in text
    assert ("例：" in text) == (language == "zh")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_help_of_all_names_every_command_and_the_exit_codes(
    language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ends(["--lang", language, "--help"]) == 0
    text = capsys.readouterr().out
    assert all(f"python cli.py {name}" in text for name in cli.COMMANDS)
    assert "80%" in text or language == "zh"
    assert "%%" not in text
    for code in (0, 1, 2, 3, 130):
        assert re.search(rf"^  {code} +\S", text, re.MULTILINE)


@pytest.mark.parametrize(("found", "meant"), [("烟台", "yantai"), ("Weihai", "weihai")])
def test_a_region_is_known_by_its_name(
    found: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ends(["run", BASELINE, "--region", found, "--lang=en"]) == 2
    assert f"did you mean {meant}?" in capsys.readouterr().err
    assert ends(["run", BASELINE, "--outputs", "债务率（债务/GDP）", "--lang=en"]) == 2
    assert "did you mean debt_ratio?" in capsys.readouterr().err


def test_scenarios_that_are_the_same_are_said_to_be(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["compare", BASELINE, OPEN, BASELINE, "--lang=en"]) == 0
    told = capsys.readouterr().err.splitlines()
    assert told == ["note: baseline and baseline set the same values; their results are the same"]


def test_what_is_not_printed_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["run", BASELINE, "--outputs", "population_by_age,debt"]) == 0
    shown = capsys.readouterr()
    assert "政府债务余额" in shown.out
    assert "population_by_age" in shown.err
    assert "debt" not in shown.err
    assert cli.main(["run", BASELINE, "--outputs", "population_by_age"]) == 0
    assert "主要结果" not in capsys.readouterr().out


def test_a_target_is_first_met_in_a_calendar_year(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["run", BASELINE, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["targets"]
    assert cli.main(["run", BASELINE]) == 0
    lines = capsys.readouterr().out.splitlines()[3:]
    for target, line in zip(found, lines, strict=False):
        first = target["first_met"]
        last = "运行期内未达到" if first is None else str(math.ceil(first))
        assert line.split()[-1] == last
    assert any(target["first_met"] not in (None, 2020) for target in found)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["fly"],
        ["run"],
        ["run", BASELINE, "--outputs", "urbanization_rate_resident"],
        ["run", BASELINE, "--end", "2051"],
        ["run", BASELINE, "--end", "2020"],
        ["run", BASELINE, "--end", "soon"],
        ["run", BASELINE, "--region", "atlantis"],
        ["run", BASELINE, "--lang", "fr"],
        ["export", BASELINE],
    ],
)
def test_wrong_usage_ends_with_code_2(words: list[str]) -> None:
    assert ends(words) == 2


def test_an_unknown_output_is_answered_with_the_nearest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert ends(["run", BASELINE, "--outputs", "urbanisation_rate", "--lang", "en"]) == 2
    assert "did you mean urbanisation_rate" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", "missing.yaml"], "missing.yaml: no such file"),
        (["run", BASELINE, "-o", "out.xls"], "must end in .nc or .csv"),
        (["run", BASELINE, "-o", "no/such/folder/out.nc"], "no folder"),
        (["compare", BASELINE], "at least two"),
        (["compare", BASELINE, "missing.yaml"], "no such file"),
        (["export", BASELINE, "--mdl", "out.txt"], "must end in .mdl"),
    ],
)
def test_input_to_put_right_ends_with_code_1(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([*words, "--lang", "en"]) == 1
    out, err = capsys.readouterr()
    assert message in err
    assert not out


def test_a_bad_scenario_ends_a_run_with_all_its_problems(
    bad: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["run", bad]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 3
    with pytest.raises(ScenarioError):
        load_scenario(bad)


def test_compare_collects_the_problems_of_all_files(
    bad: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["compare", bad, "missing.yaml", "--json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    assert len(found["problems"]) == 4


def test_a_failed_invariant_ends_with_code_3_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*args: object, **options: object) -> None:
        raise model.InvariantError("money does not close in pingdu in 2031")

    monkeypatch.setattr("model.simulation.simulate", fail)
    path = tmp_path / "out.nc"
    assert cli.main(["run", BASELINE, "-o", str(path), "--lang", "en"]) == 3
    assert "money does not close in pingdu in 2031" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*args: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("analysis.export.write_text", full)
    path = tmp_path / "out.mdl"
    assert cli.main(["export", BASELINE, "--mdl", str(path), "--lang", "en"]) == 1
    assert "cannot write" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_export_writes_one_model_file_with_the_scenario_in_it(tmp_path: Path) -> None:
    paths = [tmp_path / "base.mdl", tmp_path / "open.mdl"]
    assert cli.main(["export", BASELINE, "--mdl", str(paths[0])]) == 0
    assert cli.main(["export", OPEN, "--mdl", str(paths[1]), "--end", "2050"]) == 0
    base, opened = (path.read_text(encoding="utf-8") for path in paths)
    assert "GET DIRECT" not in opened
    assert base != opened
    assert "2050" in opened


def test_a_codelist_somebody_broke_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    codelists.levers.cache_clear()
    broken = tmp_path / "levers.csv"
    text = (codelists.FOLDER / "levers.csv").read_text(encoding="utf-8")
    header, first, *rest = text.splitlines()
    cells = next(csv.reader([first]))
    cells[header.split(",").index("low")] = "none"
    with broken.open("w", encoding="utf-8", newline="") as stream:
        stream.write(header + "\n")
        csv.writer(stream).writerow(cells)
        stream.write("\n".join(rest))
    shutil.copytree(codelists.FOLDER / "data", tmp_path / "data")
    monkeypatch.setattr(codelists, "FOLDER", tmp_path)
    try:
        assert cli.main(["export", OPEN, "--mdl", str(tmp_path / "x.mdl"), "--lang", "en"]) == 1
    finally:
        codelists.levers.cache_clear()
    assert "levers.csv:2: column low: found 'none', expected a number" in capsys.readouterr().err


def test_the_language_may_stand_before_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--lang", "en", "run", "missing.yaml"]) == 1
    assert "no such file" in capsys.readouterr().err
