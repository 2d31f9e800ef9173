"""Lookups read forward, backward, beyond their ends and inverted; values worked out by hand."""

from __future__ import annotations

import pytest

from engine import ParameterError, ReadError

LOOKUPS = "f((0,0),(2,4),(5,5)) ~~| R: a, b ~~| g[a]((0,1),(4,3)) ~~| g[b]((0,9),(2,6),(3,2)) ~~|"


@pytest.mark.parametrize(
    ("reading", "values"),
    [
        ("LOOKUP FORWARD(f, Time)", [0, 4, 4, 4, 4, 5, 5, 5, 5]),
        ("LOOKUP BACKWARD(f, Time)", [0, 0, 0, 0, 4, 4, 4, 4, 4]),
        ("LOOKUP FORWARD(f, 9 - Time)", [5] * 9),
        ("LOOKUP BACKWARD(f, -Time)", [0] * 9),
        ("3*LOOKUP EXTRAPOLATE(f, 4 + Time)", [14 + t / 2 for t in range(9)]),
        ("LOOKUP EXTRAPOLATE(f, -Time)", [-t for t in range(9)]),
        ("LOOKUP INVERT(f, Time)", [t / 4 for t in range(9)]),
        ("LOOKUP INVERT(f, 3 + Time)", [1.5, 1.75, 2, 3.5, 5, 5, 5, 5, 5]),
    ],
)
def test_lookups_may_be_read_in_other_ways(made, reading, values):
    assert made(LOOKUPS + f"x = {reading} ~~|").run()["x"].values.tolist() == values


def test_each_element_has_its_own_curve(made):
    model = made(
        "x[R] = LOOKUP INVERT(g[R], 2) + LOOKUP FORWARD(g[b], 2.5)*0 ~~|"
        "y = LOOKUP FORWARD(g[b], 2.5) + SUM(LOOKUP BACKWARD(g[R!], 2.5)) ~~|" + LOOKUPS
    )
    result = model.run(times=[0])
    assert result["x"].values.tolist() == [[2, 3]]
    assert result["y"].item() == 2 + 1 + 6


def test_points_that_are_given_count_for_every_reading(made):
    model = made(LOOKUPS + "x = f(1) + 10*LOOKUP FORWARD(f, 1) + 100*LOOKUP INVERT(f, 3) ~~|")
    assert model.run(times=[0])["x"].item() == 2 + 40 + 150
    given = {"f": [[0, 1], [3, 4]]}
    assert model.run(given, times=[0])["x"].item() == 2 + 40 + 200
    with pytest.raises(ParameterError, match="f: its values neither only rise nor only fall"):
        model.run({"f": [[0, 1], [1, 3], [2, 1]]})


def test_a_macro_reads_a_lookup_that_is_its_argument(made):
    macro = ":MACRO: NEXT(curve, at) NEXT = LOOKUP FORWARD(curve, at) ~~| :END OF MACRO:"
    assert made(macro + "x = NEXT(f, 1) ~~|" + LOOKUPS).run(times=[0])["x"].item() == 4


@pytest.mark.parametrize(
    ("equation", "message"),
    [
        ("x = LOOKUP FORWARD(3, 1) ~~|", "x: LOOKUP FORWARD needs a lookup"),
        ("x = LOOKUP FORWARD(f) ~~|", "x: LOOKUP FORWARD takes 2 arguments, not 1"),
        ("x = LOOKUP INVERT(h, 1) ~~| h((0,0),(1,1),(2,0)) ~~|", "h cannot be inverted"),
    ],
)
def test_what_cannot_be_read_is_named(made, equation, message):
    with pytest.raises(ReadError, match=message):
        made(LOOKUPS + equation)
