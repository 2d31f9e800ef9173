"""Assumptions named beside an answer, and how sure an order of scenarios is."""

import pandas as pd
import pytest

from analysis import assumptions as module
from analysis.assumptions import Lead, available, effects_of, held, lead, outweighing, reversing
from calibration.ensemble import ensemble
from calibration.ranking import RANKING, REVERSALS, shipped
from calibration.sensitivity import EFFECTS, headlines
from model import regions

RATE = "urbanisation_rate_resident"
PLACE = ("shandong", RATE, 2035)


def test_only_what_outweighs_the_band_is_named_the_strongest_first() -> None:
    assert available()
    found = outweighing(*PLACE)
    assert found
    shares = [each.share for each in found]
    assert shares == sorted(shares, reverse=True)
    assert min(shares) > 1
    for each in found:
        values = (each.low_change, each.high_change, 0)
        assert max(values) - min(values) == pytest.approx(each.share * each.band, rel=1e-4)
    table = held(EFFECTS).query("region == 'shandong' and output == @RATE and year == 2035")
    assert len(found) == (table["share"] > 1).sum() < len(table)


def test_names_are_in_both_languages() -> None:
    (first, *_) = outweighing(*PLACE)
    assert first.assumption.name("en") == first.assumption.variable
    assert first.assumption.name("zh") != first.assumption.name("en")


@pytest.mark.parametrize("region", regions())
def test_every_headline_of_every_region_has_an_answer(region: str) -> None:
    for output in headlines():
        for year in (2025, 2035):
            assert isinstance(outweighing(region, output, year), tuple)


@pytest.mark.parametrize(
    "place", [("hainan", RATE, 2035), ("shandong", "births", 2035), ("shandong", RATE, 2031)]
)
def test_a_place_not_worked_out_is_not_taken_for_one_without_effects(
    place: tuple[str, str, int],
) -> None:
    with pytest.raises(KeyError):
        outweighing(*place)


@pytest.fixture(scope="module")
def own() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the effects on a scenario, and on its difference from the baseline."""
    scenario, base = (shipped()[name] for name in ("open_settling", "baseline"))
    draws, others = (ensemble(each, (RATE,)) for each in (scenario, base))
    return effects_of(scenario, draws), effects_of(scenario, draws, (base, others))


def test_a_scenario_of_ones_own_has_its_own_effects(
    own: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    mine, usual = outweighing(*PLACE, own[0]), outweighing(*PLACE)
    assert {each.assumption.variable for each in mine} & {
        each.assumption.variable for each in usual
    }
    assert [each.low_change for each in mine] != [each.low_change for each in usual]


def test_a_difference_hangs_on_less(own: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    value, difference = (
        next(
            row
            for row in module.rows(table, *PLACE)
            if row["assumption"] == "peri urban density multiple"
        )
        for table in own
    )
    assert difference["value"] < value["value"] / 10
    assert difference["band"] < value["band"]
    assert abs(difference["low_change"]) < abs(value["low_change"])


def test_a_lead_reads_the_same_from_both_sides() -> None:
    one = lead("combined_package", "county_towns", *PLACE)
    other = lead("county_towns", "combined_package", *PLACE)
    assert one.higher + one.level + one.lower == pytest.approx(1)
    assert 0 < one.lower < one.higher < 1
    assert other.higher == pytest.approx(one.lower)
    assert other.reversed_by == one.reversed_by
    row = next(
        row
        for row in module.rows(held(RANKING), *PLACE)
        if (row["first"], row["second"]) == ("combined_package", "county_towns")
    )
    assert one.higher == row["first_higher"]


def test_what_reverses_a_lead_is_named() -> None:
    row = module.rows(held(REVERSALS), *PLACE)[0]
    first, second = row["swapped"].split()[0].split(">")
    found = reversing(first, second, *PLACE)
    assert row["assumption"] in [each.variable for each in found]
    assert isinstance(lead(first, second, *PLACE), Lead)


def test_a_pair_that_was_not_ranked_is_refused() -> None:
    with pytest.raises(KeyError):
        lead("baseline", "nonsense", *PLACE)
    with pytest.raises(KeyError):
        lead("baseline", "open_settling", "heze", RATE, 2035)
