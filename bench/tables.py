"""The tables of a model as C structures and as arrays, for a kernel written by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from bench.cases import Case
from engine import Model
from engine.ir import key
from model import levers
from model.rows import read_rows
from model.tables import MODEL_FILE, NAMED_TABLES


class Tables:
    """Constants and data of a model, for a run to the last time that `case` keeps."""

    def __init__(self, model: Model, case: Case) -> None:
        self.constants = constants(model)
        kinds = zip(model.variables["name"], model.variables["kind"], strict=True)
        found = model.run(outputs=[name for name, kind in kinds if kind == "data"])
        steps = found.time.to_numpy()
        self.kept, self.times = case.times, steps[steps <= case.times[-1]]
        self.data = {str(n): found[n].to_numpy()[: len(self.times)] for n in found.data_vars}
        self.rows = np.hstack([d.reshape(len(self.times), -1) for d in self.data.values()])

    def header(self) -> str:
        """C: `struct constants`, `struct data` of one step, and the steps of a run."""
        keep = ", ".join(str(int(t in self.kept)) for t in self.times)
        return (
            _structure("constants", {n: c.shape for n, c in self.constants.items()})
            + _structure("data", {n: d.shape[1:] for n, d in self.data.items()})
            + f"enum {{ STEPS = {len(self.times) - 1}, KEPT = {len(self.kept)} }};\n"
            + f"static const double STEP = {self.times[1] - self.times[0]};\n"
            + f"static const char KEEP[] = {{{keep}}};\n"
        )

    def numbers(self, changed: Mapping[str, np.ndarray]) -> np.ndarray:
        """The values of `struct constants`, some of them changed."""
        return np.concatenate([np.ravel(changed.get(n, c)) for n, c in self.constants.items()])


def constants(model: Model) -> dict[str, np.ndarray]:
    """The values of a model's constants by name."""
    frame = model.parameters.dropna(subset="default")
    pairs = zip(frame["name"], frame["default"], strict=True)
    return {name: np.asarray(value, dtype=float) for name, value in pairs}


def _structure(name: str, shapes: Mapping[str, tuple[int, ...]]) -> str:
    fields = (
        f"    double {re.sub(r'[^a-z0-9]', '_', key(n))}{''.join(f'[{i}]' for i in s)};\n"
        for n, s in shapes.items()
    )
    return f"struct {name} {{\n{''.join(fields)}}};\n"


def perturbed(model: Model, generator: np.random.Generator) -> dict[str, np.ndarray]:
    """A draw of the urbanisation model's levers over their ranges and of the numbers of its
    tables, within two percent. What its kernel takes as given, the switches and the tables of
    2010, stays."""
    ranges = {lever.variable: (lever.low, lever.high) for lever in levers().values()}
    files = [MODEL_FILE.parent / "data" / name for name in NAMED_TABLES]
    tabled = {row.text("name") for f in files for row in read_rows(f, ("name",))}
    changed = {}
    for name, value in constants(model).items():
        if name in ranges:
            changed[name] = generator.uniform(*ranges[name], value.shape)
        elif name in tabled:
            changed[name] = value * generator.uniform(0.98, 1.02, value.shape)
    return changed
