"""The table of constructs, made from the code: `python -m engine.constructs` writes it anew."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from engine import stateful, vectors
from engine.calls import CALLS
from engine.functions import COMPARISONS, DIRECT, EXPANSIONS, LOGIC, OPERATORS
from engine.readings import WAYS
from engine.translate import BUILTINS, SPELLINGS

FILE = Path(__file__).with_suffix(".md")
INNER = {
    "reference", "subscripts_ref", "arithmetic", "logic", "call", "lookup", "data", "negative",
    "stock", "inline_lookup", "game",
}  # fmt: skip
#: what becomes of syntax that has a class of its own
SYNTAX = {
    "AllocateAvailableStructure": vectors.available,
    "AllocateByPriorityStructure": vectors.by_priority,
    "CallStructure": "formula",
    "DelayStructure": stateful.delay,
    "DelayNStructure": stateful.delay,
    "DelayFixedStructure": "the input some steps ago, kept in a row",
    "ForecastStructure": stateful.forecast,
    "GetConstantsStructure": "cells of CSV and Excel files, by place or name",
    "GetDataStructure": "cells of CSV and Excel files, by place or name",
    "GetLookupsStructure": "cells of CSV and Excel files, by place or name",
    "InitialStructure": "the value at the start",
    "InlineLookupsStructure": "a lookup in place",
    "IntegStructure": "a stock",
    "SampleIfTrueStructure": stateful.sample,
    "SmoothStructure": stateful.smooth,
    "SmoothNStructure": stateful.smooth,
    "TrendStructure": stateful.trend,
}
#: of the functions that PySD does not have those that are Vensim's
VENSIM = {name.replace("_", " ").upper() for name in (*WAYS, "vector_elm_map", "npv")}
#: functions of the languages that are refused, and why; every other unknown name is, too
REFUSED = {
    "GET TIME VALUE of the initial time, or of the model's time by a calendar": "not in PySD",
    "ALLOCATE AVAILABLE with constant elasticity, or fixed quantities beside other kinds": "PySD"
    " has no definition that is tested; such a target is not a number, and its run is marked",
    "RANDOM POISSON, RANDOM GAMMA, RANDOM BETA, RANDOM BINOMIAL and others": "not in PySD",
    "FIND ZERO, SIMULTANEOUS, DEMAND AT PRICE, SUPPLY AT PRICE": "not in PySD; equations that"
    " need each other's values are printed as a cycle",
    "LOOKUP AREA, LOOKUP SLOPE and others that take a lookup without an argument": "not in PySD; a"
    " macro may",
    "DELAY BATCH, DELAY CONVEYOR, QUEUE FIFO, SHIFT IF TRUE": "not in PySD",
    "GET VDF, GET 123 and GET ODBC; data in .vdf files": "formats of their own; export to a table",
    "text as a value": "not in PySD",
    "HISTORY, ENDVAL, RANK and others; conveyors, queues and ovens": "not in PySD",
    "XMILE transposition, and places up to one that is worked out (`x[1:n]`)": "not in PySD",
    "TIME STEP, SAVEPER that depend on more than Time; a TIME STEP that changes with RK4": "the"
    " steps are laid out before the run; FINAL TIME may depend on anything",
    "XMILE modules in other files, or with time steps of their own": "not in PySD",
    "macros that call themselves, parameters with subscripts inside, ranges that are others in the"
    " model": "not in PySD, except the last",
    "INVERT MATRIX of more than 40 rows": "it is written out row by row",
    "methods other than Euler and RK4": "choose one with engine.load(…, integration=…)",
}


def _spelled(name: str) -> str:
    written = {"element_of": "x[i + 1]", "lookup_of": "LOOKUP"}
    if name in written:
        return written[name]
    return name.removeprefix("X").removesuffix("_xmile").replace("_", " ").upper()


def _says(function: Any) -> str:
    """First sentence of a function's description, without the name before its colon."""
    text = " ".join((inspect.getdoc(function) or "").split())
    text = text.partition(". ")[0].rstrip(".")
    name, _, rest = text.partition(": ")
    return rest if rest and name.split("(")[0].split(",")[0].isupper() else text


def languages_of() -> dict[str, set[str]]:
    """Constructs that PySD's two translators know by a name of their own, and the general ones
    that its builder knows."""
    from pysd.builders.python.python_functions import functionspace
    from pysd.translators.vensim.vensim_structures import structures as vensim
    from pysd.translators.xmile.xmile_structures import structures as xmile

    out: dict[str, set[str]] = {}
    for language, names in (("Vensim", vensim), ("XMILE", xmile)):
        for name in set(names) - INNER:
            out.setdefault(_spelled(name), set()).add(language)
    out.setdefault("A FUNCTION OF", set()).add("Vensim")
    for name in functionspace:
        languages = {"XMILE"} if name != _spelled(name).lower().replace(" ", "_") else set()
        out.setdefault(_spelled(name), set()).update(languages or {"Vensim", "XMILE"})
    return out


def functions() -> dict[str, str]:
    """All functions that are compiled, with a word on each."""
    out = {}
    for name, (_, build) in EXPANSIONS.items():
        out[_spelled(name)] = "operator" if name in DIRECT else _says(build) or "formula"
    for name, build in CALLS.items():
        out[_spelled(name)] = _says(build) or _says(_wrapped(build))
    for name, kind in _structures().items():
        what = SYNTAX[kind]
        out.setdefault(name, what if isinstance(what, str) else _says(what))
    return out


def _wrapped(build: Callable[..., Any]) -> Any:
    names, cells = build.__code__.co_freevars, build.__closure__ or ()
    return dict(zip(names, (c.cell_contents for c in cells), strict=True)).get("build")


def _structures() -> dict[str, str]:
    """By name the class of syntax that PySD's translators make of a construct."""
    from pysd.translators.vensim.vensim_structures import structures as vensim
    from pysd.translators.xmile.xmile_structures import structures as xmile

    out = {}
    for names in (vensim, xmile):
        for name in set(names) - INNER:
            made = names[name]
            made = next(iter(made.values())) if isinstance(made, dict) else made
            if inspect.isclass(made):
                out[_spelled(name)] = made.__name__
            else:
                kinds = [n for n in made.__code__.co_names if n.endswith("Structure")]
                out[_spelled(name)] = kinds[0]
    return out


def _rows(rows: Iterable[tuple[str, ...]], head: tuple[str, ...]) -> list[str]:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return lines + [f"| {' | '.join(r)} |" for r in rows]


def table() -> str:
    """The text of constructs.md."""
    with warnings.catch_warnings(action="ignore"):  # PySD's import warns of its libraries
        languages, known = languages_of(), functions()
    rows = []
    for name in sorted(known):
        where = " ".join(sorted(languages.get(name, {"Vensim"} if name in VENSIM else {"XMILE"})))
        rows.append((f"`{name}`", where, known[name]))
    operators = " ".join(f"`{o}`" for o in (*OPERATORS, *COMPARISONS, *LOGIC))
    names = " ".join(f"`{n.replace('_', ' ').upper()}`" for n in (*BUILTINS, *SPELLINGS))
    return "\n".join(
        [
            "# Constructs",
            "",
            "Written by `python -m engine.constructs` from the code; a test keeps it current.",
            "",
            f"Operators: {operators}. Names: {names}.",
            "",
            "## Functions",
            "",
            *_rows(rows, ("name", "language", "what it is")),
            "",
            "## Refused",
            "",
            "Anything else raises `UnsupportedConstruct` with variable, construct and line. What"
            " fits no rule of the language, or contradicts itself, raises `ReadError`.",
            "",
            *_rows(REFUSED.items(), ("construct", "why")),
            "",
        ]
    )


if __name__ == "__main__":
    FILE.write_text(table(), encoding="utf-8")
