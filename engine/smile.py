"""XMILE's equations (SMILE) brought to the part of that language that PySD's parser reads.

`{comments}` and line ends go; `[*]`, `[*:range]` and `[2:4]` become `[range!]`, SELF the name of
the variable; a condition inside another gets brackets; LOOKUP becomes a call of the graphical
function, or of any other it names; INT and MOD round down, except in files that come from Vensim.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field

from engine.ir import key

TOKEN = re.compile(
    r'"(?:\\.|[^"\\])*"|[^\W\d][\w$\']*(?:\.[^\W\d][\w$\']*)*|\d+\.?\d*(?:[eE][+-]?\d+)?|\s+|.',
    re.DOTALL,
)


TIMES = ("time", "dt", "starttime", "stoptime")


def tokens(text: str) -> list[str]:
    """The words, numbers, signs and spaces of an equation."""
    return TOKEN.findall(text)


def graph(name: str) -> str:
    """What the curve of a variable is called when others use it."""
    return f"{name.replace('.', '_')}_graph"


def itself(name: str, elements: str | None) -> str:
    """How an equation names its variable or, of `elements`, its part of it."""
    chosen = ", ".join(_quoted(e.strip()) for e in elements.split(",")) if elements else ""
    return f'"{name}"[{chosen}]' if chosen else f'"{name}"'


@dataclass(slots=True)
class Writer:
    """Rewrites the equations of a model. `dims`: of its variables, by key; `graphs`: keys of those
    that have a graphical function, `used`: of those that LOOKUP uses; `floors`: what INT
    and MOD mean; `ranges`: keys of the elements of dimensions; `slices`: elements of the ranges
    that equations take out of dimensions; `tables`: by variable and elements the graphical
    functions that elements have of their own; `places`: all dimensions and elements."""

    dims: dict[str, list[str]]
    graphs: frozenset[str]
    floors: bool
    ranges: dict[str, list[str]] = field(default_factory=dict)
    slices: dict[str, list[str]] = field(default_factory=dict)
    tables: dict[str, dict[tuple[str, ...], str]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    places: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.places = frozenset({*self.ranges, *itertools.chain(*self.ranges.values())})

    def rewrite(self, text: str, name: str) -> str:
        """An equation as the parser wants it; `name`: what SELF means in it."""
        parts = tokens(re.sub(r"\{[^}]*\}", " ", text))
        parts = [self._word(t, before) for t, before in zip(parts, _before(parts), strict=True)]
        if "self" not in self.dims:
            parts = [name if t.lower() == "self" else t for t in parts]
        parts = self._chosen(self._stars(self._sliced(parts)))
        return "".join(_conditions(self._lookups(parts))).strip()

    def of_element(self, text: str, dims: list[str], elements: list[str]) -> str:
        """An equation for a whole variable as that of one of its elements."""
        chosen = dict(zip(map(key, dims), elements, strict=True))
        out: list[str] = []
        parts = tokens(text)
        depth = 0
        for i, token in enumerate(parts):
            depth += (token == "[") - (token == "]")
            after = next((t for t in parts[i + 1 :] if t.strip()), "")
            own = self.dims.get(key(token), []) if _name(token) else []
            if depth and key(token) in chosen:
                token = _quoted(chosen[key(token)])
            elif not depth and after != "[" and own and all(key(d) in chosen for d in own):
                token += f"[{', '.join(_quoted(chosen[key(d)]) for d in own)}]"
            out.append(token)
        return "".join(out)

    def _word(self, token: str, before: str) -> str:
        """A word as the parser wants it; `before`: what stands in front of it, spaces aside."""
        if not token.strip():
            return " "
        if token.lower() in ("if", "then", "else"):
            return token.upper()  # the parser knows them in capitals only
        if token.lower() == "mod" and re.search(r'[\w\])"]$', before):
            return "%%" if self.floors else "%"  # see `parser`
        if token.lower() == "int" and self.floors:
            return "floor"
        range_, dot, element = token.partition(".")
        if dot and key(element) in self.ranges.get(key(range_), ()) and key(token) not in self.dims:
            return str(self.ranges[key(range_)].index(key(element)) + 1)  # a place by its name
        return token.replace("\\n", " ") if token[0] == '"' else token

    def _stars(self, parts: list[str]) -> list[str]:
        out = list(parts)
        for i, token in enumerate(parts):
            if token != "[":
                continue
            owner = next((t for t in reversed(parts[:i]) if t.strip()), "")
            place = 0
            for j in range(i + 1, len(parts)):
                if parts[j] == "]":
                    break
                place += parts[j] == ","
                if parts[j] != "*":
                    continue
                if parts[j + 1 : j + 2] == [":"]:
                    out[j : j + 3] = ["", "", f"{parts[j + 2]}!"]
                elif place < len(self.dims.get(key(owner), [])):
                    out[j] = self.dims[key(owner)][place].replace(" ", "_") + "!"
        return out

    def _sliced(self, parts: list[str]) -> list[str]:
        """`x[2:4]`, by places or elements, as `x[range!]`."""
        out = list(parts)
        for start in reversed([i for i, t in enumerate(parts) if t == "["]):
            end = _closing(out, start)
            dims = self.dims.get(key(next((t for t in reversed(out[:start]) if t.strip()), "")), [])
            written = _parts(out[start + 1 : end])
            if end < 0 or len(written) != len(dims) or not any(":" in p for p in written):
                continue
            for i, (part, dim) in enumerate(zip(written, dims, strict=True)):
                first, colon, last = part.partition(":")
                elements = self.ranges.get(key(dim), [])
                places = [_place(end, elements) for end in (first, last)]
                if colon and 0 <= places[0] <= places[1]:
                    name = f"{dim.replace(' ', '_')}_{places[0] + 1}_to_{places[1] + 1}"
                    self.slices[name] = elements[places[0] : places[1] + 1]
                    written[i] = f"{name}!"
            out[start + 1 : end] = tokens(",".join(written))
        return out

    def _table(self, name: str) -> list[str]:
        """Names of the graphical functions of all elements of a variable, the last subscript
        fastest; none where they are not each its own."""
        over = [self.ranges.get(key(d), []) for d in self.dims.get(name, [])]
        names = [self.tables.get(name, {}).get(e, "") for e in itertools.product(*over)]
        return names if all(names) else []

    def _chosen(self, parts: list[str]) -> list[str]:
        """`x[i + 1, R]` as `element_of(x[place_1, R], i + 1)`, for subscripts that are worked
        out as the run goes."""
        out = list(parts)
        for start in reversed([i for i, t in enumerate(parts) if t == "["]):
            end = _closing(out, start)
            owner = max((i for i in range(start) if out[i].strip()), default=-1)
            if end < 0 or owner < 0 or not self.dims.get(key(out[owner])):
                continue
            written, chosen = [], []
            for part in _parts(out[start + 1 : end]):
                if self._computed(part):
                    chosen.append(part)
                    part = f"place_{len(chosen)}"
                written.append(part)
            if chosen:
                reference = f"{out[owner]}[{', '.join(written)}]"
                out[owner : end + 1] = [f"element_of({', '.join([reference, *chosen])})"]
        return out

    def _computed(self, subscript: str) -> bool:
        """Whether a subscript is more than a place that has a name or a number."""
        text = subscript.strip()
        if text.endswith("!") or ":" in text or key(text) in self.places or not text:
            return False
        return (
            key(text) in self.dims
            or key(text) in TIMES
            or not re.fullmatch(r'[\w$]+|"[^"]*"', text)
        )

    def _lookups(self, parts: list[str]) -> list[str]:
        """`LOOKUP(f, x)` as `f(x)`; the curve of a variable that has one gets a name of its own."""
        out: list[str] = []
        skip = 0
        for i, token in enumerate(parts):
            if skip:
                skip -= 1
                continue
            if token.lower() == "lookup":
                rest = [(j, t) for j, t in enumerate(parts[i + 1 :], i + 1) if t.strip()][:3]
                table = self._table(key(rest[1][1])) if len(rest) > 1 else []
                end = _closing(parts, rest[0][0], "()") if table else -1
                if end > 0:
                    inner = self._lookups(parts[rest[0][0] + 1 : end])
                    out += ["lookup_of", "(", *inner, ", ", ", ".join(table), ")"]
                    skip = end - i
                    continue
                if len(rest) == 3 and rest[0][1] == "(" and rest[2][1] == ",":
                    name = rest[1][1]
                    if key(name) in self.graphs:
                        self.used.add(key(name))
                        name = graph(key(name))
                    out += [name, "("]
                    skip = rest[2][0] - i
                    continue
            out.append(token)
        return out


def _closing(parts: list[str], start: int, pair: str = "[]") -> int:
    """Place of the bracket that closes the one at `start`; -1 where none does."""
    depth = 0
    for i in range(start, len(parts)):
        depth += (parts[i] == pair[0]) - (parts[i] == pair[1])
        if depth == 0:
            return i
    return -1


def _parts(tokens: list[str]) -> list[str]:
    """What commas part, those in brackets aside."""
    out, depth = [""], 0
    for token in tokens:
        depth += (token in "([") - (token in ")]") if len(token) == 1 else 0
        if token == "," and depth == 0:
            out.append("")
        else:
            out[-1] += token
    return out


def _place(name: str, elements: list[str]) -> int:
    """Place of an element that is named or numbered, from 0; -1 if there is none."""
    if key(name) in elements:
        return elements.index(key(name))
    number = int(name) if name.strip().isdecimal() else 0
    return number - 1 if number <= len(elements) else -1


def _before(parts: list[str]) -> list[str]:
    """What stands in front of each part, spaces aside."""
    out, last = [], ""
    for token in parts:
        out.append(last)
        last = token if token.strip() else last
    return out


def _conditions(parts: list[str]) -> list[str]:
    """IF … THEN … ELSE … in brackets, the innermost first: the parser takes one, and no other
    within it that has none."""
    out = list(parts)
    for i in reversed([i for i, t in enumerate(parts) if t.lower() == "if"]):
        depth, otherwise, end = 0, False, len(out)
        for j in range(i + 1, len(out)):
            word = out[j].lower()
            closed = depth == 0 and otherwise
            if closed and (word in ("then", "else") or out[j] in (")", ",")):
                end = j
                break
            depth += (out[j] in ("(", "[")) - (out[j] in (")", "]"))
            otherwise |= depth == 0 and word == "else"
        out[i:end] = ["(", *out[i:end], ")"]
    return out


def _name(token: str) -> bool:
    return token[0] in '"_' or token[0].isalpha()


def _quoted(name: str) -> str:
    return f'"{name}"' if re.search(r"\W", name.strip('"')) and name[0] != '"' else name
