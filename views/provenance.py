"""What the figures were made from: version, model and scenario, at the foot of every page."""

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from views.language import t
from views.markup import esc, show
from views.results import Run
from views.session import title

ROOT = Path(__file__).parent.parent
SHORT = 10  # characters of a hash, enough to compare by eye


@cache
def version() -> str:
    """Return the version of the project."""
    with (ROOT / "pyproject.toml").open("rb") as stream:
        return tomllib.load(stream)["project"]["version"]


def line(compared: Sequence[Run]) -> str:
    """Return the provenance in one line, as charts and files carry it."""
    scenarios = t("provenance.and").join(
        f"{title(run.scenario.id)} {run.scenario.fingerprint[:SHORT]}" for run in compared
    )
    return t(
        "provenance.line", version=version(), model=compared[0].model[:SHORT], scenarios=scenarios
    )


def footer(compared: Sequence[Run]) -> None:
    """Draw the foot of the page."""
    show(f'<footer class="rq-foot">{esc(t("provenance.caveat"))}<br>{esc(line(compared))}</footer>')
