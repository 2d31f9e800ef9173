"""Vensim's macros beyond what PySD reads, and text that its parser has no rule for."""

from __future__ import annotations

import pytest

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
    with pytest.raises(ReadError, match="'R!' outside of SUM"):
        made("R: a, b ~~| x = R! + 1 ~~|")


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
