"""Scenarios: what policy and the world do, region by region and year by year.

`load_scenario` reads a YAML file and everything it extends, reports all that is wrong at once, and
resolves the rest into one value path per lever and region.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from model.codelists import levers, region_ids
from model.scenario.checks import check
from model.scenario.definition import Paths, definition_of, resolve
from model.scenario.files import read_file, read_parents
from model.scenario.paths import LeverPath
from model.scenario.problems import ScenarioError
from model.scenario.text import scenario_text
from model.scenario.yaml import Document, read_document

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Scenario:
    """A resolved scenario. Mappings are read-only by agreement.

    `levers` and `assumptions` hold, per lever that the scenario sets, its path in each region it
    sets; everything else stays at the status quo. `sources` are the plans' sentences it rests on.
    `path` is the file it came from, or None.
    """

    id: str
    title: Texts
    question: Texts
    note: Texts
    region: str
    levers: Paths
    assumptions: Paths
    targets: tuple[str, ...]
    sources: tuple[Texts, ...]
    path: Path | None = None

    @property
    def source(self) -> Texts:
        """The first sentence the scenario rests on: plan, quote, location; empty for none."""
        return self.sources[0] if self.sources else {}

    @cached_property
    def fingerprint(self) -> str:
        """The sha256 of what decides the numbers: the paths that leave the status quo.

        Titles and sources do not change it, nor does setting a lever to its status quo.
        """
        text = json.dumps(self.departures(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def departures(self) -> dict[str, dict[str, object]]:
        """Return lever → region → path as plain data, for paths that leave the status quo."""
        found: dict[str, dict[str, object]] = {}
        for lever_id, by_region in {**self.levers, **self.assumptions}.items():
            status_quo = dict(zip(region_ids(), levers()[lever_id].status_quo, strict=True))
            for code, path in by_region.items():
                if not path.is_status_quo(status_quo[code]):
                    found.setdefault(lever_id, {})[code] = [path.shape, path.keys]
        return found

    def lever_values(self, lever_id: str, times: ArrayLike) -> NDArray[np.float64]:
        """Return a lever's or assumption's values, shape (len(times), 17), regions in order.

        `times` are model times (year-ends). Raises KeyError for an unknown lever.
        """
        lever = levers()[lever_id]
        at = np.asarray(times, dtype=np.float64)
        values = np.tile(np.array(lever.status_quo), (at.size, 1))
        paths = (self.assumptions if lever.kind == "assumption" else self.levers).get(lever_id, {})
        # Most regions share a path and a status quo: each distinct pair is worked out once.
        columns: dict[tuple[LeverPath, float], list[int]] = {}
        for index, code in enumerate(region_ids()):
            if code in paths:
                columns.setdefault((paths[code], lever.status_quo[index]), []).append(index)
        for (path, status_quo), indices in columns.items():
            values[:, indices] = path.values(at, status_quo)[:, np.newaxis]
        return values

    def with_levers(self, changes: Mapping[str, object]) -> "Scenario":
        """Return this scenario with levers or assumptions replaced.

        `changes` are written as in a file: a number, years with `path`, a `LeverPath`, or any of
        these by region; without regions they apply to this scenario's `region`. Raises
        ScenarioError with every problem; places are empty.
        """
        data: dict[str, dict[str, object]] = {"levers": {}, "assumptions": {}}
        for lever_id, entry in changes.items():
            lever = levers().get(lever_id)
            section = "assumptions" if lever and lever.kind == "assumption" else "levers"
            data[section][lever_id] = plain(entry)
        document = Document("", {"title": {"en": "-"}, **data}, origin=(0, 0))
        if problems := check(document):
            raise ScenarioError(problems)
        child = definition_of(document.data)
        return replace(
            self,
            levers=resolve([("", self.levers), (self.region, child.levers)]),
            assumptions=resolve([("", self.assumptions), (self.region, child.assumptions)]),
        )

    def to_yaml(self) -> str:
        """Return the scenario as the text of a file: resolved, so it extends nothing.

        Reading it back gives a scenario with the same fingerprint, texts, targets and sources.
        """
        return scenario_text(self)


def plain(entry: object) -> Any:
    """Return a lever's value as a file would hold it: text keys, Python numbers."""
    if isinstance(entry, LeverPath):
        return plain(entry.data())
    if isinstance(entry, Mapping):
        return {str(key): plain(value) for key, value in entry.items()}
    return entry.item() if isinstance(entry, np.generic) else entry


def load_scenario(path: str | Path) -> Scenario:
    """Return the scenario of a YAML file and of everything it extends.

    Raises ScenarioError with every problem of every file of the chain, each at its place.
    """
    path = Path(path)
    return resolved_scenario(read_file(path), path.stem, path)


def read_scenario(text: str | bytes, name: str) -> Scenario:
    """Return the scenario of YAML text that is in no file; `name` stands for it in errors.

    It may extend the shipped scenarios only. Raises ScenarioError with every problem.
    """
    return resolved_scenario(read_document(text, name), Path(name).stem, None)


def resolved_scenario(document: Document, name: str, path: Path | None) -> Scenario:
    """Return the scenario that a document and its parents resolve to."""
    chain = [*read_parents(document, path), document]
    if problems := [problem for each in chain for problem in check(each)]:
        raise ScenarioError(problems)
    definitions = [definition_of(each.data) for each in chain]
    region, layers, assumption_layers = "shandong", [], []
    for definition in definitions:
        region = definition.region or region
        layers.append((region, definition.levers))
        assumption_layers.append((region, definition.assumptions))

    def inherited(name: str, default: Any) -> Any:
        """Return the youngest definition of a field."""
        said = [getattr(each, name) for each in reversed(definitions)]
        return next((value for value in said if value is not None), default)

    return Scenario(
        id=name,
        title=definitions[-1].title,
        question=inherited("question", {"zh": "", "en": ""}),
        note=definitions[-1].note or {"zh": "", "en": ""},
        region=region,
        levers=resolve(layers),
        assumptions=resolve(assumption_layers),
        targets=inherited("targets", ()),
        sources=definitions[-1].sources or (),
        path=path,
    )
