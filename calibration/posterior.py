"""The committed posterior: draws of every uncertain parameter, and what they were made from.

`posterior.csv` holds one draw a row: the province's parameters by name, then `hazard|region`.
`posterior.json` holds the fingerprint of model, tables, figures and priors, the seed, and how well
the chains agree. `hindcast.py` and `calibrate.py` say how they are made.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from calibration.figures import LAST_YEAR, fitting_figures
from calibration.hindcast import HAZARDS, inputs_fingerprint
from calibration.joint import MODEL_ERROR, NOWCAST
from calibration.priors import PRIORS, level
from model import region_ids

FOLDER = Path(__file__).parent
DRAWS = "posterior.csv"
MANIFEST = "posterior.json"


@dataclass(frozen=True)
class Posterior:
    """Draws as the model's inputs, each (draw,) or (draw, region), and the manifest."""

    inputs: dict[str, np.ndarray]
    manifest: dict[str, Any]

    @property
    def count(self) -> int:
        """How many draws there are."""
        return len(next(iter(self.inputs.values())))

    def first(self, count: int) -> "Posterior":
        """Return the posterior with its first draws only: they are in random order.

        Raises ValueError when there are not so many.
        """
        if not 0 < count <= self.count:
            raise ValueError(f"there are {self.count} draws, not {count}")
        kept = {name: values[:count] for name, values in self.inputs.items()}
        return Posterior(kept, self.manifest)


def columns() -> list[str]:
    """Return the columns of the table of draws."""
    return [*level("province"), *(f"{name}|{code}" for name in HAZARDS for code in region_ids())]


@cache
def posterior(folder: Path = FOLDER) -> Posterior:
    """Return the draws of a folder. Raises FileNotFoundError, or ValueError for other columns."""
    frame = pd.read_csv(folder / DRAWS)
    if list(frame.columns) != columns():
        raise ValueError(f"{DRAWS}: the columns are not the parameters of {PRIORS.name}")
    inputs = {name: frame[name].to_numpy(float) for name in level("province")}
    for name in HAZARDS:
        inputs[name] = frame[[f"{name}|{code}" for code in region_ids()]].to_numpy(float)
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    return Posterior(inputs, manifest)


def fingerprint(through: int = LAST_YEAR) -> str:
    """Return the hash of all that the draws follow from, but the seed and their number.

    Model and tables without the fitted hazards, the priors, and the figures up to `through`.
    """
    digest = hashlib.sha256(inputs_fingerprint().encode() + PRIORS.read_bytes())
    rows = fitting_figures([*MODEL_ERROR, *NOWCAST], range(1900, through + 1), through=through)
    digest.update(rows.to_csv(index=False).encode())
    return digest.hexdigest()[:16]


def is_current(found: Posterior) -> bool:
    """Say whether the draws follow from today's model, tables, priors and figures."""
    return found.manifest["fingerprint"] == fingerprint(found.manifest["through"])
