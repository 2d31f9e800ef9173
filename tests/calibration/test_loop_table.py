"""The table of loops: today's model with each loop cut, and as the document shows it."""

import pandas as pd
import pytest

from calibration.posterior import FOLDER
from calibration.report_structure import LOOPS, points, structure_report
from model import load_scenario, shipped_scenarios, simulate
from model.loops import OUTPUTS, loops


def test_the_committed_table_is_todays() -> None:
    held = pd.read_csv(FOLDER / LOOPS, index_col="loop")
    assert tuple(held.index) == loops()
    baseline = load_scenario(next(path for path in shipped_scenarios() if path.stem == "baseline"))
    usual = simulate(baseline, outputs=OUTPUTS).sel(region="shandong", time=2035)
    for loop in loops():
        parameters = {f"loop {loop} switch": 0.0}
        cut = simulate(baseline, outputs=OUTPUTS, parameters=parameters)
        cut = cut.sel(region="shandong", time=2035)
        for name in OUTPUTS:
            change = float(cut[name] - usual[name])
            assert held.loc[loop, name] == pytest.approx(change, abs=1e-4), (loop, name)


def test_every_loop_has_its_name_in_the_document() -> None:
    text = structure_report()
    for loop in loops():
        assert f"| {loop} | " in text
    assert "| B1 | rural labour runs out, the income ratio closes | +" in text


@pytest.mark.parametrize(
    ("value", "shown"), [(0.1349, "+0.13"), (-0.1, "-0.10"), (-0.001, "0.00"), (0.0, "0.00")]
)
def test_points_have_a_sign_unless_they_are_nothing(value: float, shown: str) -> None:
    assert points(value) == shown
