"""`cli.py check`: the model's own tables and units."""

import json

import pytest

import cli
from model.rows import TableError
from model.unit_check import UnitFault

FAULT = UnitFault("births", "births = deaths", "side", "", "person/year", "person")


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> list[UnitFault]:
    """Stand in for what the check finds."""
    found: list[UnitFault] = []
    monkeypatch.setattr("model.unit_check.unit_faults", lambda: tuple(found))
    return found


def test_a_model_that_fits_passes(
    faults: list[UnitFault], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["check"]) == 0
    found = capsys.readouterr()
    assert "都对得上" in found.err
    assert not found.out


def test_every_fault_is_told(faults: list[UnitFault], capsys: pytest.CaptureFixture[str]) -> None:
    faults += [FAULT, FAULT]
    assert cli.main(["check", "--lang", "en"]) == 1
    found = capsys.readouterr()
    assert found.out.count("births: the two sides: expected person/year, found person") == 2
    assert "urbanisation.mdl: units that do not fit: 2" in found.err


def test_programs_read_the_faults(
    faults: list[UnitFault], capsys: pytest.CaptureFixture[str]
) -> None:
    faults.append(FAULT)
    assert cli.main(["check", "--json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["variable"], found["expected"], found["found"]) == (
        "births",
        "person/year",
        "person",
    )


def test_a_shifted_table_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> None:
        raise TableError("parameters.csv:2: column A")

    monkeypatch.setattr("model.tables.check_tables", refuse)
    assert cli.main(["check"]) == 1
    assert "parameters.csv:2" in capsys.readouterr().err
