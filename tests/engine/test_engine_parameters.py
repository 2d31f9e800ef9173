"""What `run` accepts as parameters, outputs and times, and what it refuses before running."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import engine
from engine import ParameterError, UnknownName

MODEL = """
Region: north, south, east ~~|
Age: young, old ~~|
birth rate[Region] = 0.1, 0.2, 0.3 ~ 1/year ~ Births per person |
split[Region,Age] = 1, 2; 3, 4; 5, 6; ~~|
inflow = 2 ~ person/year ~ |
settled == 7 ~~|
double = inflow*2 ~~|
people[Region] = INTEG(inflow + birth rate[Region]*people[Region], 10) ~ person ~ Stock |
by age[Region,Age] = people[Region]*split[Region,Age] ~~|
curve((0,0),(4,8)) ~~|
read = curve(Time) ~~|
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    path = tmp_path_factory.mktemp("parameters") / "model.mdl"
    control = "INITIAL TIME = 0 ~~| FINAL TIME = 4 ~~| TIME STEP = 0.5 ~~| SAVEPER = 1 ~~|"
    path.write_text("{UTF-8}\n" + MODEL + control, encoding="utf-8")
    return engine.load(path, time_varying=["inflow", "birth rate"])


def final(model, parameters, name="people", **options):
    """Values of one output at the end."""
    return model.run(parameters, outputs=[name], times=[4], **options)[name].isel(time=0)


def euler(rate, inflow=2.0, start=10.0, steps=8):
    """The stock by hand."""
    for _ in range(steps):
        start = start + 0.5 * (inflow + rate * start)
    return start


def test_parameters_and_variables_are_tables_with_units_and_defaults(model):
    parameters = model.parameters.set_index("name")
    assert list(parameters.index) == ["birth rate", "split", "inflow"]
    assert parameters.unit["birth rate"] == "1/year"
    assert parameters.comment["birth rate"] == "Births per person"
    assert parameters.subscripts["split"] == ("Region", "Age")
    assert parameters.default["inflow"] == 2.0
    np.testing.assert_array_equal(parameters.default["split"], [[1, 2], [3, 4], [5, 6]])
    kinds = model.variables.set_index("name").kind
    assert kinds["people"] == "stock"
    assert kinds["curve"] == "lookup"
    assert kinds["settled"] == "constant"
    assert kinds["by age"] == "auxiliary"


def test_result_has_named_dimensions_units_and_comments(model):
    result = model.run()
    assert result["by age"].dims == ("time", "Region", "Age")
    assert list(result.Region.values) == ["north", "south", "east"]
    assert result["people"].attrs == {"units": "person", "comment": "Stock"}
    assert list(result.time.values) == [0, 1, 2, 3, 4]
    assert "curve" not in result
    assert result["settled"].values.tolist() == [7.0] * 5


def test_names_ignore_case_spaces_and_underscores(model):
    result = model.run({"BIRTH_Rate": 0.5}, outputs=["PEOPLE", "by_age"])
    assert list(result) == ["people", "by age"]
    assert result["people"].values[-1, 0] == euler(0.5)


def test_a_number_fills_all_elements(model):
    assert final(model, {"birth rate": 0.5}).values.tolist() == [euler(0.5)] * 3


def test_an_array_goes_over_the_subscripts(model):
    rates = [0.5, 0.6, 0.7]
    assert final(model, {"birth rate": rates}).values.tolist() == [euler(r) for r in rates]


def test_a_leading_axis_is_the_runs(model):
    rates = np.array([[0.5, 0.6, 0.7], [0.1, 0.2, 0.4]])
    result = final(model, {"birth rate": rates, "inflow": [1.0, 3.0]})
    assert result.dims == ("run", "Region")
    np.testing.assert_array_equal(result[0], [euler(r, 1.0) for r in rates[0]])
    np.testing.assert_array_equal(result[1], [euler(r, 3.0) for r in rates[1]])


def test_runs_asked_for_are_all_the_same(model):
    result = final(model, {}, runs=3)
    assert result.sizes["run"] == 3
    assert (result == result[0]).all()
    assert "run" not in final(model, {}).dims


def test_a_data_array_is_matched_by_its_labels(model):
    rate = xr.DataArray(
        [0.7, 0.5, 0.6], dims="Region", coords={"Region": ["east", "north", "south"]}
    )
    assert final(model, {"birth rate": rate}).values.tolist() == [
        euler(0.5),
        euler(0.6),
        euler(0.7),
    ]


def test_a_data_array_may_miss_dimensions_and_have_them_in_any_order(model):
    ages = xr.DataArray([[1.0, 10.0], [2.0, 20.0]], dims=("Age", "run"))
    result = final(model, {"split": ages}, "by age")
    plain = final(model, {})
    for run, factor in enumerate([1.0, 10.0]):
        np.testing.assert_array_equal(result[run, :, 0], plain * factor)
        np.testing.assert_array_equal(result[run, :, 1], plain * factor * 2)


def test_a_path_over_time_is_linear_between_its_times_and_held_at_the_ends(model):
    path = xr.DataArray([4.0, 2.0], dims="time", coords={"time": [1.0, 2.0]})
    result = model.run({"inflow": path}, outputs=["inflow", "double"])
    assert result["inflow"].values.tolist() == [4, 4, 2, 2, 2]
    assert result["double"].values.tolist() == [8, 8, 4, 4, 4]
    half = model.run({"inflow": path}, outputs=["inflow"], times=[1.5])
    assert half["inflow"].item() == 3.0


def test_paths_may_differ_by_run_and_element(model):
    rate = xr.DataArray(
        np.arange(12.0).reshape(2, 2, 3) / 20,
        dims=("run", "time", "Region"),
        coords={"time": [0.0, 4.0]},
    )
    many = model.run({"birth rate": rate}, outputs=["people", "birth rate"])
    np.testing.assert_allclose(many["birth rate"].isel(time=2), rate.mean("time"))
    for run in range(2):
        one = model.run({"birth rate": rate.isel(run=run)}, outputs=["people"])
        np.testing.assert_array_equal(one["people"], many["people"].isel(run=run))


def test_the_four_times_may_be_given(model):
    result = model.run({"FINAL TIME": 2, "time step": 0.25, "Initial Time": 1, "SAVEPER": 0.5})
    assert result.time.values.tolist() == [1, 1.5, 2]
    assert result["people"].values[-1, 0] != euler(0.1)


def test_times_are_kept_in_the_order_asked_for(model):
    result = model.run(outputs=["read"], times=[4, 0.5, 2])
    assert result["read"].values.tolist() == [8, 1, 4]
    assert result.time.values.tolist() == [4, 0.5, 2]


REFUSED = [
    ({"birht rate": 1}, UnknownName, "did you mean 'birth rate'"),
    ({"people": 1}, ParameterError, "computed by the model"),
    ({"double": 1}, ParameterError, "computed by the model"),
    ({"curve": 1}, ParameterError, "lookup"),
    ({"settled": 1}, ParameterError, "unchangeable"),
    ({"birth rate": [1, 2]}, ParameterError, r"shape \(2,\), expected a number or \(3,\)"),
    ({"inflow": [[1, 2]]}, ParameterError, "shape"),
    ({"inflow": "two"}, ParameterError, "not numeric"),
    ({"inflow": None}, ParameterError, "not numeric"),
    ({"inflow": True}, ParameterError, "not numeric"),
    ({"inflow": 1 + 2j}, ParameterError, "not numeric"),
    ({"inflow": [1.0, float("nan")]}, ParameterError, "NaN"),
    ({"inflow": float("inf")}, ParameterError, "infinite"),
    ({"inflow": []}, ParameterError, "shape"),
    ({"inflow": [1, 2], "birth rate": np.ones((3, 3))}, ParameterError, "3 runs, but 2"),
    ({"FINAL TIME": [1, 2]}, ParameterError, "one number for all runs"),
    ({"TIME STEP": 0}, ParameterError, "cannot step"),
    ({"FINAL TIME": -1}, ParameterError, "cannot step"),
    ({"birth rate": xr.DataArray([1.0], dims="Town")}, ParameterError, "dimension 'Town'"),
    ({"inflow": xr.DataArray([1.0], dims="Town")}, ParameterError, "allowed: run, time$"),
    ({"inflow": 1, "INFLOW": 2}, ParameterError, "inflow is given twice"),
    ([1, 2], ParameterError, r"parameters must be values by name, not \[1, 2\]"),
    (
        {"birth rate": xr.DataArray([1.0], dims="Region", coords={"Region": ["west"]})},
        ParameterError,
        "lacks 'north'",
    ),
    (
        {"split": xr.DataArray([1.0], dims="time", coords={"time": [0]})},
        ParameterError,
        "time_varying",
    ),
    ({"inflow": xr.DataArray([1.0, 2.0], dims="time")}, ParameterError, "no coordinates"),
    (
        {"inflow": xr.DataArray([1.0, 2.0], dims="time", coords={"time": [1, 0]})},
        ParameterError,
        "increase",
    ),
]


@pytest.mark.parametrize(("parameters", "error", "message"), REFUSED)
def test_bad_parameters_are_refused(model, parameters, error, message):
    with pytest.raises(error, match=message):
        model.run(parameters)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"outputs": ["peopel"]}, "did you mean 'people'"),
        ({"outputs": ["curve"]}, "lookup"),
        ({"outputs": "people"}, "list of names"),
        ({"outputs": [3]}, "list of names"),
        ({"outputs": []}, "nothing to keep"),
        ({"outputs": ["people[a]"]}, "ask for all of 'people'"),
        ({"parameters": {"SAVEPER": 0}}, "cannot save every 0"),
        ({"times": ["soon"]}, "must be numbers"),
        ({"times": [0.3]}, "time 0.3 is not a step"),
        ({"times": [5]}, "nearest: 4"),
        ({"times": []}, "non-empty"),
        ({"runs": 0}, "positive"),
        ({"width": 3}, "width"),
    ],
)
def test_bad_outputs_and_times_are_refused(model, options, message):
    with pytest.raises(ParameterError, match=message):
        model.run(**options)


def test_time_varying_names_are_checked_at_load(write):
    path = write("a constant = 1 ~~| other = a constant + Time ~~|")
    with pytest.raises(UnknownName, match="did you mean 'a constant'"):
        engine.load(path, time_varying=["a konstant"])
    with pytest.raises(ParameterError, match="not a constant"):
        engine.load(path, time_varying=["other"])


def test_data_may_be_replaced_and_data_without_a_table_must_be_given(made):
    model = made("inflow :INTERPOLATE: ~~| x = inflow*2 ~~|")
    with pytest.raises(ParameterError, match="inflow is data without a table"):
        model.run()
    path = xr.DataArray([0.0, 8.0], dims="time", coords={"time": [0, 4]})
    assert model.run({"inflow": path}, times=[1])["x"].item() == 4.0


def test_a_variable_or_range_called_run_stays_out_of_sweeps(made):
    model = made("run = 3 ~~| k = 1 ~~| x = k*run ~~|")
    assert model.run(times=[0])["run"].item() == 3
    assert model.run({"k": [1, 2]}, outputs=["x"], times=[0])["x"].values.tolist() == [[3], [6]]
    with pytest.raises(ParameterError, match="`run` names the runs of a sweep"):
        model.run({"k": [1, 2]})
    with pytest.raises(ParameterError, match="y: `run` names the runs"):
        made("run: a, b ~~| y[run] = 1 ~~|").run(runs=2)
