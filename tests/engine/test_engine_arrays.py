"""XMILE's arrays, beyond what PySD reads; values worked out by hand."""

from __future__ import annotations

import pytest

from engine import CycleError, ReadError, UnsupportedConstruct
from tests.engine.stella import aux, elements

#: dimensions of elements of the same names at other places, and numbers along the first
THREE = """
<dim name="T"><elem name="x 1"/><elem name="y"/><elem name="z"/></dim>
<dim name="U"><elem name="z"/><elem name="y"/><elem name="x 1"/></dim>
"""
NUMBERS = (("x 1", 10), ("y", 20), ("z", 30))


def test_places_may_be_named_with_their_dimension(opened):
    body = aux("v", "R*10", "R") + aux("x", "R.a + 10*r.b_c + v[R.b_c] + v[a]")
    assert opened(body).run(times=[0])["x"].item() == 1 + 20 + 20 + 10


def test_lookup_reads_the_curves_of_elements(opened):
    each = "".join(
        f'<element subscript="{e}"><eqn>0</eqn><gf><xpts>0,2</xpts><ypts>{y}</ypts></gf></element>'
        for e, y in (("b c", "0,40"), ("a", "1,3"))
    )
    body = (
        aux("x", "LOOKUP(f[R], TIME) + LOOKUP(f[b_c], MAX(0, (1)))", "R")
        + aux("y", "LOOKUP(f[a], 1)*100 + LOOKUP(f[b_c], 1)")
        + f'<aux name="f">{each}<dimensions><dim name="R"/></dimensions></aux>'
    )
    result = opened(body).run(times=[0, 1])
    assert result["x"].values.tolist() == [[21, 20], [22, 40]]
    assert result["y"].values.tolist() == [220, 220]


def test_reductions_need_no_mark_where_the_range_is_not_on_the_left(opened):
    result = opened(
        elements("x", ("R",), a="3", b="5")
        + elements("m", ("R", "Q"), a_a="1", a_b="2", b_a="3", b_b="4")
        + aux("low", "MIN(x[R])")
        + aux("high", "MAX(x)")
        + aux("sum", "SUM(m[R, Q])")
        + aux("rows", "SUM(m[R, *:Q])", "R")
        + aux("columns", "SUM(m[*, Q])", "Q")
        + aux("mean", "MEAN(1, 2, TIME)")
        + aux("named", "LOOKUP(VMAX, m[R, *])", "R")
    ).run(times=[3])
    assert [result[n].item() for n in ("low", "high", "sum", "mean")] == [3, 5, 10, 2]
    assert result["rows"].values.tolist() == [[3, 7]]
    assert result["columns"].values.tolist() == [[4, 6]]
    assert result["named"].values.tolist() == [[2, 4]]


def test_a_range_may_stand_twice_on_both_sides(opened):
    result = opened(
        elements("m", ("R", "R"), a_a="1", a_b="2", b_a="3", b_b="4")
        + aux("whole", "m*10", "R", "R")
        + aux("same", "m[R, R]", "R", "R")
    ).run(times=[0])
    assert result["whole"].values.tolist() == [[[10, 20], [30, 40]]]
    assert result["same"].values.tolist() == [[[1, 2], [3, 4]]]


def test_elements_may_have_curves_of_their_own(opened):
    curve = '<gf><xscale min="0" max="4"/><ypts>0,{}</ypts></gf>'
    each = f'<element subscript="a">{curve.format(8)}</element>'
    each += f'<element subscript="b c">{curve.format(4)}</element>'
    result = opened(
        elements("x", ("R",), a="1", b="2") + aux("y", "x[R]*TIME/2 + x - x", "R", more=each)
    ).run(times=[2])
    assert result["y"].values.tolist() == [[2, 2]]


def test_an_element_may_be_given_by_its_place(opened):
    result = opened(elements("v", ("R",), a="10", b="20") + aux("x", "v[2] - v[1]")).run(times=[0])
    assert result["x"].item() == 10
    with pytest.raises(ReadError, match="'R' has no element 3"):
        opened(elements("v", ("R",), a="10", b="20") + aux("x", "v[3]"))


@pytest.mark.parametrize(
    ("equation", "values"),
    [
        ("v[k]", [10, 20, 0, 0]),
        ("v[TIME]", [0, 10, 20, 0]),
        ("v[3 - k] + v[a]", [30, 20, 10, 10]),
        ("IF k &lt;= 2 THEN w[INT(k), b_c]*100 + w[k + 0.9, 1] ELSE -1", [201, 403, -1, -1]),
        ("SUM(w[k, *]) + w[v[a]/5, MIN(k, 2)]", [6, 11, 4, 4]),
    ],
)
def test_subscripts_may_be_worked_out_as_the_run_goes(opened, equation, values):
    body = elements("v", ("R",), a="10", b="20") + aux("k", "TIME + 1")
    body += elements("w", ("R", "Q"), a_a="1", a_b="2", b_a="3", b_b="4")
    result = opened(body + aux("x", equation)).run(times=[0, 1, 2, 3])
    assert result["x"].values.tolist() == values


def test_a_range_may_be_read_one_place_off(opened):
    cohorts = "<inflow>ageing in</inflow><outflow>ageing out</outflow>"
    over = '<dimensions><dim name="R"/></dimensions>'
    model = opened(
        f'<stock name="people">{over}<eqn>8</eqn>{cohorts}</stock>'
        + aux("ageing in", "ageing_out[R - 1]", "R", tag="flow")
        + aux("ageing out", "people/2", "R", tag="flow")
    )
    assert model.run(times=[0, 0.5, 1])["people"].values.tolist() == [[8, 8], [6, 8], [4.5, 7.5]]


def test_sizes_of_ranges_and_of_what_lies_along_them(opened):
    body = elements("v", ("R",), a="10", b="20")
    result = opened(body + aux("x", "SIZE(R)*10 + SIZE(v)") + aux("y", "SUM(v)/SIZE(Q)"))
    assert result.run(times=[0])["x"].item() == 22
    assert result.run(times=[0])["y"].item() == 15


def test_sums_go_over_all_elements_where_nothing_has_subscripts(opened):
    result = opened(
        elements("v", ("R",), a="1", b="2")
        + aux("x", "SUM(v*v + 1)")
        + aux("y", "SUM(v) - v", "R")
        + aux("z", "MAX(v*3)")
    ).run(times=[0])
    assert [result["x"].item(), result["z"].item()] == [7, 6]
    assert result["y"].values.tolist() == [[2, 1]]


@pytest.mark.parametrize(
    ("equation", "value"),
    [
        ("SUM(v[2:3])", 50),
        ("MAX(v[x_1:y])", 20),
        ('SUM(v["x 1" : z]) - SUM(v[1:1])', 50),
        ("SUM(w[3:3, *]) + SUM(w[ 1 , 2:2 ])", 360),
        ("MEAN(v[1:2])/SIZE(T)", 5),
    ],
)
def test_some_places_after_each_other_are_a_range(opened, equation, value):
    more = "".join(f'<element subscript="{e}"><eqn>{n}</eqn></element>' for e, n in NUMBERS)
    result = opened(
        f'<aux name="v"><dimensions><dim name="T"/></dimensions>{more}</aux>'
        + aux("w", "T*v + U*10", "T", "U")
        + aux("x", equation),
        dims=THREE,
    ).run(times=[0])
    assert result["x"].item() == value


def test_deviations_are_those_of_all_elements(opened):
    result = opened(
        elements("v", ("R",), a="10", b="14 + TIME")
        + elements("w", ("Q", "R"), a_a="1", a_b="2", b_a="3", b_b="8")
        + aux("x", "STDDEV(v[*])")
        + aux("y", "STDDEV(w[Q, *]) + 1", "Q")
        + aux("z", "STDDEV(v*v)")
        + aux("s", "SIGN(TIME - 1)*SIGN(v[a])")
    ).run(times=[0, 1, 2])
    assert result["x"].values.tolist() == [2, 2.5, 3]
    assert result["y"].values[0].tolist() == [1.5, 3.5]
    assert result["z"].values.tolist() == [48, 62.5, 78]
    assert result["s"].values.tolist() == [-1, 0, 1]


@pytest.mark.parametrize("places", ["2:9", "3:2", "0:1", "k:2", "1:d"])
def test_places_that_are_none_are_refused(opened, places):
    with pytest.raises(UnsupportedConstruct, match="x: a subscript that is worked out"):
        opened(aux("v", "1", "R") + aux("k", "1") + aux("x", f"SUM(v[{places}])"))


def test_self_is_the_variable_or_its_element(opened):
    result = opened(
        aux("x", "IF TIME &gt; 1 THEN PREVIOUS(SELF, 0) ELSE TIME")
        + elements("v", ("R",), a="PREVIOUS(self, 1)*2", b="PREVIOUS(SELF, 5) + 1")
        + aux("all", "PREVIOUS(SELF, R) + v", "R")
    ).run(times=[0, 0.5, 1, 3])
    assert result["x"].values.tolist() == [0, 0.5, 1, 1]
    assert result["v"].values.tolist() == [[2, 6], [4, 7], [8, 8], [128, 12]]
    assert result["all"].values[:2].tolist() == [[3, 8], [7, 15]]
    with pytest.raises(CycleError, match="x"):
        opened(aux("x", "SELF + 1")).run()
    assert opened(aux("self", "3") + aux("x", "Self + 1")).run(times=[0])["x"].item() == 4
