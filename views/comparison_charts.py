"""The charts of the Compare page: which outputs, and one specification for all of them."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from model import outputs, targets
from model.codelists import regions
from views.charts import Line, chart, grid
from views.choices import keep
from views.comparison_bands import Sure
from views.language import current, name, t
from views.observations import observations
from views.results import SHOWN, Run
from views.session import region, title

LIMIT = 12
KEY_OUTPUTS = (
    "urbanisation_rate_resident",
    "urbanisation_rate_hukou",
    "hukou_conversions",
    "income_ratio",
    "urban_construction_land",
    "debt_ratio",
)


def output_groups() -> dict[str, list[str]]:
    """Return the groups of outputs that charts can show: the key ones first, then by subject."""
    groups: dict[str, list[str]] = {"key": list(KEY_OUTPUTS)}
    for code in SHOWN:
        groups.setdefault(outputs()[code].group, []).append(code)
    return groups


def output_picker() -> tuple[list[str], bool]:
    """Let the user choose outputs, by group, and values or differences; return both."""
    groups = output_groups()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        group = keep(
            st.segmented_control,
            "output_group",
            "key",
            t("compare.group"),
            list(groups),
            format_func=lambda code: t(f"output_group.{code}"),
            required=True,
        )
        difference = keep(
            st.toggle,
            "difference",
            False,
            t("compare.difference"),
            help=t("compare.difference_help"),
        )
        members = groups[group]
        with st.popover(t("compare.outputs"), icon=":material/checklist:"):
            picked = keep(
                st.pills,
                f"outputs:{group}",
                members[:LIMIT],
                t("compare.outputs_in_group"),
                members,
                selection_mode="multi",
                format_func=lambda code: name(outputs()[code]),
            )
    return [code for code in members if code in picked], difference


def lines_of(compared: Sequence[Run]) -> list[Line]:
    """Return one line per run; a run keeps its place in the palette, the baseline the first."""
    return [
        Line(run.scenario.id, title(run.scenario.id), place) for place, run in enumerate(compared)
    ]


def specification(
    sure: Sure, picked: Sequence[str], difference: bool, areas: Sequence[str], provenance: str
) -> dict[str, Any]:
    """Return the grid of the outputs picked, as values or as differences to the first run.

    Bands are drawn as areas for the scenarios in `areas`, and for all at the last year.
    """
    compared = sure.compared
    lines = lines_of(compared)
    pairs = list(zip(lines, compared, strict=True))[1 if difference else 0 :]
    band = sure.difference if difference else sure.value
    here = regions()[region()]
    specs = []
    for code in picked:
        zero = compared[0].series(code, here.id) if difference else 0.0
        values = [(line, run.series(code, here.id) - zero) for line, run in pairs]
        bands = {line.key: found for line, run in pairs if (found := band(run, code))}
        marks = [
            target
            for target in targets().values()
            if (target.region, target.output) == (here.id, code)
        ]
        specs.append(
            chart(
                outputs()[code],
                here,
                values,
                compared[0].times,
                [] if difference else marks,
                [] if difference else observations(here.id, code),
                title=difference_title(code) if difference else None,
                bands=bands,
                change=difference,
            )
        )
    shown = [line for line, _ in pairs]
    return grid(specs, shown, provenance, signed=difference, areas=areas, ends=len(shown) > 1)


def difference_title(code: str) -> str:
    """Return the title of a chart of differences."""
    return t("compare.difference_title", output=outputs()[code].name(current()))
