"""`cli.py calibrate`: its words, what it refuses, and its line of progress."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

import cli
from calibration.calibrate import Settings
from calibration.progress import Progress

MANIFEST = {
    "label": "data through 2020",
    "fingerprint": "0123",
    "r_hat_largest": 1.01,
    "effective_sample_size_smallest": 300,
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """Stand in for the work; return the settings it is asked for."""
    found: list[Settings] = []

    def work(settings: Settings, report: Any) -> dict[str, Any]:
        found.append(settings)
        report("starts", 1, 4)
        return MANIFEST

    monkeypatch.setattr("calibration.calibrate.calibrate", work)
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
def test_help_has_examples(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["calibrate", "--help", f"--lang={language}"])
    assert end.value.code == 0
    assert "python cli.py calibrate --resume" in capsys.readouterr().out


def test_options_reach_the_work(asked: list[Settings], tmp_path: Path) -> None:
    words = ["calibrate", "--seed", "7", "--draws", "60", "--resume", "--through", "2022"]
    assert cli.main([*words, "-o", str(tmp_path)]) == 0
    (settings,) = asked
    assert (settings.seed, settings.draws, settings.through) == (7, 60, 2022)
    assert settings.resume
    assert settings.folder == tmp_path


def test_the_manifest_is_printed(asked: list[Settings], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["calibrate", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == MANIFEST
    assert cli.main(["calibrate"]) == 0
    assert "data through 2020" in capsys.readouterr().out
    assert [each.through for each in asked] == [2020, 2020]


def test_a_nowcast_needs_a_folder(
    asked: list[Settings], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["calibrate", "--through", "2023", "--lang", "en"]) == 1
    assert "name another folder" in capsys.readouterr().err
    assert not asked


@pytest.mark.parametrize(
    "words", [["--draws", "3"], ["--draws", "x"], ["--through", "2030"], ["--seed", "-1"]]
)
def test_numbers_out_of_range_are_wrong_usage(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["calibrate", "--lang=en", *words])
    assert end.value.code == 2
    assert "must be a whole number" in capsys.readouterr().err


def test_a_failure_of_the_work_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the joint fit did not converge")

    monkeypatch.setattr("calibration.calibrate.calibrate", fail)
    assert cli.main(["calibrate"]) == 3
    assert "did not converge" in capsys.readouterr().err


def test_progress_shows_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for stream, shown in ((Terminal(), True), (io.StringIO(), False)):
        monkeypatch.setattr("sys.stderr", stream)
        with Progress("en") as progress:
            progress.report("proposals", 100, 4800)
        assert ("drawing from the posterior 100/4800" in stream.getvalue()) is shown
