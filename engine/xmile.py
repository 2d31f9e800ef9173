"""XMILE files brought to the part of the standard that PySD's parser reads.

Modules become one model, in which their variables are called `module.variable`; `{comments}` go;
`[*]` becomes `[range!]`; LOOKUP becomes a call of the graphical function; dimensions that give
only their size get elements 1, 2, …
"""

from __future__ import annotations

import copy
import re
from typing import Any

from engine.errors import ReadError
from engine.ir import key

TOKEN = re.compile(
    r'"(?:\\.|[^"\\])*"|[^\W\d][\w$\']*(?:\.[^\W\d][\w$\']*)*|\d+\.?\d*(?:[eE][+-]?\d+)?|.', re.S
)
EQUATIONS = ("eqn", "inflow", "outflow", "init_eqn")


def prepare(root: Any, space: str) -> list[tuple[str, list[str], Any]]:
    """Rewrite an lxml tree with namespace `space` in place; returns its macros as (name,
    parameters, tree like that of a model). Raises ReadError for modules without a model."""

    def find(node: Any, path: str) -> list[Any]:
        steps = [s if s in (".", "") else f"{{{space}}}{s}" for s in path.split("/")]
        return node.findall("/".join(steps))

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
    macros = [_macro(m, space, find) for m in find(root, "macro")]
    for tree in [root, *(tree for _, _, tree in macros)]:
        _rewrite(tree, space, find)
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
                source, target = c.get("from", ""), c.get("to", "")
                source = source[1:] if source.startswith(".") else prefix + source
                target = target[1:] if target.startswith(".") else prefix + target
                connected[key(target)] = source
    for v in variables:
        if v.tag.endswith("}module"):
            inner = named.get(key(v.get("name")))
            if inner is None:
                raise ReadError(f"module {v.get('name')!r} has no model of that name")
            start = len(out)
            _flatten(inner, prefix + v.get("name") + ".", named, out, find)
            for node in out[start:]:
                source = connected.get(key(node.get("name")))
                if source is not None:
                    for e in find(node, "eqn"):
                        e.text = f'"{source}"'
            continue
        node = copy.deepcopy(v)
        node.set("name", prefix + v.get("name"))
        for e in _equations(node):
            e.text = _renamed(e.text or "", prefix, local)
        out.append(node)


def _equations(node: Any) -> list[Any]:
    return [e for e in node.iter() if str(e.tag).rpartition("}")[2] in EQUATIONS]


def _renamed(text: str, prefix: str, local: set[str]) -> str:
    out = []
    for token in TOKEN.findall(text):
        owner = key(token.strip('"').partition(".")[0])
        known = token[0] in '"_' or token[0].isalpha()
        full = known and (key(token) in local or ("." in token and owner in local))
        out.append(f'"{prefix}{token.strip(chr(34))}"' if full else token)
    return "".join(out)


def _macro(node: Any, space: str, find: Any) -> tuple[str, list[str], Any]:
    """A macro as a model of its own, its result a variable of its name."""
    tree = _element(node, space, "xmile")
    model, variables = _element(node, space, "model"), _element(node, space, "variables")
    result = _element(node, space, "aux", name=node.get("name"))
    for e in find(node, "eqn"):
        result.append(_element(node, space, "eqn", e.text))
    variables.append(result)
    for group in find(node, "variables"):
        variables.extend([copy.deepcopy(v) for v in group])
    tree.append(model)
    model.append(variables)
    return node.get("name"), [p.text or "" for p in find(node, "parm")], tree


def _rewrite(root: Any, space: str, find: Any) -> None:
    variables = [v for group in find(root, "model/variables") for v in group if v.get("name")]
    dims = {
        key(v.get("name")): [d.get("name") for d in find(v, "dimensions/dim")] for v in variables
    }
    graphs = {key(v.get("name")): v for v in variables if find(v, "gf")}
    used: set[str] = set()
    for v in variables:
        for e in _equations(v):
            # the parser knows this operator in small letters only
            text = re.sub(r"\bmod\b", "mod", e.text or "", flags=re.IGNORECASE)
            tokens = TOKEN.findall(re.sub(r"\{[^}]*\}", " ", text))
            e.text = "".join(_lookups(_stars(tokens, dims), graphs, used))
    for name in sorted(used):
        v = graphs[name]
        graph = copy.deepcopy(find(v, "gf")[0])
        graph.set("name", _graph(name))
        v.getparent().append(graph)


def _stars(tokens: list[str], dims: dict[str, list[str]]) -> list[str]:
    """`[*]` as `[range!]`."""
    out = list(tokens)
    for i, token in enumerate(tokens):
        if token != "[":
            continue
        owner = next((t for t in reversed(tokens[:i]) if t.strip()), "")
        place = 0
        for j in range(i + 1, len(tokens)):
            if tokens[j] == "]":
                break
            place += tokens[j] == ","
            if tokens[j] == "*" and place < len(dims.get(key(owner), [])):
                out[j] = dims[key(owner)][place].replace(" ", "_") + "!"
    return out


def _lookups(tokens: list[str], graphs: dict[str, Any], used: set[str]) -> list[str]:
    """`LOOKUP(f, x)` as `f(x)`; the curve of a variable that has one gets a name of its own."""
    out: list[str] = []
    skip = 0
    for i, token in enumerate(tokens):
        if skip:
            skip -= 1
            continue
        if token.lower() == "lookup":
            rest = [(j, t) for j, t in enumerate(tokens[i + 1 :], i + 1) if t.strip()][:3]
            if len(rest) == 3 and rest[0][1] == "(" and rest[2][1] == ",":
                name = rest[1][1]
                if key(name) in graphs:
                    used.add(key(name))
                    name = _graph(key(name))
                out += [name, "("]
                skip = rest[2][0] - i
                continue
        out.append(token)
    return out


def _graph(name: str) -> str:
    return f"{name.replace('.', '_')}_graph"
