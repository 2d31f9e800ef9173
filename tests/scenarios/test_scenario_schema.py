"""The JSON Schema beside the scenarios is the one that the codelists generate."""

import json
import re

import pytest
from jsonschema import Draft202012Validator

from model import levers, load_scenario, read_scenario, regions, shipped_scenarios, targets
from model.scenario.paths import FIRST_YEAR, LAST_YEAR
from model.schema import FILE, YEAR_PATTERN, scenario_schema, schema_text, violations


def test_the_file_beside_the_scenarios_is_up_to_date() -> None:
    text = FILE.read_text(encoding="utf-8")
    assert text == schema_text(), "rewrite it as model/schema.py says"


def test_it_is_a_valid_schema() -> None:
    Draft202012Validator.check_schema(json.loads(schema_text()))


def test_it_offers_every_lever_region_and_target_for_completion() -> None:
    properties = scenario_schema()["properties"]
    offered = {**properties["levers"]["properties"], **properties["assumptions"]["properties"]}
    assert set(offered) == set(levers())
    assert properties["region"]["enum"] == list(regions())
    assert properties["targets"]["items"]["enum"] == list(targets())
    for lever in levers().values():
        assert set(regions()) < set(offered[lever.id]["properties"])
        assert (offered[lever.id]["minimum"], offered[lever.id]["maximum"]) == (
            lever.low,
            lever.high,
        )
        assert lever.name_zh in offered[lever.id]["description"]
        assert lever.name_en in offered[lever.id]["description"]


def test_the_years_of_the_pattern_are_the_years_of_the_paths() -> None:
    accepted = [year for year in range(1000, 3000) if re.search(YEAR_PATTERN, str(year))]
    assert accepted == list(range(FIRST_YEAR, LAST_YEAR + 1))
    assert not re.search(YEAR_PATTERN, "20250")


@pytest.mark.parametrize(
    "data",
    [
        {"title": {"en": "a"}},
        {"title": {"zh": "a"}, "levers": None},
        {"title": {"zh": "a"}, "levers": {"linkage_strength": {"2025": 1, "path": "linear"}}},
        {"title": {"zh": "a"}, "levers": {"linkage_strength": {"yantai": {"2025": 1}}}},
    ],
)
def test_it_accepts(data: dict) -> None:
    assert list(violations(data)) == []


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"title": "a"},
        {"title": {"zh": "a"}, "levers": {"linkage_strength": "1"}},
        {"title": {"zh": "a"}, "levers": {"linkage_strength": True}},
        {"title": {"zh": "a"}, "levers": {"linkage_strength": {"2051": 1}}},
        {"title": {"zh": "a"}, "levers": {"linkage_strength": {"2025": 2}}},
        {"title": {"zh": "a"}, "levers": {"linkage_strength": {"yantai": {"pingdu": 1}}}},
    ],
)
def test_it_refuses(data: dict) -> None:
    assert list(violations(data))


def test_every_shipped_file_names_the_schema_and_passes_it() -> None:
    for path in shipped_scenarios():
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first == f"# yaml-language-server: $schema={FILE.name}"
        load_scenario(path)


def test_the_example_in_the_documentation_is_a_scenario() -> None:
    text = (FILE.parent.parent / "docs" / "scenarios.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert example
    scenario = read_scenario(example[1], "example.yaml")
    assert scenario.levers["linkage_strength"]["pingdu"].keys == ((2026, 1.0),)
    assert set(scenario.levers["settling_openness"]) == {"yantai"}
