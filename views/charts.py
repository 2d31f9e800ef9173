"""Line charts of model outputs, drawn by one small SVG component (`charts.js`).

A grid is one component and not one chart element per output, so that the cursor year is shared
by all charts, the grid stacks on a phone, and a moved lever redraws in a few milliseconds.
Specifications are plain dictionaries: `chart` and `grid` build them, `show` mounts them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from streamlit.components.v2 import component as register

from analysis.bands import Edges
from model.codelists import Output, Region, Target
from views.language import Scale, current, name, scale, t, without_noise

FOLDER = Path(__file__).parent
SCRIPTS = ("charts.js", "chart.js", "takeaway.js", "drawing.js")
# Every line differs by dash as well as by colour (Okabe-Ito, defined in charts.css).
DASHES = ("7 4", "none", "2 3", "10 3 2 3", "14 5", "5 2 1 2 1 2")


@dataclass(frozen=True)
class Line:
    """One line: its `key`, the name in the legend, and its place in the palette (0 to 5)."""

    key: str
    name: str
    colour: int

    def legend(self) -> dict[str, Any]:
        """Return the legend entry of the specification."""
        return {
            "key": self.key,
            "name": self.name,
            "colour": self.colour,
            "dash": DASHES[self.colour],
        }


@dataclass(frozen=True)
class Observation:
    """A published figure of an output in a year, in the unit of the output."""

    year: int
    value: float
    source: str


def chart(
    output: Output,
    region: Region,
    lines: Sequence[tuple[Line, np.ndarray]],
    times: Sequence[int],
    targets: Sequence[Target] = (),
    observed: Sequence[Observation] = (),
    title: str | None = None,
    bands: Mapping[str, Edges] | None = None,
    change: bool = False,
) -> dict[str, Any]:
    """Return the specification of one chart; the values of each line are at `times`.

    `bands` are the lower and the upper end of a line's band at `times`, by the line's key. With
    `change` values are differences: those of percentages are percentage points.
    """
    shown = scale(output, np.concatenate([values for _, values in lines]))
    if change and shown.unit == "%":
        shown = replace(shown, unit=t("cards.points"))
    return {
        "id": output.id,
        "title": title or name(output),
        "unit": shown.unit or t("charts.no_unit"),
        "digits": shown.digits,
        "file": f"{region.id}_{output.id}",
        "description": describe(output, region, lines, times, shown, bands or {}),
        "times": list(times),
        "zero": spans_zero([values for _, values in lines]),
        "lines": [{"key": line.key, "values": rounded(values, shown)} for line, values in lines],
        "bands": [
            {
                "key": key,
                "low": rounded(low, shown),
                "high": rounded(high, shown),
            }
            for key, (low, high) in (bands or {}).items()
        ],
        "targets": [target_mark(target, shown) for target in targets if target.since is None],
        "observed": [
            {"year": point.year, "value": point.value * shown.factor, "note": point.source}
            for point in observed
        ],
    }


def target_mark(target: Target, shown: Scale) -> dict[str, Any]:
    """Return the mark of a target: its place, its label and its text on hovering."""
    value = f"{target.value * shown.factor:,.10g}"
    return {
        "year": target.year,
        "value": target.value * shown.factor,
        "status": target.status,
        "label": t(f"sense.{target.sense}", value=value),
        "title": f"{target.year} {t(f'status.{target.status}')} {value} {shown.unit} · "
        f"{target.plan(current())}",
    }


def describe(
    output: Output,
    region: Region,
    lines: Sequence[tuple[Line, np.ndarray]],
    times: Sequence[int],
    shown: Scale,
    bands: Mapping[str, Edges],
) -> str:
    """Return what a screen reader says about a chart: each line's first and last value, and the
    last year's band."""
    parts = []
    for line, values in lines:
        ends = {"first": shown.text(values[0]), "last": shown.text(values[-1])}
        parts.append(t("charts.line_description", name=line.name, **ends))
        if line.key in bands:
            low, high = (shown.number(end[-1]) for end in bands[line.key])
            parts[-1] += t("charts.band_description", low=low, high=high)
    return t(
        "charts.description",
        output=name(output),
        region=name(region),
        start=times[0],
        end=times[-1],
        lines=t("charts.joint").join(parts),
    )


def spans_zero(series: Sequence[np.ndarray]) -> bool:
    """Return whether the axis should reach down to zero: the values lie close to it."""
    values = np.concatenate(list(series))
    values = values[np.isfinite(values)]
    return bool(values.size and values.min() > 0 and values.min() < 0.4 * values.max())


def rounded(values: np.ndarray, shown: Scale) -> list[float | None]:
    """Return values for the browser: six significant digits, None where the model has none."""
    scaled = without_noise(values * shown.factor, shown.digits)
    return [float(f"{value:.6g}") if np.isfinite(value) else None for value in scaled]


def grid(
    charts: Sequence[dict[str, Any]],
    lines: Sequence[Line],
    provenance: str,
    signed: bool = False,
    areas: Sequence[str] | None = None,
    ends: bool = False,
    band: str = "",
) -> dict[str, Any]:
    """Return the specification of a grid; all charts share the years from first to last.

    Bands are drawn as areas for the lines whose keys are in `areas`, for all when None; with
    `ends` also as a bar beside the last year, for every line. `band` says what a band is, where it
    is not that of the draws.
    """
    years = [year for spec in charts for year in spec["times"]]
    years += [point["year"] for spec in charts for point in spec["observed"]]
    words = ("year", "table", "csv", "png", "observed", "target", "superseded")
    words += ("band", "low", "high", "to", "ends")
    banded = {band["key"] for spec in charts for band in spec["bands"]}
    keys = [line.key for line in lines if line.key in banded]
    return {
        "locale": "zh-CN" if current() == "zh" else "en",
        "domain": [min(years), max(years)],
        "signed": signed,
        "areas": keys if areas is None else [key for key in keys if key in areas],
        "ends": ends,
        "provenance": provenance,
        "legend": [line.legend() for line in lines],
        "words": {word: t(f"charts.{word}") for word in words} | ({"band": band} if band else {}),
        "charts": list(charts),
    }


def show(spec: dict[str, Any], key: str) -> None:
    """Draw a grid where the page stands."""
    component()(data=spec, key=key)


@cache
def component() -> Any:
    """Return the component that draws a grid, registered once."""
    return register(
        "rendiqian_charts",
        html='<div class="charts"></div>',
        css=(FOLDER / "charts.css").read_text(encoding="utf-8"),
        js="\n".join((FOLDER / part).read_text(encoding="utf-8") for part in SCRIPTS),
    )
