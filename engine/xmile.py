"""XMILE files brought to the part of the standard that PySD's parser reads.

Modules become one model, in which their variables are called `module.variable`; dimensions that
give only their size get elements 1, 2, …; graphical functions of single elements get names;
initial equations become calls of ACTIVE INITIAL. `smile` rewrites the equations themselves.
"""

from __future__ import annotations

import copy
import re
from typing import Any

from engine.errors import ReadError, UnsupportedConstruct
from engine.ir import key
from engine.smile import Writer, graph, itself, tokens

EQUATIONS = ("eqn", "inflow", "outflow", "init_eqn")
DISCRETE = ("conveyor", "queue", "oven")
#: attribute of an equation that has its text as it was before it was rewritten
WRITTEN = "written"
NAMING = ("name", "from", "to", "subscript")


def prepare(root: Any, space: str) -> list[tuple[str, list[str], Any]]:
    """Rewrite an lxml tree with namespace `space` in place; returns its macros as (name,
    parameters, tree like that of a model). Raises ReadError for modules without a model."""

    def find(node: Any, path: str) -> list[Any]:
        steps = [s if s in (".", "") else f"{{{space}}}{s}" for s in path.split("/")]
        return node.findall("/".join(steps))

    for part in ("start", "stop", "dt"):
        if not "".join(e.text or "" for e in find(root, f"sim_specs/{part}")).strip():
            raise ReadError(f"the file does not say <{part}> in <sim_specs>")
    for node in root.iter():
        for attribute in NAMING:
            if attribute in node.attrib:
                node.set(attribute, node.get(attribute).replace("\\n", " "))
    for dim in find(root, "dimensions/dim"):
        if not find(dim, "elem"):
            for i in range(int(dim.get("size", "0"))):
                dim.append(_element(dim, space, "elem", name=str(i + 1)))
    models = find(root, "model")
    if not models:
        raise ReadError("the file has no model")
    main = next((m for m in models if not m.get("name")), models[0])
    named = {key(m.get("name")): m for m in models if m is not main}
    if any(find(m, "variables/module") for m in models):
        gathered: list[Any] = []
        _flatten(main, "", named, gathered, find)
        for variables in find(main, "variables"):
            variables[:] = gathered
    for m in named.values():
        root.remove(m)
    for m in (*named.values(), *find(root, "macro")):
        if find(m, "sim_specs"):
            raise UnsupportedConstruct(m.get("name"), "steps of its own", "<sim_specs>")
    macros = [_macro(m, space, find) for m in find(root, "macro")]
    vendor = " ".join(v.text or "" for v in find(root, "header/vendor"))
    floors = "ventana" not in vendor.lower()  # Vensim's INT cuts off; Stella's and XMILE's floors
    ranges = {
        key(d.get("name", "")): [key(e.get("name", "")) for e in find(d, "elem")]
        for d in find(root, "dimensions/dim")
    }
    for tree in [root, *(tree for _, _, tree in macros)]:
        _rewrite(tree, space, find, floors, ranges)
    return macros


def _element(like: Any, space: str, tag: str, text: str | None = None, **attributes: str) -> Any:
    node = like.makeelement(f"{{{space}}}{tag}", attributes)
    node.text = text
    return node


def _flatten(model: Any, prefix: str, named: dict[str, Any], out: list[Any], find: Any) -> None:
    """Copy the variables of a model and of its modules to `out`, with their full names."""
    connected: dict[str, str] = {}
    variables = [v for group in find(model, "variables") for v in group if v.get("name")]
    local = {key(v.get("name")) for v in variables}
    for v in variables:
        if v.tag.endswith("}module"):
            for c in find(v, "connect"):
                source, target = (c.get(end, "").replace('"', "") for end in ("from", "to"))
                source = source[1:] if source.startswith(".") else prefix + source
                target = target[1:] if target.startswith(".") else prefix + target
                connected[key(target)] = source
    for v in variables:
        if v.tag.endswith("}module"):
            inner = named.get(key(v.get("name")))
            if inner is None and v.get("resource"):
                raise UnsupportedConstruct(
                    v.get("name"), "module in another file", v.get("resource")
                )
            if inner is None:
                raise ReadError(f"module {v.get('name')!r} has no model of that name")
            start = len(out)
            _flatten(inner, prefix + v.get("name") + ".", named, out, find)
            for node in out[start:]:
                source = connected.get(key(node.get("name")))
                if source is not None:
                    _connect(node, source)
            continue
        node = copy.deepcopy(v)
        node.set("name", prefix + v.get("name"))
        for e in _equations(node):
            e.text = _renamed(e.text or "", prefix, local)
        if key(node.get("name")) in connected:  # an output of a module by a name outside of it
            _connect(node, connected[key(node.get("name"))])
        out.append(node)


def _connect(node: Any, source: str) -> None:
    """Make what a module takes or gives an auxiliary that has the value of another variable; what
    the file says it is when it stands alone, it may be a stock, does not count."""
    space = node.tag.rpartition("}")[0]
    node.tag = space + "}aux"
    for part in list(node):
        if part.tag not in (space + "}units", space + "}doc", space + "}dimensions"):
            node.remove(part)
    node.append(_element(node, space[1:], "eqn", f'"{source}"'))


def _equations(node: Any) -> list[Any]:
    return [e for e in node.iter() if str(e.tag).rpartition("}")[2] in EQUATIONS]


def _renamed(text: str, prefix: str, local: set[str]) -> str:
    out = []
    for token in tokens(text):
        owner = key(token.strip('"').partition(".")[0])
        known = token[0] in '"_' or token[0].isalpha()
        full = known and (key(token) in local or ("." in token and owner in local))
        out.append(f'"{prefix}{token.strip(chr(34))}"' if full else token)
    return "".join(out)


def _macro(node: Any, space: str, find: Any) -> tuple[str, list[str], Any]:
    """A macro as a model of its own, its result a variable of its name."""
    tree = _element(node, space, "xmile")
    model, variables = _element(node, space, "model"), _element(node, space, "variables")
    parameters = [p.text or "" for p in find(node, "parm")]
    given = set(map(key, parameters))  # some programs list them among the variables as well
    inner = [v for group in find(node, "variables") for v in group]
    inner = [copy.deepcopy(v) for v in inner if key(v.get("name", "")) not in given]
    names = {key(v.get("name", "")) for v in inner}
    if key(node.get("name")) not in names:
        result = _element(node, space, "aux", name=node.get("name"))
        for e in find(node, "eqn"):
            text = e.text or ""
            result.append(_element(node, space, "eqn", f'"{text}"' if key(text) in names else text))
        variables.append(result)
    variables.extend(inner)
    tree.append(model)
    model.append(variables)
    return node.get("name"), parameters, tree


def _rewrite(root: Any, space: str, find: Any, floors: bool, ranges: dict[str, list[str]]) -> None:
    variables = [v for group in find(root, "model/variables") for v in group if v.get("name")]
    for v in variables:
        _refuse(v, find)
        if v.tag.endswith("}aux") and find(v, "gf") and not find(v, "eqn"):
            v.addnext(find(v, "gf")[0])  # a graphical function for others to call
            v.getnext().set("name", v.get("name"))
            v.getparent().remove(v)
    variables = [v for v in variables if v.getparent() is not None]
    dims = {
        key(v.get("name")): [d.get("name") for d in find(v, "dimensions/dim")] for v in variables
    }
    graphs = {key(v.get("name")): v for v in variables if find(v, "gf")}
    writer = Writer(dims, frozenset(graphs), floors, ranges)
    for v in variables:
        _elements(v, space, find, writer)
    for v in variables:
        for e in (*find(v, "inflow"), *find(v, "outflow")):
            name = (e.text or "").strip().strip('"')
            e.text = f'"{name}"' if re.search(r"\W", name) and key(name) in dims else e.text
        for e in _equations(v):
            e.set(WRITTEN, " ".join((e.text or "").split()))
            e.text = writer.rewrite(
                e.text or "", itself(v.get("name"), e.getparent().get("subscript"))
            )
        for part in (v, *find(v, "element")):
            for start in find(part, "init_eqn"):
                for e in find(part, "eqn"):
                    e.text = f"ACTIVE_INITIAL({e.text}, {start.text})"
                part.remove(start)
    for group in find(root, "dimensions"):
        for name, elements in writer.slices.items():
            group.append(_element(root, space, "dim", name=name))
            group[-1].extend(_element(root, space, "elem", name=e) for e in elements)
    for name in sorted(writer.used):
        _name_graph(find(graphs[name], "gf")[0], graphs[name], graph(name))


def _refuse(v: Any, find: Any) -> None:
    """Raises UnsupportedConstruct for stocks that are not sums, ReadError without an equation, or
    with a graphical function that has not as many x as y."""
    kind = v.tag.rpartition("}")[2]
    for what in DISCRETE:
        if find(v, what):
            raise UnsupportedConstruct(v.get("name"), what, f"<{kind} … <{what}>")
    parts = [v, *find(v, "element")]
    for curve in (c for p in parts for c in find(p, "gf")):
        x, y = (_count(find(curve, part)) for part in ("xpts", "ypts"))
        if not y or (x or y) != y or not (x or find(curve, "xscale")):
            raise ReadError(
                f"{v.get('name')}: a graphical function with {x or 'no scale of'} x and {y} y"
            )
    if kind in ("stock", "flow", "aux") and not any(find(p, "eqn") or find(p, "gf") for p in parts):
        raise ReadError(f"{v.get('name')} has no equation\n    <{kind} name={v.get('name')!r}>")


def _count(points: list[Any]) -> int:
    """How many numbers a list of points has."""
    texts = [(p.text or "").split(p.get("sep", ",").strip() or None) for p in points]
    return sum(bool(number.strip()) for text in texts for number in text)


def _elements(v: Any, space: str, find: Any, writer: Writer) -> None:
    """Give every element its own equation, and a name to its graphical function if it has one."""
    common = find(v, "eqn")
    for number, part in enumerate(find(v, "element"), start=1):
        curves = find(part, "gf")
        subscripts = [s.strip() for s in part.get("subscript", "").split(",")]
        if not find(part, "eqn") and common:
            dims = [d.get("name") for d in find(v, "dimensions/dim")]
            text = writer.of_element(common[0].text or "", dims, subscripts)
            part.append(_element(v, space, "eqn", text))
        for curve in curves:
            name = f"{graph(key(v.get('name')))}_{number}"
            writer.tables.setdefault(key(v.get("name")), {})[tuple(map(key, subscripts))] = name
            _name_graph(curve, v, name)
            part.remove(curve)
            for e in find(part, "eqn"):
                e.text = f"{name}({e.text})"
    if find(v, "element"):
        for e in common:
            v.remove(e)


def _name_graph(curve: Any, owner: Any, name: str) -> None:
    """Put a copy of a graphical function under a name beside its owner."""
    named = copy.deepcopy(curve)
    named.set("name", name)
    owner.getparent().append(named)
