"""The part of the calibration's document on how well figures are met, before 2020 and after."""

import numpy as np
import pandas as pd

from calibration.figures import LAST_YEAR
from calibration.markdown import figure, name, table, verdict
from calibration.score import ALL_REGIONS, PERIODS, RATE, RIVALS
from model import region_ids, regions

GOALS = {RATE: (0.5, "points"), "resident_population": (1.0, "percent")}
AGE_SHARES = ("share_age_0_14", "share_age_15_64", "share_age_65_plus")
RATE_GOAL, AGE_GOAL = 0.6, 1.0


def goals(pairs: pd.DataFrame) -> str:
    """Return the goals of the hindcast and how they ended."""
    now = pairs.loc[(pairs["year"] == LAST_YEAR) & pairs["region"].isin(region_ids())]
    rows = []
    for output, (goal, unit) in GOALS.items():
        chosen = now.query("variable == @output")
        error = chosen["model"] - chosen["observed"]
        error = 100 * error / chosen["observed"] if unit == "percent" else error
        rows.append(goal_row(name(output), chosen, error.to_numpy(float), goal, unit))
    for output in AGE_SHARES:
        chosen = now.query("variable == @output")
        error = (chosen["model"] - chosen["observed"]).to_numpy(float)
        rows.append(goal_row(name(output), chosen, error, AGE_GOAL, "points"))
    header = ("point estimate, 17 regions in 2020", "largest error", "where", "goal", "")
    return "## Hindcast: 2010 to 2020\n\n" + table(header, rows)


def goal_row(
    label: str, chosen: pd.DataFrame, error: np.ndarray, goal: float, unit: str
) -> tuple[str, ...]:
    """Return one goal with the largest error and the region that has it."""
    worst = int(np.abs(error).argmax())
    place = regions()[str(chosen["region"].iloc[worst])].name_en
    reached = bool(np.abs(error).max() <= goal)
    return label, f"{error[worst]:+.2f} {unit}", place, f"{goal:g} {unit}", verdict(reached)


def later(pairs: pd.DataFrame) -> str:
    """Return the score after 2020: the rate against its rivals, then every other series."""
    after = pairs.query("year > @LAST_YEAR and region == 'shandong'")
    rates = after.query("variable == @RATE")
    shown = [
        (
            row["year"],
            *(f"{row[key]:.2f}" for key in ("observed", "model", "low_80", "high_80", *RIVALS)),
        )
        for row in rates.to_dict("records")
    ]
    header = ("Shandong, resident rate, %", "observed", "model", "10%", "90%")
    header += ("constant difference", "logistic, ceiling 80%")
    observed = rates["observed"].to_numpy(float)
    errors = {key: rates[key].to_numpy(float) - observed for key in ("model", *RIVALS)}
    root = {key: float(np.sqrt((error**2).mean())) for key, error in errors.items()}
    inside, count = int(rates["inside"].to_numpy(bool).sum()), len(rates)
    largest = float(np.abs(errors["model"]).max())
    ahead = root["model"] < min(root[key] for key in RIVALS)
    ends = [
        f"- Within {RATE_GOAL} points every year: {verdict(largest <= RATE_GOAL)}; the largest "
        f"error is {largest:.2f} points.",
        f"- Ahead of both rivals: {verdict(ahead)}; root mean square errors in points: model "
        f"{root['model']:.2f}, constant difference {root['constant_difference']:.2f}, logistic "
        f"{root['logistic']:.2f}.",
        f"- The 80% interval covers {inside} of {count} years with a figure (goal: four of five): "
        f"{verdict(inside / count >= 0.8)}.",
    ]
    others = after.query("variable != @RATE")
    rows = [
        (
            f"{name(str(row['variable']))}, {row['year']}",
            *(figure(float(row[key])) for key in ("observed", "model", "low_80", "high_80")),
            "yes" if row["inside"] else "**no**",
        )
        for row in others.to_dict("records")
    ]
    heads = ("Shandong", "observed", "model", "10%", "90%", "inside")
    return "\n\n".join(
        [
            "## Out of sample: 2021 to 2025",
            f"Frozen at {LAST_YEAR}, policies as in {LAST_YEAR}. The interval is that of what would"
            " be observed: the draws and the figure's own error.",
            table(header, shown),
            "\n".join(ends),
            table(heads, rows),
            "Revenue is in current prices, the model's in prices of 2020; nine tenths of "
            "government-fund revenue stand in for land revenue. Births fell, and land sales "
            "collapsed, by causes that no figure of 2020 shows: the point estimate holds fertility "
            "and the market at 2020, and only the interval allows for such falls.",
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
