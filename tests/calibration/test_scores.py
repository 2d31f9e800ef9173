"""Measures of fit, the committed scores, and the document written from them."""

import io
from functools import cache

import numpy as np
import pandas as pd
import pytest

from calibration.census import counts
from calibration.posterior import FOLDER
from calibration.report import DOCUMENT, document
from calibration.score import PAIRS, STATISTICS, pairs, rival, statistics, table_text
from calibration.statistics import fit, interval


@cache
def today() -> pd.DataFrame:
    return pairs()


def test_measures_of_known_series() -> None:
    observed = np.array([1.0, 2.0, 3.0, 4.0])
    shifted = fit(observed, observed + 1)
    assert (shifted.rmse, shifted.bias) == (1, 1)
    assert shifted.mape == pytest.approx(100 * np.mean(1 / observed))
    stretched = fit(observed, 2.5 + 2 * (observed - 2.5))
    assert stretched.variance == pytest.approx(1)
    assert fit(observed, observed).r_squared == 1
    turned = fit(observed, observed[::-1])
    assert turned.covariance == pytest.approx(1)
    assert np.isnan(fit(observed[:1], observed[:1]).r_squared)


def test_pairs_must_match() -> None:
    with pytest.raises(ValueError, match="pairs"):
        fit(np.array([]), np.array([]))
    with pytest.raises(ValueError, match="pairs"):
        fit(np.ones(2), np.ones(3))


def test_an_interval_holds_its_share_of_observations() -> None:
    generator = np.random.default_rng(1)
    draws = generator.standard_normal((4000, 300)) * 3
    errors = np.full(300, 4.0)
    low, high = interval(draws, errors, seed=2)
    seen = 5 * generator.standard_normal(300)
    assert ((low <= seen) & (seen <= high)).mean() == pytest.approx(0.8, abs=0.06)


def test_the_rivals_pass_through_both_censuses() -> None:
    for ceiling in (100.0, 80.0):
        for year in (2010, 2020):
            urban = counts("urban_resident_population", year).sum()
            rate = 100 * urban / counts("resident_population", year).sum()
            assert rival(year, ceiling) == pytest.approx(rate)
    assert rival(2100, 80.0) < 80


def test_figures_after_2020_have_an_interval_and_the_rate_has_rivals() -> None:
    later = [row for row in today().to_dict("records") if row["year"] > 2020]
    assert {row["year"] for row in later} == {2021, 2022, 2023, 2024, 2025}
    for row in later:
        assert row["low_80"] < row["high_80"]
        for rival_name in ("constant_difference", "logistic"):
            assert np.isnan(row[rival_name]) == (row["variable"] != "urbanisation_rate_resident")


def test_the_model_beats_its_rivals_on_the_rate_after_2020() -> None:
    rates = today().query("year > 2020 and variable == 'urbanisation_rate_resident'")
    error = {
        key: np.square((rates[key] - rates["observed"]).to_numpy(float)).mean()
        for key in ("model", "constant_difference", "logistic")
    }
    assert error["model"] < min(error["constant_difference"], error["logistic"])


@pytest.mark.parametrize("name", [PAIRS, STATISTICS])
def test_the_committed_tables_are_today_s(name: str) -> None:
    made = today() if name == PAIRS else statistics(today())
    new = pd.read_csv(io.StringIO(table_text(made)))
    old = pd.read_csv(FOLDER / name)
    numbers = list(new.select_dtypes("number"))
    for column in new.columns.difference(numbers):
        assert new[column].equals(old[column]), column
    np.testing.assert_allclose(new[numbers], old[numbers], rtol=1e-3, atol=1e-6)


def test_the_document_is_written_from_the_tables() -> None:
    assert DOCUMENT.read_text("utf-8") == document()
