"""The committed tables are those that their generator writes from the published ones."""

from pathlib import Path

import numpy as np
import pytest

import calibration.build as build
from calibration.statuses import ASSUMED, fit_margins
from model.tables import MODEL_FILE, read_cells


def test_building_the_tables_again_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "DATA", tmp_path)
    build.main()
    written = sorted(tmp_path.glob("*.csv"))
    assert len(written) == 11
    for path in written:
        held = MODEL_FILE.parent / "data" / path.name
        assert path.read_text("utf-8") == held.read_text("utf-8"), path.name


def test_proportional_fitting_meets_both_margins_and_keeps_zeros() -> None:
    seed = np.array([[1.0, 2.0, 0.0], [1.0, 1.0, 1.0]])
    rows, columns = np.array([30.0, 70.0]), np.array([20.0, 45.0, 35.0])
    table = fit_margins(seed, rows, columns)
    np.testing.assert_allclose(table.sum(axis=1), rows)
    np.testing.assert_allclose(table.sum(axis=0), columns)
    assert table[0, 2] == 0


def test_margins_that_disagree_are_refused() -> None:
    with pytest.raises(ValueError, match="disagree"):
        fit_margins(np.ones((2, 2)), np.array([1.0, 1.0]), np.array([1.0, 2.0]))


def test_margins_that_the_zeros_forbid_are_refused() -> None:
    with pytest.raises(ValueError, match="zeros forbid"):
        fit_margins(np.eye(2), np.array([1.0, 2.0]), np.array([2.0, 1.0]))


def test_the_share_of_absentees_is_the_models() -> None:
    row = next(
        row
        for row in read_cells(MODEL_FILE.parent / "data" / "parameters.csv")
        if row[0] == "urban hukou share of absentees"
    )
    assert float(row[1]) == ASSUMED["urban hukou share of absentees"]
