"""Assumptions: what counts as one, how far each moves an answer, and the committed tables."""

import csv

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from calibration.assumptions import OF_HAZARDS, assumptions
from calibration.ensemble import ensemble
from calibration.posterior import FOLDER, posterior
from calibration.ranking import RANKING, REVERSALS, kendall, orders, shipped
from calibration.score import table_text
from calibration.sensitivity import EFFECTS, LISTED, effects, headlines, moves
from calibration.tables import assumption_tables, is_current
from model import levers, outputs, regions, simulate
from model.tables import MODEL_FILE

RATE = "urbanisation_rate_resident"


def graded(table: str) -> list[str]:
    """Return the rows of a table of the model that are graded an assumption."""
    text = (MODEL_FILE.parent / "data" / table).read_text("utf-8")
    return [
        row["name"] for row in csv.DictReader(text.splitlines()) if row["grade"] == "assumption"
    ]


def test_every_number_graded_an_assumption_is_one() -> None:
    drivers = [each.variable for each in levers().values() if each.kind == "assumption"]
    profiles = [*graded("status_profiles.csv"), *graded("age_profiles.csv")]
    # Who moves is left to the hazards; who is a young adult is a definition.
    left = {*OF_HAZARDS, "young adult"}
    assert left <= set(profiles)
    profiles = [name for name in profiles if name not in left]
    wanted = [*graded("parameters.csv"), *graded("regional.csv"), *profiles, *drivers]
    assert list(assumptions()) == wanted
    assert len(wanted) > 100


def test_every_assumption_lies_inside_its_range() -> None:
    for each in assumptions().values():
        assert (each.low <= each.high).all(), each.variable
        assert (each.low < each.high).any(), each.variable
        assert (each.low <= each.usual + 1e-9 * np.abs(each.usual)).all(), each.variable
        assert (each.usual <= each.high + 1e-9 * np.abs(each.high)).all(), each.variable
        assert len(each.low) in (1, 3, 5, 17, 18), each.variable


def test_chinese_names_are_chinese_and_told_apart() -> None:
    names = [each.name_zh for each in assumptions().values()]
    assert len(set(names)) == len(names)
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in name) for name in names)


@pytest.fixture(scope="module")
def baseline() -> tuple[xr.Dataset, xr.Dataset]:
    """Return the baseline's run and those with each assumption moved."""
    return moves(shipped()["baseline"], (RATE,), end=2025)


@pytest.mark.parametrize(
    ("name", "lever"), [("local return hazard", ""), ("outside pull", "outside_pull")]
)
def test_an_assumption_is_moved_alone(
    name: str, lever: str, baseline: tuple[xr.Dataset, xr.Dataset]
) -> None:
    usual, moved = baseline
    scenario, each = shipped()["baseline"], assumptions()[name]
    xr.testing.assert_identical(usual[RATE], simulate(scenario, outputs=[RATE], end=2025)[RATE])
    for end in ("low", "high"):
        value = getattr(each, end)
        given = np.repeat(value, 17) if lever else value[0]
        alone = simulate(scenario, outputs=[RATE], end=2025, parameters={name: given})[RATE]
        np.testing.assert_array_equal(moved[RATE].sel(assumption=name, end=end), alone)


def test_rows_by_region_are_moved_by_their_mean(baseline: tuple[xr.Dataset, xr.Dataset]) -> None:
    usual, moved = baseline
    each = assumptions()["government debt 2020"]
    row = next(
        row
        for row in csv.DictReader(
            (MODEL_FILE.parent / "data" / "regional.csv").read_text("utf-8").splitlines()
        )
        if row["name"] == each.variable
    )
    assert each.low.mean() == pytest.approx(float(row["low"]))
    np.testing.assert_allclose(each.low / each.usual, each.low[0] / each.usual[0])
    assert (moved[RATE].sel(assumption=each.variable) != usual[RATE]).any()


def test_a_profile_is_moved_by_a_factor(baseline: tuple[xr.Dataset, xr.Dataset]) -> None:
    usual, moved = baseline
    each = assumptions()["tenure"]
    assert list(each.usual) == [8, 5, 5]
    np.testing.assert_allclose(each.high, 1.5 * each.usual)
    alone = simulate(
        shipped()["baseline"], outputs=[RATE], end=2025, parameters={"tenure": each.high}
    )
    given = moved[RATE].sel(assumption="tenure", end="high")
    np.testing.assert_array_equal(given, alone[RATE])
    assert (given != usual[RATE]).any()


def test_an_assumption_that_a_scenario_sets_stays() -> None:
    usual, moved = moves(shipped()["land_market_slump"], (RATE,), end=2022)
    held = moved.sel(assumption="land market cycle")
    assert not held["moves"]
    np.testing.assert_array_equal(held[RATE], np.broadcast_to(usual[RATE], held[RATE].shape))
    assert int(moved["moves"].sum()) == len(assumptions()) - 1


def toy(values: list[list[float]]) -> xr.Dataset:
    """Return runs with two assumptions at both ends (assumption, end) in one place."""
    array = np.array(values)[:, :, None, None]
    return xr.Dataset(
        {RATE: (("assumption", "end", "region", "time"), array)},
        {
            "assumption": ["a", "b"],
            "end": ["low", "high"],
            "region": ["shandong"],
            "time": [2025.0],
            "moves": ("assumption", [True, True]),
        },
    )


def test_effects_are_measured_against_the_width_of_the_band() -> None:
    usual = toy([[5, 5], [5, 5]]).isel(assumption=0, end=0, drop=True)
    draws = usual + xr.DataArray(np.linspace(0, 10, 101), dims="draw")
    (row,) = effects(usual, toy([[3, 9], [5, 5]]), draws).to_dict("records")
    assert (row["assumption"], row["year"], row["value"]) == ("a", 2025, 5)
    assert (row["low_change"], row["high_change"]) == (-2, 4)
    assert row["band"] == pytest.approx(8)
    assert row["share"] == pytest.approx(6 / 8)
    level = effects(usual, toy([[5, 5], [5, 6]]), usual.expand_dims(draw=2))
    assert list(level["share"]) == [np.inf]


def test_orders_and_tau_are_kendalls() -> None:
    first, second = np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 3.0, 2.0, 2.04])
    signs = orders(second, 1)
    assert signs[1, 2] == 1
    assert signs[2, 3] == 0
    assert (signs == -signs.T).all()
    # Of six pairs three agree, two do not, and one is level: 1 / sqrt(6 * 5).
    assert kendall(orders(first, 1), signs) == pytest.approx(1 / 30**0.5)
    assert np.isnan(kendall(orders(first, 1), orders(np.ones(4), 1)))


def test_the_committed_tables_are_todays() -> None:
    assert is_current(), "run `python cli.py calibrate`, or `python -m calibration.tables`"


@pytest.fixture(scope="module")
def made() -> dict[str, pd.DataFrame]:
    """Return the tables made anew from the committed draws."""
    return assumption_tables(posterior())


@pytest.mark.parametrize("name", [EFFECTS, REVERSALS, RANKING])
def test_the_committed_tables_are_made_again(name: str, made: dict[str, pd.DataFrame]) -> None:
    """Every figure, but for rounding that differs between processors."""
    committed = pd.read_csv(FOLDER / name, keep_default_na=False)
    again = made[name].reset_index(drop=True)
    assert list(committed.columns) == list(again.columns)
    assert len(committed) == len(again)
    for column in committed:
        if again[column].dtype == float:
            np.testing.assert_allclose(committed[column], again[column], rtol=1e-4, atol=1e-6)
        else:
            assert list(committed[column]) == list(again[column]), column
    assert table_text(again).count("\n") == (FOLDER / name).read_text("utf-8").count("\n")


def test_the_tables_cover_what_they_promise(made: dict[str, pd.DataFrame]) -> None:
    found = made[EFFECTS]
    assert set(found["region"]) == set(regions())
    assert set(found["output"]) == set(headlines())
    shares = found["share"].to_numpy()
    assert shares.min() >= LISTED
    assert shares.max() > 1
    pairs = made[RANKING].query("region == 'yantai' and output == 'gdp' and year == 2035")
    assert len(pairs) == len(shipped()) * (len(shipped()) - 1) / 2


def test_a_chance_is_counted_draw_by_draw(made: dict[str, pd.DataFrame]) -> None:
    first, second = (
        ensemble(shipped()[name], (RATE,))[RATE].sel(region="shandong", time=2035.0).to_numpy()
        for name in ("combined_package", "county_towns")
    )
    apart = first - second
    level = np.abs(apart) < 10.0 ** -outputs()[RATE].digits
    (row,) = (
        made[RANKING]
        .query(f"region == 'shandong' and output == '{RATE}' and year == 2035")
        .query("first == 'combined_package' and second == 'county_towns'")
        .to_dict("records")
    )
    assert row["first_higher"] == ((apart > 0) & ~level).mean()
    assert row["level"] == level.mean()
    assert 0 < row["first_higher"] < 1


def test_a_swap_is_a_change_of_order(made: dict[str, pd.DataFrame]) -> None:
    swaps = made[REVERSALS].query(f"region == 'shandong' and output == '{RATE}' and year == 2035")
    row = swaps.to_dict("records")[0]
    above, below = str(row["swapped"]).split()[0].split(">")
    name, end = row["assumption"], row["end"]
    each = assumptions()[name]
    value = getattr(each, end)
    given = value if len(value) == 17 else np.repeat(value, 17) if each.lever else value[0]
    values = {
        (scenario, changed): float(
            simulate(
                shipped()[scenario], outputs=[RATE], parameters={name: given} if changed else None
            )[RATE].sel(region="shandong", time=2035)
        )
        for scenario in (above, below)
        for changed in (False, True)
    }
    assert values[above, False] < values[below, False]
    assert values[above, True] > values[below, True]
    assert row["tau"] < 1
