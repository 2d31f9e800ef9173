"""XMILE as other programs write it, beyond what PySD reads; values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

import engine
from engine import ReadError, UnsupportedConstruct
from tests.engine.stella import FRAME, RANGES, aux


def test_an_input_of_a_module_follows_its_source_even_where_it_is_a_stock(opened):
    result = opened(
        '<module name="one"><connect to="one.seen" from=".whole\\nthing"/></module>'
        + aux("whole\\nthing", "TIME*2"),
        '<model name="one"><variables>'
        + aux("seen", "{not connected}", tag="stock", more="<non_negative/>")
        + aux("twice", "seen*2")
        + "</variables></model>",
    ).run(times=[0, 3])
    assert result["one.seen"].values.tolist() == [0, 6]
    assert result["one.twice"].values.tolist() == [0, 12]
    assert "whole thing" in result


def test_an_output_of_a_module_may_have_a_name_outside_of_it(opened):
    """Stella keeps such a variable with the module's name as its equation."""
    result = opened(
        '<module name="one"><connect to=".seen" from="one.given"/></module>'
        + aux("seen", "one")
        + aux("twice", "seen*2"),
        '<model name="one"><variables>' + aux("given", "TIME") + "</variables></model>",
    ).run(times=[3])
    assert result["twice"].item() == 6


def test_connections_may_have_names_in_quotes(opened):
    result = opened(
        """<module name="a"/><module name="b"><connect to='b."seen_in/out"' from='a."in/out"'/>"""
        + "</module>",
        '<model name="a"><variables>' + aux("in/out", "TIME*3") + "</variables></model>"
        '<model name="b"><variables>'
        + aux("seen in/out", "0")
        + aux("twice", '"seen_in/out"*2')
        + "</variables></model>",
    ).run(times=[0, 2])
    assert result["b.twice"].values.tolist() == [0, 12]


def test_initial_equations_count_at_the_start_only(opened):
    result = opened(
        aux("v", "TIME", more="<init_eqn>45 {words}</init_eqn>")
        + '<stock name="s"><eqn>v</eqn><inflow>v</inflow></stock>'
    ).run(times=[0, 0.5, 1])
    assert result["v"].values.tolist() == [0, 0.5, 1]
    assert result["s"].values.tolist() == [45, 45, 45.25]


@pytest.mark.parametrize(
    ("vendor", "wanted"), [("isee systems", [-3, -2, 1]), ("Ventana Systems, xmutil", [-2, -1, 1])]
)
def test_int_rounds_down_except_in_what_vensim_wrote(opened, vendor, wanted):
    result = opened(aux("x", "INT(TIME - 2.5 + 0.5*(TIME=0.5))"), vendor=vendor)
    assert result.run(times=[0, 0.5, 4])["x"].values.tolist() == wanted


def test_macros_as_vensims_exporter_writes_them(opened):
    """Parameters are listed as flows, the result as a variable or by a name without quotes."""
    result = opened(
        aux("p", "PILE UP(TIME, 7)".replace(" UP", "_UP")) + aux("q", "LESS(TIME, 2)"),
        "<macro name='PILE UP'><eqn>PILE UP</eqn><parm>input</parm><parm>first</parm><variables>"
        "<flow name='input'/><stock name='PILE UP'><inflow>input</inflow><eqn>first</eqn></stock>"
        "</variables></macro><macro name='LESS'><eqn>the rest</eqn><parm>x</parm><parm>y</parm>"
        "<variables><aux name='the rest'><eqn>x - y</eqn></aux></variables></macro>",
    ).run(times=[0, 1])
    assert result["p"].values.tolist() == [7, 7.25]
    assert result["q"].values.tolist() == [-2, -1]


def test_conditions_may_follow_each_other(opened):
    result = opened(
        aux("x", "IF TIME = 0\nTHEN 1 ELSE IF TIME &lt; 2 THEN (IF TIME=1 THEN 5 ELSE 6) ELSE 3")
        + aux("y", "MAX(IF TIME &gt; 1 THEN 2 ELSE 1, IF TIME &gt; 2 THEN 9 ELSE 0) + 1")
        + aux("z", "IF TIME &gt; 1 THEN IF TIME &gt; 2 THEN 1 ELSE 2 ELSE 3")
    ).run(times=[0, 0.5, 1, 2, 3])
    assert result["x"].values.tolist() == [1, 6, 5, 3, 3]
    assert result["y"].values.tolist() == [2, 2, 2, 3, 10]
    assert result["z"].values.tolist() == [3, 3, 3, 2, 1]


def test_what_follows_else_may_have_several_subscripts(opened):
    result = opened(
        aux("s", "7", "R", "Q")
        + aux("x", "IF TIME &gt; 1 THEN 3 ELSE 2*s[R, Q]", "R", "Q")
        + aux("y", "MAX(IF TIME &gt; 1 THEN 3 ELSE s[R, Q], 5)", "R", "Q")
    ).run(times=[0, 2])
    assert (result["x"].values == np.array([14, 3])[:, None, None]).all()
    assert (result["y"].values == np.array([7, 5])[:, None, None]).all()


def test_words_of_the_language_in_any_case(opened):
    model = opened(
        aux("x", "if TIME &gt; 2 then 1 Else If time = 0 tHEN 5 else 6") + aux("mod", "7 mod 4")
    )
    result = model.run(times=[0, 1, 3])
    assert result["x"].values.tolist() == [5, 6, 1]
    assert result["mod"].values.tolist() == [3, 3, 3]


@pytest.mark.parametrize(
    ("equation", "wanted"),
    [
        ("7 MOD 4 * 2", 6),
        ("2 * 7 mod 4 + 1", 3),
        ("17 Mod 10 MOD 4", 3),
        ("-7 MOD 4", 1),
        ("(-7) MOD (-4)", -3),
        ("6//4 + 3//0", 1.5),
        ("2^3//2^2*3", 6),
        ("MAX(1, 7, 3) - MIN(4, 9, 2, 8)", 5),
        ("MAX(-3, 2)", 2),
    ],
)
def test_operators_and_functions_of_several_numbers(opened, equation, wanted):
    assert opened(aux("x", equation)).run(times=[0])["x"].item() == wanted


def test_mod_cuts_off_in_what_vensim_wrote(opened):
    model = opened(aux("x", "-7 MOD 4"), vendor="Ventana Systems, xmutil")
    assert model.run(times=[0])["x"].item() == -3


@pytest.mark.parametrize(
    ("points", "has"),
    [
        ("<xpts>0,1,2</xpts><ypts>0,3</ypts>", "3 x and 2 y"),
        ("<ypts>0,3</ypts>", "no scale of x and 2 y"),
        ('<xscale min="0" max="1"/>', "no scale of x and 0 y"),
        ('<xpts sep=";">0;1;</xpts><ypts sep=" ">0  3 4</ypts>', "2 x and 3 y"),
    ],
)
def test_graphical_functions_without_their_points_are_named(opened, points, has):
    with pytest.raises(ReadError, match=f"x: a graphical function with {has}"):
        opened(aux("x", "TIME", more=f"<gf>{points}</gf>"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252", "utf-8-sig"])
def test_files_are_read_in_the_encoding_that_they_name(opened, tmp_path, encoding):
    path = tmp_path / "model.stmx"
    body = aux("größe", "2") + aux("x", "größe*3")
    named = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{named}"?>' + FRAME.format(
        body=body, more="", vendor="é", dims=RANGES
    )
    path.write_bytes(text.encode(encoding))
    assert engine.load(path).run(times=[0])["x"].item() == 6
    path.write_bytes(text.replace(named, "utf-16", 1).encode("utf-8"))  # says what is not so
    assert engine.load(path).run(times=[0])["x"].item() == 6


def test_errors_show_the_equation_as_it_was_written(opened):
    with pytest.raises(ReadError) as caught:
        opened(aux("x", "if v[k] &gt; 1\nthen 2 else LOOKUP(q, 3) {odd}"))
    assert str(caught.value).endswith("x = if v[k] > 1 then 2 else LOOKUP(q, 3) {odd}")


@pytest.mark.parametrize("equation", ["PULSE(4)", "SMTH1(1)", "MAX()"])
def test_too_few_arguments_are_told(opened, equation):
    with pytest.raises(ReadError, match="too few or too many arguments"):
        opened(aux("x", equation))


def test_names_with_line_ends_and_signs(opened):
    result = opened(
        aux("a\\nname", "TIME") + aux("b/c (d)", "a_name + 1") + aux("e", '"b/c_(d)" + "a\\nname"')
    ).run(times=[2])
    assert result["e"].item() == 5
    assert "a name" in result


@pytest.mark.parametrize("equation", ["???", "", "1 +", "x[R"])
def test_what_is_no_equation_is_named(opened, equation):
    with pytest.raises(ReadError, match="cannot read broken"):
        opened(aux("broken", equation) + aux("x", "1", "R"))


def test_a_function_without_its_macro_is_refused(opened):
    with pytest.raises(UnsupportedConstruct, match="x: SOMETHING OWN is not supported"):
        opened(aux("x", "SOMETHING_OWN(1, 2)"))


def test_delays_hold_what_came_in(opened):
    result = opened(aux("x", "DELAY(TIME, 1, -1)") + aux("y", "DELAYN(8, 1, 2, 3)")).run()
    assert result["x"].values.tolist() == [-1, -1, *np.arange(0, 3.5, 0.5)]
    assert result["y"].values[:3].tolist() == [3, 3, 8]


def test_a_graphical_function_may_stand_alone(opened):
    curve = "<gf><xscale min='0' max='2'/><ypts>0,1,4</ypts></gf>"
    result = opened(
        f"<aux name='bend'>{curve}</aux>" + aux("x", "bend(1.5)") + aux("y", "LOOKUP(bend, 2)")
    ).run(times=[0])
    assert [result["x"].item(), result["y"].item()] == [2.5, 4]


@pytest.mark.parametrize("kind", ["conveyor", "queue", "oven"])
def test_stocks_that_are_no_sums_are_refused(opened, kind):
    with pytest.raises(UnsupportedConstruct, match=f"pipe: {kind} is not supported"):
        opened(aux("pipe", "3", tag="stock", more=f"<{kind}><len>2</len></{kind}>"))


@pytest.mark.parametrize(
    ("equation", "construct"),
    [
        ("SUM(v')", "transposition"),
        ("RANK(v, 1)", "RANK"),
    ],
)
def test_what_the_standard_has_and_the_engine_lacks_is_refused_by_name(opened, equation, construct):
    with pytest.raises(UnsupportedConstruct, match=f"x: {construct}.* is not supported"):
        opened(aux("v", "1", "R") + aux("x", equation))


def test_a_flow_without_equation_is_named(opened):
    with pytest.raises(ReadError, match="leaving has no equation"):
        opened(aux("x", "1", tag="stock") + "<flow name='leaving'/>")


def test_modules_elsewhere_or_with_steps_of_their_own_are_refused(opened):
    with pytest.raises(UnsupportedConstruct, match="one: module in another file"):
        opened('<module name="one" resource="one.xmile"/>')
    own = "<sim_specs><start>0</start><stop>1</stop><dt>1</dt></sim_specs>"
    inner = "<variables><aux name='x'><eqn>1</eqn></aux></variables>"
    with pytest.raises(UnsupportedConstruct, match="one: steps of its own"):
        opened('<module name="one"/>', f'<model name="one">{own}{inner}</model>')


def test_flows_with_signs_in_their_names_reach_their_stock(opened):
    """The standard wants quotes there, and Vensim's exporter leaves them out."""
    flow = "in w/ (a), b + c!"
    result = opened(
        f"<stock name='s'><eqn>1</eqn><inflow>{flow.replace(' ', '_')}</inflow>"
        "<outflow>out</outflow></stock>" + aux(flow, "3", tag="flow") + aux("out", "1", tag="flow")
    ).run(times=[0.5])
    assert result["s"].item() == 2
