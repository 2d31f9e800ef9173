"""What one scenario file defines, and the order in which definitions override each other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from model.codelists import regions
from model.scenario.paths import LeverPath

# The area of a value written without one: the file's own `region`.
OWN_REGION = ""
# Lever → area (a region, an aggregate or OWN_REGION) → path.
Areas = Mapping[str, Mapping[str, LeverPath]]
# Lever → region (never an aggregate) → path.
Paths = Mapping[str, Mapping[str, LeverPath]]


@dataclass(frozen=True)
class Definition:
    """One file's own content, checked but not yet joined with its parent's; None where unsaid."""

    title: Mapping[str, str]
    question: Mapping[str, str] | None
    note: Mapping[str, str] | None
    region: str | None
    levers: Areas
    assumptions: Areas
    targets: tuple[str, ...] | None
    sources: tuple[Mapping[str, str], ...] | None


def definition_of(data: Mapping[str, Any]) -> Definition:
    """Return what a file defines; `data` has passed `checks.check`."""
    source = data.get("source")
    return Definition(
        title=both_languages(data["title"]),
        question=both_languages(data["question"]) if "question" in data else None,
        note=both_languages(data["note"]) if "note" in data else None,
        region=data.get("region"),
        levers=areas_of(data.get("levers")),
        assumptions=areas_of(data.get("assumptions")),
        targets=tuple(data["targets"]) if "targets" in data else None,
        sources=tuple([source] if isinstance(source, dict) else source) if source else None,
    )


def both_languages(texts: Mapping[str, str]) -> Mapping[str, str]:
    """Return the text in both languages; one that is not given borrows the other."""
    return {"zh": texts.get("zh") or texts["en"], "en": texts.get("en") or texts["zh"]}


def areas_of(section: Mapping[str, Any] | None) -> Areas:
    """Return the paths of a `levers` or `assumptions` section by area."""
    found: dict[str, dict[str, LeverPath]] = {}
    for lever_id, entry in (section or {}).items():
        if isinstance(entry, dict) and any(key in regions() for key in entry):
            found[lever_id] = {area: path_of(value) for area, value in entry.items()}
        else:
            found[lever_id] = {OWN_REGION: path_of(entry)}
    return found


def path_of(entry: Any) -> LeverPath:
    """Return the path that a number, or values by year, stands for."""
    if not isinstance(entry, dict):
        return LeverPath.constant(entry)
    years = sorted((int(key), float(value)) for key, value in entry.items() if key != "path")
    return LeverPath(tuple(years), entry.get("path", "step"))


def resolve(layers: Iterable[tuple[str, Areas]]) -> Paths:
    """Return each lever's path by region. This is the order in which definitions override:

    1. the status quo of the codelist, which holds wherever no layer says otherwise;
    2. the layers, from the oldest ancestor to the scenario itself;
    3. within a layer, the wider area before the narrower: shandong, qingdao, single regions.
    A layer is the region its values without one apply to, and its values.
    """
    resolved: dict[str, dict[str, LeverPath]] = {}
    for own_region, definitions in layers:
        for lever_id, by_area in definitions.items():
            paths = {area or own_region: path for area, path in by_area.items()}
            for area in sorted(paths, key=lambda code: -len(regions()[code].members)):
                for member in regions()[area].members:
                    resolved.setdefault(lever_id, {})[member] = paths[area]
    return resolved


def areas_written(by_region: Mapping[str, LeverPath]) -> dict[str, LeverPath]:
    """Return the fewest areas that `resolve` turns back into `by_region`."""
    written: dict[str, LeverPath] = {}
    covered: dict[str, LeverPath] = {}
    aggregates = [area for area in regions().values() if area.kind == "aggregate"]
    for area in sorted(aggregates, key=lambda area: -len(area.members)):
        paths = [by_region[code] for code in area.members if code in by_region]
        if len(paths) < len(area.members):
            continue
        common = max(paths, key=paths.count)
        if paths.count(common) > 1 and any(covered.get(code) != common for code in area.members):
            written[area.id] = common
            covered |= dict.fromkeys(area.members, common)
    return written | {code: path for code, path in by_region.items() if covered.get(code) != path}
