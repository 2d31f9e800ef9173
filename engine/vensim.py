"""Vensim's text brought to the part of the language that PySD's parser reads."""

from __future__ import annotations

import re

from engine.ir import key

COMMENT = re.compile(r'("(?:\\.|[^"\\])*")|\{[^}]*\}')
BRACKETED = re.compile(
    r'("(?:\\.|[^"\\])*")|(\(\s*)-(\s*(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*\)(?=[\s)]*\^))'
)


def prepare(text: str, settings: str) -> str:
    """The equations of a model with tables and macros as the parser wants them; `settings`: the
    whole file, of which the text is a part."""
    return _macros_first(_tables_named(text, settings))


def _tables_named(text: str, settings: str) -> str:
    """The text with tables by their names, where it has '?table.xlsx' and says below the sketch
    which file that is; where it does not say, the name without its question mark is the file."""
    files = dict(re.findall(r"^30:\?([^=\n]+)=([^\n]+)$", settings, re.MULTILINE))

    def name(found: re.Match[str]) -> str:
        return f"'{files.get(found[1], found[1]).strip().replace(chr(92), '/')}'"

    return re.sub(r"'\?([^'\n]+)'", name, text)


def datasets(settings: str) -> list[str]:
    """Names, without folder and ending, of the data sets that are loaded with the model."""
    lines = re.findall(r"^13:([^\n]+)$", settings, re.MULTILINE)
    return [re.split(r"[/\\]", line.strip())[-1].rpartition(".")[0] for line in lines]


def _macros_first(text: str) -> str:
    """The text with its macros in front of the model, where the parser finds all of them."""
    macro = re.compile(r":MACRO:.*?:END OF MACRO:", re.DOTALL)
    macros = macro.findall(text)
    if not macros:
        return text
    encoding = re.match(r"\s*\{[^}]*\}", text)
    head = encoding[0] if encoding else ""
    return "\n".join([head, *macros, macro.sub(" ", text[len(head) :])])


def spelled(text: str) -> str:
    """An equation without {comments}, in which (-2)^2 is written (0-2)^2: the parser drops the
    brackets."""
    text = COMMENT.sub(lambda m: m[1] or " ", text)
    return BRACKETED.sub(lambda m: m[1] or f"{m[2]}0-{m[3]}", text)


def listed(equation: str, mappings: dict[tuple[str, str], list[str]]) -> str:
    """A subscript range without the lists of elements in its mappings, which the parser takes for
    elements of the range; they go to `mappings`."""
    name, colon, rest = equation.partition(":")
    elements, arrow, mapped = rest.partition("->")
    if not arrow or "=" in elements:
        return equation

    def note(found: re.Match[str]) -> str:
        listed = [x.strip() for x in found[2].replace("\\", " ").split(",")]
        mappings[key(name), key(found[1])] = listed
        return found[1]

    return f"{name}{colon}{elements}{arrow}" + re.sub(r"\(([^:()]*):([^()]*)\)", note, mapped)
