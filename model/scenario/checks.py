"""Every problem of a scenario document, found before any of it is used.

The schema finds what has the wrong shape; `keys_and_numbers` finds what a schema cannot say.
"""

import math
import re
from collections.abc import Iterator
from typing import Any

from jsonschema.exceptions import ValidationError

from model.codelists import levers, outputs, regions
from model.scenario.paths import FIRST_YEAR, LAST_YEAR
from model.scenario.problems import Problem, nearest
from model.scenario.yaml import Data, Document, Path
from model.schema import SECTIONS, violations

YEAR_LIKE = re.compile(r"[-+]?\d+(\.\d*)?")
YEARS = f"{FIRST_YEAR}–{LAST_YEAR}"
TYPE_CODES = {"string": "expected_text", "array": "expected_list", "object": "expected_mapping"}


def check(document: Document) -> list[Problem]:
    """Return everything that is wrong with a document, including what its reader noted."""
    problems = list(document.problems)
    if document.data is None and problems:
        return problems
    for violation in violations(document.data):
        problems += translated(violation, document)
    if isinstance(document.data, dict):
        for section in SECTIONS:
            entries = document.data.get(section)
            for lever_id, entry in entries.items() if isinstance(entries, dict) else ():
                if lever_id in levers():
                    problems += keys_and_numbers(document, (section, lever_id), entry)
    return problems


def translated(violation: ValidationError, document: Document) -> Iterator[Problem]:
    """Yield a violation of the schema as problems of ours, each at its own line and column."""
    path: Path = tuple(violation.absolute_path)
    found: Any = violation.instance
    wanted: Any = violation.validator_value
    key = str(path[-1]) if path else ""
    place = document.file, *document.value_mark(path)
    match violation.validator:
        case "additionalProperties":
            schema: Any = violation.schema
            for extra in unknown_keys(found, schema):
                yield unknown_key(document, (*path, extra), list(schema["properties"]))
        case "required":
            # One violation per missing key; jsonschema names it only in its English message.
            missing = next(name for name in wanted if repr(name) in violation.message)
            yield Problem("missing_key", *place, {"key": missing})
        case "type":
            yield wrong_type(place, path, found, wanted)
        case "minimum" | "maximum":
            yield Problem("out_of_range", *place, {"found": found, **range_of(str(path[1]))})
        case "enum":
            code = "bad_target" if path[0] == "targets" else f"bad_{key}"
            text = found_text(found)
            near = suggestion(text, wanted)
            yield Problem(code, *place, {"found": text, "allowed": wanted, "nearest": near})
        case "uniqueItems":
            repeated = sorted({found_text(item) for item in found if found.count(item) > 1})
            yield Problem("repeated_target", *place, {"found": repeated})
        case "maxLength":
            yield Problem("too_long", *place, {"key": key, "size": len(found), "limit": wanted})
        case _:
            yield Problem("empty", *place, {"key": key})


def wrong_type(
    place: tuple[str, int, int], path: Path, found: Data, wanted: str | list[str]
) -> Problem:
    """Return the problem of a value of the wrong type, in the words of its place."""
    if not path:
        return Problem("not_a_mapping", *place, {"found": found_text(found)})
    params: dict[str, object] = {"found": found_text(found), "key": str(path[-1])}
    if "number" in wanted:
        params |= range_of(str(path[1]))
        quoted = isinstance(found, str) and YEAR_LIKE.fullmatch(found.strip())
        return Problem("quoted_number" if quoted else "expected_number", *place, params)
    first = wanted if isinstance(wanted, str) else wanted[0]
    return Problem(TYPE_CODES[first], *place, params)


def unknown_keys(found: dict[str, Data], schema: Any) -> list[str]:
    """Return the keys that an object has and its schema does not name."""
    patterns = schema.get("patternProperties", {})
    return [
        key
        for key in found
        if key not in schema["properties"] and not any(re.search(each, key) for each in patterns)
    ]


def unknown_key(document: Document, path: Path, allowed: list[str]) -> Problem:
    """Return the problem of a key that may not stand where it does."""
    section, found = str(path[0]), str(path[-1])
    place = document.file, *document.key_mark(path)
    params = {"found": found_text(found), "allowed": allowed, "nearest": suggestion(found, allowed)}
    if len(path) == 1 or section not in SECTIONS:
        return Problem("unknown_key", *place, params)
    if len(path) > 2:
        if YEAR_LIKE.fullmatch(found):
            return Problem("bad_year", *place, {"found": found, "years": YEARS})
        code = "unknown_region" if len(path) == 3 else "unknown_path_key"
        return Problem(code, *place, {"years": YEARS, **params})
    if found in levers():
        home = next(name for name, kind in SECTIONS.items() if kind == levers()[found].kind)
        return Problem("wrong_section", *place, {"found": found, "section": home})
    return Problem(f"unknown_{SECTIONS[section]}", *place, params)


def suggestion(found: str, allowed: list[str]) -> str:
    """Return the allowed id that `found` most resembles, in its spelling or in its name: somebody
    who writes 烟台 means yantai. "" when nothing comes near."""
    meant = {name: name for name in allowed}
    for code in allowed:
        if record := regions().get(code) or levers().get(code) or outputs().get(code):
            meant |= {record.name_zh: code, record.name_en: code}
    return meant.get(nearest(found, meant), "")


def keys_and_numbers(document: Document, path: Path, entry: Data) -> Iterator[Problem]:
    """Yield what a schema cannot say about a lever's value: numbers that are no number, years
    beside regions, a `path` without years."""
    # Every comparison with a NaN is false, so the schema's range lets it pass.
    if isinstance(entry, float) and math.isnan(entry):
        place = document.file, *document.value_mark(path)
        yield Problem("not_finite", *place, {"found": str(entry), **range_of(str(path[1]))})
    if not isinstance(entry, dict):
        return
    by_region = [key for key in entry if key in regions()]
    by_year = [key for key in entry if YEAR_LIKE.fullmatch(key)]
    if by_region and by_year:
        place = document.file, *document.key_mark((*path, by_year[0]))
        yield Problem("mixed_keys", *place, {"year": by_year[0], "region": by_region[0]})
    if "path" in entry and not by_year:
        place = document.file, *document.key_mark((*path, "path"))
        yield Problem("path_without_years", *place)
    for key, value in entry.items():
        yield from keys_and_numbers(document, (*path, key), value)


def range_of(lever_id: str) -> dict[str, object]:
    """Return what a message says about a lever: its range and unit in both languages."""
    lever = levers()[lever_id]
    return {
        "low": lever.low,
        "high": lever.high,
        "unit_zh": lever.unit_zh,
        "unit_en": lever.unit,
        "lever": lever_id,
    }


def found_text(value: Data) -> str:
    """Return a found value as its file might spell it, cut short when it is long."""
    if isinstance(value, dict):
        return "{…}"
    if isinstance(value, list):
        return "[…]"
    text = (
        "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    )
    return text if len(text) <= 60 else text[:59] + "…"
