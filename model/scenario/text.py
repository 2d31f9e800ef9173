"""A scenario → the text of a scenario file."""

from collections.abc import Mapping
from io import StringIO
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from model.scenario.definition import Paths, areas_written
from model.scenario.paths import LeverPath

if TYPE_CHECKING:
    from model.scenario import Scenario

SCHEMA_LINE = "# yaml-language-server: $schema=scenario.schema.json\n"


def scenario_text(scenario: "Scenario") -> str:
    """Return the YAML of a resolved scenario, with the line by which editors find the schema."""
    sources: list[Mapping[str, str]] = [dict(source) for source in scenario.sources]
    entries: dict[str, Any] = {
        "title": dict(scenario.title),
        "question": without_empty(scenario.question),
        "note": without_empty(scenario.note),
        "region": scenario.region,
        "source": sources[0] if len(sources) == 1 else sources,
        "targets": list(scenario.targets),
        "levers": section(scenario.levers),
        "assumptions": section(scenario.assumptions),
    }
    yaml = YAML()
    yaml.width = 100
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = StringIO()
    yaml.dump({key: value for key, value in entries.items() if value}, stream)
    return SCHEMA_LINE + stream.getvalue()


def without_empty(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts that say something."""
    return {language: text for language, text in texts.items() if text}


def section(paths: Paths) -> dict[str, Any]:
    """Return a `levers` or `assumptions` section, by the widest areas that say the same."""
    return {
        lever_id: {area: written(path) for area, path in areas_written(by_region).items()}
        for lever_id, by_region in paths.items()
        if by_region
    }


def written(path: LeverPath) -> Any:
    """Return a path as plain data for YAML."""
    data = path.data()
    return dict(data) if isinstance(data, Mapping) else data
