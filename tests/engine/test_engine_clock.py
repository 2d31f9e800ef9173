"""GET TIME VALUE of the computer's clock."""

from __future__ import annotations

from datetime import datetime

import pytest

from engine import clock

MOMENT = datetime(2023, 11, 19, 21, 43, 7, 250_000)  # a Sunday
WANTED = {1: 2023, 2: 4, 3: 11, 4: 19, 5: 0, 6: 738842, 7: 21, 8: 43, 9: 7.25, 10: 78187}


@pytest.fixture
def stopped(monkeypatch):
    """The clock stands still."""

    class Still(datetime):
        @classmethod
        def now(cls, tz=None):
            return MOMENT

    monkeypatch.setattr(clock, "datetime", Still)


@pytest.mark.parametrize(("measure", "value"), WANTED.items())
def test_the_clock_is_read_in_the_measures_of_the_manual(made, stopped, measure, value):
    model = made(f"R: a, b ~~| x[R] = GET TIME VALUE(2, 0, {measure}) + R*Time ~~|")
    result = model.run({"TIME STEP": 1}, runs=2, times=[0, 4])
    assert result["x"].values.tolist() == [[[value] * 2, [value + 4, value + 8]]] * 2


def test_pysd_reads_the_same_but_for_the_day_of_the_week(stopped, monkeypatch):
    from pysd.py_backend import functions, utils

    monkeypatch.setattr(utils, "get_current_computer_time", lambda: MOMENT)
    theirs = {m: functions.get_time_value(None, 2, 0, m) for m in WANTED}
    assert theirs == WANTED | {5: 6}


def test_a_model_kept_in_the_cache_reads_the_clock_again(made, stopped, monkeypatch):
    model = made("x = GET TIME VALUE(2, 0, 4) ~~|")
    assert model.run(times=[0])["x"].item() == 19
    monkeypatch.setattr(f"{__name__}.MOMENT", datetime(2023, 11, 20))
    assert model.run(times=[0])["x"].item() == 20
