"""Vensim's macros beyond what PySD reads, and text that its parser has no rule for."""

from __future__ import annotations

import numpy as np
import pytest

import engine
from engine import ReadError, UnsupportedConstruct

SPREAD = (
    ":MACRO: SPREAD OF(a, b : low, high) SPREAD OF = high - low ~~| low = MIN(a, b) ~~|"
    "high = MAX(a, b) ~~| :END OF MACRO:"
)


def test_a_macro_gives_further_results_to_the_names_after_the_colon(made):
    model = made(
        SPREAD + "R: u, v ~~| n[R] = 1, 9 ~~|"
        "x = 2*SPREAD OF(Time + 1, (7)*IF THEN ELSE(1 :AND: Time >= 0, 1, 0) : least, most) ~~|"
        "y[R] = Spread of (n[R], 4: small[R]) ~~| z = SPREAD OF(1, 2) ~~| w = least*10 ~~|"
    )
    result = model.run(times=[1])
    assert result["x"].item() == 10
    assert [result[n].item() for n in ("least", "most", "w", "z")] == [2, 7, 20, 1]
    assert result["y"].values.tolist() == [[3, 5]]
    assert result["small"].values.tolist() == [[1, 4]]


def test_a_macro_names_variables_of_the_model_with_a_dollar(made):
    model = made(
        ":MACRO: HELD(input) HELD = INTEG((input - HELD)/TIME STEP$*k$, Time$ + 5) ~~|"
        ":END OF MACRO: k = 1 ~~| x = HELD(Time*2) ~~|"
    )
    assert model.run(times=[0, 0.5, 1])["x"].values.tolist() == [5, 0, 1]


def test_a_macro_takes_lookups(made):
    model = made(
        ":MACRO: INNER(f, at) INNER = f(at) + 1 ~~| :END OF MACRO:"
        ":MACRO: TWICE(f, at) TWICE = INNER(f, at)*2 ~~| :END OF MACRO:"
        "R: a, b ~~| line((0,0),(10,10)) ~~| x = TWICE(line, 3) ~~|"
    )
    assert model.run(times=[0])["x"].item() == 8
    with pytest.raises(UnsupportedConstruct, match="lookup lines with subscripts as an argument"):
        made(
            ":MACRO: M(f) M = f(1) ~~| :END OF MACRO: R: a, b ~~| lines[R]((0,0),(1,1)) ~~|"
            "x = M(lines) ~~|"
        )


def test_a_marked_range_is_a_number_inside_a_sum(made):
    model = made(
        'R: a, b, c ~~| S: b, c ~~| v[R] = 10, 20, 30 ~~| "odd! name" = 3 ~~|'
        'x = SUM(IF THEN ELSE(R! = 2, 0, v[R!])) + "odd! name" ~~| y = SUM(S! * v[S!]) ~~|'
        "z[R] = VMAX(v[R!] * (R! <= R)) ~~|"
    )
    result = model.run(times=[0])
    assert result["x"].item() == 43
    assert result["y"].item() == 2 * 20 + 3 * 30
    assert made("R: a, b, c ~~| x[R] = R * SUM(R!) ~~|").run(times=[0])["x"].values.tolist() == [
        [6, 12, 18]
    ]
    with pytest.raises(ReadError, match="'R!' outside of SUM"):
        made("R: a, b ~~| x = R! + 1 ~~|")


ARRAYS = """:MACRO: SPREAD(x, f)
SPREAD[R] = INTEG(x * weight[R] - held[R], start[R]) ~~|
held[a] = SPREAD[a] / 2 ~~| held[b] = total - bend[b](x) ~~|
total = SUM(weight[R!]) + VMAX(SPREAD[R!]) + f(x) ~~|
weight[R] = 1, 3 ~~| start[R] = 10 * R ~~|
bend[a]((0,0),(10,9)) ~~| bend[b]((0,0),(10,5)) ~~|
R: a, b ~~|
:END OF MACRO:
"""


def test_a_macro_has_subscript_ranges_of_its_own(made, write, pysd_run, column):
    more = (
        ":MACRO: SCALED(x)\nSCALED[R] = x * R ~~|\nR: a, b ~~|\n:END OF MACRO:\n"
        ":MACRO: TOTAL OF(x)\nTOTAL OF = SUM(part[R!]) ~~|\npart[R] = x * R ~~|\nR: a, b ~~|\n"
        ":END OF MACRO:\n"
    )
    model = write(
        ARRAYS.replace(", f)", ")").replace(" + f(x)", "") + more + "R: a, b ~~| v[R] = 2, 5 ~~|"
        "y[R] = SPREAD(Time + 1)*v[R] ~~| u[R] = SCALED(v[R]) - v[R] ~~|"
        "Q: m, n ~~| w[Q] = 1, 4 ~~| x[Q] = TOTAL OF(w[Q]) ~~|"
    )
    result, theirs = engine.load(model).run(), pysd_run(model)
    for name in [c for c in theirs if c[0] in "yxu" and "[" in c]:
        np.testing.assert_allclose(column(result, name), theirs[name], rtol=1e-12, err_msg=name)
    assert result["x"].values.tolist() == [[3, 12]] * 9
    mixed = made(ARRAYS + "line((0,0),(10,20)) ~~| R: a, b ~~| y[R] = SPREAD(1, line) ~~|")
    rate = [1 - 5, 3 - (4 + 20 + 2 - 0.5)]
    np.testing.assert_allclose(mixed.run(times=[0, 0.5])["y"], [[10, 20], [8, 20 + rate[1] / 2]])


@pytest.mark.parametrize(
    ("equation", "construct"),
    [
        ("y[S] = M(1) ~~|", "has subscripts that are not on the left"),
        ("R: c ~~| y = 1 ~~|", "a range R of its own is not supported"),
    ],
)
def test_a_macros_ranges_that_do_not_fit_are_named(made, equation, construct):
    macro = ":MACRO: M(x) M[R] = x * R ~~| R: a, b ~~| :END OF MACRO: S: s, t ~~|"
    with pytest.raises(ReadError, match=construct):
        made(macro + equation)


@pytest.mark.parametrize(
    ("equation", "construct"),
    [
        ("x = 'some words' ~~|", "text as a value"),
        ("x :IS: 'some words' ~~|", "text as a value"),
        ("x = y[a, b+1] ~~|", "a subscript that is worked out"),
        ("f((0,0),(1,1)) ~~| x = f ~~|", "lookup 'f' without an argument"),
        (SPREAD.replace("- low", "- low[a]") + "x = SPREAD OF(1, 2) ~~|", "subscripts in macro"),
        (SPREAD.replace("low = ", "low[R] = ") + "x = SPREAD OF(1, 2) ~~|", "subscripts in macro"),
    ],
)
def test_what_the_language_has_and_the_engine_lacks_is_refused_by_name(made, equation, construct):
    with pytest.raises(UnsupportedConstruct) as caught:
        made("R: a, b ~~| y[R, R] = 1 ~~|" + equation)
    assert caught.value.variable == "x"
    assert construct in caught.value.construct
