"""Tables of the Compare page: which levers differ, and the outputs at three years."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from analysis.bands import Edges
from analysis.comparison import lever_differences
from model import levers, outputs
from model.codelists import Lever, regions
from views import markup
from views.comparison_bands import Sure
from views.comparison_charts import KEY_OUTPUTS
from views.language import Scale, current, name, pretty, scale, t
from views.reliance import named
from views.results import Run
from views.session import title

YEARS = (2025, 2030, 2035)
BREAK = "\n"


def show(sure: Sure, picked: Sequence[str]) -> None:
    """Draw both tables."""
    compared, region = sure.compared, sure.region
    if len(compared) > 1:
        rows = lever_rows(compared, region)
        head = [t("tables.lever"), *(title(run.scenario.id) for run in compared)]
        if rows:
            markup.show(
                markup.table(head, rows, t("tables.levers", region=name(regions()[region])))
            )
        else:
            st.caption(t("tables.no_levers"))
    head, rows = output_rows(sure, picked or KEY_OUTPUTS)
    caption = t("tables.outputs", region=name(regions()[region]))
    if any(BREAK in cell for row in rows for cell in row):
        caption += t("tables.bands")
    markup.show(markup.table(head, rows, caption, span=len(YEARS)))


def lever_rows(compared: Sequence[Run], region: str) -> list[list[str]]:
    """Return a row for each lever in which the runs differ within the region."""
    members = set(regions()[region].members)
    found: dict[str, list[dict[Any, Any]]] = {}
    for record in lever_differences([run.scenario for run in compared], YEARS).to_dict("records"):
        if members & covered(record["regions"]):
            found.setdefault(record["lever"], []).append(record)
    rows = []
    for code, records in found.items():
        areas = tuple(dict.fromkeys(area for each in records for area in each["regions"]))
        label = lever_label(levers()[code], () if members <= covered(areas) else areas)
        shown = scale(levers()[code])
        rows.append([label, *(spoken(records, i, shown) for i in range(len(compared)))])
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


def spoken(records: Sequence[dict[Any, Any]], position: int, shown: Scale) -> str:
    """Return one run's least and greatest value in each year: one figure when all are the same."""
    texts = []
    for year in YEARS:
        values = [record[position] for record in records if record["year"] == year]
        low, high = shown.number(min(values)), shown.number(max(values))
        texts.append(low if low == high else f"{low}–{high}")
    return texts[0] if len(set(texts)) == 1 else " → ".join(texts)


def output_rows(sure: Sure, picked: Sequence[str]) -> tuple[list[str], list[list[str]]]:
    """Return head and rows of the outputs: a row per output and year; beside each scenario's
    value its difference from the baseline, and below either its band once it is known. The name
    carries the assumptions that outweigh these bands."""
    compared, region = sure.compared, sure.region
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
        label = row_label(f"{name(output)}{unit}", straying(sure, code), hanging(sure, code))
        for year in YEARS:
            at = compared[0].times.index(year)
            base = compared[0].value(code, region, year)
            row = [label, str(year)]
            for place, run in enumerate(compared):
                value = run.value(code, region, year)
                row.append(shown.number(value) + below(sure.value(run, code), at, shown))
                if place:
                    change = shown.number(value - base, signed=True)
                    row.append(change + below(sure.difference(run, code), at, shown, signed=True))
            rows.append(row)
    return head, rows


def row_label(output: str, stray: str, lines: Sequence[str]) -> markup.Drawn:
    """Return the name of an output's rows; below it what lies outside a band, and folded the
    assumptions that its figures hang on."""
    html = f"<b>{markup.esc(output)}</b>"
    html += f"<span>{markup.esc(stray)}</span>" if stray else ""
    html += markup.folded(t("reliance.rows"), markup.bullets(lines)) if lines else ""
    return markup.Drawn(html)


def straying(sure: Sure, output: str) -> str:
    """Return the sentence that says when a value of an output lies outside its band."""
    strays = sure.strays(output, YEARS)
    years = t("provenance.and").join(map(str, strays))
    return t("reliance.stray", years=years) if strays else ""


def hanging(sure: Sure, output: str) -> list[str]:
    """Return the lines that name the assumptions which outweigh bands of an output, of values and
    of differences, by year."""
    lines = []
    for year in YEARS:
        values, changes = (named(found) for found in sure.outweighing(output, year))
        if values:
            lines.append(t("reliance.row", year=year, names=values))
        if changes:
            lines.append(t("reliance.row_change", year=year, names=changes))
    return lines


def below(band: Edges | None, at: int, shown: Scale, signed: bool = False) -> str:
    """Return the line below a figure: the ends of its band, when that is known."""
    if band is None:
        return ""
    low, high = (shown.number(end[at], signed) for end in band)
    return BREAK + t("tables.band", low=low, high=high)
