"""Tables of the Compare page: which levers differ, and the outputs at three years."""

from collections.abc import Iterable, Sequence

import numpy as np
import streamlit as st

from analysis.comparison import lever_differences
from model import levers, outputs
from model.codelists import Lever, regions
from views import markup
from views.comparison_charts import KEY_OUTPUTS
from views.language import Scale, current, name, pretty, scale, t
from views.results import Run
from views.session import title

YEARS = (2025, 2030, 2035)


def show(compared: Sequence[Run], picked: Sequence[str], region: str) -> None:
    """Draw both tables for a region."""
    if len(compared) > 1:
        rows = lever_rows(compared, region)
        head = [t("tables.lever"), *(title(run.scenario.id) for run in compared)]
        if rows:
            markup.show(
                markup.table(head, rows, t("tables.levers", region=name(regions()[region])))
            )
        else:
            st.caption(t("tables.no_levers"))
    head, rows = output_rows(compared, picked or KEY_OUTPUTS, region)
    caption = t("tables.outputs", region=name(regions()[region]))
    markup.show(markup.table(head, rows, caption, span=len(YEARS)))


def lever_rows(compared: Sequence[Run], region: str) -> list[list[str]]:
    """Return a row for each lever in which the runs differ within the region."""
    frame = lever_differences([run.scenario for run in compared], YEARS)
    members = set(regions()[region].members)
    inside = frame["regions"].map(lambda areas: bool(members & covered(areas)))
    rows = []
    for code, part in frame[inside].groupby("lever", sort=False):
        lever = levers()[str(code)]
        areas = tuple(dict.fromkeys(area for each in part["regions"] for area in each))
        label = lever_label(lever, () if members <= covered(areas) else areas)
        by_year = part.groupby("year")
        low, high = by_year.min(numeric_only=True), by_year.max(numeric_only=True)
        cells = [
            spoken(zip(low[position], high[position], strict=True), scale(lever))
            for position in range(len(compared))
        ]
        rows.append([label, *cells])
    return rows


def covered(areas: Sequence[str]) -> set[str]:
    """Return the regions that some areas are made of."""
    return {member for area in areas for member in regions()[area].members}


def lever_label(lever: Lever, areas: Sequence[str]) -> str:
    """Return a lever's name with its unit, the areas it differs in, and whether it is policy."""
    unit = pretty(lever.unit_label(current()))
    label = name(lever) + (t("levers.unit", unit=unit) if unit else "")
    if lever.kind == "assumption":
        label += t("tables.assumption")
    if areas:
        label += " · " + t("provenance.and").join(name(regions()[area]) for area in areas)
    return label


def spoken(ranges: Iterable[tuple[float, float]], shown: Scale) -> str:
    """Return a lever's least and greatest value in each year: one figure when all are the same."""
    texts = []
    for least, greatest in ranges:
        low, high = shown.number(least), shown.number(greatest)
        texts.append(low if low == high else f"{low}–{high}")
    return texts[0] if len(set(texts)) == 1 else " → ".join(texts)


def output_rows(
    compared: Sequence[Run], picked: Sequence[str], region: str
) -> tuple[list[str], list[list[str]]]:
    """Return head and rows of the outputs: a row per output and year; beside each scenario's
    value its difference from the baseline."""
    head = [t("tables.output"), t("tables.year")]
    for place, run in enumerate(compared):
        head.append(title(run.scenario.id))
        if place:
            head.append(t("tables.difference"))
    rows = []
    for code in picked:
        output = outputs()[code]
        shown = scale(output, np.concatenate([run.series(code, region) for run in compared]))
        unit = f" ({shown.unit})" if shown.unit else ""
        for year in YEARS:
            base = compared[0].value(code, region, year)
            row = [f"{name(output)}{unit}", str(year), shown.number(base)]
            for run in compared[1:]:
                value = run.value(code, region, year)
                row += [shown.number(value), shown.number(value - base, signed=True)]
            rows.append(row)
    return head, rows
