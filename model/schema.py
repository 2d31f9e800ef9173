"""The JSON Schema of scenario files, generated from the codelists.

Editors complete and check from the copy in `scenarios/scenario.schema.json`; `load_scenario`
checks from the same object, so the two cannot disagree. After a change in a codelist,
`python -c "from model import schema; schema.write()"` rewrites the copy; a test asks for it.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from model.codelists import Lever, levers, regions, targets
from model.scenario.paths import SHAPES

FILE = Path(__file__).parent.parent / "scenarios" / "scenario.schema.json"
# FIRST_YEAR to LAST_YEAR of model.scenario.paths, spelled as JSON Schema needs them: as a pattern.
YEAR_PATTERN = "^(202[1-9]|20[34][0-9]|2050)$"
SECTIONS = {"levers": "lever", "assumptions": "assumption"}
SOURCE_FIELDS = ("plan", "plan_en", "quote", "quote_en", "location")


@cache
def scenario_schema() -> Mapping[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a scenario file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "情景文件 / scenario file",
        "type": "object",
        "required": ["title"],
        "additionalProperties": False,
        "properties": {
            "title": texts("情景名称 / name of the scenario", 80),
            "question": texts("这个情景回答什么问题 / what this scenario asks", 400),
            "note": texts("说明：取值的理由 / note: why these values", 2000),
            "extends": {
                "type": "string",
                "minLength": 1,
                "description": "上级情景：文件名（不带扩展名）或相对路径 / parent: stem or path",
            },
            "region": {
                "enum": list(regions()),
                "description": "未写区域的杠杆适用于此区域 / levers without a region apply here",
            },
            "levers": section("lever", "政策杠杆 / policy levers"),
            "assumptions": section("assumption", "非政策假设 / assumptions, not policy"),
            "targets": {
                "type": "array",
                "uniqueItems": True,
                "items": {"enum": list(targets())},
                "description": "要显示的目标 / targets to show",
            },
            "source": source_schema(),
        },
    }


def texts(description: str, longest: int) -> dict[str, Any]:
    """Return the schema of a text in Chinese, English or both."""
    text = {"type": "string", "minLength": 1, "maxLength": longest}
    return {
        "type": "object",
        "description": description,
        "additionalProperties": False,
        "minProperties": 1,
        "properties": {"zh": text, "en": text},
    }


def source_schema() -> dict[str, Any]:
    """Return the schema of `source`: one sentence of a plan, or a list of them."""
    text = {"type": "string", "minLength": 1, "maxLength": 1000}
    entry = {
        "required": ["plan", "quote", "location"],
        "additionalProperties": False,
        "properties": dict.fromkeys(SOURCE_FIELDS, text),
    }
    return {
        "type": ["object", "array"],
        "description": "规划名称、原文和位置 / the plan, its sentence verbatim and where it stands",
        **entry,
        "minItems": 1,
        "items": {"type": "object", **entry},
    }


def section(kind: str, description: str) -> dict[str, Any]:
    """Return the schema of `levers` or `assumptions`."""
    return {
        # `levers:` with everything under it commented out is an honest file.
        "type": ["object", "null"],
        "description": description,
        "additionalProperties": False,
        "properties": {
            lever.id: lever_schema(lever) for lever in levers().values() if lever.kind == kind
        },
    }


def lever_schema(lever: Lever) -> dict[str, Any]:
    """Return the schema of one lever: a number, values by year, or either by region."""
    description = (
        f"{lever.name_zh} / {lever.name_en} [{lever.unit}], {lever.low:g} … {lever.high:g}. "
        f"{lever.description_zh} {lever.description_en}"
    )
    number = {"type": "number", "minimum": lever.low, "maximum": lever.high}
    path = {"enum": list(SHAPES)}
    # minimum and maximum bind a number only, the rest an object only: no anyOf, so that every
    # error names the one thing that is wrong.
    by_year = {
        **number,
        "type": ["number", "object"],
        "properties": {"path": path},
        "patternProperties": {YEAR_PATTERN: number},
        "additionalProperties": False,
        "minProperties": 1,
    }
    return {
        **by_year,
        "description": description,
        "properties": {"path": path, **dict.fromkeys(regions(), by_year)},
    }


@cache
def validator() -> Draft202012Validator:
    """Return the compiled schema."""
    return Draft202012Validator(scenario_schema())


def violations(data: object) -> Iterator[ValidationError]:
    """Yield every way in which `data` (keys as text) departs from the schema."""
    yield from validator().iter_errors(data)  # pyright: ignore[reportArgumentType]


def schema_text() -> str:
    """Return the schema as the text of its file."""
    return json.dumps(scenario_schema(), ensure_ascii=False, indent=1) + "\n"


def write() -> None:
    """Rewrite the schema file from the codelists."""
    FILE.write_text(schema_text(), encoding="utf-8", newline="\n")
