"""The plots of the document: drawn from the tables, the same bytes again, nothing left out."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pandas as pd
import pytest

from calibration.drawing import Panel, ticks
from calibration.plots import plots, rate_plot
from calibration.posterior import FOLDER
from calibration.report import DOCUMENT, IDENTIFIED, document
from calibration.score import RIVALS, held
from calibration.verdicts import hindcast, rate_score
from model import region_ids

SVG = "{http://www.w3.org/2000/svg}"


def made() -> dict[str, str]:
    return plots(pd.read_csv(FOLDER / IDENTIFIED))


def test_the_committed_plots_are_drawn_from_the_committed_tables() -> None:
    text = document()
    for name, picture in made().items():
        assert (DOCUMENT.parent / name).read_text("utf-8") == picture, name
        assert f"]({name})" in text
    assert len(list(DOCUMENT.parent.glob("calibration_*.svg"))) == len(made())


def test_every_plot_is_a_picture_that_says_what_it_shows() -> None:
    for name, picture in made().items():
        root = ElementTree.fromstring(picture)
        assert root.tag == f"{SVG}svg", name
        title = root.find(f"{SVG}title")
        assert title is not None
        assert title.text


def test_the_plot_of_the_rate_has_model_rivals_band_and_figures() -> None:
    pairs, _ = held()
    root = ElementTree.fromstring(rate_plot(pairs))
    years = len(rate_score(pairs).rates)
    assert len(root.findall(f"{SVG}polyline")) == 1 + len(RIVALS)
    assert len(root.findall(f"{SVG}polygon")) == 1
    assert len(root.findall(f"{SVG}circle")) == years + 1  # and one in the legend


def test_the_plot_of_the_hindcast_marks_what_misses_a_goal() -> None:
    (picture,) = (text for name, text in made().items() if "hindcast" in name)
    goals = hindcast(held()[0])
    circles = ElementTree.fromstring(picture).findall(f"{SVG}circle")
    assert len(circles) == len(goals) * len(region_ids())
    hollow = [circle for circle in circles if circle.get("fill") == "#ffffff"]
    assert len(hollow) == sum(len(goal.missed) for goal in goals)


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (63.5, 69.2), (-370_856.0, 206_643.0)])
def test_ticks_are_round_and_hold_the_values(low: float, high: float) -> None:
    found = ticks(low, high)
    assert found[0] <= low < high <= found[-1]
    assert 3 <= len(found) <= 9
    steps = np.diff(found)
    assert steps == pytest.approx(steps[0])
    leading = steps[0] / 10 ** np.floor(np.log10(steps[0]))
    assert any(leading == pytest.approx(each) for each in (1, 2, 2.5, 5))


def test_a_panel_places_the_ends_of_its_axes_at_its_edges() -> None:
    panel = Panel("", 10, 20, 200, 100, (0.0, 4.0), (5.0, 7.0))
    (left, bottom), (right, top) = panel.place(0, 5), panel.place(4, 7)
    assert 10 < left < right < 210
    assert 20 < top < bottom < 120
    assert panel.place(2, 6) == pytest.approx(((left + right) / 2, (top + bottom) / 2))
