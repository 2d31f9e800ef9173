"""Runs of the model for the pages: computed once, kept by fingerprint, shared by all sessions."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

import numpy as np
import streamlit as st
import xarray as xr

from model import Scenario, load_scenario, outputs, shipped_scenarios, simulate

BASELINE = "baseline"
KEPT = 128  # runs in memory, about 0.2 MB each
SHOWN = tuple(output.id for output in outputs().values() if output.dims == ("region",))


@dataclass(frozen=True)
class Run:
    """A scenario and its results by output, region and year-end."""

    scenario: Scenario
    dataset: xr.Dataset

    @cached_property
    def times(self) -> tuple[int, ...]:
        """The year-ends of the results."""
        return tuple(int(time) for time in self.dataset["time"].values)

    @property
    def model(self) -> str:
        """The fingerprint of the equations and tables that gave the results."""
        return self.dataset.attrs["fingerprints"]["model"]

    @cached_property
    def rows(self) -> dict[str, int]:
        """The place of each region on the region axis."""
        return {str(code): i for i, code in enumerate(self.dataset["region"].values)}

    def series(self, output: str, region: str) -> np.ndarray:
        """Return an output of a region at every year-end."""
        return self.dataset[output].values[self.rows[region]]

    def value(self, output: str, region: str, year: int) -> float:
        """Return an output of a region at one year-end."""
        return float(self.series(output, region)[self.times.index(year)])


class Runs:
    """The runs of this server, by scenario fingerprint, the least recently used dropped first."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.kept: OrderedDict[str, xr.Dataset] = OrderedDict()

    def of(self, scenarios: Sequence[Scenario]) -> list[Run]:
        """Return the run of each scenario; those not yet known are computed in one call.

        Raises model.InvariantError when a run breaks a law of the model.
        """
        with self.lock:
            missing = {s.fingerprint: s for s in scenarios if s.fingerprint not in self.kept}
            if missing:
                computed = simulate(list(missing.values()), outputs=list(SHOWN))
                for i, fingerprint in enumerate(missing):
                    self.kept[fingerprint] = computed.isel(scenario=i).load()
            found = []
            for scenario in scenarios:
                self.kept.move_to_end(scenario.fingerprint)
                found.append(Run(scenario, self.kept[scenario.fingerprint]))
            while len(self.kept) > KEPT:
                self.kept.popitem(last=False)
            return found


@st.cache_resource(show_spinner=False)
def shipped() -> dict[str, Scenario]:
    """Return the scenarios of the folder `scenarios/` by id, the baseline first."""
    return {path.stem: load_scenario(path) for path in shipped_scenarios()}


@st.cache_resource(show_spinner=False)
def runs() -> Runs:
    """Return the runs of this server, with every shipped scenario computed already."""
    made = Runs()
    made.of(list(shipped().values()))
    return made
