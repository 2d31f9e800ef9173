"""One run gives the same bits whatever stands beside it, and memory does not grow with runs."""

from __future__ import annotations

import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import engine


@pytest.fixture(scope="module")
def batches(models):
    """Every test model with all parameters drawn, in a batch of 21 runs."""
    rng = np.random.default_rng(3)
    out = []
    for file in (
        "functions.mdl",
        "delays.mdl",
        "subscripts.mdl",
        "lookups.mdl",
        "epidemic.mdl",
        "mixed.mdl",
        "regions.mdl",
    ):
        model = engine.load(models / file)
        table = model.parameters
        parameters = {
            name: np.asarray(default) * rng.uniform(0.8, 1.25, (21, *np.shape(default)))
            for name, default in zip(table.name, table.default, strict=True)
        }
        out.append((model, parameters, model.run(parameters)))
    return out


def test_results_do_not_depend_on_block_size(batches):
    for model, parameters, expected in batches:
        for width in (1, 2, 4, 16, 64):
            assert model.run(parameters, width=width).identical(expected), (model, width)


def test_results_do_not_depend_on_threads(batches):
    for model, parameters, expected in batches:
        for threads in (1, 2, 5):
            assert model.run(parameters, threads=threads).identical(expected)


def test_results_do_not_depend_on_the_runs_beside(batches):
    for model, parameters, expected in batches:
        some = {k: v[3:8] for k, v in parameters.items()}
        part = model.run(some)
        one = model.run({k: v[20] for k, v in parameters.items()})
        for name in expected:
            np.testing.assert_array_equal(part[name], expected[name][3:8], err_msg=str(name))
            np.testing.assert_array_equal(one[name], expected[name][20], err_msg=str(name))


def test_results_do_not_depend_on_the_batch(models):
    """Many blocks are done in one call; a run that breaks down among them is still found."""
    model = engine.load(models / "epidemic.mdl")
    contacts = np.linspace(8, 14, 3001)
    contacts[[7, 1500, 3000]] = 1e308
    result = model.run({"contacts": contacts})
    assert result.attrs["fault_runs"] == [7, 1500, 3000]
    for first in (0, 1490, 2990):
        part = model.run({"contacts": contacts[first : first + 11]})
        for name in result:
            expected = result[name][first : first + 11]
            np.testing.assert_array_equal(part[name], expected, err_msg=str(name))


def test_results_do_not_depend_on_the_other_outputs(batches):
    for model, parameters, expected in batches:
        for name in list(expected)[::5]:
            alone = engine.load(model.path).run(parameters, outputs=[name])
            np.testing.assert_array_equal(alone[name], expected[name], err_msg=str(name))


def test_results_do_not_depend_on_what_is_remembered(models):
    """What only one pass over the regions needs has room for one region at a time."""
    start = np.linspace(80, 220, 36).reshape(9, 4)
    everything = engine.load(models / "regions.mdl").run({"start": start})
    alone = engine.load(models / "regions.mdl").run({"start": start}, outputs=["people", "mood"])
    for name in alone:
        np.testing.assert_array_equal(alone[name], everything[name], err_msg=str(name))


def test_memory_of_a_sweep_is_what_is_kept(models):
    model = engine.load(models / "epidemic.mdl")
    contacts = np.linspace(8, 14, 4000)
    model.run({"contacts": contacts[:8]}, outputs=["recovered"], times=[100])
    tracemalloc.start()
    result = model.run({"contacts": contacts}, outputs=["recovered"], times=[100])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert result["recovered"].nbytes == 4000 * 8
    assert peak < 1_000_000
    assert len(np.unique(result["recovered"])) == 4000


def test_several_threads_may_run_one_model_at_once(models):
    """As the sessions of a web server do; each asks for outputs that are not compiled yet."""
    model = engine.load(models / "subscripts.mdl")
    names = [str(n) for n in model.run()][:12]
    fresh = engine.load(models / "subscripts.mdl")
    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(lambda n: fresh.run({"base": 2.0}, outputs=[n], runs=9), names))
    for name, result in zip(names, results, strict=True):
        expected = model.run({"base": 2.0}, outputs=[name], runs=9)
        np.testing.assert_array_equal(result[name], expected[name])


def test_results_of_like_calls_share_nothing(made):
    model = made("x = 1 ~ km ~ how far | y[r] = x * r ~~| r: a, b ~~|")
    first = model.run({"x": 2.0}, times=[0])
    first["y"][:] = 7.0
    first["x"].attrs["units"] = "mile"
    first.attrs["model"] = "other"
    first.coords["time"] = [5.0]
    second = model.run({"x": 3.0}, times=[0.0])
    assert second["y"].values.tolist() == [[3.0, 6.0]]
    assert second["x"].attrs == {"units": "km", "comment": "how far"}
    assert second.attrs["model"] != "other"
    assert second["time"].values.tolist() == [0.0]
    assert first["y"].values.tolist() == [[7.0, 7.0]]
    assert model.run({"x": 3.0}, times=[0.5])["time"].values.tolist() == [0.5]
