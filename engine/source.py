"""Model files to PySD's AbstractModel, together with each equation as written in the file."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine import xmile
from engine.errors import ReadError, UnsupportedConstruct
from engine.ir import key
from engine.parser import plainly, prepared
from engine.vensim import datasets, listed, method, prepare, second, spelled, without_equation

VENSIM = (".mdl",)
XMILE = (".xmile", ".xml", ".stmx", ".itmx")
QUOTED = re.compile(r'"(?:\\.|[^"\\])*"')
#: constructs that the languages have and PySD's parser does not, as they look
BEYOND = (
    (r"\[[^\]]*[-+*/:(][^\]]*\]", "a subscript that is worked out"),
    (r"'[^']*'|(?i::is:)", "text as a value"),
    (r"\w'", "transposition"),
)


@dataclass(slots=True)
class Equation:
    """One equation: its subscripts, those excepted, PySD's syntax tree, and its text."""

    subscripts: list[str]
    excepted: list[list[str]]
    tree: Any
    text: str
    keyword: str
    kind: str


@dataclass(slots=True)
class Element:
    """A variable with all its equations."""

    name: str
    unit: str
    comment: str
    equations: list[Equation]


@dataclass(slots=True)
class Macro:
    """A macro: its name, the variable whose value it has, its parameters, equations and subscript
    ranges."""

    name: str
    result: str
    parameters: list[str]
    elements: list[Element]
    ranges: list[Any]


@dataclass(slots=True)
class Source:
    """Contents of a model file. `ranges`: PySD's AbstractSubscriptRange objects; `macros` by
    key; `mappings`: by the keys of two ranges, what of the second each element of the first is
    mapped to, where the file lists it; `integration`: the method that the file asks for;
    `set_to`: one that Vensim was set to, which PySD does not follow; `datasets`: names of the data
    that Vensim loads beside the model."""

    path: Path
    ranges: list[Any]
    elements: list[Element]
    macros: dict[str, Macro] = field(default_factory=dict)
    mappings: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    integration: str = "euler"
    set_to: str = ""
    datasets: list[str] = field(default_factory=list)


def parse(path: Path) -> Source:
    """Parse a Vensim or XMILE file. Raises ReadError when the text cannot be understood."""
    suffix = path.suffix.lower()
    if suffix not in VENSIM + XMILE:
        raise ReadError(f"{path.name}: expected a file ending in {', '.join(VENSIM + XMILE)}")
    if not path.is_file():
        raise ReadError(f"no such model file: {path}")
    # PySD warns about sketches and encodings, and while it is imported; of no use to a reader.
    with warnings.catch_warnings(action="ignore"), prepared():
        return _parse_vensim(path) if suffix in VENSIM else _parse_xmile(path)


def _parse_vensim(path: Path) -> Source:
    from pysd.translators.vensim.vensim_file import VensimFile

    encoding = None if path.read_bytes().lstrip(b"\xef\xbb\xbf").startswith(b"{") else "utf-8"
    file: Any = _guard(path, "model", "", lambda: VensimFile(path, encoding))
    whole = path.read_text(encoding="utf-8", errors="ignore")
    file.model_text = prepare(file.model_text.lstrip("\ufeff"), whole)
    _guard(path, "model", "", lambda: file.parse(parse_all=False))
    sections: list[Any] = file.sections
    macros = {}
    for m in sections[1:]:
        ranges, elements = _vensim_section(path, m)
        parameters = [key(p) for p in m.params]
        macros[key(m.name)] = Macro(m.name, key(m.name), parameters, elements, ranges)
        for other in m.returns:
            name = key(second(m.name, other))
            macros[name] = Macro(name, key(other), parameters, elements, ranges)
    mappings: dict[tuple[str, str], list[str]] = {}
    ranges, elements = _vensim_section(path, sections[0], mappings)
    return Source(
        path, ranges, elements, macros, mappings, set_to=method(whole), datasets=datasets(whole)
    )


def _vensim_section(
    path: Path, section: Any, mappings: dict[tuple[str, str], list[str]] | None = None
) -> tuple[list[Any], list[Element]]:
    """Subscript ranges and elements of the model itself or of a macro; fills in `mappings`."""
    if not section.content.strip(" |~"):
        raise ReadError(f"{path.name}: the file has no equations")
    _guard(path, "model", "", lambda: section.parse(parse_all=False))
    raw = section.elements
    for e in raw:
        e.equation = listed(e.equation, {} if mappings is None else mappings)
        if without_equation(e.equation):
            e.equation += " :INTERPOLATE:"
    section.elements = [_guard(path, _name_of(e), e.equation, e.parse, e.equation) for e in raw]
    texts: dict[str, list[str]] = {}
    by_kind: dict[str, list[Any]] = {"SubscriptRange": [], "Constraint": [], "TestInput": []}
    components = []
    for e in section.elements:
        name = type(e).__name__
        if name in by_kind:
            by_kind[name].append(e)
            continue
        written = e.expression
        if name in ("Component", "UnchangeableConstant") and not written:
            e.expression = "A FUNCTION OF(0)"  # as Vensim writes for an equation not entered yet
        else:
            e.expression = written and spelled(written)
        _guard(path, e.name, written or "", e.parse, written or "")
        subs = f"[{', '.join(e.subscripts[0])}]" if e.subscripts[0] else ""
        texts.setdefault(key(e.name), []).append(f"{e.name}{subs} = {written}")
        components.append(e)
    section.components = components
    section.subscripts = by_kind["SubscriptRange"]
    section.constraints, section.test_inputs = [], []
    abstract = section.get_abstract_section()
    return list(abstract.subscripts), list(_elements(abstract.elements, texts))


def _name_of(e: Any) -> str:
    """What stands before the sign that makes an equation one."""
    return re.split(r"[=:\[(<]", e.equation)[0].strip() or "equation"


def _parse_xmile(path: Path) -> Source:
    from pysd.translators.xmile import xmile_file

    xml: Any = vars(xmile_file)["etree"]

    def root(**options: str) -> Any:
        tree = xml.parse(str(path), xml.XMLParser(recover=True, huge_tree=True, **options))
        return tree.getroot()

    # by the encoding that the file names, else as the parser does, which takes all for UTF-8
    found = [
        _guard(path, "model", "", root),
        _guard(path, "model", "", lambda: root(encoding="utf-8")),
    ]
    found = [r for r in found if r is not None and None in r.nsmap]
    if not found:
        raise ReadError(f"{path.name}: this is no XMILE, its root element has no namespace")
    given = type("XmileFile", (xmile_file.XmileFile,), {"_get_root": lambda _: found[0]})
    file: Any = _guard(path, "model", "", lambda: given(path))
    made = _guard(path, "model", "", lambda: xmile.prepare(file.xmile_root, file.ns))
    _guard(path, "model", "", lambda: file.parse(parse_all=False))
    main: Any = file.sections[0]
    ranges, elements = _xmile_section(path, main)
    macros = {}
    for name, parameters, tree in made:
        part = type(main)(name, path, "macro", parameters, [], tree, file.ns, False, None)
        _, inner = _xmile_section(path, part)
        macros[key(name)] = Macro(key(name), key(name), [key(p) for p in parameters], inner, [])
    specs = main.content.find(f"{{{file.ns}}}sim_specs")
    method = (specs.get("method") or "euler").strip().lower()
    return Source(path, ranges, elements, macros, integration=method)


def _xmile_section(path: Path, section: Any) -> tuple[list[Any], list[Element]]:
    """Subscript ranges and elements of the model itself or of a macro."""
    _guard(path, "model", "", lambda: section.parse(parse_all=False))
    texts: dict[str, list[str]] = {}
    for c in section.components:
        if key(c.name) == "saveper":
            c.eqn = _saveper(section) or c.eqn
        found = c.node.xpath(".//ns:eqn", namespaces=section.ns) if hasattr(c, "node") else []
        written = [f"{c.name} = {e.get(xmile.WRITTEN, e.text or '')}" for e in found]
        for e in found:
            e.text = spelled(e.text or "")
        written = written or [f"{c.name} = {getattr(c, 'eqn', '')}"]
        _guard(path, c.name, written[0], lambda c=c: c.parse(section.behaviors), written[0])
        texts[key(c.name)] = written
    abstract = section.get_abstract_section()
    return list(abstract.subscripts), list(_elements(abstract.elements, texts))


def _saveper(section: Any) -> str | None:
    """The saving interval: a variable of Vensim's name, or what Stella writes."""
    for v in section.content.xpath("ns:model/ns:variables/ns:aux", namespaces=section.ns):
        if key(v.get("name", "")) == "saveper":
            return v.xpath("string(ns:eqn)", namespaces=section.ns)
    specs = section.content.xpath("ns:sim_specs", namespaces=section.ns)[0]
    return next((v for k, v in specs.attrib.items() if k.endswith("save_interval")), None)


def _guard(path: Path, what: str, text: str, work: Any, equation: str = "") -> Any:
    """Run a step of PySD's parser; whatever it raises becomes a ReadError that names the place.
    An equation with a construct of the language that the parser lacks is refused by its name."""
    try:
        return work()
    except ReadError:
        raise
    except Exception as error:  # the parser lets out errors of many unrelated libraries
        plain = QUOTED.sub("name", equation)
        for pattern, construct in BEYOND:
            if re.search(pattern, plain):
                raise UnsupportedConstruct(what, construct, text.strip()) from error
        place = f"{what}: {text.strip()}" if text.strip() else what
        raise ReadError(f"{path.name}: cannot read {place}\n    {plainly(error)}") from error


def _elements(elements: Any, texts: dict[str, list[str]]) -> Iterator[Element]:
    for e in elements:
        written = texts.get(key(e.name), [])
        equations = []
        for i, c in enumerate(e.components):
            text = written[i] if i < len(written) else (written[-1] if written else e.name)
            subscripts, excepted = c.subscripts
            equations.append(
                Equation(
                    list(subscripts),
                    [list(x) for x in excepted],
                    c.ast,
                    " ".join(text.split()),
                    getattr(c, "keyword", None) or "",
                    type(c).__name__,
                )
            )
        comment = " ".join((e.documentation or "").replace("\\", " ").split())
        yield Element(e.name.strip().strip('"'), e.units or "", comment, equations)
