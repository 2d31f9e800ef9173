"""The tables and the document that follow from the draws.

`python -m calibration.tables` writes them again from the committed draws, in seconds: after a
change of a scenario, of a figure later than 2020, or of an assumption's range. `cli.py calibrate`
ends with it. `sensitivity.json` says what the tables on assumptions were made from.
"""

import hashlib
import json
from pathlib import Path

import pandas as pd

from calibration.assumptions import assumptions
from calibration.ensemble import ensemble
from calibration.files import replace
from calibration.plots import plots
from calibration.posterior import DRAWS, FOLDER, Posterior, posterior
from calibration.priors import PRIORS
from calibration.ranking import RANKING, REVERSALS, ranking, reversals, shipped
from calibration.report import DOCUMENT, IDENTIFIED, document
from calibration.report_structure import LOOPS, loop_table
from calibration.score import table_text, tables
from calibration.sensitivity import EFFECTS, LISTED, PLACE, YEARS, effects, headlines, moves
from model import outputs, regions
from model.simulation import model_fingerprint

SOURCES = "sensitivity.json"
REFERENCE = "baseline"
DECIMALS = 12


def sources(folder: Path = FOLDER) -> dict[str, object]:
    """Return what the tables on assumptions follow from, mostly as hashes."""
    ranges = [
        (each.variable, *each.low, *each.high) for each in assumptions().values() if each.lever
    ]
    printed = {name: outputs()[name].digits for name in headlines()}
    asked = json.dumps([ranges, [headlines(region) for region in regions()], printed])
    return {
        "model": model_fingerprint(),
        "asked": hashlib.sha256(asked.encode()).hexdigest(),
        "priors": hashlib.sha256(PRIORS.read_bytes()).hexdigest(),
        "draws": hashlib.sha256((folder / DRAWS).read_bytes()).hexdigest(),
        "scenarios": {name: each.fingerprint for name, each in shipped().items()},
    }


def is_current(folder: Path = FOLDER) -> bool:
    """Say whether the tables on assumptions follow from today's model, draws and scenarios."""
    return json.loads((folder / SOURCES).read_text("utf-8")) == sources(folder)


def assumption_tables(found: Posterior) -> dict[str, pd.DataFrame]:
    """Return what assumptions do to the answers and to the order of scenarios, by file name."""
    usual, moved, draws = {}, {}, {}
    for name, scenario in shipped().items():
        for runs, given in zip((usual, moved), moves(scenario, headlines()), strict=True):
            runs[name] = given.sel(time=list(YEARS))
        runs = ensemble(scenario, headlines(), end=YEARS[-1], found=found)
        draws[name] = runs.sel(time=list(YEARS))
    changes = effects(usual[REFERENCE], moved[REFERENCE], draws[REFERENCE])
    return {
        EFFECTS: changes.loc[changes["share"] >= LISTED].sort_values(
            by=[*PLACE, "share"], ascending=[True] * len(PLACE) + [False]
        ),
        REVERSALS: reversals(usual, moved),
        RANKING: ranking(usual, draws),
    }


def _denoised(table: pd.DataFrame) -> pd.DataFrame:
    """Without the last bits of differences that are zero."""
    return table.round(DECIMALS).replace(-0.0, 0.0)


def write_tables(folder: Path = FOLDER) -> None:
    """Write every table that follows from a folder's draws, their document and its plots."""
    found = posterior(folder)
    written = tables(found)
    effects_and_orders = assumption_tables(found).items()
    written |= {name: table_text(_denoised(table)) for name, table in effects_and_orders}
    written[LOOPS] = table_text(loop_table())
    written[SOURCES] = json.dumps(sources(folder), ensure_ascii=False, indent=1) + "\n"
    replace({folder / name: text for name, text in written.items()})
    # Plots and document are worked out from the tables as they stand in the folder.
    beside = DOCUMENT.parent if folder == FOLDER else folder
    pictures = plots(pd.read_csv(folder / IDENTIFIED), folder)
    pages = {beside / name: picture for name, picture in pictures.items()}
    replace(pages | {beside / DOCUMENT.name: document(folder)})


if __name__ == "__main__":
    write_tables()
