"""Scenario files on disk: the shipped ones, and the chain of parents that a file extends."""

import stat
from collections.abc import Sequence
from pathlib import Path, PurePath

from model.scenario.problems import Problem, ScenarioError, nearest
from model.scenario.yaml import BYTES_LIMIT, Document, read_document

SCENARIOS = Path(__file__).parent.parent.parent / "scenarios"
SUFFIXES = (".yaml", ".yml")


def shipped_scenarios() -> tuple[Path, ...]:
    """Return the files of `scenarios/`, the baseline first, the others by name."""
    return tuple(sorted(SCENARIOS.glob("*.yaml"), key=lambda path: (path.stem != "baseline", path)))


def read_file(path: Path) -> Document:
    """Return the document of one file. Raises ScenarioError when there is no such file."""

    def refuse(code: str, **params: object) -> ScenarioError:
        return ScenarioError([Problem(code, str(path), 0, 0, params)])

    try:
        # A pipe or a device would block or never end: only a regular file is opened.
        regular = stat.S_ISREG(path.stat().st_mode)
        content = b""
        if regular:
            with path.open("rb") as stream:
                content = stream.read(BYTES_LIMIT + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        near = nearest(path.name, stems(path.parent, suffix=True))
        raise refuse("file_missing", nearest=near) from None
    except OSError as error:
        raise refuse("unreadable", detail=error.strerror or "") from None
    if not regular:
        raise refuse("not_a_file")
    return read_document(content, str(path))


def stems(folder: Path, suffix: bool = False) -> list[str]:
    """Return the names of the scenario files in a folder, without or with their suffix."""
    if not folder.is_dir():
        return []
    paths = sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES)
    return [path.name if suffix else path.stem for path in paths]


def read_parents(document: Document, path: Path | None) -> list[Document]:
    """Return the documents that `document` extends, the oldest first.

    A parent is a stem beside the file or among the shipped scenarios, or a relative path from the
    file's folder; text that came from no file may name shipped scenarios only. A parent that is
    missing or closes a cycle is noted as a problem of the document that names it.
    """
    chain = [document]
    seen = [path.resolve()] if path else []
    while isinstance(document.data, dict) and isinstance(document.data.get("extends"), str):
        name = document.data["extends"]
        place = document.value_mark(("extends",))
        parent = find_parent(name, path)
        if parent is None:
            known = possible_parents(path, seen)
            near = nearest(name, known)
            document.problem("extends_missing", place, found=name, allowed=known, nearest=near)
            break
        if parent.resolve() in seen:
            names = [each.stem for each in seen[seen.index(parent.resolve()) :]]
            document.problem("extends_cycle", place, chain=" → ".join([*names, parent.stem]))
            break
        document, path = read_file(parent), parent
        chain.append(document)
        seen.append(parent.resolve())
    return chain[:0:-1]


def possible_parents(path: Path | None, seen: Sequence[Path]) -> list[str]:
    """Return the stems that a file may extend: not itself, nor a file read on the way to it."""
    named = {*stems(SCENARIOS), *stems(path.parent if path else SCENARIOS)}
    found = {stem: find_parent(stem, path) for stem in named}
    return sorted(stem for stem, file in found.items() if file and file.resolve() not in seen)


def find_parent(name: str, path: Path | None) -> Path | None:
    """Return the file that `extends: name` means in the file `path`, or None."""
    if "\0" in name or PurePath(name).is_absolute() or name != name.strip():
        return None
    folders = [path.parent, SCENARIOS] if path else [SCENARIOS]
    if PurePath(name).name == name and not name.endswith(SUFFIXES):
        candidates = [folder / f"{name}{suffix}" for folder in folders for suffix in SUFFIXES]
    else:
        candidates = [folders[0] / name] if path else []
    return next((candidate for candidate in candidates if is_file(candidate)), None)


def is_file(path: Path) -> bool:
    """Return whether `path` is a regular file; a name the system refuses is not."""
    try:
        return path.is_file()
    except OSError:
        return False
