"""An independent simulator runs the exported model: same results, and every equation's units agree.

Simlin is a system-dynamics engine that shares no code with ours or with PySD.
"""

import warnings
from pathlib import Path

import numpy as np
import pytest
import simlin
import xarray as xr

from model import load_scenario, outputs, region_ids, shipped_scenarios
from model.codelists import Output
from model.export import model_text
from model.simulation import lever_inputs, loaded_model, model_names

RELATIVE_TOLERANCE = 1e-6


def opened(text: str, folder: Path) -> simlin.Model:
    """Return a model text as Simlin reads it."""
    path = folder / "exported.mdl"
    path.write_text(text, encoding="utf-8")
    return simlin.load(path)


def codelist_variables() -> list[str]:
    """Return every model variable that an output is computed from."""
    wanted: list[Output] = list(outputs().values())
    return model_names(wanted)


def series(simulation: simlin.Sim, values: xr.DataArray) -> np.ndarray:
    """Return a variable as Simlin computed it, in the shape of `values` (time first)."""
    name = str(values.name).replace(" ", "_").lower()
    inner = [values[dim].to_numpy() for dim in values.dims[1:]]
    columns = []
    for index in np.ndindex(*(len(elements) for elements in inner)):
        labels = [
            str(elements[at]).replace(" ", "_").lower()
            for elements, at in zip(inner, index, strict=True)
        ]
        columns.append(simulation.get_series(f"{name}[{','.join(labels)}]" if labels else name))
    return np.stack(columns, axis=1).reshape(values.shape)


@pytest.mark.parametrize("path", shipped_scenarios(), ids=lambda path: path.stem)
def test_simlin_computes_the_same_results(path: Path, tmp_path: Path) -> None:
    scenario = load_scenario(path)
    times = np.arange(61) * 0.25 + 2020
    ours = loaded_model().run(lever_inputs([scenario], times), outputs=codelist_variables())
    model = opened(model_text(scenario), tmp_path)
    with model.simulate() as simulation:
        simulation.run_to_end()
        for name in codelist_variables():
            values = ours[name].isel(run=0) if "run" in ours[name].dims else ours[name]
            theirs = series(simulation, values)
            scale = max(float(np.abs(values).max()), 1e-9)
            worst = float(np.abs(values.to_numpy() - theirs).max()) / scale
            assert worst < RELATIVE_TOLERANCE, f"{name} differs by {worst:.1e}"


def test_every_equation_passes_simlins_unit_check(tmp_path: Path) -> None:
    model = opened(model_text(), tmp_path)
    assert [issue.message for issue in model.check()] == []


def test_the_unit_check_notices_a_wrong_unit(tmp_path: Path) -> None:
    text = model_text().replace("reward per local settler[Region] * local kind", "local kind", 1)
    assert any("unit" in issue.message for issue in opened(text, tmp_path).check())


def test_the_hindcast_agrees_too(tmp_path: Path) -> None:
    names = ["urban population", "population by age", "income ratio", "government debt"]
    control = {"INITIAL TIME": 2010, "FINAL TIME": 2020}
    ours = loaded_model().run(control, outputs=names)
    with opened(model_text(start=2010, end=2020), tmp_path).simulate() as simulation:
        simulation.run_to_end()
        for name in names:
            np.testing.assert_allclose(
                series(simulation, ours[name]), ours[name], rtol=RELATIVE_TOLERANCE
            )


def test_an_exported_model_needs_no_table() -> None:
    text = model_text()
    assert "GET DIRECT" not in text
    assert all(region in text for region in region_ids())


@pytest.fixture(autouse=True)
def quiet_simlin() -> None:
    """Simlin warns when a model is too large for its loop analysis, which is not asked for."""
    warnings.filterwarnings("ignore", message="this model is too large", category=RuntimeWarning)
