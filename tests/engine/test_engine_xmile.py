"""XMILE beyond what PySD reads: modules, macros, `*`, LOOKUP, names of times."""

from __future__ import annotations

import math

import numpy as np
import pytest

import engine
from engine import CycleError, ReadError


@pytest.fixture(scope="module")
def farm(models):
    return engine.load(models / "farm.xmile").run()


@pytest.fixture
def changed(models, tmp_path):
    """Load the farm with some of its text replaced."""

    def changed(old: str, new: str) -> engine.Model:
        text = (models / "farm.xmile").read_text(encoding="utf-8")
        assert old in text
        path = tmp_path / "changed.xmile"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return engine.load(path)

    return changed


def test_modules_become_one_model(farm):
    grass, herd = 100.0, 5.0
    for step in range(12):
        time = step * 0.5
        season = np.interp(time / 6, [0, 0.5, 1], [1, 2, 0]) + 3 - 0.5
        if time == int(time):
            assert farm["grass"].sel(time=time).item() == pytest.approx(grass, rel=1e-14)
            assert farm["sheep.herd"].sel(time=time).item() == pytest.approx(herd, rel=1e-14)
            assert farm["goats.grass"].sel(time=time).item() == pytest.approx(grass, rel=1e-14)
        change = 10 * season - herd * 1.5 - grass * 0.05
        herd += 0.5 * herd * 0.1 * grass / 100
        grass += 0.5 * change


def test_arrays_are_summed_over_stars_and_as_a_whole(farm):
    assert farm["by field"].values[0].tolist() == [6, 15]
    assert farm["whole"].values[0] == 21 + 3.5 + 6 + 3
    assert farm["one"].values[0] == 7


def test_dimensions_may_give_their_size_only(farm):
    assert list(farm["Crop"].values) == ["1", "2", "3"]


def test_macros_are_called(farm):
    np.testing.assert_array_equal(farm["called"], farm["grass"] * 2 + 6)


def test_functions_that_pysd_does_not_know(farm):
    time = farm["time"].values
    assert farm["before"].values.tolist() == [-1, *(time[1:] - 0.5)]
    assert farm["nearest"].values.tolist() == [-4, -3, -1, 1, 2, 4, 5]
    wave = 2 * np.sin(2 * math.pi * time / 3) + np.cos(2 * math.pi * time / 6)
    np.testing.assert_allclose(farm["wave"], wave, rtol=1e-14, atol=1e-14)
    assert farm["squared"].values[0] == 4


def test_results_are_kept_every_saveper(farm):
    assert farm["time"].values.tolist() == [0, 1, 2, 3, 4, 5, 6]


def test_cycles_are_printed(changed):
    model = changed("<eqn>herd * 1.5</eqn>", "<eqn>herd * 1.5 + eating</eqn>")
    with pytest.raises(CycleError) as caught:
        model.run()
    assert caught.value.cycle == ["sheep.eating", "sheep.eating"]
    model = changed("<eqn>5</eqn><inflow>", "<eqn>eating</eqn><inflow>")
    with pytest.raises(CycleError, match="circular initial values") as caught:
        model.run()
    assert set(caught.value.cycle) == {"sheep.eating", "sheep.herd"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('<model name="goats">', '<model name="cows">', "module 'goats' has no model"),
        ("area[lower, 3]", "area[lower, 4]", "'Crop' has no element 4"),
        ('<aux name="one">', '<aux name="Nearest">', "earest is defined twice"),
        ("PREVIOUS(TIME, -1)", "PREVIOUS(TIME)", "PREVIOUS takes 2 arguments"),
        ("ROUND(", "HISTORY(", "HISTORY is not supported"),
        ("<dt>", "<step>", "does not say <dt> in <sim_specs>"),
        (' xmlns="', ' other="', "this is no XMILE"),
        ("SUM(area[Field, *])", "SUM(area[Field, **])", "by field: unknown subscript range"),
    ],
)
def test_mistakes_are_named(changed, old, new, message):
    with pytest.raises(ReadError, match=message):
        changed(old, new)
