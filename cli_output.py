"""What `cli.py` tells its user: messages, refusals, JSON; and the files it may write."""

import itertools
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from model import Scenario, ScenarioError
from model.messages import translate


class Refused(Exception):
    """Input or output that the user has to put right: the text says what, in their language."""


class ModelFailure(Exception):
    """The model did not run, or an invariant did not hold."""


def complain(key: str, language: str, code: int, **values: object) -> int:
    """Print one message on the error stream and return the exit code."""
    print(translate(key, language, **values), file=sys.stderr)
    return code


def fail(key: str, language: str, code: int, as_json: bool, **values: object) -> int:
    """Say why a command failed: text on the error stream, or JSON; return the exit code."""
    if not as_json:
        return complain(key, language, code, **values)
    print_json({"error": translate(key, language, **values), "exit_code": code})
    return code


def note_same(scenarios: Sequence[Scenario], language: str) -> None:
    """Say on the error stream which scenarios set the same values, for their results are equal."""
    for first, second in itertools.combinations(scenarios, 2):
        if first.fingerprint == second.fingerprint:
            complain("cli.same_scenario", language, 0, first=first.id, second=second.id)


def report_problems(error: ScenarioError, language: str, as_json: bool) -> int:
    """Print what is wrong with a scenario: text on the error stream, or JSON."""
    if as_json:
        print_json([problem_data(error, language)])
    else:
        print(error.render(language), file=sys.stderr)
    return 1


def problem_data(error: ScenarioError, language: str) -> dict[str, Any]:
    """Return refused input as plain data for JSON."""
    return {
        "valid": False,
        "problems": [
            {
                "code": problem.code,
                "file": problem.file,
                "line": problem.line,
                "column": problem.column,
                "message": problem.message(language),
            }
            for problem in error.problems
        ],
    }


def print_json(value: object) -> None:
    """Print a value as JSON for a program to read."""
    print(json.dumps(value, ensure_ascii=False, indent=1))


def checked_output(name: str | None, suffixes: tuple[str, ...], language: str) -> Path | None:
    """Return the file to write, refused before any work when it cannot be one."""
    if name is None:
        return None
    path = Path(name)
    if path.suffix not in suffixes:
        key = "cli.bad_mdl" if suffixes == (".mdl",) else "cli.bad_suffix"
        raise Refused(translate(key, language, file=name))
    if not path.parent.is_dir():
        raise Refused(translate("cli.no_folder", language, folder=path.parent))
    return path


def written(write: Callable[[], Any], path: Path, language: str) -> Any:
    """Return what `write` returns; a system error becomes a refusal in the user's language."""
    try:
        return write()
    except OSError as error:
        detail = error.strerror or type(error).__name__
        raise Refused(translate("cli.not_written", language, file=path, detail=detail)) from error
