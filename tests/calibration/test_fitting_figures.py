"""What a fit may see: figures with an error, and none later than 2020."""

import ast
from pathlib import Path

import pytest

from calibration.figures import LaterFigureError, fitting_figures, label, observed_figures

FOLDER = Path(__file__).parents[2] / "calibration"
MAY_READ_LATER = {"figures.py", "score.py"}


def test_every_figure_of_a_fit_has_an_error_and_a_grade() -> None:
    frame = observed_figures()
    assert len(frame) > 500
    assert all(error > 0 for error in frame["standard_error"])
    assert "" not in set(frame["grade"])


def test_a_fit_may_not_use_later_figures() -> None:
    with pytest.raises(LaterFigureError, match="2021"):
        fitting_figures(["urbanisation_rate_resident"], [2020, 2021])
    with pytest.raises(LaterFigureError, match="2025"):
        fitting_figures(["urbanisation_rate_resident"], [2025], through=2024)


def test_a_nowcast_may_and_is_labelled() -> None:
    found = fitting_figures(["urbanisation_rate_resident"], range(2021, 2024), through=2024)
    assert found["year"].tolist() == [2021, 2022, 2023]
    assert "nowcast" in label(2024)
    assert "nowcast" not in label(2020)


def test_only_the_loader_and_the_score_read_the_whole_file() -> None:
    for path in FOLDER.glob("*.py"):
        names = {
            node.id
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Name)
        }
        if path.name not in MAY_READ_LATER:
            assert not names & {"observed_figures", "OBSERVED"}, path.name
