"""Models of `ir` as JSON, for the cache."""

from __future__ import annotations

import dataclasses
from typing import Any

from engine.ir import (
    At,
    Builtin,
    Call,
    Component,
    Curve,
    Look,
    Model,
    Num,
    Position,
    Random,
    Reduce,
    Ref,
    Root,
    Unknown,
    Values,
    Variable,
)

_TYPES: dict[str, type] = {
    t.__name__: t
    for t in [
        *(At, Num, Builtin, Ref, Call, Reduce, Look, Values, Position, Random, Root, Unknown),
        *(Curve, Component, Variable, Model),
    ]
}
_FIELDS = {t: [f.name for f in dataclasses.fields(t)] for t in _TYPES.values()}


def encode(x: Any) -> Any:
    """JSON form of any object of this module; tuples are marked apart from lists."""
    if type(x) in _FIELDS:
        return {"_": type(x).__name__, "v": [encode(getattr(x, f)) for f in _FIELDS[type(x)]]}
    if isinstance(x, tuple):
        return {"t": [encode(v) for v in x]}
    if isinstance(x, list):
        return [encode(v) for v in x]
    if isinstance(x, dict):
        return {"d": [[k, encode(v)] for k, v in x.items()]}
    return x


def decode(x: Any) -> Any:
    """The object that `encode` was given. Raises KeyError or TypeError on anything else."""
    if isinstance(x, list):
        return [decode(v) for v in x]
    if not isinstance(x, dict):
        return x
    if "_" in x:
        return _TYPES[x["_"]](*[decode(v) for v in x["v"]])
    if "t" in x:
        return tuple(x["t"]) if _plain(x["t"]) else tuple(decode(v) for v in x["t"])
    return {k: decode(v) for k, v in x["d"]}


def _plain(values: list[Any]) -> bool:
    return all(type(v) in (int, float) for v in values)
