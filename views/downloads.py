"""What a user takes away from the Compare page: results as CSV, their scenario as YAML."""

import csv
from collections.abc import Sequence
from functools import partial
from io import StringIO

import numpy as np
import streamlit as st

from calibration.ensemble import ensemble
from model import outputs
from model.codelists import regions
from views.background import worker
from views.language import current, t, without_noise
from views.provenance import line
from views.results import BASELINE, SHOWN, Run, shipped
from views.session import mine, region, title
from views.sureness import available, sureness

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


@st.cache_resource(show_spinner=False)
def prepare() -> None:
    """Have the model compiled for the file of results, beside the page and once per server: on a
    machine that has never done it, the first file would take some seconds."""
    base = shipped()[BASELINE]
    worker().submit(partial(ensemble, base, SHOWN, region=base.region))


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
    nothing = [({}, {})] * len(compared)
    bands = sureness().bands_of(compared, SHOWN, region_id) if available() else nothing
    for run, name, (bands_own, bands_change) in zip(compared, titles, bands, strict=True):
        for code in SHOWN:
            output = outputs()[code]
            fixed = [run.scenario.id, plain(name), region_id, region_name, code]
            fixed += [output.name(language), output.unit_label(language)]
            values = run.series(code, region_id)
            unknown = (np.full(len(values), np.nan),) * 2
            own, other = bands_own.get(code, unknown), bands_change.get(code, unknown)
            change = values - compared[0].series(code, region_id)
            columns = (values, *own, change, *other)
            columns = [without_noise(column, output.digits) for column in columns]
            for year, *figures in zip(run.times, *columns, strict=True):
                writer.writerow([*fixed, year, *map(figure, figures)])
    writer.writerow([provenance])
    return BOM + stream.getvalue()


def figure(value: float) -> str:
    """Return a figure as the file carries it, empty where there is none."""
    return f"{value:.10g}" if np.isfinite(value) else ""


def plain(text: str) -> str:
    """Return a text that a spreadsheet shows instead of running it as a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
