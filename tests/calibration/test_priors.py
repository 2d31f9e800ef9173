"""The table of priors: complete, in range, and equal to what it says it rests on."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr
from scipy.stats import triang

from calibration import priors as module
from calibration.figures import fitting_figures
from calibration.hindcast import HAZARDS
from calibration.priors import level, parameter_values, priors, table_scores, triangular
from model import levers
from model.rows import TableError
from model.tables import MODEL_FILE


def test_every_prior_has_a_range_a_unit_a_source_and_a_place() -> None:
    for prior in priors():
        assert prior.unit, prior
        assert prior.source, prior
        assert prior.enters, prior
        if prior.distribution == "triangular":
            assert prior.low <= prior.centre <= prior.high


def test_every_hazard_has_a_mean_and_a_deviation() -> None:
    assert list(level("provincial mean")) == list(level("regional deviation")) == list(HAZARDS)


def test_drivers_are_assumptions_of_the_model_and_stay_in_their_range() -> None:
    for name, prior in level("driver").items():
        lever = levers()[name]
        assert lever.kind == "assumption"
        if prior.distribution == "triangular":
            assert lever.low <= prior.low < prior.high <= lever.high


def test_random_walks_step_as_the_series_did_until_2020() -> None:
    path = pd.read_csv(MODEL_FILE.parent / "data" / "fertility.csv").query("year < 2020")
    funds = fitting_figures(["government_fund_revenue"], range(2015, 2021))
    series = {
        "fertility_factor": path["total_fertility"],
        "land_market_cycle": funds.loc[funds["region"] == "shandong", "value"],
    }
    for name, values in series.items():
        step = np.sqrt(np.mean(np.diff(np.log(values)) ** 2))
        assert level("driver")[name].high == pytest.approx(step, abs=0.006)


def test_triangular_quantiles_are_those_of_scipy() -> None:
    scores = np.linspace(-3, 3, 13)
    expected = triang.ppf(ndtr(scores), (0.8 - 0.4) / (1.5 - 0.4), 0.4, 1.1)
    np.testing.assert_allclose(triangular(scores, 0.4, 0.8, 1.5), expected)


def test_the_table_s_scores_give_the_table_s_values() -> None:
    for name, values in parameter_values(table_scores()[None]).items():
        prior = level("province")[name]
        assert values[0] == pytest.approx(prior.centre, abs=2e-3 * (prior.high - prior.low))


def test_an_unknown_parameter_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "priors.csv"
    header, *_ = module.PRIORS.read_text("utf-8").splitlines()
    table.write_text(f"{header}\nno such thing,province,triangular,,,,,,,here\n", "utf-8")
    monkeypatch.setattr(module, "PRIORS", table)
    with pytest.raises(TableError, match="no such thing"):
        priors.__wrapped__()
