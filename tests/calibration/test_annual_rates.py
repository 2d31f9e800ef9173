"""Errors of annual figures follow from how earlier ones lay beside the next census."""

import numpy as np
import pandas as pd
import pytest

from calibration.census import published
from calibration.figures import observed_figures
from calibration.priors import level

SERIES = ("urbanisation_rate_resident", "share_age_0_14", "share_age_15_64", "share_age_65_plus")


def census(name: str) -> dict[int, float]:
    """Return the figures of the censuses by year."""
    rows = published("annual_rates").query("indicator == @name and grade == 'census'")
    return dict(zip(rows["year"], rows["value"], strict=True))


@pytest.mark.parametrize("name", SERIES)
def test_annual_figures_err_as_those_of_the_first_five_years_after_a_census_did(name: str) -> None:
    counted = census(name)
    rows = published("annual_rates").query("indicator == @name and grade == 'reported'")
    early = rows.loc[rows["year"] <= 2015]
    line = counted[2010] + (early["year"] - 2010) / 10 * (counted[2020] - counted[2010])
    expected = float(np.sqrt(((early["value"] - line) ** 2).mean()))
    later = observed_figures().query("region == 'shandong' and variable == @name and year > 2020")
    assert len(later) >= 2
    np.testing.assert_allclose(later["standard_error"], expected, atol=6e-4)


def test_the_pace_of_moves_varies_as_the_last_two_decades_did() -> None:
    rates = pd.Series(census("urbanisation_rate_resident"))
    first, second = rates[2010] - rates[2000], rates[2020] - rates[2010]
    prior = level("driver")["migration_pace"]
    half_width = (prior.high - prior.low) / 2
    assert half_width / np.sqrt(6) == pytest.approx(abs(np.log(second / first)), abs=0.005)
