"""Chart specifications: plain data, complete, and safe to draw."""

import json

import numpy as np
import pytest
import streamlit as st

from model.codelists import outputs, regions, targets
from views.charts import DASHES, Line, Observation, chart, grid, spans_zero
from views.markup import sparkline, table

TIMES = tuple(range(2020, 2036))
RATE = outputs()["urbanisation_rate_resident"]


@pytest.fixture(autouse=True)
def chinese(monkeypatch):
    monkeypatch.setattr(st, "session_state", {"language": "zh"})


@pytest.fixture
def spec():
    marks = [each for each in targets().values() if each.output == RATE.id]
    marks = [each for each in marks if each.region == "shandong"]
    values = np.linspace(63.05, 70.0, 16)
    lines = [(Line("baseline", "基准", 0), values), (Line("mine", "我的情景", 1), values + 1)]
    seen = [Observation(2010, 49.7, "六普")]
    return chart(RATE, regions()["shandong"], lines, TIMES, marks, seen)


def test_a_chart_carries_values_unit_targets_and_observations(spec) -> None:
    assert spec["unit"] == "%"
    assert spec["times"] == list(TIMES)
    assert spec["lines"][1]["values"][-1] == 71.0
    assert spec["observed"] == [{"year": 2010, "value": 49.7, "note": "六普"}]
    status = {(mark["year"], mark["value"]): mark["status"] for mark in spec["targets"]}
    assert status == {(2025, 67): "current", (2025, 68): "superseded", (2035, 75): "current"}
    assert [mark["label"] for mark in spec["targets"]] == ["≥67", "约68", "约75"]


def test_a_chart_describes_itself_to_a_screen_reader(spec) -> None:
    for part in ("山东省", "常住人口城镇化率", "2020", "2035", "我的情景", "71.0%"):
        assert part in spec["description"]


def test_a_grid_spans_the_years_of_all_its_charts(spec) -> None:
    made = grid([spec], [Line("baseline", "基准", 0)], "rendiqian")
    assert made["domain"] == [2010, 2035]
    assert json.loads(json.dumps(made)) == made


def test_what_rounding_leaves_is_no_figure() -> None:
    output, line = outputs()["net_migration_province"], Line("baseline", "基准", 0)
    noise = np.array([3e-10, -2e-9, 0.0, np.nan])
    made = chart(output, regions()["shandong"], [(line, noise)], TIMES[:4])
    assert made["lines"][0]["values"] == [0, 0, 0, None]
    small = np.array([0.002, -0.5, 40_000.0, 1.0])
    made = chart(output, regions()["jinan"], [(line, small)], TIMES[:4])
    assert made["lines"][0]["values"] == small.tolist()


def test_large_counts_are_scaled_with_their_targets() -> None:
    output = outputs()["resident_population"]
    values = np.full(16, 1_200_000.0)
    marks = [targets()["pingdu_residents_2035"]]
    line = Line("baseline", "基准", 0)
    made = chart(output, regions()["pingdu"], [(line, values)], TIMES, marks)
    assert made["unit"] == "万人"
    assert made["lines"][0]["values"][0] == 120.0
    assert made["targets"][0]["value"] == 155.0
    assert made["targets"][0]["label"] == "约155"


def test_a_value_the_model_does_not_give_is_a_gap() -> None:
    values = np.array([np.nan, *np.ones(15)])
    made = chart(RATE, regions()["shandong"], [(Line("a", "a", 0), values)], TIMES)
    assert made["lines"][0]["values"][0] is None


def test_every_line_has_its_own_dash() -> None:
    assert len(set(DASHES)) == len(DASHES)


@pytest.mark.parametrize(
    ("values", "expected"), [([1.0, 9.0], True), ([60.0, 70.0], False), ([-5.0, 5.0], False)]
)
def test_the_axis_reaches_zero_only_for_values_near_it(values, expected) -> None:
    assert spans_zero([np.array(values)]) is expected


def test_a_table_escapes_what_people_write() -> None:
    made = table(["<b>x</b>", "y"], [["<script>", "&"], ["b", "c"]], "<i>", span=2)
    assert "<script>" not in made
    assert "&lt;script&gt;" in made
    assert made.count("rowspan") == 1


def test_a_sparkline_of_equal_values_is_flat() -> None:
    assert "nan" not in sparkline([1.0, 1.0, 1.0])
