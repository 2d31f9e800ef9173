"""The part of the calibration's document on structure: what each feedback loop does."""

from pathlib import Path

import pandas as pd

from calibration.markdown import table
from calibration.posterior import FOLDER
from model.loops import OUTPUTS, knock_outs, loops
from model.simulation import loaded_model

LOOPS = "loops.csv"
YEAR = 2035


def loop_table() -> pd.DataFrame:
    """Return what cutting each loop adds to Shandong's rates in 2035, in points, and its name."""
    comments = loaded_model().parameters.set_index("name")["comment"]
    found = knock_outs(YEAR).sel(region="shandong")
    rows = [
        {
            "loop": loop,
            "what": str(comments[f"loop {loop} switch"]).partition(": ")[2],
            # Rounded, so that an effect of nothing is the same nothing on every machine.
            **{name: round(float(found[name].sel(loop=loop)), 4) + 0.0 for name in OUTPUTS},
        }
        for loop in loops()
    ]
    return pd.DataFrame(rows)


def structure_report(folder: Path = FOLDER) -> str:
    """Return the section for the tables of a folder."""
    rows = [
        (row["loop"], row["what"], *(points(row[name]) for name in OUTPUTS))
        for row in pd.read_csv(folder / LOOPS).to_dict("records")
    ]
    return (
        "## Loops\n\n"
        f"The baseline with one loop cut, less the baseline: Shandong in {YEAR}, in points.\n\n"
        + table(("loop", "what it is", "resident rate", "hukou rate"), rows)
    )


def points(value: float) -> str:
    """Return a change in points with its sign; none where it rounds to nothing."""
    text = f"{value:+.2f}"
    return text[1:] if not text.strip("+-0.") else text
