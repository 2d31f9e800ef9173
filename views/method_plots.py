"""Two pictures of the Data and method page, drawn by styles alone: errors of the hindcast within
its table, and how much of each parameter's uncertainty the figures took away."""

from collections.abc import Sequence
from functools import cache

import pandas as pd

from analysis.numbers import numbers
from calibration.identify import LEARNT
from calibration.posterior import FOLDER
from calibration.report import IDENTIFIED
from model import regions
from views.language import current, name, number, t
from views.markup import Drawn, esc, folded, table

TICKS = (0.0, 0.5, 1.0)
GROUPS = ("regional", "province")


def off_goal(text: str, value: float, goal: float, reach: float) -> Drawn:
    """Return a figure beside its mark on a scale from `-reach` to `reach`; the goal is shaded, and
    a mark beyond it is hollow."""
    shade = 50 - 50 * goal / reach
    place = f"left:{50 + 50 * value / reach:.1f}%"
    beyond = ' class="rq-beyond"' if abs(value) > goal else ""
    return Drawn(
        f'<span class="rq-off" aria-hidden="true"><b style="left:{shade:.1f}%;right:{shade:.1f}%">'
        f'</b><i{beyond} style="{place}"></i></span><span class="rq-error">{esc(text)}</span>'
    )


@cache
def identified() -> pd.DataFrame:
    """Return the committed table: per parameter the spread of its draws over that of its prior,
    its `group` (regional or province), its `name` and its `region`, empty for the province's."""
    found = pd.read_csv(FOLDER / IDENTIFIED)
    parts = found["parameter"].str.partition("|")
    found = found.assign(name=parts[0], region=parts[2])
    found["group"] = ["regional" if region else "province" for region in found["region"]]
    return found.sort_values("ratio", ignore_index=True)


def identification_plot() -> str:
    """Return the plot of all parameters, each group in rising order, and the table behind it."""
    found = identified()
    count, top = len(found), 1.05 * max(*found["ratio"], *TICKS)
    inside = "".join(rule(tick, top, f"{tick:g}") for tick in TICKS) + rule(LEARNT, top)
    keys, longest = "", max(found["group"].value_counts())
    for group in GROUPS:
        rows = found.loc[found["group"] == group].to_dict("records")
        inside += "".join(
            dot(row, 100 * (rank + 0.5) / longest, top) for rank, row in enumerate(rows)
        )
        words = esc(t(f"assumed.plot_{group}", count=len(rows)))
        keys += f'<span><i class="rq-{group}"></i>{words}</span>'
    keys += f'<span><hr class="rq-learnt">{esc(t("assumed.plot_learnt", share=LEARNT))}</span>'
    informed = sum(ratio < LEARNT for ratio in found["ratio"])
    said = t("assumed.plot_said", count=count, informed=informed, share=LEARNT)
    return (
        f'<div class="rq-plot"><p>{esc(t("assumed.plot"))}</p>'
        f'<div class="rq-keys">{keys}</div>'
        f'<div class="rq-dots" role="img" aria-label="{esc(said)}">{inside}</div></div>'
        f"{folded(t('assumed.plot_table', count=count), ratio_table(found))}"
    )


def rule(height: float, top: float, words: str = "") -> str:
    """Return a line across the plot at a height, with words at its left or dashed."""
    place = f'style="bottom:{100 * height / top:.2f}%"'
    return f"<hr {place}><u {place}>{words}</u>" if words else f'<hr class="rq-learnt" {place}>'


def dot(row: dict, left: float, top: float) -> str:
    """Return the mark of a parameter, `left` percent from the left; pointed at, it says which."""
    place = f"left:{left:.2f}%;bottom:{100 * row['ratio'] / top:.2f}%"
    title = f"{label(row)}: {number(row['ratio'], 2)}"
    return f'<i class="rq-{row["group"]}" style="{place}" title="{esc(title)}"></i>'


def ratio_table(found: pd.DataFrame) -> str:
    """Return the table behind the plot."""
    head = [t("numbers.number"), t("fit.region"), t("assumed.ratio"), t("numbers.calibration")]
    rows: Sequence[Sequence[str]] = [
        [
            labels()[row["name"]][current()],
            name(regions()[row["region"]]) if row["region"] else t("assumed.whole"),
            number(row["ratio"], 2),
            t("assumed.informed") if row["ratio"] < LEARNT else t("assumed.prior"),
        ]
        for row in found.to_dict("records")
    ]
    return table(head, rows, "")


def label(row: dict) -> str:
    """Return a parameter's name, with its region where it has one."""
    words = labels()[row["name"]][current()]
    return f"{words} · {name(regions()[row['region']])}" if row["region"] else words


@cache
def labels() -> dict[str, dict[str, str]]:
    """Return the names of all numbers by language."""
    rows = numbers().to_dict("records")
    return {row["name"]: {"zh": row["name_zh"], "en": row["name"]} for row in rows}
