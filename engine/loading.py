"""Opening a model: the file with the tables it reads, and what the caller says of it."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from engine import outside
from engine.cache import Cache, read_cached
from engine.errors import ParameterError, UnknownName, UnsupportedConstruct
from engine.ir import deep, key
from engine.model import Model
from engine.moving import changes


def load(
    path: str | Path,
    *,
    time_varying: Iterable[str] = (),
    data_files: Iterable[str | Path] | str | Path = (),
    integration: Literal["euler", "rk4"] | None = None,
) -> Model:
    """Read a Vensim (.mdl) or XMILE (.xmile, .stmx, .itmx, .xml) file.

    `time_varying`: constants that `run` may then be given as a path over time.
    `data_files`: tables (.tab, .csv) of data variables for which the model names none; the first
    that has a variable serves. Tables beside a Vensim file that have the names of the data sets it
    was last run with are taken by themselves. `integration`: Euler's method, or the Runge-Kutta
    method of fourth order; by default what an XMILE file asks for, Euler's for Vensim's, as PySD,
    with a warning where Vensim was set to another.
    The file is data: nothing in it is executed. What was read is kept in the user's cache, by
    content. Raises ReadError, UnsupportedConstruct, ParameterError, UnknownName.
    """
    path = Path(path)
    cache = Cache()
    with deep():
        equations = read_cached(path, cache)
    outside.fill(equations, outside.named(equations, path.parent, data_files))
    names = []
    for name in time_varying:
        v = equations.variables.get(key(name))
        if v is None or v.hidden:
            constants = [x.name for x in equations.variables.values() if x.kind == "constant"]
            raise UnknownName("constant", name, constants)
        if v.kind not in ("constant", "data"):
            raise ParameterError(f"{v.name} is not a constant ({v.kind})")
        names.append(key(name))
    method = integration or equations.integration
    if integration is None and method not in ("euler", "rk4"):
        raise UnsupportedConstruct(path.name, f"integration method {method}", "sim_specs")
    if integration is None and equations.set_to:
        warnings.warn(
            f"{path.name} was set to {equations.set_to.upper()} in Vensim and runs by Euler's"
            " method, as in PySD; name one by integration='euler' or 'rk4'",
            stacklevel=2,
        )
    if method not in ("euler", "rk4"):
        raise ParameterError(f"integration must be 'euler' or 'rk4', not {method!r}")
    if method == "rk4" and changes(equations, "time_step"):
        raise UnsupportedConstruct("TIME STEP", "changing it with Runge-Kutta", "control times")
    return Model(path, equations, frozenset(names), cache, method == "rk4")
