"""Bands on the Compare page: of values and of differences, in charts, table and download."""

import csv
from io import StringIO

import numpy as np
import pytest
import streamlit as st

from calibration.ensemble import ensemble
from model import load_scenario, shipped_scenarios
from views import comparison_bands, downloads, sureness
from views.comparison_bands import Sure
from views.comparison_charts import specification
from views.comparison_tables import output_rows
from views.downloads import results_csv
from views.language import number
from views.results import Run, Runs

RATE = "urbanisation_rate_resident"
PICKED = (RATE, "income_ratio")


@pytest.fixture(autouse=True)
def memory(monkeypatch: pytest.MonkeyPatch) -> sureness.Sureness:
    made = sureness.Sureness()
    monkeypatch.setattr(st, "session_state", {"language": "zh"})
    for module in (comparison_bands, downloads):
        monkeypatch.setattr(module, "sureness", lambda: made)
    monkeypatch.setattr(comparison_bands, "available", lambda: True)
    return made


@pytest.fixture(scope="module")
def compared() -> list[Run]:
    stems = ("baseline", "open_settling", "combined_package")
    found = {path.stem: load_scenario(path) for path in shipped_scenarios()}
    return Runs().of([found[stem] for stem in stems])


def known(compared: list[Run], memory: sureness.Sureness) -> Sure:
    for run in compared:
        memory.of(run, PICKED)
    return Sure(compared, "shandong")


def test_charts_come_without_bands_first(compared: list[Run]) -> None:
    sure = Sure(compared, "shandong")
    spec = specification(sure, PICKED, False, ["baseline"], "")
    assert [chart["bands"] for chart in spec["charts"]] == [[], []]
    assert sure.missing(PICKED) == compared


def test_every_line_has_a_band_and_the_chosen_one_an_area(compared, memory) -> None:
    sure = known(compared, memory)
    spec = specification(sure, PICKED, False, ["combined_package"], "")
    for chart in spec["charts"]:
        assert [band["key"] for band in chart["bands"]] == [run.scenario.id for run in compared]
        for line, band in zip(chart["lines"], chart["bands"], strict=True):
            assert band["low"][-1] < line["values"][-1] < band["high"][-1]
    assert spec["areas"] == ["combined_package"]
    assert spec["ends"]
    assert sure.missing(PICKED) == []


def test_the_band_of_a_difference_is_that_of_differences_by_draw(compared, memory) -> None:
    sure = known(compared, memory)
    values = specification(sure, PICKED, False, [], "")["charts"][0]["bands"]
    changes = specification(sure, PICKED, True, [], "")["charts"][0]["bands"]
    assert [band["key"] for band in changes] == ["open_settling", "combined_package"]
    width = {band["key"]: band["high"][-1] - band["low"][-1] for band in values}
    for band in changes:
        assert 0 < band["high"][-1] - band["low"][-1] < width[band["key"]]


def test_differences_of_percentages_are_points(compared) -> None:
    sure = Sure(compared, "shandong")
    values = specification(sure, PICKED, False, [], "")["charts"]
    changes = specification(sure, PICKED, True, [], "")["charts"]
    assert [chart["unit"] for chart in values] == ["%", "倍"]
    assert [chart["unit"] for chart in changes] == ["个百分点", "倍"]
    assert "个百分点" in changes[0]["description"]
    assert "%" not in changes[0]["description"]


def test_the_table_states_bands_below_the_figures(compared, memory) -> None:
    sure = known(compared, memory)
    _, rows = output_rows(sure, [RATE])
    assert all("\n" in cell and "至" in cell for row in rows for cell in row[2:])
    change = rows[-1][-1].split("\n")
    low, high = sure.difference(compared[2], RATE) or pytest.fail("no band")
    assert change[1] == " 至 ".join(number(end[-1], 1, signed=True) for end in (low, high))


def test_without_draws_of_todays_model_nothing_claims_a_band(compared, memory, monkeypatch) -> None:
    sure = known(compared, memory)
    for module in ("comparison_bands", "reliance"):
        monkeypatch.setattr(f"views.{module}.available", lambda: False)
    _, rows = output_rows(sure, [RATE])
    assert not any("\n" in cell for row in rows for cell in row)
    comparison_bands.complete(sure, PICKED)


def test_the_download_has_the_bands_of_values_and_differences(compared, memory, monkeypatch):
    sure = known(compared, memory)
    monkeypatch.setattr("views.downloads.SHOWN", PICKED)
    monkeypatch.setattr("views.downloads.available", lambda: True)
    text = results_csv(compared, ["a", "b", "c"], "shandong", "en", "made from")
    rows = list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))[:-1]
    (last,) = (
        row
        for row in rows
        if (row["scenario"], row["output"], row["year"]) == ("combined_package", RATE, "2035")
    )
    low, high = sure.value(compared[2], RATE) or pytest.fail("no band")
    assert float(last["p10"]) == pytest.approx(low[-1])
    assert float(last["p90"]) == pytest.approx(high[-1])
    low, high = sure.difference(compared[2], RATE) or pytest.fail("no band")
    assert float(last["difference_p10"]) == pytest.approx(low[-1])
    assert float(last["difference_p90"]) == pytest.approx(high[-1])
    monkeypatch.setattr("views.downloads.available", lambda: False)
    text = results_csv(compared[:1], ["a"], "shandong", "en", "made from")
    (first, *_) = csv.DictReader(StringIO(text.removeprefix("\ufeff")))
    assert first["p10"] == first["difference_p90"] == ""
    assert np.isfinite(float(first["value"]))


def test_the_download_holds_no_rests_of_rounding(compared, monkeypatch) -> None:
    monkeypatch.setattr(downloads, "available", lambda: False)
    monkeypatch.setattr(downloads, "SHOWN", ("net_migration_province",))
    text = results_csv(compared, ["a", "b", "c"], "shandong", "en", "made from")
    rows = list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))[:-1]
    assert {row["value"] for row in rows} == {"0"}


def test_the_download_runs_each_scenario_once_and_not_again(compared, monkeypatch) -> None:
    ran: list[str] = []

    def counted(scenario, *args, **more):
        ran.append(scenario.id)
        return ensemble(scenario, *args, **more)

    monkeypatch.setattr(sureness, "ensemble", counted)
    monkeypatch.setattr(downloads, "available", lambda: True)
    first = results_csv(compared, ["a", "b", "c"], "shandong", "en", "made from")
    assert ran == [run.scenario.id for run in compared]
    assert results_csv(compared, ["a", "b", "c"], "shandong", "en", "made from") == first
    assert len(ran) == len(compared)
    results_csv(compared, ["a", "b", "c"], "pingdu", "en", "made from")
    assert len(ran) == 2 * len(compared)
