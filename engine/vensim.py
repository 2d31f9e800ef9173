"""Vensim's text brought to the part of the language that PySD's parser reads."""

from __future__ import annotations

import re

from engine.ir import key

COMMENT = re.compile(r'("(?:\\.|[^"\\])*")|\{[^}]*\}')
BRACKETED = re.compile(
    r'("(?:\\.|[^"\\])*")|(\(\s*)-(\s*(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*\)(?=[\s)]*\^))'
)
#: a lookup in the old form: the x of all points, then the y
COLUMNS = re.compile(r"\(([-+.,\s\\\deE]+)\)")
#: a call up to the name of a table
TABLE = re.compile(r"(GET\s+(?:XLS|DIRECT)\s+\w+[\s\\]*\([\s\\]*')([^'\n]*)", re.IGNORECASE)
#: a range used as a number in a reduction: outside of subscripts it has this name
PLACE = "place in range"
MARKED = re.compile(r'("(?:\\.|[^"\\])*"|\[[^\]]*\])|([^\W\d][\w\s$\']*?|"[^"]*")\s*!')
SEVERAL = re.compile(r":MACRO:([^(]*)\([^():]*:([^()]*)\)")
PARTS = re.compile(r'"(?:\\.|[^"\\])*"|:(?:AND|OR|NOT|NA):|.', re.DOTALL | re.IGNORECASE)


def prepare(text: str, settings: str) -> str:
    """The equations of a model with tables and macros as the parser wants them; `settings`: the
    whole file, of which the text is a part."""
    return _macros_first(_tables_named(text, settings))


def _tables_named(text: str, settings: str) -> str:
    """The text with tables by their names, where it has '?table.xlsx' and says below the sketch
    which file that is; where it does not say, the name without its question mark is the file.
    Folders are parted by / as everywhere but on Windows."""
    files = dict(re.findall(r"^30:\?([^=\n]+)=([^\n]+)$", settings, re.MULTILINE))

    def name(found: re.Match[str]) -> str:
        return f"'{files.get(found[1], found[1]).strip().replace(chr(92), '/')}'"

    text = re.sub(r"'\?([^'\n]+)'", name, text)
    return TABLE.sub(lambda m: m[1] + m[2].replace("\\", "/"), text)


def datasets(settings: str) -> list[str]:
    """Names, without folder and ending, of the data sets that are loaded with the model."""
    lines = re.findall(r"^13:([^\n]+)$", settings, re.MULTILINE)
    return [re.split(r"[/\\]", line.strip())[-1].rpartition(".")[0] for line in lines]


def method(settings: str) -> str:
    """The method of integration that Vensim was set to, where it is not Euler's: Runge-Kutta of
    the second (3, 4) or fourth order (1, 5), each by a step of its own choice or a fixed one."""
    found = re.search(r"^15:(?:\d+,){3}(\d+)", settings, re.MULTILINE)
    return {"1": "rk4", "5": "rk4", "3": "rk2", "4": "rk2"}.get(found[1], "") if found else ""


def _macros_first(text: str) -> str:
    """The text with its macros in front of the model, where the parser finds all of them."""
    macro = re.compile(r":MACRO:.*?:END OF MACRO:", re.DOTALL)
    macros = macro.findall(text)
    if not macros:
        return text
    encoding = re.match(r"\s*\{[^}]*\}", text)
    head = encoding[0] if encoding else ""
    rest = macro.sub(" ", text[len(head) :])
    more: list[str] = []
    for m in macros:
        found = SEVERAL.match(m)
        if found:
            rest = _one_result(rest, found[1].strip(), found[2].split(","), more)
    return "\n".join([head, *macros, *more, rest])


def _one_result(text: str, macro: str, results: list[str], more: list[str]) -> str:
    """The text with calls `M(a : b)` of a macro with several results as `M(a)`; to `more` goes an
    equation for each other result, a call of a macro by the name of both: `b = M r(a)`."""
    words = r"[\s_]+".join(map(re.escape, re.split(r"[\s_]+", macro)))
    called = re.compile(rf"(?<!\w){words}\s*\(", re.IGNORECASE)
    out, at = [], 0
    for found in called.finditer(text):
        colon, end = _ends(text, found.end())
        if found.start() < at or colon is None:
            continue
        arguments = text[found.end() : colon]
        out += [text[at : found.end()], arguments]
        for name, result in zip(text[colon + 1 : end].split(","), results, strict=False):
            more.append(f"{name.strip()} = {second(macro, result)}({arguments}) ~~|")
        at = end
    return "".join([*out, text[at:]])


def _ends(text: str, start: int) -> tuple[int | None, int]:
    """Places of the colon between arguments and results, if any, and of the closing bracket."""
    depth, colon = 0, None
    for part in PARTS.finditer(text, start):
        sign = part[0]
        if sign == ")" and depth == 0:
            return colon, part.start()
        depth += (sign in "([") - (sign in ")]")
        if sign == ":" and depth == 0 and colon is None:
            colon = part.start()
    return None, len(text)


def second(macro: str, result: str) -> str:
    """What a macro is called when its value is that of another of its variables."""
    return f"{macro.strip()} {result.strip()}"


def spelled(text: str) -> str:
    """An equation without {comments}, in which (-2)^2 is written (0-2)^2, of which the parser drops
    the brackets, a range `R!` used as a number `PLACE[R!]`, and a lookup by its points."""
    text = COMMENT.sub(lambda m: m[1] or " ", text).strip()
    if columns := COLUMNS.fullmatch(text):
        text = f"({_points(columns[1])})"
    text = BRACKETED.sub(lambda m: m[1] or f"{m[2]}0-{m[3]}", text)
    return MARKED.sub(lambda m: m[1] or f"{PLACE}[{m[2].strip()}!]", text) if "!" in text else text


def _points(numbers: str) -> str:
    """The points of a lookup that is written `x1, x2, y1, y2`."""
    values = numbers.split(",")
    half, odd = divmod(len(values), 2)
    return numbers if odd else ",".join(map("({},{})".format, values[:half], values[half:]))


def without_equation(equation: str) -> bool:
    """Whether there is a name only, perhaps with subscripts: Vensim takes it for data."""
    name = re.sub(r'"(?:\\.|[^"\\])*"', "name", equation).strip()
    return re.fullmatch(r"[^\W\d][^=:()<>\[\]]*(\[[^=:()<>]*\])?", name) is not None


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
