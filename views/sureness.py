"""How sure the model is of a run: bands and chances from the posterior, kept by fingerprint."""

from collections import OrderedDict
from collections.abc import Mapping
from functools import cache
from threading import Lock

import numpy as np
import streamlit as st

from analysis.bands import Bands, bands
from calibration.posterior import is_current, posterior
from model.codelists import targets
from views.language import t
from views.results import Run

KEPT = 64  # scenarios in memory, less than half a megabyte each
RATES = ("urbanisation_rate_resident", "urbanisation_rate_hukou")
OUTPUTS = tuple(dict.fromkeys((*RATES, *(each.output for each in targets().values()))))


class Sureness:
    """The bands of this server, by scenario fingerprint, the least recently used dropped first."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.kept: OrderedDict[str, Bands] = OrderedDict()

    def held(self, run: Run) -> Bands | None:
        """Return the bands of a run if they are known already."""
        with self.lock:
            found = self.kept.get(run.scenario.fingerprint)
            if found is not None:
                self.kept.move_to_end(run.scenario.fingerprint)
            return found

    def of(self, run: Run) -> Bands:
        """Return the bands of a run, worked out when they are not known yet."""
        found = self.held(run)
        if found is None:
            (found,) = bands([run.scenario], OUTPUTS)
            with self.lock:
                self.kept[run.scenario.fingerprint] = found
                while len(self.kept) > KEPT:
                    self.kept.popitem(last=False)
        return found


@st.cache_resource(show_spinner=False)
def sureness() -> Sureness:
    """Return the bands of this server."""
    return Sureness()


@cache
def available() -> bool:
    """Say whether the draws belong to today's model; bands of another model are not shown."""
    return is_current(posterior())


def edges(found: Bands | None, here: str) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return the lower and upper ends of both rates' bands in a region, by output."""
    if found is None:
        return {}
    low, high = (edge.sel(region=here) for edge in (found.low, found.high))
    return {code: (low[code].to_numpy(), high[code].to_numpy()) for code in RATES}


def chances(found: Bands | None) -> Mapping[str, str]:
    """Return in words the chance of each target that has one, by target id."""
    return {} if found is None else {key: percent(part) for key, part in found.chances.items()}


def percent(part: float) -> str:
    """Return a part of the draws in whole percent; the ends are not called certain."""
    if part < 0.01:
        return t("cards.chance_low")
    if part > 0.99:
        return t("cards.chance_high")
    return f"{100 * part:.0f}%"
