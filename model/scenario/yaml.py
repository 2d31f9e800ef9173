"""Scenario text → plain data with the line and column of every key and value.

YAML 1.2, the core schema, as data only: no tags, anchors or aliases, so a file can neither run
code nor grow when read. ruamel.yaml's parser yields events one at a time, so hostile nesting is
refused before it costs anything.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from model.scenario.problems import Problem

# A scenario is a few kilobytes; the limits are far above any honest file.
BYTES_LIMIT = 100_000
DEPTH_LIMIT = 8
EVENTS_LIMIT = 20_000

# Plain scalars of the YAML 1.2 core schema.
NULL = re.compile(r"null|Null|NULL|~|")
TRUE = re.compile(r"true|True|TRUE")
FALSE = re.compile(r"false|False|FALSE")
INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
INFINITE = re.compile(r"([-+]?)\.(inf|Inf|INF)")
NOT_A_NUMBER = re.compile(r"\.(nan|NaN|NAN)")

# Plain data: None, bool, int, float, str, lists of these, mappings of text to these.
Data = Any
Path = tuple[str | int, ...]
Mark = tuple[int, int]


@dataclass
class Document:
    """A scenario as data. `values` and `keys` give the (line, column) of each path's value and
    key, counted from 1; `problems` holds what could not be read. Data that came from no file has
    `origin` (0, 0) and no marks."""

    file: str
    data: Data = None
    values: dict[Path, Mark] = field(default_factory=dict)
    keys: dict[Path, Mark] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    origin: Mark = (1, 1)

    def problem(self, code: str, mark: Mark, **params: object) -> None:
        """Note a problem at a (line, column)."""
        self.problems.append(Problem(code, self.file, *mark, params))

    def value_mark(self, path: Path) -> Mark:
        """Return where the value at `path` stands, or its nearest ancestor's."""
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, self.origin)

    def key_mark(self, path: Path) -> Mark:
        """Return where the key at the end of `path` stands."""
        return self.keys.get(path) or self.value_mark(path)


def read_document(content: bytes | str, file: str) -> Document:
    """Return the document in `content`; whatever is wrong with it is in its `problems`."""
    document = Document(file)
    text = decoded(content, document)
    if text is None:
        return document
    try:
        Reader(document, text).read()
    except Refused:
        return document
    except MarkedYAMLError as error:
        report_syntax(document, text, error)
    except YAMLError as error:
        # A character YAML does not allow at all; ruamel gives only its position.
        document.problem("character", mark_at(text, getattr(error, "position", 0)))
    return document


def decoded(content: bytes | str, document: Document) -> str | None:
    """Return the text of a file, or None with a problem noted: too large or not UTF-8."""
    size = len(content) if isinstance(content, bytes) else len(content.encode("utf-8", "replace"))
    if size > BYTES_LIMIT:
        document.problem("too_large", (1, 1), size=size, limit=BYTES_LIMIT)
        return None
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", "replace")
        document.problem("not_utf8", mark_at(before, len(before)))
        return None


def mark_at(text: str, position: int) -> Mark:
    """Return the (line, column) of a character position."""
    before = text[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1


def report_syntax(document: Document, text: str, error: MarkedYAMLError) -> None:
    """Note a syntax error where the parser stopped, with our own words for the usual cause."""
    mark = error.problem_mark or error.context_mark
    place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = text.splitlines()
    line = lines[place[0] - 1] if place[0] <= len(lines) else ""
    if line[place[1] - 1 : place[1]] == "\t" or "\t" in line[: place[1] - 1]:
        document.problem("tab", (place[0], line.index("\t") + 1))
    else:
        document.problem("syntax", place, detail=str(error.problem or error.context or ""))


class Refused(Exception):
    """Reading stops: the document's last problem says why."""


class Reader:
    """Reads one document's events, by recursive descent over a bounded depth."""

    def __init__(self, document: Document, text: str) -> None:
        self.document = document
        self.events = self.counted(YAML(typ="safe", pure=True).parse(text))

    def counted(self, events: Iterator[Event]) -> Iterator[Event]:
        """Yield the events, refusing a file that has far too many of them."""
        for count, event in enumerate(events):
            if count > EVENTS_LIMIT:
                self.document.problem("too_many", mark_of(event), limit=EVENTS_LIMIT)
                raise Refused
            yield event

    def read(self) -> None:
        """Read the only document of the stream into `document.data`."""
        started = False
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                if started:
                    self.document.problem("documents", mark_of(event))
                    raise Refused
                started = True
            elif isinstance(event, NodeEvent) and not isinstance(event, DocumentEndEvent):
                self.document.data = self.value(event, ())

    def value(self, event: Any, path: Path) -> Data:
        """Return the value that starts with `event`, and note where everything in it stands."""
        mark = mark_of(event)
        self.document.values[path] = mark
        if isinstance(event, AliasEvent):
            self.document.problem("alias", mark, found=f"*{event.anchor}")
            return None
        self.refuse_extras(event)
        if isinstance(event, ScalarEvent):
            return resolved(event)
        if len(path) >= DEPTH_LIMIT:
            self.document.problem("too_deep", mark, limit=DEPTH_LIMIT)
            raise Refused
        return self.mapping(path) if isinstance(event, MappingStartEvent) else self.sequence(path)

    def refuse_extras(self, event: Any) -> None:
        """Note an anchor or an explicit tag: a scenario needs neither."""
        if getattr(event, "anchor", None):
            self.document.problem("alias", mark_of(event), found=f"&{event.anchor}")
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            self.document.problem("tag", mark_of(event), found=str(tag))

    def sequence(self, path: Path) -> list[Data]:
        """Return the list whose start has just been read."""
        items: list[Data] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            items.append(self.value(event, (*path, len(items))))
        return items

    def mapping(self, path: Path) -> dict[str, Data]:
        """Return the mapping whose start has just been read; a repeated key is a problem."""
        entries: dict[str, Data] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            if not isinstance(event, ScalarEvent):
                self.document.problem("complex_key", mark_of(event))
                raise Refused
            self.refuse_extras(event)
            key = event.value
            if key in entries:
                first = self.document.keys[(*path, key)]
                self.document.problem(
                    "duplicate_key", mark_of(event), found=key, first_line=first[0]
                )
                # The repeated value is read, so that the reader moves on, and dropped.
                self.value(next(self.events), (*path, key, "repeated"))
                continue
            self.document.keys[(*path, key)] = mark_of(event)
            entries[key] = self.value(next(self.events), (*path, key))
            if entries[key] is None:
                # The parser places an absent value at the next token; its key is where to look.
                self.document.values[(*path, key)] = mark_of(event)
        return entries


def mark_of(event: Event) -> Mark:
    """Return the (line, column) at which an event starts, counted from 1."""
    return event.start_mark.line + 1, event.start_mark.column + 1


def resolved(event: ScalarEvent) -> Data:
    """Return a scalar's value by the YAML 1.2 core schema; quoted and block text stays text."""
    text = event.value
    if event.style is not None:
        return text
    if NULL.fullmatch(text):
        return None
    if TRUE.fullmatch(text) or FALSE.fullmatch(text):
        return bool(TRUE.fullmatch(text))
    if INTEGER.fullmatch(text):
        return int(text)
    if FLOAT.fullmatch(text):
        return float(text)
    if match := INFINITE.fullmatch(text):
        return -math.inf if match[1] == "-" else math.inf
    return math.nan if NOT_A_NUMBER.fullmatch(text) else text
