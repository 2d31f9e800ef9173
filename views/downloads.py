"""What a user takes away from the Compare page: results as CSV, their scenario as YAML."""

import csv
from collections.abc import Sequence
from functools import partial
from io import StringIO

import streamlit as st

from model import outputs
from model.codelists import regions
from views.language import current, t
from views.provenance import line
from views.results import SHOWN, Run
from views.session import mine, region, title

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
)
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
    """Return every output of a region in long form: a row per scenario, output and year."""
    stream = StringIO()
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    region_name = regions()[region_id].name(language)
    for run, name in zip(compared, titles, strict=True):
        for code in SHOWN:
            output = outputs()[code]
            fixed = [run.scenario.id, plain(name), region_id, region_name, code]
            fixed += [output.name(language), output.unit_label(language)]
            for year, value in zip(run.times, run.series(code, region_id), strict=True):
                writer.writerow([*fixed, year, f"{value:.10g}"])
    writer.writerow([provenance])
    return BOM + stream.getvalue()


def plain(text: str) -> str:
    """Return a text that a spreadsheet shows instead of running it as a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
