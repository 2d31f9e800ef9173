"""The part of the calibration's document on assumptions: what they move, what order they keep."""

import itertools
from pathlib import Path

import pandas as pd

from calibration.assumptions import assumptions
from calibration.markdown import figure, name, table
from calibration.posterior import FOLDER
from calibration.ranking import RANKING, REVERSALS, shipped
from calibration.sensitivity import EFFECTS, LISTED, RATES, YEARS, headlines, plan_regions
from model import outputs, regions

PROVINCE, REFERENCE = "shandong", "baseline"
PAIR = ("first", "second", "difference", "first_higher", "level")
SURE = 0.9
"""Part of the draws from which an order counts as sure."""


def assumption_report(folder: Path = FOLDER) -> str:
    """Return both sections for the tables of a folder."""
    effects, reversals, ranking = (
        pd.read_csv(folder / each, keep_default_na=False) for each in (EFFECTS, REVERSALS, RANKING)
    )
    return f"{effect_section(effects)}\n\n{order_section(ranking, reversals)}"


def effect_section(effects: pd.DataFrame) -> str:
    """Return which assumptions move an answer by more than its band."""
    strong = effects.loc[effects["share"] > 1]
    here = strong.loc[strong["region"] == PROVINCE].to_dict("records")
    rows = [
        (
            f"{name(output)}, {row['year']}",
            row["assumption"],
            *(signed(figure(row[key])) for key in ("low_change", "high_change")),
            figure(row["band"]),
            f"{row['share']:.1f}",
        )
        for output in headlines(PROVINCE)
        for row in here
        if row["output"] == output
    ]
    header = ("Shandong", "assumption", "at its low end", "at its high end", "band", "times")
    quiet = len(assumptions()) - effects["assumption"].nunique()
    places = [
        (
            regions()[region].name_en,
            ", ".join(most(strong.loc[strong["region"] == region], headlines(region))),
        )
        for region in plan_regions()
        if region != PROVINCE
    ]
    return "\n\n".join(
        [
            "## What hangs on assumptions",
            f"{len(assumptions())} numbers are graded an assumption. Each goes to the low and to "
            "the high end of its range, alone, all else at the point estimate of the baseline. "
            "`times` is how far the low, the usual and the high value of the answer lie apart, in "
            "widths of its 80% band; here are those above 1. A band is narrower than one of its "
            "own parameters may move it because the figures of 2020 tie that parameter to others, "
            "which stay where they are here; and parameters without a prior are not in the band at "
            f"all. {quiet} of the assumptions move no answer of any region by even {LISTED:g} of "
            f"its band. All regions: `calibration/{EFFECTS}`.",
            table(header, rows),
            "The same in the other regions with a plan, both years and all their headline outputs:",
            table(("region", "assumptions that outweigh a band, most often first"), places),
        ]
    )


def signed(text: str) -> str:
    """Return a written change with its sign; a change that rounds to nothing has none."""
    if not text.strip("-0."):
        return text.removeprefix("-")
    return text if text.startswith("-") else f"+{text}"


def most(strong: pd.DataFrame, asked: tuple[str, ...]) -> list[str]:
    """Return the assumptions of these rows, those of most answers first, with their number."""
    counts = strong.loc[strong["output"].isin(asked)].groupby("assumption").size()
    found = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
    return [f"{each} ({number})" for each, number in found]


def order_section(ranking: pd.DataFrame, reversals: pd.DataFrame) -> str:
    """Return how sure the order of the scenarios is, and what turns it round."""
    rows = [
        order_row(ranking, reversals, output, year)
        for output in headlines(PROVINCE)
        for year in YEARS
    ]
    header = ("Shandong", f"sure pairs (≥ {100 * SURE:g}%)", "level pairs", "open pairs")
    header += ("swapping assumptions", "lowest tau", "by")
    count = len(shipped())
    return "\n\n".join(
        [
            "## The order of scenarios",
            f"The {count} shipped scenarios run under the same draws, so every draw ranks them. "
            f"One of their {count * (count - 1) // 2} pairs is sure when one is above the other in "
            f"at least {100 * SURE:g} of 100 draws, level when they differ by less than is printed "
            "in as many, and open otherwise. Then each assumption goes to the ends of its range: "
            "how many swap any pair, and the lowest of Kendall's tau-b with the usual order (1: "
            "the same order). A scenario that sets an assumption itself is left out there. "
            f"Every pair: `calibration/{RANKING}`; every swap: `calibration/{REVERSALS}`.",
            table(header, rows),
            ladder(ranking, RATES[0], YEARS[-1]),
        ]
    )


def order_row(
    ranking: pd.DataFrame, reversals: pd.DataFrame, output: str, year: int
) -> tuple[str, ...]:
    """Return how sure the province's order by one output is."""
    pairs, swaps = (
        each.loc[(each["region"] == PROVINCE) & (each["output"] == output) & (each["year"] == year)]
        for each in (ranking, reversals)
    )
    below = 1 - pairs["first_higher"] - pairs["level"]
    sure = int(((pairs["first_higher"] >= SURE) | (below >= SURE)).sum())
    level = int((pairs["level"] >= SURE).sum())
    lowest = min(swaps.to_dict("records"), key=lambda row: row["tau"], default=None)
    by = ("–", "–")
    if lowest is not None:
        by = (f"{lowest['tau']:.2f}", f"{lowest['assumption']}, {lowest['end']}")
    return (
        f"{name(output)}, {year}",
        str(sure),
        str(level),
        str(len(pairs) - sure - level),
        str(swaps["assumption"].nunique()),
        *by,
    )


def ladder(ranking: pd.DataFrame, output: str, year: int) -> str:
    """Return the scenarios from high to low with the chance of each to be above the next."""
    here = ranking.loc[
        (ranking["region"] == PROVINCE) & (ranking["output"] == output) & (ranking["year"] == year)
    ].to_dict("records")
    pairs = {}
    for row in here:
        first, second, apart, higher, level = (row[key] for key in PAIR)
        pairs[first, second] = apart, higher, level
        pairs[second, first] = -apart, 1 - higher - level, level
    over = {REFERENCE: 0.0}
    over |= {first: pair[0] for (first, second), pair in pairs.items() if second == REFERENCE}
    order = sorted(over, key=lambda each: -over[each])
    rows = []
    for each, following in itertools.zip_longest(order, order[1:]):
        chance = "–"
        if following:
            _, higher, level = pairs[each, following]
            chance = f"{100 * higher:.0f}%, level {100 * level:.0f}%"
        shown = signed(f"{over[each]:.{outputs()[output].digits}f}")
        rows.append((shipped()[each].title["en"], shown, chance))
    header = (f"{name(output)}, {year}", "over the baseline", "above the next")
    return table(header, rows)
