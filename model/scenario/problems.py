"""What is wrong with a scenario: where, what was found, what is allowed, the nearest name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from model.messages import translate


@dataclass(frozen=True)
class Problem:
    """One problem. `code` names its message in the catalogue's section `scenario`.

    `line` and `column` count from 1; both are 0 for a value that came from no file, such as a
    slider's. `params` fill the message; "allowed" may be a tuple of names, "nearest" a name or "".
    """

    code: str
    file: str
    line: int
    column: int
    params: Mapping[str, object] = field(default_factory=dict)

    def place(self) -> str:
        """Return "file:line:column", or the file alone when there is no line."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    def message(self, language: str) -> str:
        """Return what is wrong in `language`, without the place."""
        values = {key: shown(value) for key, value in self.params.items()}
        text = translate(f"scenario.{self.code}", language, **values)
        if values.get("nearest"):
            text += translate("scenario.nearest", language, nearest=values["nearest"])
        if values.get("allowed"):
            key = "scenario.allowed_else" if values.get("nearest") else "scenario.allowed"
            text += translate(key, language, allowed=values["allowed"])
        return text

    def render(self, language: str) -> str:
        """Return one line: the place and the message in `language`."""
        place = self.place()
        return f"{place}: {self.message(language)}" if place else self.message(language)


def shown(value: object) -> str:
    """Return a message parameter as text: numbers short, lists of names joined by commas."""
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, list | tuple):
        return ", ".join(shown(item) for item in value)
    return str(value)


def nearest(found: str, allowed: Iterable[str]) -> str:
    """Return the allowed name most like `found`, or "" when none resembles it."""
    return next(iter(get_close_matches(found, list(allowed), n=1, cutoff=0.6)), "")


class ScenarioError(ValueError):
    """A scenario was refused; `problems` holds everything that is wrong with it, in file order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set_of(problems), key=lambda p: (p.file, p.line, p.column)))
        super().__init__(self.problems)

    def render(self, language: str = "zh") -> str:
        """Return all problems in `language`, one per line."""
        return "\n".join(problem.render(language) for problem in self.problems)

    def __str__(self) -> str:
        return self.render()


def set_of(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems without repeats; a parent read twice is reported once."""
    unique: list[Problem] = []
    for problem in problems:
        if problem not in unique:
            unique.append(problem)
    return unique
