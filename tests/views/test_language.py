"""Figures and units as people read them."""

import pytest
import streamlit as st

from model.codelists import levers, outputs
from views.language import number, pretty, scale


@pytest.fixture
def language(request, monkeypatch):
    monkeypatch.setattr(st, "session_state", {"language": request.param})


@pytest.mark.parametrize(
    ("value", "digits", "signed", "shown"),
    [
        (1234567.0, 0, False, "1,234,567"),
        (-0.04, 1, True, "0.0"),
        (-3.26, 1, False, "−3.3"),
        (2.0, 1, True, "+2.0"),
        (float("nan"), 1, False, "–"),
    ],
)
def test_numbers(value: float, digits: int, signed: bool, shown: str) -> None:
    assert number(value, digits, signed) == shown


@pytest.mark.parametrize("language", ["zh"], indirect=True)
@pytest.mark.usefixtures("language")
def test_chinese_counts_in_ten_thousands() -> None:
    shown = scale(outputs()["resident_population"], [101_527_453.0])
    assert shown.text(101_527_453.0) == "10,152.7 万人"
    assert scale(outputs()["resident_population"], [9_000.0]).text(9_000.0) == "9,000 人"
    assert scale(outputs()["urbanisation_rate_resident"]).text(63.05) == "63.0%"


@pytest.mark.parametrize("language", ["en"], indirect=True)
@pytest.mark.usefixtures("language")
def test_english_counts_in_thousands_and_millions() -> None:
    shown = scale(outputs()["resident_population"], [101_527_453.0])
    assert shown.text(101_527_453.0) == "101.53 million persons"
    settlers = scale(outputs()["hukou_conversions"], [250_000.0])
    assert settlers.text(250_000.0) == "250 thousand persons/year"
    assert scale(outputs()["hukou_conversions"], [90.0]).text(90.0) == "90 persons/year"


@pytest.mark.parametrize("language", ["en"], indirect=True)
@pytest.mark.usefixtures("language")
def test_english_counts_money_in_thousands_and_billions() -> None:
    assert scale(outputs()["gdp"]).text(9_674.0) == "967.4 billion yuan/year"
    assert scale(outputs()["reward_money"]).text(26.12) == "2.612 billion yuan/year"
    assert scale(outputs()["gdp_per_person"]).text(12.53) == "125.3 thousand yuan/person/year"
    assert scale(levers()["homestead_exit_payment"]).text(3.0) == "3.0 10k yuan/household"
    shown = [scale(output).text(1.0) for output in outputs().values()]
    assert not [text for text in shown if "100m" in text or "10k" in text]


@pytest.mark.parametrize("language", ["zh", "en"], indirect=True)
@pytest.mark.usefixtures("language")
def test_every_unit_of_a_figure_is_shown() -> None:
    for output in outputs().values():
        assert output.unit == "1" or scale(output).unit


def test_units_are_written_with_their_marks() -> None:
    assert pretty("percent") == "%"
    assert pretty("km2/year") == "km²/year"
    assert pretty(levers()["water_efficiency_gain"].unit) == "%/year"
