"""What the figures were made from: version, model and scenario, at the foot of every page."""

import hashlib
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


@cache
def model_hash() -> str:
    """Return the sha256 of the model file and every table it reads."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "model").rglob("*")):
        if path.suffix in (".mdl", ".csv"):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def line(compared: Sequence[Run]) -> str:
    """Return the provenance in one line, as charts and files carry it."""
    scenarios = t("provenance.and").join(
        f"{title(run.scenario.id)} {run.scenario.fingerprint[:SHORT]}" for run in compared
    )
    return t("provenance.line", version=version(), model=model_hash()[:SHORT], scenarios=scenarios)


def footer(compared: Sequence[Run]) -> None:
    """Draw the foot of the page."""
    show(f'<footer class="rq-foot">{esc(t("provenance.caveat"))}<br>{esc(line(compared))}</footer>')
