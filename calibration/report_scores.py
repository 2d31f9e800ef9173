"""The part of the calibration's document on how well figures are met, before 2020 and after."""

import pandas as pd

from calibration.figures import LAST_YEAR
from calibration.markdown import figure, image, name, table, verdict
from calibration.plots import HINDCAST, RATE_PLOT, SERIES
from calibration.score import ALL_REGIONS, PERIODS, RIVALS
from calibration.verdicts import RATE_GOAL, hindcast, others, rate_score
from model import regions


def goals(pairs: pd.DataFrame) -> str:
    """Return the goals of the hindcast and how they ended."""
    rows = [
        (
            name(each.output),
            f"{each.errors[each.worst]:+.2f} {each.unit}",
            regions()[each.worst].name_en,
            f"{each.goal:g} {each.unit}",
            verdict(not each.missed),
        )
        for each in hindcast(pairs)
    ]
    header = ("point estimate, 17 regions in 2020", "largest error", "where", "goal", "")
    picture = image("Errors in 2020 by region; dashed: the goal; hollow: beyond it", HINDCAST)
    return "\n\n".join(["## Hindcast: 2010 to 2020", table(header, rows), picture])


def later(pairs: pd.DataFrame) -> str:
    """Return the score after 2020: the rate against its rivals, then every other series."""
    score = rate_score(pairs)
    shown = [
        (
            row["year"],
            *(f"{row[key]:.2f}" for key in ("observed", "model", "low_80", "high_80", *RIVALS)),
        )
        for row in score.rates.to_dict("records")
    ]
    header = ("Shandong, resident rate, %", "observed", "model", "10%", "90%")
    header += ("constant difference", "logistic, ceiling 80%")
    ends = [
        f"- Within {RATE_GOAL} points every year: {verdict(score.within)}; the largest "
        f"error is {score.largest:.2f} points.",
        f"- Ahead of both rivals: {verdict(score.ahead)}; root mean square errors in points: model "
        f"{score.roots['model']:.2f}, constant difference "
        f"{score.roots['constant_difference']:.2f}, logistic {score.roots['logistic']:.2f}.",
        f"- The 80% interval covers {score.inside} of {len(shown)} years with a figure (goal: four "
        f"of five): {verdict(score.covered)}.",
    ]
    rows = [
        (
            f"{name(str(row['variable']))}, {row['year']}",
            *(figure(float(row[key])) for key in ("observed", "model", "low_80", "high_80")),
            "yes" if row["inside"] else "**no**",
        )
        for row in others(pairs).to_dict("records")
    ]
    heads = ("Shandong", "observed", "model", "10%", "90%", "inside")
    return "\n\n".join(
        [
            "## Out of sample: 2021 to 2025",
            f"Frozen at {LAST_YEAR}, policies as in {LAST_YEAR}. The interval is that of what would"
            " be observed: the draws, the figure's own error, and that allowed to the model. Annual"
            " rates and shares err as those of the first five years after the census of 2010 did"
            " (`calibration/source/annual_rates.csv`).",
            table(header, shown),
            image("The rate after 2020: model and band, rivals, published figures", RATE_PLOT),
            "\n".join(ends),
            table(heads, rows),
            image("The other series after 2020: model, band and published figures", SERIES),
            "Revenue is in current prices, the model's in prices of 2020; nine tenths of "
            "government-fund revenue stand in for land revenue. Births follow the first marriages "
            "of 2014-2020. Land sales collapsed by causes that no figure of 2020 shows: the point "
            "estimate holds the market at 2020, and only the interval allows for such a fall.",
        ]
    )


def measures(statistics: pd.DataFrame) -> str:
    """Return the measures of fit: the 17 regions together, then the province."""
    header = ("output", "n", "RMSE", "MAPE %", "R²", "bias", "variance", "covariance", "in 80%")
    parts = ["## Measures of fit", "All regions one by one: `calibration/fit_statistics.csv`."]
    keys = ("rmse", "mape_percent", "r_squared", "theil_bias", "theil_variance")
    for period, region in (
        (PERIODS[0], ALL_REGIONS),
        (PERIODS[0], "shandong"),
        (PERIODS[1], "shandong"),
    ):
        chosen = statistics.query("period == @period and region == @region").to_dict("records")
        rows = [
            (
                name(str(row["variable"])),
                row["n"],
                *(figure(float(row[key])) for key in (*keys, "theil_covariance")),
                f"{100 * row['coverage_80']:.0f}%",
            )
            for row in chosen
        ]
        place = "Shandong" if region == "shandong" else region
        parts += [f"**{place}, {period}**", table(header, rows)]
    return "\n\n".join(parts)
