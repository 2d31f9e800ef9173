"""Small models, whose state stays in registers between kept times, compute what others do."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import engine
from engine.plan import REGISTERS, Plan, make

CONTROL = "\nINITIAL TIME = 0 ~~|\nFINAL TIME = 200 ~~|\nTIME STEP = 0.125 ~~|\nSAVEPER = 10 ~~|\n"
EPIDEMIC = (
    "contacts = 6 ~~| catching = 0.05 ~~| well = INTEG(-falling, 990) ~~|"
    "falling = contacts*catching*well*ill/1000 ~~| ill = INTEG(falling - ill/8, 10) ~~|"
)
MODELS = {
    "epidemic": EPIDEMIC,
    "functions": "rate = 0.5 ~~| x = INTEG(IF THEN ELSE(Time > 30, EXP(-x), rate) - x*0.1, 1) ~~|"
    "shape((0,0),(1,2),(5,3)) ~~| y = INTEG(shape(x) - rate*y, 2) ~~|",
    "delays": "rate = 0.3 ~~| x = INTEG(DELAY FIXED(rate*x, 2, 0.1) - 0.2*x, 1) ~~|",
    "smooth": "rate = 0.3 ~~| x = INTEG(SMOOTH(rate, 4) - 0.2*x, 1) ~~|"
    "held = SAMPLE IF TRUE(MODULO(Time, 3) = 0, x, 0) ~~|",
    "subscripts": "R: a, b, c ~~| rate[R] = 0.1, 0.2, 0.3 ~~|"
    "x[R] = INTEG(rate[R]*SUM(x[R!]) - x[R], 1) ~~| most = VMAX(x[R!]) ~~|",
    "gaps": "R: a, b, c ~~| rate = 0.1 ~~| x[a] = INTEG(rate*x[c] - x[a], 1) ~~|"
    "x[c] = INTEG(-rate*x[c], 2) ~~|",
    "beginnings": "rate = 0.1 ~~| x = INTEG(SMOOTH(SMOOTH(rate*Time, 3), 3) - rate*x, 1) ~~|",
    "draws": "rate = 0.3 ~~| x = INTEG(RANDOM UNIFORM(0, 1, 3)*rate - 0.2*x, 1) ~~|",
    "loops": "R: " + ", ".join(f"e{i}" for i in range(16)) + " ~~| rate = 0.02 ~~|"
    "x[R] = INTEG(-rate*x[R]*(1 + x[R]), 5) ~~|",
}
VARIED = {"epidemic": "contacts"}


@pytest.fixture
def generally(monkeypatch, made):
    """Load a model that goes the way of all others."""

    def generally(equations: str, **options) -> engine.Model:
        monkeypatch.setattr(Plan, "short", property(lambda plan: False))
        return made(equations, control=CONTROL, **options)

    return generally


def planned(model: engine.Model, outputs: list[str], varied: str) -> Plan:
    method, several = model._runge_kutta, frozenset([varied])
    return make(model._equations, outputs, frozenset(), several, method, shared=True)


@pytest.mark.parametrize("method", ["euler", "rk4"])
@pytest.mark.parametrize("name", MODELS)
def test_results_are_those_of_the_general_way(made, generally, name, method):
    varied = VARIED.get(name, "rate")
    model = made(MODELS[name], control=CONTROL, integration=method)
    shown = ("x", "y", "ill", "falling", "held", "most")
    kept = [str(n) for n in model.variables.name if n in shown]
    assert planned(model, kept, varied).short
    default = model.parameters.set_index("name").default[varied]
    several = default * np.linspace(0.8, 1.2, 70).reshape(70, *(1 for _ in np.shape(default)))
    calls = [
        {"parameters": {varied: several[:runs]}, "width": width, "times": times, "threads": 1}
        for runs in (1, 9, 70)
        for width in (None, 4)
        for times in (None, [0.0], [200.0], [0.0, 150.125, 150.25, 199.875, 200.0], [17.5])
    ]
    calls += [{}, {"times": [0.0]}, {"parameters": {"FINAL TIME": 0}}]
    calls += [
        {"parameters": {"FINAL TIME": end, "SAVEPER": 0.125}} for end in (0.125, 130, 130.125)
    ]
    quick = [model.run(**call, outputs=kept) for call in calls]
    model = generally(MODELS[name], integration=method)
    assert not planned(model, kept, varied).short
    for call, result in zip(calls, quick, strict=True):
        assert result.identical(model.run(**call, outputs=kept)), call


@pytest.mark.parametrize("method", ["euler", "rk4"])
def test_stocks_that_may_not_be_negative_stay_at_zero(monkeypatch, tmp_path, models, method):
    text = (models / "teacup.xmile").read_text(encoding="utf-8")
    more = (
        '<stock name="vessel"><eqn>3</eqn><outflow>leak</outflow><non_negative/></stock>'
        '<aux name="rate"><eqn>2</eqn></aux><flow name="leak"><eqn>rate*TIME</eqn></flow>'
        '<stock name="drain"><eqn>0</eqn><inflow>vessel</inflow></stock>'
    )
    path = tmp_path / "tank.xmile"
    path.write_text(text.replace("</variables>", more + "</variables>"), encoding="utf-8")
    results = []
    for _ in range(2):
        model = engine.load(path, integration=method)
        rates = np.linspace(0.01, 0.4, 30)
        assert planned(model, ["vessel", "drain"], "rate").short is not bool(results)
        results += [model.run({"rate": r}, outputs=["vessel", "drain"]) for r in (rates, 0.1)]
        monkeypatch.setattr(Plan, "short", property(lambda plan: False))
    assert results[0].identical(results[2])
    assert results[1].identical(results[3])
    assert (results[0]["vessel"] == 0).any()


@pytest.mark.parametrize("method", ["euler", "rk4"])
def test_faults_are_those_of_the_general_way(made, generally, method):
    """Before the first kept time, between two, after the last, and in what is not kept."""
    equations = "rate = 0.01 ~~| x = INTEG(x*x*rate, 1) ~~| other = INTEG(MIN(x, 5), 1) ~~|"
    parameters = {"rate": np.array([1e-9, 0.5, 0.02, 0.007, 1.0, 1e308])}
    model = made(equations, control=CONTROL, integration=method)
    assert planned(model, ["x"], "rate").short
    calls = [
        {"outputs": [name], "times": times}
        for name in ("x", "other")
        for times in ([0.0], [60.0, 150.0], [200.0])
    ]
    quick = [model.run(parameters, **call) for call in calls]
    model = generally(equations, integration=method)
    for call, result in zip(calls, quick, strict=True):
        expected = model.run(parameters, **call)
        assert result.attrs == expected.attrs
        assert result.identical(expected)
        assert result.attrs["fault_runs"] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("method", ["euler", "rk4"])
def test_paths_over_time_reach_every_step(made, generally, method):
    path = xr.DataArray(
        [[5.0, 8.0], [6.0, 4.0]], dims=("run", "time"), coords={"time": [0.0, 200.0]}
    )
    given = [{"contacts": p} for p in (path, path[0], 5.0)]
    options = {"time_varying": ["contacts"], "integration": method}
    model = made(EPIDEMIC, control=CONTROL, **options)
    quick = [model.run(parameters) for parameters in given]
    model = generally(EPIDEMIC, **options)
    for parameters, result in zip(given, quick, strict=True):
        assert result.identical(model.run(parameters))
    assert not quick[1].identical(quick[2])


def test_only_small_steps_stay_in_registers(made):
    def ring(stocks: int) -> str:
        return " ".join(f"x{i} = INTEG(x{(i + 1) % stocks} - x{i}, {i}) ~~|" for i in range(stocks))

    def plan(equations: str, runge_kutta: bool = False) -> Plan:
        model = made(equations, control=CONTROL)
        return make(model._equations, ["x0"], frozenset(), frozenset(), runge_kutta, shared=True)

    assert [plan(ring(n)).width for n in (2, 4, 5, 8, 16, 20)] == [64, 64, 32, 32, 16, 8]
    assert plan(ring(20)).short
    assert not plan(ring(20), runge_kutta=True).short
    assert plan(ring(2), runge_kutta=True).width == 64
    assert not plan(ring(REGISTERS + 1)).short
    assert not plan(ring(10).replace("- x", "^2 - x")).short
    assert not plan(ring(2).replace("- x", "+ SIN(Time) - x")).short
    assert not plan("x0 = 1 ~~|").short


def test_what_a_value_is_for_follows_it(made):
    """Else the values of all chains would wait in memory for the equations that read them."""
    chains = " ".join(
        f"a{i} = x{i}*2 ~~| b{i} = SIN(a{i}) ~~| c{i} = EXP(b{i}) ~~| x{i} = INTEG(c{i}, {i}) ~~|"
        for i in range(30)
    )
    plan = planned(
        made(chains + "all = " + "+".join(f"x{i}" for i in range(30)) + "~~|"), ["all"], ""
    )
    order = [s.name for g in plan.phases["step"] for s in g.statements]
    for i in range(30):
        places = [order.index(f"{name}{i}") for name in "abcx"]
        assert places == list(range(places[0], places[0] + 4))
