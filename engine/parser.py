"""PySD's parsers as the engine uses them: they run nothing that a file says, know the operators of
XMILE that they lack, and say in plain words what they could not read."""

from __future__ import annotations

import ast
import contextlib
import functools
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

#: XMILE's operators that bind as * does; `smile` writes MOD as the first or, as Vensim means it,
#: as the second
PRODUCTS = r"%%|%|//|\*|/"
_GRAMMARS: dict[str, Any] = {}
_PARSING = threading.Lock()


@contextlib.contextmanager
def prepared() -> Iterator[None]:
    """While this lasts, PySD's parsers are as said above; one thread at a time."""
    from pysd.translators.vensim import vensim_element
    from pysd.translators.xmile import xmile_element, xmile_utils

    operators = xmile_element.parsing_ops | {"prod_ops": PRODUCTS}
    functions = xmile_element.structures
    functions = functions | {n: _Nested(functions[n]) for n in ("max", "min")}
    with _PARSING, contextlib.ExitStack() as stack:
        for place, name, value in (
            (vensim_element, "eval", _value),
            (xmile_element, "eval", _value),
            (xmile_element, "parsing_ops", operators),
            (xmile_element, "structures", functions),
            (xmile_utils.Grammar, "_grammar", _GRAMMARS),
        ):
            if name in vars(place):
                stack.callback(setattr, place, name, vars(place)[name])
            else:
                stack.callback(delattr, place, name)
            setattr(place, name, value)
        yield


def plainly(error: Exception) -> str:
    """What an error of a parser means for whoever wrote the text."""
    first = (str(error).strip().splitlines() or [""])[0]
    rest = re.search(r"(?:begins with|didn't match at) '(.*)' \(line", first)
    if rest is not None:
        found = rest[1].strip()
        return f"not understood from {found!r} on" if found else "it ends too early"
    if re.search(r"positional argument|KeyError: \d", first):
        return "a function has too few or too many arguments"
    if re.match(r"(SyntaxError|ValueError)(: |$)", first):
        return "not understood"
    return first or type(error).__name__


class _Nested(dict[int, Callable[..., Any]]):
    """What a function becomes, by its number of arguments; more than two are taken in turn."""

    def __missing__(self, count: int) -> Callable[..., Any]:
        if count < 1:
            raise KeyError(count)
        return lambda *arguments: functools.reduce(self[2], arguments)


def _value(text: str) -> Any:
    """What text for `eval` means, numbers and points of lookups and nothing else; a lookup of one
    point is still a row of points. Vensim ends lines by a backslash."""
    text = text.replace("\\", " ").strip()
    text = re.sub(r"(?<![\w.])0+(?=\d)", "", text)  # Python takes 007 for a mistake
    value = _literal(ast.parse(text, mode="eval").body)
    pair = isinstance(value, tuple) and len(value) == 2 and not isinstance(value[0], tuple)
    return (value,) if pair else value


def _literal(node: ast.expr) -> Any:
    """Numbers, text, points, and numbers with signs between them, which the parser hands over
    as one piece. Raises ValueError on anything else."""
    match node:
        case ast.Constant(value=int() | float() | str() as value):
            return value
        case ast.Tuple(elts=items) | ast.List(elts=items):
            return tuple(_literal(i) for i in items)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
            return -_literal(operand) if isinstance(sign, ast.USub) else _literal(operand)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as sign, right=right):
            other = _literal(right)
            return _literal(left) + (-other if isinstance(sign, ast.Sub) else other)
    raise ValueError(f"not a number: {ast.unparse(node)}")
