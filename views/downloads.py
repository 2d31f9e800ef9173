"""What a user takes away from the Compare page: results as CSV, their scenario as YAML."""

import csv
from collections.abc import Sequence
from functools import partial
from io import StringIO

import numpy as np
import streamlit as st

from analysis.bands import Edges, edges
from calibration.ensemble import ensemble
from model import outputs
from model.codelists import regions
from views.language import current, t
from views.provenance import line
from views.results import SHOWN, Run
from views.session import mine, region, title
from views.sureness import available

BOM = "\ufeff"  # so that Excel reads the file as UTF-8
COLUMNS = (
    "scenario",
    "scenario_title",
    "region",
    "region_name",
    "output",
    "output_name",
    "unit",
    "year",
    "value",
    "p10",
    "p90",
    "difference",
    "difference_p10",
    "difference_p90",
)
AT_ONCE = 25  # outputs whose draws are in memory together, a few hundred megabytes in the making
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for a formula


def buttons(compared: Sequence[Run]) -> None:
    """Draw the download buttons; a file is made only when its button is pressed."""
    here = region()
    titles = [title(run.scenario.id) for run in compared]
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            t("downloads.csv"),
            partial(results_csv, compared, titles, here, current(), line(compared)),
            file_name=f"rendiqian_{here}.csv",
            mime="text/csv",
            icon=":material/table:",
            on_click="ignore",
            key="download_csv",
        )
        st.download_button(
            t("downloads.yaml"),
            mine().to_yaml,
            file_name="my_scenario.yaml",
            mime="application/yaml",
            icon=":material/description:",
            on_click="ignore",
            key="download_yaml",
        )


def results_csv(
    compared: Sequence[Run], titles: Sequence[str], region_id: str, language: str, provenance: str
) -> str:
    """Return every output of a region in long form: a row per scenario, output and year.

    Beside each value stand the ends of its band and its difference from the first scenario, with
    the band of that; empty where no draws belong to today's model.
    """
    stream = StringIO()
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    region_name = regions()[region_id].name(language)
    bands = all_bands(compared, region_id) if available() else {}
    for place, (run, name) in enumerate(zip(compared, titles, strict=True)):
        for code in SHOWN:
            output = outputs()[code]
            fixed = [run.scenario.id, plain(name), region_id, region_name, code]
            fixed += [output.name(language), output.unit_label(language)]
            values = run.series(code, region_id)
            unknown = (np.full(len(values), np.nan),) * 2
            own, other = bands.get((place, code), (unknown, unknown))
            change = values - compared[0].series(code, region_id)
            for year, *figures in zip(run.times, values, *own, change, *other, strict=True):
                writer.writerow([*fixed, year, *map(figure, figures)])
    writer.writerow([provenance])
    return BOM + stream.getvalue()


def figure(value: float) -> str:
    """Return a figure as the file carries it, empty where there is none."""
    return f"{value:.10g}" if np.isfinite(value) else ""


def all_bands(
    compared: Sequence[Run], region_id: str
) -> dict[tuple[int, str], tuple[Edges, Edges]]:
    """Return the band of every output of every run and of its difference from the first."""
    found = {}
    for first in range(0, len(SHOWN), AT_ONCE):
        codes = SHOWN[first : first + AT_ONCE]
        base = ensemble(compared[0].scenario, codes)
        for place, run in enumerate(compared):
            draws = ensemble(run.scenario, codes) if place else base
            for code in codes:
                own = edges(draws, code, region_id)
                found[place, code] = own, edges(draws, code, region_id, base)
    return found


def plain(text: str) -> str:
    """Return a text that a spreadsheet shows instead of running it as a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
