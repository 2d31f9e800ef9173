"""A run against targets: value, gap, met or not, and when it is first met."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from analysis.targets import assess, assess_one, relevant_targets
from model import Target, targets


def run_of(output: str, region: str, values: list[float], start: int = 2020) -> xr.Dataset:
    times = np.arange(start, start + len(values), dtype=float)
    data = {output: (("region", "time"), np.array([values]))}
    return xr.Dataset(data, coords={"region": [region], "time": times})


def target(name: str, **changes: object) -> Target:
    return replace(targets()[name], **changes)  # pyright: ignore[reportArgumentType]


RATE = "urbanisation_rate_resident"


def test_at_least_is_taken_at_its_word() -> None:
    chosen = target("shandong_urbanisation_2025")
    short = assess_one(run_of(RATE, "shandong", [63, 64, 65, 66, 66.5, 66.9]), chosen)
    assert short.value == pytest.approx(66.9)
    assert short.gap == pytest.approx(-0.1)
    assert short.met is False
    exact = assess_one(run_of(RATE, "shandong", [63, 64, 65, 66, 66.5, 67.0]), chosen)
    assert exact.met is True
    assert exact.first_met == pytest.approx(2025.0)


def test_first_met_lies_on_the_line_between_year_ends() -> None:
    chosen = target("shandong_urbanisation_2025")
    found = assess_one(run_of(RATE, "shandong", [63, 64, 66, 68, 69, 70]), chosen)
    assert found.first_met == pytest.approx(2022.5)


def test_about_allows_the_tolerance_and_anything_beyond() -> None:
    chosen = target("dongying_urbanisation_2025")
    for last, met in ((74.4, False), (74.5, True), (75.0, True), (79.0, True)):
        run = run_of(RATE, "dongying", [70, 70, 70, 70, 70, last])
        assert assess_one(run, chosen).met is met


def test_a_falling_target_is_met_from_above() -> None:
    chosen = target("qingdao_income_ratio_2025")
    for last, met in ((2.26, False), (2.25, True), (2.0, True)):
        run = run_of("income_ratio", "qingdao", [2.36, 2.35, 2.34, 2.33, 2.32, last])
        assert assess_one(run, chosen).met is met
    found = assess_one(run_of("income_ratio", "qingdao", [2.35, 2.25, 2.15, 2, 2, 2]), chosen)
    assert found.first_met == pytest.approx(2021.0)
    assert found.gap == pytest.approx(-0.2)


def test_at_most_is_taken_at_its_word() -> None:
    chosen = target("shandong_unemployment_2025")
    high = assess_one(run_of("unemployment_rate", "shandong", [5, 5, 5, 5, 5, 5.6]), chosen)
    assert high.met is False
    assert high.first_met == 2020.0


def test_a_change_counts_from_its_base_year() -> None:
    chosen = target("yantai_urban_increase_2025")
    values = [4.5e6, 4.0e6, 4.05e6, 4.1e6, 4.15e6, 4.16e6, 4.19e6, 4.25e6]
    run = run_of("urban_population", "yantai", values, start=2019)
    found = assess_one(run, chosen)
    assert found.value == pytest.approx(190_000)
    assert found.met is False
    assert found.first_met == pytest.approx(2025 + 5_000 / 60_000)


def test_a_run_that_ends_early_decides_nothing() -> None:
    found = assess_one(run_of(RATE, "shandong", [63, 64, 65]), target("shandong_urbanisation_2035"))
    assert (found.value, found.gap, found.met, found.first_met) == (None, None, None, None)


def test_a_run_without_the_base_year_decides_nothing() -> None:
    run = run_of("urban_population", "yantai", [1, 2, 3, 4], start=2022)
    assert assess_one(run, target("yantai_urban_increase_2025")).value is None


def test_a_target_may_be_met_before_the_run_reaches_its_year() -> None:
    chosen = target("shandong_urbanisation_2035")
    found = assess_one(run_of(RATE, "shandong", [74, 75]), chosen)
    assert found.met is None
    assert found.first_met == pytest.approx(2020.5)


def test_a_region_s_targets_without_the_superseded_one() -> None:
    assert "shandong_urbanisation_2025_original" not in {t.id for t in relevant_targets("shandong")}
    with_all = {t.id for t in relevant_targets("shandong", superseded=True)}
    assert "shandong_urbanisation_2025_original" in with_all
    assert relevant_targets("heze") == ()


def test_assess_keeps_the_order() -> None:
    chosen = [target("shandong_urbanisation_2035"), target("shandong_urbanisation_2025")]
    run = run_of(RATE, "shandong", list(np.linspace(63, 75, 16)))
    assert [each.target.id for each in assess(run, chosen)] == [each.id for each in chosen]
