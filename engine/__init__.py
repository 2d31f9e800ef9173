"""A compiler for system-dynamics models: any .mdl or XMILE file to a fast batch simulator.

    import engine
    model = engine.load("model.mdl")
    result = model.run({"birth rate": 0.03}, outputs=["population"])

See README.md beside this file.
"""

from engine.errors import (
    CycleError,
    EngineError,
    ParameterError,
    ReadError,
    UnknownName,
    UnsupportedConstruct,
)
from engine.labels import flat
from engine.loading import load
from engine.model import Model

__all__ = [
    "CycleError",
    "EngineError",
    "Model",
    "ParameterError",
    "ReadError",
    "UnknownName",
    "UnsupportedConstruct",
    "flat",
    "load",
]
