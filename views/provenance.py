"""What the figures were made from: version, model, calibration, scenario; a foot for every page."""

from collections.abc import Sequence

from analysis.provenance import project_version
from calibration.posterior import posterior
from views.language import t
from views.markup import esc, show
from views.results import BASELINE, Run, runs, shipped
from views.session import title

SHORT = 10  # characters of a hash, enough to compare by eye


def line(compared: Sequence[Run]) -> str:
    """Return the provenance in one line, as charts and files carry it."""
    scenarios = t("provenance.and").join(
        f"{title(run.scenario.id)} {run.scenario.fingerprint[:SHORT]}" for run in compared
    )
    return t(
        "provenance.line",
        version=project_version(),
        model=compared[0].model[:SHORT],
        draws=posterior().manifest["fingerprint"][:SHORT],
        scenarios=scenarios,
    )


def baseline_line() -> str:
    """Return the provenance of what rests on the baseline alone."""
    return line(runs().of([shipped()[BASELINE]]))


def footer(compared: Sequence[Run]) -> None:
    """Draw the foot of the page."""
    show(f'<footer class="rq-foot">{esc(t("provenance.caveat"))}<br>{esc(line(compared))}</footer>')
