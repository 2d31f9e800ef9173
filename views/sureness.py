"""How sure the model is of a run: the posterior's draws, kept by scenario, and bands from them."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from threading import Lock

import numpy as np
import streamlit as st
import xarray as xr

from analysis.bands import Edges, all_edges, chance, edges
from calibration.ensemble import ensemble
from calibration.posterior import is_current, posterior
from calibration.sensitivity import RATES
from model.codelists import outputs, targets
from views.language import noise, t
from views.results import Run

MEMORY = 256 * 2**20  # bytes of draws; one output of one scenario takes 1.5 MB
KEPT = 50_000  # bands, a few hundred bytes each

Bands = dict[str, Edges]  # by output
Key = tuple[str, str, str, str]


class Sureness:
    """The draws and bands of this server, the least recently used dropped first."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.draws: OrderedDict[str, xr.Dataset] = OrderedDict()
        self.bands: OrderedDict[Key, Edges] = OrderedDict()

    def held(self, run: Run, outputs: Iterable[str]) -> xr.Dataset | None:
        """Return the draws of a run if all of these outputs are known already."""
        with self.lock:
            found = self.draws.get(run.scenario.fingerprint)
            if found is None or not all(output in found for output in outputs):
                return None
            self.draws.move_to_end(run.scenario.fingerprint)
            return found

    def of(self, run: Run, outputs: Iterable[str]) -> xr.Dataset:
        """Return the draws of a run; the model is run under them for outputs not known yet."""
        key = run.scenario.fingerprint
        with self.lock:
            found = self.draws.get(key, xr.Dataset())
        if missing := [output for output in outputs if output not in found]:
            found = ensemble(run.scenario, missing).assign(found.data_vars)
        with self.lock:
            self.draws[key] = found
            self.draws.move_to_end(key)
            while len(self.draws) > 1 and sum(each.nbytes for each in self.draws.values()) > MEMORY:
                self.draws.popitem(last=False)
        return found

    def band(self, run: Run, output: str, region: str, base: Run | None = None) -> Edges | None:
        """Return a run's band, or that of its difference from `base`; None without the draws."""
        if (known := self.known(run, [output], region, base)) is not None:
            return known[output]
        own = self.held(run, [output])
        other = self.held(base, [output]) if base else None
        if own is None or (base and other is None):
            return None
        return self.keep(run, base, region, {output: edges(own, output, region, other)})[output]

    def bands_of(
        self, compared: Sequence[Run], outputs: Sequence[str], region: str
    ) -> list[tuple[Bands, Bands]]:
        """Return for each run the bands of all outputs, and of their differences from the first.

        Runs of which some band is not known run under the draws once, for this region alone.
        """
        base, origin, made = compared[0], None, []
        for run in compared:
            own = self.known(run, outputs, region)
            change = self.known(run, outputs, region, base)
            if own is None or change is None:
                origin = origin or ensemble(base.scenario, outputs, region=region)
                same = run.scenario.fingerprint == base.scenario.fingerprint
                draws = origin if same else ensemble(run.scenario, outputs, region=region)
                own = self.keep(run, None, region, all_edges(draws, outputs, region))
                change = self.keep(run, base, region, all_edges(draws, outputs, region, origin))
            made.append((own, change))
        return made

    def known(
        self, run: Run, outputs: Iterable[str], region: str, base: Run | None = None
    ) -> Bands | None:
        """Return bands of a run, or of its difference from `base`, if all are known."""
        keys = {output: band_key(run, base, output, region) for output in outputs}
        with self.lock:
            if not all(key in self.bands for key in keys.values()):
                return None
            for key in keys.values():
                self.bands.move_to_end(key)
            return {output: self.bands[key] for output, key in keys.items()}

    def keep(self, run: Run, base: Run | None, region: str, found: Bands) -> Bands:
        """Remember bands and return them."""
        with self.lock:
            for output, ends in found.items():
                self.bands[band_key(run, base, output, region)] = ends
            while len(self.bands) > KEPT:
                self.bands.popitem(last=False)
        return found

    def strays(self, run: Run, output: str, region: str, years: Iterable[int]) -> list[int]:
        """Return the years in which a run's value lies outside its band; none while unknown.

        The draws follow the figures of 2010-2020 in every parameter, the line in hazards only.
        """
        if (band := self.band(run, output, region)) is None:
            return []
        values, (low, high) = run.series(output, region), band
        at = {year: run.times.index(year) for year in years}
        slack = noise(outputs()[output].digits)
        beyond = np.maximum(low - values, values - high) > slack
        return [year for year, i in at.items() if beyond[i]]


def band_key(run: Run, base: Run | None, output: str, region: str) -> Key:
    """Return what tells a band from all others."""
    return run.scenario.fingerprint, base.scenario.fingerprint if base else "", output, region


@st.cache_resource(show_spinner=False)
def sureness() -> Sureness:
    """Return the draws and bands of this server."""
    return Sureness()


@cache
def available() -> bool:
    """Say whether the draws belong to today's model; bands of another model are not shown."""
    return is_current(posterior())


def rate_bands(draws: xr.Dataset | None, region: str) -> dict[str, Edges]:
    """Return both rates' bands in a region, by output."""
    return {} if draws is None else {code: edges(draws, code, region) for code in RATES}


def chances(draws: xr.Dataset | None, region: str) -> Mapping[str, str]:
    """Return in words the chance of each of a region's targets that has one, by target id."""
    if draws is None:
        return {}
    found = {
        target.id: chance(draws, target) for target in targets().values() if target.region == region
    }
    return {key: percent(part) for key, part in found.items() if part is not None}


def percent(part: float) -> str:
    """Return a part of the draws in whole percent; the ends are not called certain."""
    if part < 0.01:
        return t("cards.chance_low")
    if part > 0.99:
        return t("cards.chance_high")
    return f"{100 * part:.0f}%"
