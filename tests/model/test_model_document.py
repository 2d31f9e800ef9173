"""Figures that docs/model.md states are those the model gives."""

import re
from pathlib import Path

import pytest

from calibration.census import counts
from model import simulate
from model.invariants import LAWS
from model.loops import loops

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "model.md").read_text("utf-8")
BASELINE = ROOT / "scenarios" / "baseline.yaml"


def row(start: str) -> list[str]:
    """Return the cells of the table row that begins with `start`."""
    line = next(line for line in DOCUMENT.splitlines() if line.startswith(f"| {start} |"))
    return [cell.strip() for cell in line.strip("|").split("|")]


def number(text: str) -> float:
    """Return a number written with a minus sign or a plus sign."""
    return float(text.replace("−", "-"))


def test_the_scored_baseline_is_todays() -> None:
    rate = simulate(BASELINE)["urbanisation_rate_resident"].sel(region="shandong")
    for year, stated in zip((2021, 2022, 2023, 2025), row("baseline")[1:], strict=True):
        assert number(stated) == pytest.approx(float(rate.sel(time=year)), abs=0.05), year


def test_the_naive_rival_is_what_it_says() -> None:
    start, end = (
        counts("urban_resident_population", year).sum()
        / counts("rural_resident_population", year).sum()
        for year in (2010, 2020)
    )
    yearly = (end / start) ** 0.1
    for year, stated in zip((2021, 2022, 2023, 2025), row("constant difference")[1:], strict=True):
        ratio = end * yearly ** (year - 2020)
        assert number(stated) == pytest.approx(100 * ratio / (1 + ratio), abs=0.06), year


def test_every_loop_is_described() -> None:
    assert tuple(re.findall(r"^\| ([RB]\d) \|", DOCUMENT, re.MULTILINE)) == loops()


def test_the_number_of_laws_is_stated() -> None:
    assert f"checks {len(LAWS)} laws" in DOCUMENT
