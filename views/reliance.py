"""Which assumptions an answer hangs on more than its band shows, in words and in a table."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import cache
from threading import Lock

import streamlit as st
import xarray as xr

from analysis import assumptions
from analysis.assumptions import Outweighing, outweighing
from calibration.assumptions import Assumption
from calibration.sensitivity import YEARS, effects, headlines, moves
from model import outputs
from views import markup
from views.language import current, name, noise, number, scale, t
from views.results import BASELINE, Run, shipped
from views.sureness import available, sureness

KEPT = 64  # scenarios whose moved runs are in memory, one or two megabytes each
NAMED = 3  # assumptions named at once; a table names them all

Moved = tuple[xr.Dataset, xr.Dataset]
Key = tuple[str, str, str, str]


class Reliance:
    """Runs with every assumption at either end of its range, and what follows, by scenario."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.moved: OrderedDict[str, Moved] = OrderedDict()
        self.found: OrderedDict[Key, dict[int, tuple[Outweighing, ...]]] = OrderedDict()

    def held(self, run: Run) -> Moved | None:
        """Return the moved runs of a scenario if they are known already."""
        with self.lock:
            return self.moved.get(run.scenario.fingerprint)

    def of(self, run: Run, names: Iterable[str]) -> Moved:
        """Return the moved runs of a scenario; outputs not known yet take one engine call."""
        made = self.held(run) or (xr.Dataset(), xr.Dataset())
        if missing := [name for name in names if name not in made[0]]:
            found = (each.sel(time=list(YEARS)) for each in moves(run.scenario, missing))
            usual, moved = (new.assign(old.data_vars) for new, old in zip(found, made, strict=True))
            made = usual, moved
        with self.lock:
            keep(self.moved, run.scenario.fingerprint, made, KEPT)
        return made

    def outweighing(
        self, run: Run, output: str, region: str, base: Run | None = None
    ) -> dict[int, tuple[Outweighing, ...]] | None:
        """Return by year the assumptions that outweigh the band of a run's output, or of its
        difference from `base`; None while the runs that this takes are not known."""
        against = base.scenario.fingerprint if base else ""
        key = (run.scenario.fingerprint, against, output, region)
        with self.lock:
            if key in self.found:
                return self.found[key]
        parts = self.parts(run, output, region)
        if parts and base:
            others = self.parts(base, output, region)
            parts = others and [one - other for one, other in zip(parts, others, strict=True)]
        if not parts:
            return None
        table, least = effects(*parts), noise(outputs()[output].digits)
        made = {
            year: tuple(
                each
                for each in outweighing(region, output, year, table)
                if max(abs(each.low_change), abs(each.high_change)) > least
            )
            for year in YEARS
        }
        with self.lock:
            keep(self.found, key, made, 1000 * KEPT)
        return made

    def parts(self, run: Run, output: str, region: str) -> list[xr.Dataset]:
        """Return run, moved runs and draws of an output in a region; nothing until known."""
        moved, draws = self.held(run), sureness().held(run, [output])
        if moved is None or draws is None or output not in moved[0]:
            return []
        place = {"region": [region]}
        return [each[[output]].sel(place) for each in (*moved, draws.sel(time=list(YEARS)))]


def keep(store: OrderedDict, key: object, value: object, limit: int) -> None:
    """Put a value into a store and drop the least recently used beyond the limit."""
    store[key] = value
    store.move_to_end(key)
    while len(store) > limit:
        store.popitem(last=False)


@st.cache_resource(show_spinner=False)
def reliance() -> Reliance:
    """Return the moved runs of this server."""
    return Reliance()


@cache
def tabled() -> bool:
    """Say whether the committed tables on assumptions belong to today's model."""
    return assumptions.available()


def outweighed(
    run: Run, output: str, region: str, base: Run | None = None
) -> dict[int, tuple[Outweighing, ...]] | None:
    """Return by year the assumptions that outweigh an answer's band, None while not known.

    The baseline's stand in a committed table; those of other scenarios are worked out here.
    """
    if not available():
        return {}
    own = base is None and run.scenario.fingerprint == shipped()[BASELINE].fingerprint
    if own and tabled() and output in headlines():
        return {year: outweighing(region, output, year) for year in YEARS}
    return reliance().outweighing(run, output, region, base)


def spoken(assumption: Assumption) -> str:
    """Return an assumption's name with a capital: some names are those of the model's variables."""
    words = assumption.name(current())
    return words[:1].upper() + words[1:]


def named(found: Iterable[Outweighing]) -> str:
    """Return the heaviest assumptions by name, and how many there are beyond these."""
    names = list(dict.fromkeys(spoken(each.assumption) for each in found))
    first = t("provenance.and").join(names[:NAMED])
    if len(names) <= NAMED:
        return first
    return t("reliance.more", names=first, count=len(names))


def beside(output: str, found: Sequence[Outweighing]) -> str:
    """Return what stands beside an answer: the assumptions by name, opened what each one does."""
    if not found:
        return ""
    shown = scale(outputs()[output], [each.band for each in found])
    items = [
        t(
            "reliance.effect",
            assumption=spoken(each.assumption),
            low=shown.number(each.low_change, signed=True),
            high=shown.number(each.high_change, signed=True),
        )
        for each in found
    ]
    summary = t("reliance.beside", names=named(found))
    return markup.folded(summary, markup.bullets(items))


HEAD = ("assumption", "at_low", "at_high", "band", "times")


def head() -> list[str]:
    """Return the head of a table of rows as `row` makes them."""
    words = [t(f"assumed.{word}") for word in HEAD]
    return [t("tables.output"), t("tables.year"), *words]


def row(output: str, year: int, each: Outweighing) -> list[str]:
    """Return what one assumption does to one answer, as a row of a table."""
    shown = scale(outputs()[output], [each.low_change, each.high_change, each.band])
    unit = f" ({shown.unit})" if shown.unit else ""
    return [
        name(outputs()[output]) + unit,
        str(year),
        spoken(each.assumption),
        shown.number(each.low_change, signed=True),
        shown.number(each.high_change, signed=True),
        shown.number(each.band),
        number(each.share, 1),
    ]
