"""What cannot be compiled is refused with the variable, the construct and the line."""

from __future__ import annotations

import re

import pytest

import engine
from engine import CycleError, EngineError, ReadError, UnsupportedConstruct

ENDLESS = ":MACRO: ENDLESS(a) ENDLESS = 1 + ENDLESS(a) ~~| :END OF MACRO: "


@pytest.mark.parametrize(
    ("equation", "construct"),
    [
        ("x = RANDOM POISSON(0, 9, 3, 0, 1, 0)", "RANDOM POISSON"),
        (
            "x = 2 + GET TIME VALUE(1, 0, 1)",
            "GET TIME VALUE of the initial time, or of the model's time by a calendar",
        ),
        ("x = FROBNICATE(3)", "FROBNICATE"),
        ("x = ENDLESS(3)", "macro endless within itself"),
    ],
)
def test_unsupported_constructs_name_variable_construct_and_line(made, equation, construct):
    with pytest.raises(UnsupportedConstruct) as caught:
        made(ENDLESS + equation + " ~~|")
    assert caught.value.variable == "x"
    assert caught.value.construct == construct
    assert caught.value.text == equation
    assert equation in str(caught.value)


@pytest.mark.parametrize(
    ("equations", "message"),
    [
        ("x = nothing + 1 ~~|", "unknown variable 'nothing'"),
        (
            "one name = 1 ~~| x = oen name ~~|",
            "unknown variable 'oen_name'; did you mean 'one name'?",
        ),
        ("x = 2 + * 3 ~~|", "cannot read x: 2 + * 3\n    not understood from '+ * 3' on"),
        ("x = (1 + 2 ~~|", "cannot read x: (1 + 2\n    it ends too early"),
        ("x = 3 4 ~~|", "cannot read x: 3 4\n    not understood"),
        ("x = SMOOTH(Time) ~~|", "SMOOTH(Time)\n    a function has too few or too many arguments"),
        ("x = INTEG(1) ~~|", "INTEG(1)\n    a function has too few or too many arguments"),
        ("x = y(1) ~~| y = 2 ~~|", "x: y is neither a function nor a lookup"),
        ("x = 1 ~~| :MACRO: M(a) M = a ~~|", "cannot read model\n    not understood from ':MACRO:"),
        ("R: a, b ~~| R: a, c ~~| x[R] = 1 ~~|", "subscript range R is defined twice"),
        ("R: a, b, A ~~| x[R] = 1 ~~|", "subscript range R has A twice"),
        ("R: (a1-b3) ~~| x[R] = 1 ~~|", "cannot read R: R: (a1-b3)\n    not understood"),
        ("R: a, b ~~| y[R] = 1 ~~| x = y[R] ~~|", "'R' is not among the subscripts on the left"),
        ("R: a, b ~~| y[R] = 1 ~~| x = y[c] ~~|", "unknown subscript 'c'"),
        ("R: a, b ~~| y[R] = 1 ~~| x = y[a,b] ~~|", "y has 1 subscripts, not 2"),
        ("R: a, b ~~| y[R] = 1 ~~| x = y ~~|", "y needs subscripts"),
        ("R: a, b ~~| S: c, d, e -> R ~~| y[S] = 1 ~~| x[R] = y[S] ~~|", "differ in length"),
        ("R: a, b ~~| x[R] = 1, 2, 3 ~~|", "3 numbers for 2 elements"),
        ("R: a, b ~~| x[Q] = 1 ~~|", "unknown subscript 'Q'"),
        ("R: a, b ~~| x = ELMCOUNT(3) ~~|", "x: ELMCOUNT needs a subscript range"),
        ("x = ELMCOUNT(Q) ~~|", "x: ELMCOUNT needs a subscript range, not 'q'"),
        ("R: a, S ~~| S: b, T ~~| T: R ~~| x[R] = 1 ~~|", "within each other: R → S → T → R"),
        ("R: a, b ~~| x[R] = 1 ~~| R = 2 ~~|", "R is a variable and a subscript range"),
        ("time = 3 ~~|", "time is the time of the simulation and nothing else"),
        ("time: a, b ~~| x[time] = 1 ~~|", "time is the time of the simulation and nothing else"),
        ("R: a, b ~~| x[R] = R[a] ~~|", "x: R has no subscripts"),
        ("R: a, b ~~| x[R] = Time[R] ~~|", "x: time has no subscripts"),
        ("R: a, b ~~| x[R] = y[R] ~~|", "x: unknown variable 'y'"),
        ("x = SUM() ~~|", "x: sum takes 1 argument, not 0"),
        ("x = VMIN(1, 2) ~~|", "x: vmin takes 1 argument, not 2"),
        ("R <-> Q ~~| x = 1 ~~|", "R <-> Q: unknown subscript range"),
        ("x = MAX(1, 2, 3) ~~|", "MAX takes 2 arguments, not 3"),
        ("x = GET DIRECT CONSTANTS('gone.csv', ',', 'B2') ~~|", "no such table: gone.csv"),
        ("x = SMOOTH N(1, 2, 3, n) ~~| n = INTEG(1, 1) ~~|", "must be constant"),
        (
            ":MACRO: TWICE(a) TWICE = 2*a ~~| :END OF MACRO: x = TWICE(2, 3) ~~|",
            "twice takes 1 arguments, not 2",
        ),
        (
            ":MACRO: TWICE(a) THRICE = 2*a ~~| :END OF MACRO: x = TWICE(2) ~~|",
            "macro twice does not define its result",
        ),
    ],
)
def test_mistakes_in_the_file_are_named(made, equations, message):
    with pytest.raises(ReadError, match=re.escape(message)):
        made(equations)


def test_files_that_are_not_models_are_refused(tmp_path):
    with pytest.raises(ReadError, match="no such model file"):
        engine.load(tmp_path / "gone.mdl")
    (tmp_path / "notes.txt").write_text("x = 1")
    with pytest.raises(ReadError, match=r"expected a file ending in \.mdl"):
        engine.load(tmp_path / "notes.txt")
    for content in ("", "{UTF-8}\n", "\x00\x01\x02", "{UTF-0} x = 1 ~~|"):
        (tmp_path / "odd.mdl").write_text(content)
        with pytest.raises(ReadError):
            engine.load(tmp_path / "odd.mdl")
    (tmp_path / "odd.xmile").write_text("<xmile><broken")
    with pytest.raises(ReadError):
        engine.load(tmp_path / "odd.xmile")


def test_a_model_without_times_is_refused(write):
    path = write("x = 1 ~~|", control="INITIAL TIME = 0 ~~| FINAL TIME = 1 ~~|")
    with pytest.raises(ReadError, match="TIME STEP"):
        engine.load(path)


def test_an_algebraic_loop_is_printed(made):
    model = made("a = b + 1 ~~| b = c*2 ~~| c = a - 1 ~~| d = 5 ~~|")
    with pytest.raises(CycleError) as caught:
        model.run()
    assert set(caught.value.cycle) == {"a", "b", "c"}
    assert caught.value.cycle[0] == caught.value.cycle[-1]
    assert "circular equations" in str(caught.value)
    for need, given in zip(caught.value.cycle[1:], caught.value.cycle, strict=False):
        assert (given, need) in {
            ("a", "b"),
            ("b", "c"),
            ("c", "a"),
            ("b", "a"),
            ("c", "b"),
            ("a", "c"),
        }
    assert model.run(outputs=["d"])["d"].values[0] == 5


def test_circular_initial_values_are_printed(made):
    model = made("s = INTEG(1, t) ~~| t = INTEG(1, s + 1) ~~|")
    with pytest.raises(CycleError, match=r"circular initial values: .*→"):
        model.run()


def test_a_loop_among_elements_names_them(made):
    model = made("R: a, b ~~| x[a] = x[b] + 1 ~~| x[b] = x[a]*2 ~~|")
    with pytest.raises(CycleError, match=r"x\[a\] → x\[b\] → x\[a\]|x\[b\] → x\[a\] → x\[b\]"):
        model.run()


def test_loading_runs_no_code_from_the_file(made, tmp_path):
    trap = tmp_path / "trap"
    for text in (
        f"x = __import__('os').system('touch {trap}') ~~|",
        f"x = GET DIRECT CONSTANTS('a' + open('{trap}', 'w').write('x'), ',', 'B2') ~~|",
        f"x = WITH LOOKUP(1, ([(0,0)-(open('{trap}','w'),1)],(0,0),(1,1))) ~~|",
        f"x[open('{trap}','w')] = 1 ~~|",
    ):
        with pytest.raises(EngineError):
            made(text).run()
        assert not trap.exists(), text
