"""`simulate`: what comes back, how regions add up, how flows and stocks agree."""

from pathlib import Path

import numpy as np
import pytest

from model import load_scenario, outputs, region_ids, regions, simulate
from model.simulation import model_fingerprint

BASELINE = Path(__file__).parents[2] / "scenarios" / "baseline.yaml"
QINGDAO = ["qingdao_other", "pingdu"]


def test_a_run_has_all_regions_years_and_outputs_with_units() -> None:
    dataset = simulate(BASELINE)
    assert set(dataset.data_vars) == set(outputs())
    assert list(dataset["region"].values) == list(regions())
    assert list(dataset["time"].values) == list(range(2020, 2036))
    for name, output in outputs().items():
        dims = tuple(each for each in dataset[name].dims if each != "time")
        assert dims == output.dims, name
        assert dataset[name].attrs["units"] == output.unit
        assert dataset[name].attrs["long_name"] == output.name_zh
    assert dataset.attrs["fingerprints"]["model"] == model_fingerprint()


def test_a_list_of_scenarios_gives_the_runs_one_by_one() -> None:
    baseline = load_scenario(BASELINE)
    changed = baseline.with_levers({"settling_openness": {2021: 0.8, 2030: 1.0, "path": "linear"}})
    names = ["urbanisation_rate_hukou", "debt", "income_ratio"]
    together = simulate([baseline, changed], outputs=names)
    assert list(together[names[0]].dims) == ["scenario", "region", "time"]
    for index, scenario in enumerate((baseline, changed)):
        alone = simulate(scenario, outputs=names)
        for name in names:
            np.testing.assert_allclose(together[name][index], alone[name], rtol=1e-12)
    assert not np.allclose(*together["urbanisation_rate_hukou"].sel(region="shandong"))


def test_only_what_is_asked_for_comes_back_in_its_order() -> None:
    dataset = simulate(BASELINE, outputs=["urbanisation_gap", "income_ratio"], end=2022)
    assert list(dataset.data_vars) == ["urbanisation_gap", "income_ratio"]
    with pytest.raises(KeyError, match="no_such_output"):
        simulate(BASELINE, outputs=["no_such_output"])
    with pytest.raises(ValueError, match="no scenario"):
        simulate([])


def test_regions_add_up_to_qingdao_and_shandong() -> None:
    dataset = simulate(BASELINE)
    for name, output in outputs().items():
        if output.rule != "sum":
            continue
        values = dataset[name]
        parts = values.sel(region=list(region_ids())).sum("region")
        scale = float(abs(values.sel(region=list(region_ids()))).sum("region").max())
        np.testing.assert_allclose(values.sel(region="shandong"), parts, atol=1e-12 * scale)
        city = values.sel(region=QINGDAO).sum("region")
        np.testing.assert_allclose(values.sel(region="qingdao"), city, atol=1e-12 * scale)


def test_ratios_of_aggregates_are_ratios_of_sums() -> None:
    dataset = simulate(BASELINE)
    for region in ("qingdao", "shandong"):
        members = list(regions()[region].members)
        urban, people = (
            dataset[name].sel(region=members).sum("region")
            for name in ("urban_population", "resident_population")
        )
        rate = dataset["urbanisation_rate_resident"].sel(region=region)
        np.testing.assert_allclose(rate, 100 * urban / people)
        gap = rate - dataset["urbanisation_rate_hukou"].sel(region=region)
        np.testing.assert_allclose(dataset["urbanisation_gap"].sel(region=region), gap)
        ratio = dataset["income_urban"] / dataset["income_rural"]
        np.testing.assert_allclose(dataset["income_ratio"], ratio)


def test_a_year_of_flows_is_the_change_of_the_stock() -> None:
    dataset = simulate(BASELINE)
    later = {"time": slice(1, None)}

    def grown(*signed: str) -> np.ndarray:
        return np.sum(
            [
                (-1 if name[0] == "-" else 1) * dataset[name.lstrip("-")].isel(later).to_numpy()
                for name in signed
            ],
            axis=0,
        )

    changes = {
        "resident_population": grown("births", "-deaths", "net_migration"),
        "urban_population": grown("urban_growth"),
        "cumulative_settlers": grown("hukou_conversions"),
        "debt": grown("-fiscal_balance"),
    }
    for stock, change in changes.items():
        scale = float(np.abs(dataset[stock]).max())
        np.testing.assert_allclose(
            dataset[stock].diff("time"), change, atol=1e-11 * scale, err_msg=stock
        )


def test_urban_growth_splits_into_three_parts() -> None:
    dataset = simulate(BASELINE)
    parts = sum(
        dataset[f"urban_growth_{part}"] for part in ("migration", "reclassification", "natural")
    )
    np.testing.assert_allclose(parts, dataset["urban_growth"], rtol=1e-9, atol=1e-6)


def test_money_of_a_year_closes() -> None:
    dataset = simulate(BASELINE)
    income = dataset["general_revenue"] + dataset["transfers"] + dataset["land_revenue"]
    np.testing.assert_allclose(income - dataset["fiscal_balance"], dataset["spending"], rtol=1e-10)
    paid = sum(
        dataset[f"conversion_cost_{payer}"] for payer in ("central", "province", "local", "others")
    )
    np.testing.assert_allclose(paid, dataset["conversion_cost"], rtol=1e-10)


def test_the_baseline_is_plausible_for_the_province() -> None:
    dataset = simulate(BASELINE).sel(region="shandong")
    ranges = {
        "urbanisation_rate_resident": (69, 76),
        "urbanisation_rate_hukou": (54, 66),
        "income_ratio": (1.7, 2.2),
        "resident_population": (9.2e7, 1.02e8),
        "births": (5e5, 9e5),
        "deaths": (9e5, 1.3e6),
        "debt_ratio": (25, 45),
        "unemployment_rate": (2, 8),
        "service_adequacy": (0.8, 1.2),
        "urban_land_per_person": (130, 180),
        "housing_floor_per_person": (38, 48),
    }
    for name, (low, high) in ranges.items():
        assert low < float(dataset[name].sel(time=2035)) < high, name
    assert (dataset["urbanisation_rate_resident"].diff("time") > 0).all()
    assert (dataset["income_ratio"].diff("time") < 0).all()


def test_a_fall_of_the_land_market_is_a_scenario_input() -> None:
    baseline = load_scenario(BASELINE)
    fall = baseline.with_levers({"land_market_cycle": {2021: 1.0, 2025: 0.5, "path": "linear"}})
    revenue = simulate([baseline, fall], outputs=["land_revenue"])["land_revenue"]
    usual, fallen = revenue.sel(region="shandong", time=2025).to_numpy()
    assert 0.45 < fallen / usual < 0.6
