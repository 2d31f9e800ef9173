"""What the engine raises. Every message names the place, what was found and what is allowed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str:
    """The end of a message that proposes names like one that is unknown; empty when none is."""
    spelled = {k.lower(): k for k in known}
    near = difflib.get_close_matches(name.lower(), spelled, n=3)
    return f"; did you mean {' or '.join(repr(spelled[n]) for n in near)}?" if near else ""


class EngineError(Exception):
    """Base of every error that the engine raises on purpose."""


class ReadError(EngineError):
    """The model file, or a table that it reads, is wrong: no rule of the language fits its text, or
    it contradicts itself. What may be right, and is not compiled, is an UnsupportedConstruct."""


class UnsupportedConstruct(ReadError):
    """The model uses a construct that the engine does not compile.

    Attributes: `variable`, `construct` and `text` (the equation as written in the file).
    """

    def __init__(self, variable: str, construct: str, text: str) -> None:
        self.variable, self.construct, self.text = variable, construct, text
        super().__init__(f"{variable}: {construct} is not supported\n    {text}")


class CycleError(EngineError):
    """Equations that need each other's values. `cycle` lists them in order, first one repeated."""

    def __init__(self, phase: str, cycle: list[str]) -> None:
        self.cycle = cycle
        kind = "initial values" if phase == "initial" else "equations"
        super().__init__(f"circular {kind}: " + " → ".join(cycle))


class ParameterError(EngineError, ValueError):
    """A parameter, output or time given to `run` is not acceptable; nothing has been run."""


class UnknownName(ParameterError, KeyError):
    """A name that the model does not have; the message proposes the nearest ones."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.name = name
        ParameterError.__init__(self, f"no {kind} named {name!r}{nearest(name, known)}")

    def __str__(self) -> str:
        return str(self.args[0])
