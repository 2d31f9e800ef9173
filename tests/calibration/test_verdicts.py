"""How goals end, on pairs made up for the purpose."""

import pandas as pd
import pytest

from calibration.verdicts import GOALS, RATE_GOAL, hindcast, others, rate_score
from model import region_ids

RATE = "urbanisation_rate_resident"


def at_2020(output: str, observed: float, errors: dict[str, float]) -> list[dict[str, object]]:
    """Return a row per region; the model is off by `errors` where they are given."""
    return [
        {
            "variable": output,
            "region": code,
            "year": 2020,
            "observed": observed,
            "model": observed + errors.get(code, 0.0),
        }
        for code in region_ids()
    ]


def later(errors: list[float], inside: list[bool], rival: float) -> pd.DataFrame:
    """Return the province's rate in as many later years."""
    rows = [
        {
            "variable": RATE,
            "region": "shandong",
            "year": 2021 + index,
            "observed": 64.0,
            "model": 64.0 + error,
            "low_80": 63.0,
            "high_80": 65.0,
            "inside": within,
            "constant_difference": 64.0 + rival,
            "logistic": 64.0 + 2 * rival,
        }
        for index, (error, within) in enumerate(zip(errors, inside, strict=True))
    ]
    rows.append({**rows[0], "variable": "births", "observed": 1.0})
    rows.append({**rows[0], "year": 2020})
    return pd.DataFrame(rows)


def test_a_goal_names_the_worst_region_and_all_that_miss_it() -> None:
    rows = [row for output in GOALS for row in at_2020(output, 50.0, {})]
    wrong = at_2020("resident_population", 1000.0, {"heze": -20.0, "jinan": 12.0, "zibo": 9.0})
    rows = [row for row in rows if row["variable"] != "resident_population"] + wrong
    found = {each.output: each for each in hindcast(pd.DataFrame(rows))}
    assert list(found) == list(GOALS)
    residents = found["resident_population"]
    assert residents.unit == "percent"
    assert residents.errors["heze"] == pytest.approx(-2.0)
    assert residents.worst == "heze"
    assert set(residents.missed) == {"heze", "jinan"}
    assert found[RATE].missed == ()


def test_the_rate_is_scored_after_2020_only_and_beside_its_rivals() -> None:
    good = rate_score(later([0.1, -0.1, 0.1, 0.1, 0.1], [True] * 4 + [False], 0.2))
    assert len(good.rates) == 5
    assert good.roots == pytest.approx({"model": 0.1, "constant_difference": 0.2, "logistic": 0.4})
    assert (good.within, good.ahead, good.covered) == (True, True, True)
    bad = rate_score(later([0.1, RATE_GOAL + 0.01], [True, False], 0.05))
    assert (bad.within, bad.ahead, bad.covered) == (False, False, False)
    assert bad.inside == 1


def test_other_series_are_told_apart_from_the_rate() -> None:
    (only,) = others(later([0.0], [True], 1.0)).to_dict("records")
    assert only["variable"] == "births"
