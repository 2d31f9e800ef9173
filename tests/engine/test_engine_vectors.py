"""Sorting, selecting, inverting and allocating, beyond what agrees with PySD."""

from __future__ import annotations

import numpy as np
import pytest

import engine
from engine import ReadError, UnsupportedConstruct

RANGES = "R: a, b, c ~~| P: ptype, ppriority, pwidth, pextra ~~|"


def test_allocations_add_up_to_the_supply_more_exactly_than_in_pysd(models):
    result = engine.load(models / "vectors.mdl").run()
    supply = 1 + 4 * result.time
    for name in ("available 2", "available 3", "available 4"):
        total = result[name].sum("Row")
        np.testing.assert_allclose(total, np.minimum(supply, 18), rtol=1e-12, err_msg=name)


def test_equals_keep_their_order_upwards_and_turn_round_downwards(made):
    model = made(
        "R: a, b, c, d ~~| x[R] = 2, 1, 2, 1 ~~|"
        "up[R] = VECTOR SORT ORDER(x[R], 1) ~~| down[R] = VECTOR SORT ORDER(x[R], 0) ~~|"
        "rank[R] = VECTOR RANK(x[R], 1) ~~|"
    )
    result = model.run(times=[0])
    assert result["up"].values[0].tolist() == [1, 3, 0, 2]
    assert result["down"].values[0].tolist() == [2, 0, 3, 1]
    assert result["rank"].values[0].tolist() == [3, 1, 4, 2]


def test_a_place_out_of_range_is_a_fault(made):
    model = made(
        "R: a, b ~~| x[R] = 1, 2 ~~| p[R] = 0, 2 ~~| y[R] = VECTOR REORDER(x[R], p[R]) ~~|"
    )
    result = model.run()
    assert result["y"].values[0, 0] == 1
    assert "y[b] = nan" in result.attrs["faults"][0]


def test_a_selection_that_is_forbidden_is_a_fault_of_its_run_only(made):
    model = made(
        "R: a, b ~~| k = 0 ~~| s[R] = IF THEN ELSE(R <= k, 1, 0) ~~| x[R] = 5, 7 ~~|"
        "y = VECTOR SELECT(s[R!], x[R!], -1, 6, 3) ~~|"
    )
    result = model.run({"k": [0, 1, 2]}, times=[0])
    np.testing.assert_array_equal(result["y"][:, 0], [np.nan, 5, np.nan])
    assert result.attrs["fault_runs"] == [0, 2]


def test_a_singular_matrix_is_a_fault_of_its_run_only(made):
    model = made(
        "R: a, b ~~| C: d, e ~~| k = 0 ~~| m[R,C] = R*C + k*IF THEN ELSE(R = C, 1, 0) ~~|"
        "y[R,C] = INVERT MATRIX(m[R,C], 2) ~~|"
    )
    result = model.run({"k": [0, 1, 2]}, times=[0])
    assert result.attrs["fault_runs"] == [0]
    for run, k in ((1, 1), (2, 2)):
        expected = np.linalg.inv([[1 + k, 2], [2, 4 + k]])
        np.testing.assert_allclose(result["y"].values[run, 0], expected, rtol=1e-14)


def test_a_large_matrix_is_inverted(made):
    n = 15
    rng = np.random.default_rng(1)
    numbers = rng.normal(size=(n, n))
    text = ";".join(",".join(repr(float(v)) for v in row) for row in numbers)
    ranges = f"R: (r1-r{n}) ~~| C: (c1-c{n}) ~~|"
    model = made(f"{ranges} m[R,C] = {text}; ~~| y[R,C] = INVERT MATRIX(m[R,C], {n}) ~~|")
    result = model.run(times=[0])["y"].values[0]
    np.testing.assert_allclose(result @ numbers, np.eye(n), atol=1e-12)


def test_requests_of_nothing_do_not_stand_between_priorities(made):
    """The distance of a and c counts, though b lies between them: a fills before c begins."""
    model = made(
        "R: a, b, c ~~| request[R] = 4, 0, 4 ~~| priority[R] = 3, 2, 1 ~~| supply = 5 ~~|"
        "y[R] = ALLOCATE BY PRIORITY(request[R], priority[R], 3, 1.5, supply) ~~|"
    )
    assert model.run(times=[0])["y"].values[0].tolist() == [4, 0, 1]
    plenty = model.run({"supply": 100}, times=[0])
    assert plenty["y"].values[0].tolist() == [4, 0, 4]


def test_targets_of_one_priority_share_by_their_requests(made):
    model = made(
        "R: a, b, c ~~| request[R] = 4, 2, 9 ~~| priority[R] = 3, 3, 1 ~~|"
        "y[R] = ALLOCATE BY PRIORITY(request[R], priority[R], 3, 1, 3) ~~|"
    )
    assert model.run(times=[0])["y"].values[0].tolist() == pytest.approx([2, 1, 0], rel=1e-15)


def test_fixed_quantities_share_by_their_requests(made):
    model = made(
        RANGES + "q[R] = 3, 2, 5 ~~| p[R,P] = 0 ~~| supply = Time*4 - 2 ~~|"
        "y[R] = ALLOCATE AVAILABLE(q[R], p[R,ptype], supply) ~~|"
    )
    shares = model.run(times=[0, 1, 4])["y"].values
    np.testing.assert_allclose(shares, [[0, 0, 0], [0.6, 0.4, 1], [3, 2, 5]], rtol=1e-15)
    assert "fault_runs" not in model.run().attrs


def test_profiles_that_are_not_known_are_faults(made):
    model = made(
        RANGES + "q[R] = 4 ~~| p[R,P] = 1,1,1,0; 0,1,1,0; 2,1,1,0; ~~|"
        "y[R] = ALLOCATE AVAILABLE(q[R], p[R,ptype], 6) ~~|"
    )
    assert model.run().attrs["fault_runs"] == [0]


@pytest.mark.parametrize(
    ("equation", "values"),
    [
        ("y[R] = VECTOR ELM MAP(x[a], R - 1)", [10, 20, 30]),
        ("y[R] = VECTOR ELM MAP(x[c], -(R - 1))", [30, 20, 10]),
        ("y[R] = 1 + VECTOR ELM MAP(x[R], MODULO(R, 3) - R + 1.9)", [21, 31, 21]),
        ("y[R] = VECTOR ELM MAP(w[R, u], k[R])", [1, 4, 6]),
        ("y[R] = VECTOR ELM MAP(w[a, u], 2*(R - 1))", [1, 3, 5]),
        ("y[R] = IF THEN ELSE(R = 3, 0, VECTOR ELM MAP(x[b], R))", [30, np.nan, 0]),
        ("y[R] = VECTOR ELM MAP(x[a], SUM(k[R!]) - Time/4)", [30, 30, 30]),
    ],
)
def test_elements_may_be_taken_by_their_distance(made, equation, values):
    model = made(
        "R: a, b, c ~~| S: u, v ~~| x[R] = 10, 20, 30 ~~| w[R,S] = 1, 2; 3, 4; 5, 6; ~~|"
        f"k[R] = 0, 1, 1 ~~| {equation} ~~|"
    )
    np.testing.assert_array_equal(model.run(times=[0])["y"], [values])


@pytest.mark.parametrize(
    ("equation", "error", "message"),
    [
        ("y = VECTOR RANK(x[a], 1)", ReadError, "VECTOR RANK needs 1 subscripts"),
        ("y[R] = INVERT MATRIX(x[R], 1)", ReadError, "INVERT MATRIX needs 2 subscripts"),
        ("y[R,P] = INVERT MATRIX(w[R,P], 3)", UnsupportedConstruct, "of 3 × 4 elements"),
        ("y = VECTOR SELECT(x[a], x[b], 0, 0, 0)", ReadError, "marked !"),
        ("y = VECTOR SELECT(x[R!], x[R!], 0, 0)", ReadError, "takes 5 arguments"),
        ("y[R] = ALLOCATE AVAILABLE(x[R], x[R], 1)", ReadError, "a profile of each"),
        ("y = ALLOCATE BY PRIORITY(1, 2, 3, 4, 5)", ReadError, "a request by target"),
        ("y = VECTOR ELM MAP(3, 1)", ReadError, "needs an element of a variable"),
    ],
)
def test_vectors_that_are_none_are_refused(made, equation, error, message):
    with pytest.raises(error, match=message):
        made(f"{RANGES} x[R] = 1, 2, 3 ~~| w[R,P] = 1 ~~| {equation} ~~|")
