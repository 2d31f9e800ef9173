"""The plots of `docs/calibration.md`, drawn from the committed tables and nothing else."""

from pathlib import Path

import numpy as np
import pandas as pd

from calibration.drawing import (
    BLUE,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PINK,
    Panel,
    label,
    legend,
    picture,
    ticks,
)
from calibration.identify import LEARNT
from calibration.posterior import FOLDER
from calibration.score import RIVALS, held
from calibration.verdicts import hindcast, others, rate_score
from model import outputs, region_ids, regions

HINDCAST, RATE_PLOT, SERIES, TOLD = (
    f"calibration_{each}.svg" for each in ("hindcast", "rate", "series", "identified")
)
RIVAL_LINES = dict(zip(RIVALS, ((ORANGE, "2 3"), (GREEN, "8 3 2 3")), strict=True))
WIDTH = 760.0


def plots(identified: pd.DataFrame, folder: Path = FOLDER) -> dict[str, str]:
    """Return the pictures by file name; `identified` is the table of what the figures inform."""
    pairs, _ = held(folder)
    return {
        HINDCAST: hindcast_plot(pairs),
        RATE_PLOT: rate_plot(pairs),
        SERIES: series_plot(pairs),
        TOLD: identified_plot(identified),
    }


def year_ticks(years: np.ndarray) -> list[tuple[float, str]]:
    """Return a tick for every year."""
    return [(float(year), f"{year:.0f}") for year in range(int(years.min()), int(years.max()) + 1)]


def value_ticks(*series: np.ndarray) -> list[tuple[float, str]]:
    """Return ticks that hold all values."""
    values = np.concatenate(series)
    return [(float(each), label(float(each))) for each in ticks(values.min(), values.max())]


def ends(marks: list[tuple[float, str]]) -> tuple[float, float]:
    """Return the first and the last tick."""
    return marks[0][0], marks[-1][0]


def rate_plot(pairs: pd.DataFrame) -> str:
    """Return the province's rate after 2020: band, model, rivals and published figures."""
    rates = rate_score(pairs).rates
    keys = ("year", "observed", "model", "low_80", "high_80", *RIVALS)
    found = {key: rates[key].to_numpy(float) for key in keys}
    across, up = year_ticks(found["year"]), value_ticks(*(found[key] for key in keys[1:]))
    title = "Shandong, urbanisation rate of residents, %: frozen at 2020"
    panel = Panel(title, 0, 26, WIDTH, 330, ends(across), ends(up))
    panel.axes(across, up)
    panel.band(found["year"].tolist(), found["low_80"].tolist(), found["high_80"].tolist())
    for key in RIVALS:
        panel.line(found["year"].tolist(), found[key].tolist(), *RIVAL_LINES[key])
    panel.line(found["year"].tolist(), found["model"].tolist(), BLUE)
    panel.dots(found["year"], found["observed"], INK, full=False)
    entries = [("model", BLUE, ""), ("80% of what would be observed", BLUE, "band")]
    entries += [("constant difference", *RIVAL_LINES["constant_difference"])]
    entries += [("logistic", *RIVAL_LINES["logistic"]), ("published", INK, "dot")]
    return picture(WIDTH, 360, title, [*legend(14, entries), *panel.parts])


def series_plot(pairs: pd.DataFrame, columns: int = 3, least: int = 3) -> str:
    """Return the other series of at least `least` years, a panel each."""
    rows = others(pairs)
    codes = [
        code for code, count in rows["variable"].value_counts(sort=False).items() if count >= least
    ]
    width, height = WIDTH / columns, 190.0
    parts = legend(14, [("model", BLUE, ""), ("80%", BLUE, "band"), ("published", INK, "dot")])
    for index, code in enumerate(codes):
        mine = rows.loc[rows["variable"] == code]
        keys = ("year", "observed", "model", "low_80", "high_80")
        year, seen, model, low, high = (mine[key].to_numpy(float) for key in keys)
        across, up = year_ticks(year), value_ticks(seen, model, low, high)
        row, column = divmod(index, columns)
        panel = Panel(
            f"{outputs()[str(code)].name_en}, {outputs()[str(code)].unit}",
            column * width,
            26 + row * height,
            width,
            height,
            ends(across),
            ends(up),
        )
        panel.axes(across, up)
        panel.band(year.tolist(), low.tolist(), high.tolist())
        panel.line(year.tolist(), model.tolist(), BLUE)
        panel.dots(year, seen, INK, full=False)
        parts += panel.parts
    total = 26 + height * -(-len(codes) // columns)
    return picture(WIDTH, total, "Shandong's other series after 2020", parts)


def hindcast_plot(pairs: pd.DataFrame) -> str:
    """Return the error of every region in 2020, a panel per goal, with the goal's limits."""
    goals = hindcast(pairs)
    names = [regions()[code].name_en for code in region_ids()]
    first, height = 150.0, 86.0 + 17 * len(names)
    width = (WIDTH - first) / len(goals)
    parts: list[str] = []
    for index, goal in enumerate(goals):
        errors = [goal.errors[code] for code in region_ids()]
        limit = max(goal.goal, *(abs(error) for error in errors))
        across = [(float(each), f"{each:+g}" if each else "0") for each in ticks(-limit, limit, 3)]
        unit = "%" if goal.unit == "percent" else "points"
        left, down = first + index * width, (float(len(names)), -1.0)
        panel = Panel("", left, 20, width, height, ends(across), down, margin=14)
        panel.axes(across, [])
        panel.text(left + 14, 16, short(goal.output), 11, INK, "start", bold=True)
        panel.text(left + 14, 30, unit, 10, MUTED, "start")
        panel.upright(0.0, MUTED, "")
        for side in (-goal.goal, goal.goal):
            panel.upright(side, ORANGE, "3 3")
        for missed, colour in ((False, BLUE), (True, ORANGE)):
            chosen = [i for i, each in enumerate(errors) if (abs(each) > goal.goal) is missed]
            panel.dots([errors[i] for i in chosen], chosen, colour, full=not missed)
        if index == 0:
            for place, words in enumerate(names):
                _, y = panel.place(0.0, place)
                panel.text(first, y + 3.5, words, 10, INK, "end")
        parts += panel.parts
    words = "Errors in 2020 by region; dashed: the goal; hollow: beyond it"
    return picture(WIDTH, height + 24, words, parts)


def short(output: str) -> str:
    """Return an output's name as a narrow panel holds it."""
    words = outputs()[output].name_en.partition(" (")[0]
    return words.removeprefix("Share ").capitalize()


def identified_plot(identified: pd.DataFrame) -> str:
    """Return how wide the posterior of every parameter is over its prior, in rising order."""
    ratio = identified["ratio"].to_numpy(float)
    regional = np.array(["|" in str(each) for each in identified["parameter"]])
    up = value_ticks(np.array([0.0]), ratio)
    title = "Spread of the posterior over that of the prior, each group in rising order"
    count = max(int(regional.sum()), int((~regional).sum()))
    across = [(float(each), f"{each:g}") for each in ticks(0, count)]
    panel = Panel(title, 0, 26, WIDTH, 300, ends(across), ends(up))
    panel.axes(across, up)
    panel.line([across[0][0], across[-1][0]], [LEARNT, LEARNT], MUTED, "3 3")
    for chosen, colour in ((regional, BLUE), (~regional, PINK)):
        values = np.sort(ratio[chosen])
        panel.dots(np.arange(1, len(values) + 1), values, colour, full=True)
    entries = [("regional hazards", BLUE, "point"), ("parameters of the province", PINK, "point")]
    entries += [(f"informed below {LEARNT:g}", MUTED, "3 3")]
    return picture(WIDTH, 330, title, [*legend(14, entries), *panel.parts])
