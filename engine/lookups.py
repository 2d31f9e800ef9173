"""Lookups given as parameters."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from engine import readings
from engine.errors import ParameterError
from engine.ir import Curve, Model, key

Curves = tuple[tuple[str, Curve], ...]


def split(model: Model, parameters: Mapping[str, Any]) -> tuple[dict[str, Any], Curves]:
    """Parameters that are numbers, and the curves of lookups: rows of x and y, x increasing.
    Raises ParameterError."""
    if not isinstance(parameters, Mapping):
        raise ParameterError(f"parameters must be values by name, not {parameters!r:.60}")
    plain: dict[str, Any] = {}
    curves = []
    for name, value in parameters.items():
        v = model.variables.get(key(name))
        if v is None or v.hidden or v.kind != "lookup":
            plain[name] = value
            continue
        points = np.asarray(value)
        if points.dtype.kind not in "iuf" or points.ndim != 2 or points.shape[1] != 2:
            raise ParameterError(f"{v.name} is a lookup: expected its points, rows of x and y")
        points = points.astype(float)
        if not len(points) or not np.isfinite(points).all() or (np.diff(points[:, 0]) <= 0).any():
            raise ParameterError(f"{v.name}: points must be finite and their x increase")
        kind = v.curves[0].kind if v.curves else "interpolate"
        x, y = (tuple(float(p) for p in points[:, i]) for i in range(2))
        curves.append((key(name), Curve(x, y, kind)))
    return plain, tuple(sorted(curves, key=lambda c: c[0]))


def replaced(model: Model, curves: Curves) -> Model:
    """The model with these curves, for all elements of the lookups that they are for."""
    variables = dict(model.variables)
    for name, curve in curves:
        made = readings.follow(variables, variables[name], curve)
        for k, points in {name: curve, **made}.items():
            v = variables[k]
            variables[k] = dataclasses.replace(v, curves=[points] * v.size)
    return dataclasses.replace(model, variables=variables)
