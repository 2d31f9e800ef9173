"""How well the model does: the hindcast by region, the score after 2020, the measures of fit."""

from functools import cache

import numpy as np
import pandas as pd
import streamlit as st

from calibration.score import ALL_REGIONS, PERIODS, RATE, RIVALS, held
from calibration.verdicts import (
    COVERED,
    PERCENT,
    RATE_GOAL,
    Hindcast,
    RateScore,
    hindcast,
    others,
    rate_score,
)
from model import outputs, region_ids, regions
from views import charts, markup
from views.language import Scale, name, number, scale, significant, t
from views.method_plots import off_goal
from views.observations import observations
from views.provenance import baseline_line
from views.session import region

SCORED = "shandong"
CHARTED_YEARS = 3  # a chart of fewer figures says less than the table


@cache
def tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the committed pairs of figure and model value, and the measures of fit."""
    return held()


def section() -> None:
    """Draw the section."""
    pairs, statistics = tables()
    st.subheader(t("fit.hindcast"), anchor=False)
    st.caption(t("fit.hindcast_note"))
    goals = hindcast(pairs)
    markup.show(markup.bullets([goal_sentence(goal) for goal in goals]))
    markup.show(errors_table(goals))
    st.subheader(t("fit.later"), anchor=False)
    st.caption(t("fit.later_note"))
    score = rate_score(pairs)
    markup.show(markup.bullets(score_sentences(score)))
    charts.show(rate_chart(score), key="method_rate")
    others_section(others(pairs))
    st.subheader(t("fit.measures", region=name(regions()[region()])), anchor=False)
    st.caption(t("fit.measures_note"))
    measures(statistics)


def verdict(reached: bool) -> str:
    """Return how a goal ended, with a mark that needs no colour."""
    return t("fit.met") if reached else t("fit.missed")


def goal_sentence(goal: Hindcast) -> str:
    """Return one goal of the hindcast and how it ended."""
    return t(
        "fit.goal",
        output=name(outputs()[goal.output]),
        goal=f"{goal.goal:g}",
        unit=t(f"fit.unit_{goal.unit}"),
        verdict=verdict(not goal.missed),
        worst=number(goal.errors[goal.worst], 2, signed=True),
        region=name(regions()[goal.worst]),
        count=len(goal.missed),
    )


def errors_table(goals: list[Hindcast]) -> str:
    """Return the errors of every region in 2020, drawn beside the goal and as figures."""
    head = [t("fit.region")]
    for goal in goals:
        unit = "%" if goal.unit == PERCENT else t("cards.points")
        head.append(f"{name(outputs()[goal.output])} ({unit})")
    rows = []
    for code in region_ids():
        rows.append([name(regions()[code]), *(error_cell(goal, code) for goal in goals)])
    return markup.table(head, rows, t("fit.errors"))


def error_cell(goal: Hindcast, code: str) -> str:
    """Return a region's error, drawn on a scale that holds all regions' and the goal."""
    text = number(goal.errors[code], 2, signed=True) + (" ✗" if code in goal.missed else "")
    reach = 1.1 * max(goal.goal, *(abs(error) for error in goal.errors.values()))
    return off_goal(text, goal.errors[code], goal.goal, reach)


def score_sentences(score: RateScore) -> list[str]:
    """Return the goals after 2020 and how they ended."""
    roots = {key: number(value, 2) for key, value in score.roots.items()}
    return [
        t(
            "fit.within",
            goal=RATE_GOAL,
            verdict=verdict(score.within),
            largest=number(score.largest, 2),
        ),
        t("fit.ahead", verdict=verdict(score.ahead), **roots),
        t(
            "fit.covered",
            inside=score.inside,
            count=len(score.rates),
            share=f"{100 * COVERED:.0f}",
            verdict=verdict(score.covered),
        ),
    ]


def rate_chart(score: RateScore) -> dict:
    """Return the chart of the province's rate: the frozen model's band, the figures, the rivals."""
    lines = [
        charts.Line("model", t("fit.model"), 1),
        *(charts.Line(key, t(f"fit.{key}"), place) for place, key in enumerate(RIVALS, 2)),
    ]
    rates = score.rates
    years = [int(year) for year in rates["year"]]
    seen = [point for point in observations(SCORED, RATE) if point.year in years]
    spec = charts.chart(
        outputs()[RATE],
        regions()[SCORED],
        [(each, rates[each.key].to_numpy(float)) for each in lines],
        years,
        observed=seen,
        bands={"model": (rates["low_80"].to_numpy(float), rates["high_80"].to_numpy(float))},
    )
    return charts.grid([spec], lines, baseline_line(), band=t("fit.band"))


def others_section(rows: pd.DataFrame) -> None:
    """Draw the other series after 2020: charts of the longer ones, and all in a table."""
    model_line = charts.Line("model", t("fit.model"), 1)
    specs = []
    for code in dict.fromkeys(rows["variable"]):
        mine = rows.loc[rows["variable"] == code]
        if len(mine) < CHARTED_YEARS:
            continue
        years, seen, model, low, high = (
            mine[key].to_numpy(float) for key in ("year", "observed", "model", "low_80", "high_80")
        )
        specs.append(
            charts.chart(
                outputs()[code],
                regions()[SCORED],
                [(model_line, model)],
                [int(year) for year in years],
                observed=[
                    charts.Observation(int(year), value, t("fit.published"))
                    for year, value in zip(years, seen, strict=True)
                ],
                bands={"model": (low, high)},
            )
        )
    charts.show(
        charts.grid(specs, [model_line], baseline_line(), band=t("fit.band")),
        key="method_series",
    )
    head = [t("tables.output"), t("tables.year"), t("charts.observed"), t("fit.model")]
    head += [t("charts.low"), t("charts.high"), t("fit.inside")]
    markup.show(
        markup.folded(
            t("fit.others"),
            markup.table(
                head, [other_row(row) for row in rows.to_dict("records")], t("fit.others")
            ),
        )
    )
    st.caption(t("fit.others_note"))


def other_row(row: dict) -> list[str]:
    """Return one figure after 2020 beside the model's."""
    output = outputs()[row["variable"]]
    figures = [row[key] for key in ("observed", "model", "low_80", "high_80")]
    shown = scale(output, figures)
    return [
        label(output.id, shown),
        str(row["year"]),
        *(shown.number(value) for value in figures),
        t("fit.yes") if row["inside"] else t("fit.no"),
    ]


def label(code: str, shown: Scale) -> str:
    """Return an output's name with the unit that its figures are shown in."""
    return name(outputs()[code]) + (f" ({shown.unit})" if shown.unit else "")


def measures(statistics: pd.DataFrame) -> None:
    """Draw the measures of fit of the region chosen, and of the 17 regions together."""
    head = [t("tables.output"), t("fit.n"), t("fit.rmse"), t("fit.mape"), "R²"]
    head += [t("fit.bias"), t("fit.variance"), t("fit.covariance"), t("fit.coverage")]
    for period in PERIODS:
        for place in (region(), ALL_REGIONS):
            chosen = statistics.loc[
                (statistics["period"] == period) & (statistics["region"] == place)
            ]
            if chosen.empty:
                continue
            where = t("fit.all_regions") if place == ALL_REGIONS else name(regions()[place])
            when = t("fit.period_fit") if period == PERIODS[0] else t("fit.period_later")
            rows = [measure_row(row) for row in chosen.to_dict("records")]
            markup.show(markup.table(head, rows, f"{where} · {when}"))


def measure_row(row: dict) -> list[str]:
    """Return one output's measures of fit; a dash where too few figures define one."""
    shown = scale(outputs()[row["variable"]], [row["rmse"]])
    shares = [row[key] for key in ("theil_bias", "theil_variance", "theil_covariance")]
    return [
        label(row["variable"], shown),
        str(row["n"]),
        significant(row["rmse"] * shown.factor),
        significant(row["mape_percent"]),
        number(row["r_squared"], 3),
        *(f"{number(100 * share, 0)}%" if np.isfinite(share) else "–" for share in shares),
        f"{100 * row['coverage_80']:.0f}%",
    ]
