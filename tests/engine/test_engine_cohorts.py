"""Regions with cohorts that take one another's places now and then: what a kernel for many runs
does with such a model, against the same equations by hand and against one run at a time."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import engine
import engine.model
from engine.ir import Call, Ref, key, walk
from engine.plan import Scope

START = np.linspace(60, 140, 21)
ALL = frozenset({key("people"), key("pull"), key("all people")})


@pytest.fixture
def model(models):
    return engine.load(models / "cohorts.mdl", time_varying=["lever"])


def by_hand(start: float, lever: np.ndarray, homes: float = 1.0) -> np.ndarray:
    """People by time, region, cohort and status."""
    place, step, steps = np.arange(1.0, 14), 0.25, 24
    people = np.broadcast_to(start * place[:, None, None], (13, 9, 2)).copy()
    jobs = np.full(13, 300.0)
    bearing, level = np.array([0, 0.3, 0.5, 0.2, 0, 0, 0, 0, 0]), 1 + 0.01 * place
    found = [people.copy()]
    for k in range(steps):
        time = k * step
        rate = 0.01 * (1 + np.arange(9)) * (1 + 0.01 * time)
        village, town = people[..., 0].sum(1), people[..., 1].sum(1)
        share = town / (town + village)
        pull = np.clip(jobs / town, 0.1, 9) ** 0.4 * lever
        if homes > 0.5:
            pull = pull * share**-0.3
        weight = share / pull**0.7
        moving = people[..., 0] * 0.05 * pull[:, None] * rate
        leaving = people[..., 1] * rate * weight[:, None]
        arriving = leaving.sum(0) * pull[:, None] / pull.sum()
        flow = -people * (rate * level[:, None])[..., None]
        flow[..., 0] -= moving
        flow[:, 0, 0] += 0.2 * people[..., 0] @ bearing
        flow[..., 1] += moving + arriving - leaving
        people = people + step * flow
        jobs = jobs + step * 0.1 * (town - jobs)
        if time % 2 >= 1.4:
            people[:, 8] += people[:, 7]
            people[:, 1:8] = people[:, :7]
            people[:, 0] = 0
        found.append(people.copy())
    return np.array(found)


def test_it_is_the_same_as_by_hand(model):
    found = model.run({"start": START}, outputs=["people"], width=8)["people"].values
    for i in (0, 7, 20):
        expected = by_hand(START[i], np.ones(13))
        np.testing.assert_allclose(found[i], expected, rtol=1e-12, atol=1e-12)


def test_a_run_has_the_same_bits_alone(model):
    alone = model.run({"start": START}, width=1)
    for width in (8, 16):
        beside = model.run({"start": START}, width=width)
        for name in alone:
            np.testing.assert_array_equal(beside[name], alone[name], err_msg=str(name))


def test_what_is_kept_between_does_not_matter(model):
    """A step begins before the last has ended, unless a time is kept in between."""
    every = model.run({"start": START}, outputs=["people", "pull"], width=8)
    times = [0.5, 2.0, 2.25, 6.0]
    some = model.run({"start": START}, outputs=["people", "pull"], times=times, width=8)
    plan, _ = model._compiled(frozenset({"people", "pull"}), Scope(frozenset({"start"})), 8)
    assert plan.turn >= 0
    for name in some:
        np.testing.assert_array_equal(some[name], every[name].sel(time=times), err_msg=str(name))


def test_between_beats_one_statement_does_for_all_cohorts(model):
    model.run({"start": START}, outputs=["people"], width=8)
    plan, _ = model._compiled(frozenset({"people"}), Scope(frozenset({"start"}), usual=True), 8)
    groups = [g for g in plan.phases["step"] if g.quiet]
    (quiet,) = [[s for q in g.quiet for s in q.statements if s.name == "people"] for g in groups]
    assert [s.sizes for s in quiet] == [(13, 9), (13, 9)]  # of two statuses
    usual = [s for g in plan.phases["step"] for s in g.statements if s.name == "people"]
    assert len(usual) == 6


def test_a_switch_given_as_it_is_changes_no_bit(model):
    usual = model.run({"start": START}, width=8)
    given = model.run({"start": START, "homes matter": 1.0}, width=8)
    for name in usual:
        np.testing.assert_array_equal(given[name], usual[name], err_msg=str(name))


def test_a_switch_that_is_turned_is_followed(model):
    model.run({"start": START}, outputs=["people"], width=8)
    off = model.run({"start": START, "homes matter": 0.0}, outputs=["people"], width=8)
    np.testing.assert_allclose(
        off["people"].values[3], by_hand(START[3], np.ones(13), homes=0.0), rtol=1e-12, atol=1e-12
    )
    alone = model.run({"start": START[3], "homes matter": 0.0}, outputs=["people"])
    np.testing.assert_array_equal(alone["people"], off["people"][3])


def test_a_kernel_without_switches_lacks_what_only_they_need(made):
    equations = """
r: (r1-r9) ~~|
c: (c1-c6) ~~|
size[r,c] = INTEG(-loss[r] * size[r,c], start) ~~|
start = 3 ~~|
loss[r] = IF THEN ELSE(crowding > 0.5, SUM(size[r,c!]) / 100, 0.1) ~~|
crowding = 0 ~~|
"""
    model = made(equations)
    start = np.arange(1.0, 12)
    usual = model.run({"start": start}, outputs=["size"], width=8)
    plan, _ = model._compiled(frozenset({"size"}), Scope(frozenset({"start"}), usual=True), 8)
    assert not [s for g in plan.phases["step"] for s in g.statements if "reduction" in s.name]
    np.testing.assert_allclose(usual["size"][:, -1, 0, 0], start * 0.95**8, rtol=1e-12)
    crowded = model.run({"start": start, "crowding": 1.0}, outputs=["size"], width=8)
    assert (crowded["size"][:, -1] != usual["size"][:, -1]).all()


@pytest.mark.parametrize(
    "dims", [("time",), ("time", "region"), ("run", "time"), ("run", "time", "region")]
)
def test_paths_may_differ_by_run_or_not(model, monkeypatch, dims):
    """What is filled into the memory of the runs at every step keeps steps apart."""
    sizes = {"run": 21, "time": 3, "region": 13}
    values = np.random.default_rng(0).uniform(0.8, 1.2, [sizes[d] for d in dims])
    lever = xr.DataArray(values, dims=dims, coords={"time": [0.0, 2.5, 6.0]})
    given = {"start": START, "lever": lever}
    alone = model.run(given, width=1, outputs=["people"])
    monkeypatch.setattr(engine.model, "MANY", 1)
    for width in (8, 16):
        beside = model.run(given, width=width, outputs=["people"], times=[1.0, 6.0])
        np.testing.assert_array_equal(beside["people"], alone["people"].sel(time=[1.0, 6.0]))


@pytest.mark.parametrize("lever", [1.3, np.linspace(0.7, 1.4, 13)])
def test_a_large_sweep_has_the_same_bits(model, monkeypatch, lever):
    """Its kernel is for what differs in it and nothing else."""
    given = {"start": START, "lever": lever}
    usual = model.run(given, width=8)
    monkeypatch.setattr(engine.model, "MANY", 1)
    exact = model.run(given, width=8)
    assert len({scope for _, scope, width in model._kernels if width == 8}) == 2
    for name in usual:
        np.testing.assert_array_equal(exact[name], usual[name], err_msg=str(name))
    expected = by_hand(START[5], np.broadcast_to(np.asarray(lever), 13))
    np.testing.assert_allclose(exact["people"].values[5], expected, rtol=1e-12, atol=1e-12)


def test_terms_of_levers_alone_are_worked_out_once(made):
    model = made(
        """
r: (r1-r9) ~~|
size[r] = INTEG(size[r] * pace[r], start) ~~|
start = 3 ~~|
pace[r] = 0.1 * EXP(-lever[r]) ~~|
lever[r] = 1 ~~|
""",
        time_varying=["lever"],
    )
    scope = Scope(frozenset({"start"}))
    usual, _ = model._compiled(frozenset({"size"}), scope, 8)
    exact, _ = model._compiled(frozenset({"size"}), scope, 8, exact=True)

    def phase(plan, name: str) -> set[str]:
        return {
            p
            for p, groups in plan.phases.items()
            for g in groups
            for s in g.statements
            if s.name == name
        }

    assert phase(exact, "pace") == {"constant"}
    assert phase(usual, "pace") == {"step"}


def test_powers_that_are_multiplied_take_one_exponential(model):
    model.run({"start": START}, outputs=["pull"], width=8)
    plan, _ = model._compiled(frozenset({"pull"}), Scope(frozenset({"start"}), usual=True), 8)
    statements = [s for g in plan.phases["step"] for s in g.statements]
    assert not [s for s in statements if s.name in ("job_factor", "home_factor")]
    powers = {
        e for s in statements for e in walk(s.expr) if isinstance(e, Call) and e.op == "power"
    }
    assert sorted(len(e.args) for e in powers) == [2, 4]  # of pull, and of weight


def test_a_factor_that_is_mostly_zero_is_told_apart(model):
    model.run({"start": START}, outputs=["people"], width=8)
    plan, _ = model._compiled(frozenset({"people"}), Scope(frozenset({"start"}), usual=True), 8)
    flows = [s for g in plan.phases["step"] for s in g.statements if s.name == "flow"]
    asked = [e for s in flows for e in walk(s.expr) if isinstance(e, Call) and e.op == "if"]
    assert (
        len({e for e in asked if any(isinstance(x, Ref) and x.name == "born" for x in walk(e))})
        == 1
    )
    born = np.array([0.5, 0, 0, 2, 0, 0, 0, 0, 0])
    given = model.run({"start": START, "born": born}, outputs=["people", "births"], width=8)
    change = given["people"].isel(time=1) - given["people"].isel(time=0)
    usual = model.run({"start": START}, outputs=["people"], width=8)["people"]
    more = change - (usual.isel(time=1) - usual.isel(time=0))
    births = given["births"].isel(time=0)
    expected = np.zeros((21, 13, 9))
    expected[..., 0], expected[..., 3] = -0.25 * 0.5 * births, 0.25 * 2 * births
    np.testing.assert_allclose(more.isel(status=0), expected, atol=1e-10)


def test_a_step_does_not_begin_before_what_the_last_one_still_reads(models, write):
    """A sum over all regions in the last pass needs what the first pass would compute anew."""
    text = (models / "cohorts.mdl").read_text().removeprefix("{UTF-8}\n")
    inline = text.replace("/ total pull ~~|", "/ SUM(pull[other!]) ~~|")
    model = engine.load(write(inline, control=""))
    found = model.run({"start": START}, outputs=["people"], times=[6.0], width=8)
    plan, _ = model._compiled(frozenset({"people"}), Scope(frozenset({"start"}), usual=True), 8)
    assert plan.turn < 0
    expected = by_hand(START[9], np.ones(13))[-1]
    np.testing.assert_allclose(found["people"].values[9, 0], expected, rtol=1e-12, atol=1e-12)


MOVING = """
k = 1 ~~|
lever = 0.1 ~~|
double = lever * 2 ~~|
inverse = 1 / lever ~~|
x = INTEG(double * k, 0) ~~|
z = INTEG(inverse * k, 0) ~~|
INITIAL TIME = 0 ~~|
FINAL TIME = IF THEN ELSE(x > 3, Time, 20) ~~|
TIME STEP = 0.5 ~~|
SAVEPER = 0.5 ~~|
"""


@pytest.mark.parametrize("width", [1, 8])
def test_the_kernel_of_a_sweep_is_not_taken_for_paths(made, monkeypatch, width):
    """Neither for runs one by one, nor to find their end, nor to tell where a fault began."""
    monkeypatch.setattr(engine.model, "MANY", 8)
    path = xr.DataArray([0.1, 2.0, 0.0], dims="time", coords={"time": [0.0, 4.0, 6.0]})
    fresh, used = (made(MOVING, control="", time_varying=["lever"]) for _ in range(2))
    used.run({"k": np.ones(8), "FINAL TIME": 10.0}, width=width)
    for given in ({}, {"k": np.ones(5)}, {"FINAL TIME": 6.0}):
        expected, found = (m.run(given | {"lever": path}) for m in (fresh, used))
        assert found.identical(expected)
    assert "inverse" in found.attrs["faults"][0]
