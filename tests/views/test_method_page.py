"""The page on data and method: what it says follows from the tables, and can be searched."""

import csv
import re
from io import StringIO
from typing import Any

import numpy as np
import pytest
import streamlit as st

from analysis.assumptions import Lead
from analysis.numbers import numbers
from calibration.assumptions import assumptions
from calibration.score import RIVALS
from calibration.verdicts import hindcast, others, rate_score
from model import outputs, region_ids, regions
from model.codelists import GRADES
from model.loops import loops
from views import (
    markup,
    method_assumptions,
    method_fit,
    method_numbers,
    method_plots,
    method_versions,
)
from views.markup import esc
from views.results import BASELINE, shipped


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    state: dict[str, Any] = {"language": "zh", "region": "shandong"}
    monkeypatch.setattr(st, "session_state", state)
    return state


def test_the_goals_are_stated_as_they_ended() -> None:
    pairs, _ = method_fit.tables()
    for goal in hindcast(pairs):
        sentence = method_fit.goal_sentence(goal)
        assert ("✗" in sentence) is bool(goal.missed)
        assert regions()[goal.worst].name_zh in sentence
    score = rate_score(pairs)
    marks = ["✗" in sentence for sentence in method_fit.score_sentences(score)]
    assert marks == [not score.within, not score.ahead, not score.covered]


def test_every_region_has_its_errors_and_only_misses_are_marked() -> None:
    goals = hindcast(method_fit.tables()[0])
    html = method_fit.errors_table(goals)
    missed = sum(len(goal.missed) for goal in goals)
    assert html.count("✗</span></td>") == html.count("rq-beyond") == missed
    assert html.count('class="rq-off"') == len(goals) * len(region_ids())
    assert all(esc(regions()[code].name_zh) in html for code in region_ids())


def test_an_error_is_drawn_where_it_lies_beside_the_goal() -> None:
    inside = method_plots.off_goal("−0.50", -0.5, 1.0, 2.0)
    assert "left:37.5%" in inside
    assert 'style="left:25.0%;right:25.0%"' in inside
    assert "rq-beyond" not in inside
    assert "rq-beyond" in method_plots.off_goal("+1.50 ✗", 1.5, 1.0, 2.0)
    assert "<b>" not in markup.table(["a", "b"], [["x", "<b>"]], "")
    assert inside in markup.table(["a", "b"], [["x", inside]], "")


def test_every_parameter_is_a_mark_of_the_identification_plot() -> None:
    html = method_plots.identification_plot()
    found = method_plots.identified()
    regional = len(region_ids()) * len(found.loc[found["region"] == "jinan"])
    marks = html.partition('role="img"')[2].partition("</div></div>")[0]
    assert marks.count("rq-regional") == regional
    assert marks.count("rq-province") == len(found) - regional > 0
    for group in method_plots.GROUPS:
        heights = re.findall(rf'rq-{group}" style="left:[\d.]+%;bottom:([\d.]+)%', marks)
        assert [float(each) for each in heights] == sorted(float(each) for each in heights)
    informed = sum(verdict == "informed" for verdict in found["verdict"])
    assert 0 < informed == html.count("<td>数据有信息</td>")
    assert f"{informed}个低于0.85" in html
    assert html.count("<tr>") == len(found) + 1
    assert "· 济南市: " in marks


def test_the_chart_of_the_rate_has_band_figures_and_both_rivals() -> None:
    score = rate_score(method_fit.tables()[0])
    spec = method_fit.rate_chart(score)
    (chart,) = spec["charts"]
    assert [line["key"] for line in chart["lines"]] == ["model", *RIVALS]
    assert spec["areas"] == ["model"]
    assert spec["words"]["band"] == "会观测到的数的八成区间"
    assert [point["year"] for point in chart["observed"]] == chart["times"]
    published = [point["value"] for point in chart["observed"]]
    assert published == pytest.approx(score.rates["observed"].to_list(), abs=1e-6)


def test_the_other_series_say_whether_the_interval_held() -> None:
    for row in others(method_fit.tables()[0]).to_dict("records"):
        cells = method_fit.other_row(row)
        assert ("✗" in cells[-1]) is not row["inside"]
        assert outputs()[str(row["variable"])].name_zh in cells[0]


def test_a_small_error_is_not_shown_as_none() -> None:
    row = {"variable": "urbanisation_rate_resident", "n": 1, "rmse": 0.00199, "r_squared": 1.0}
    row |= {"mape_percent": 0.0032, "coverage_80": 1.0, "theil_bias": 1.0}
    cells = method_fit.measure_row(row | {"theil_variance": -1e-9, "theil_covariance": np.nan})
    assert cells[2:4] == ["0.00199", "0.0032"]
    assert cells[5:] == ["100%", "0%", "–", "100%"]


def test_numbers_are_found_by_word_grade_table_and_region(chinese) -> None:
    every = method_numbers.EVERY
    assert len(method_numbers.filtered("", GRADES, every)) == len(numbers())
    (found,) = method_numbers.filtered("感知 滞后", GRADES, every).to_dict("records")
    assert found["name"] == "perception time"
    assert method_numbers.filtered("PERCEPTION", GRADES, every).index.size == 1
    assert method_numbers.filtered("感知 滞后", ["census"], every).empty
    census = method_numbers.filtered("", ["census"], "regional")
    assert set(census["grade"]) == {"census"}
    assert set(census["table"]) == {"regional.csv"}
    chinese["region"] = "qingdao"
    assert set(method_numbers.filtered("", GRADES, "regional")["region"]) == {
        "qingdao_other",
        "pingdu",
    }
    assert "" in set(method_numbers.filtered("", GRADES, every)["region"])
    chinese["region"] = "shandong"
    assert set(method_numbers.filtered("济南", GRADES, "regional")["region"]) == {"jinan"}


def test_a_row_names_value_range_and_what_the_calibration_says() -> None:
    html = method_numbers.table(method_numbers.filtered("perception time", GRADES, "parameters"))
    for part in ("感知滞后时间", "perception time", "年", "1 至 4", "假设", "先验"):
        assert part in html
    assert "<td>无量纲</td>" in method_numbers.table(
        numbers().loc[numbers()["unit"] == "1"].head(1)
    )
    raw = numbers().iloc[[0]].assign(source_zh="<b>", note_zh="&")
    assert "<b>" not in method_numbers.table(raw)


def test_the_download_opens_in_excel_and_says_where_it_is_from() -> None:
    rows = method_numbers.filtered("", ["census"], "regional")
    text = method_numbers.as_csv(rows.head(3), "made from")
    assert text.startswith("\ufeff")
    table = list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))
    assert len(table) == 4
    assert float(table[0]["value"]) == pytest.approx(rows.iloc[0]["value"])
    assert table[0]["grade"] == "census"
    assert table[0]["name_zh"]
    assert table[0]["low_80"] == ""
    assert table[-1]["table"] == "made from"


def test_every_loop_stands_in_the_table() -> None:
    html = method_assumptions.loop_table("shandong")
    assert all(f">{loop}</th>" in html for loop in loops())
    assert method_assumptions.loop_table("heze") != html


def test_assumptions_of_another_model_are_not_shown(monkeypatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr("views.reliance.tabled", lambda: False)
    monkeypatch.setattr(method_assumptions, "outweighing", lambda *_: pytest.fail("asked"))
    monkeypatch.setattr(st, "info", shown.append)
    method_assumptions.section()
    assert shown == ["这些表属于较早的模型，暂不显示；请运行 calibrate 命令。"] * 2


def test_the_order_of_scenarios_is_stated_with_its_chances(monkeypatch) -> None:
    found = Lead(0.7, 0.2, 0.1, (assumptions()["perception time"],))
    monkeypatch.setattr(method_assumptions, "lead", lambda *_: found)
    html = method_assumptions.order_table("shandong")
    others = [code for code in shipped() if code != BASELINE]
    assert html.count("<td>70%</td><td>20%</td><td>10%</td>") == len(others)
    assert html.count("感知滞后时间") == len(others)


def test_versions_carry_the_fingerprints(monkeypatch) -> None:
    monkeypatch.setattr(method_versions, "available", lambda: False)
    rows = dict(method_versions.versions())
    manifest = method_versions.posterior().manifest
    assert rows["校准"] == f"{manifest['fingerprint']} · 属于较早的模型"
    assert rows["模型（方程与数字表）"] == method_versions.model_fingerprint()
    assert {"numpy", "pysd", "Python"} <= rows.keys()
    html = method_versions.files_table()
    assert "model/urbanisation.mdl" in html
    assert "calibration/posterior.csv" in html
