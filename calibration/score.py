"""The committed calibration against every figure, before 2020 and after.

The figures after 2020 are read here and nowhere else in the calibration: they score it.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from calibration.census import counts
from calibration.ensemble import ensemble
from calibration.figures import LAST_YEAR, observed_figures
from calibration.joint import MODEL_ERROR
from calibration.posterior import FOLDER, Posterior, posterior
from calibration.regional import LAND_REVENUE_IN_FUND
from calibration.statistics import fit, interval
from model import Scenario, load_scenario, outputs, region_ids, shipped_scenarios, simulate

PAIRS, STATISTICS = "scores.csv", "fit_statistics.csv"
ALL_REGIONS = "17 regions"
PERIODS = ("fit, to 2020", "out of sample, 2021-2025")
RATE = "urbanisation_rate_resident"
RIVALS = {"constant_difference": 100.0, "logistic": 80.0}
"""Naive rivals and the ceiling of their growth, percent: 80 is usual for countries long urban."""
CURRENT_PRICES = "current prices against prices of 2020"
NOTES = {
    "land_revenue": f"nine tenths of government-fund revenue stand in; {CURRENT_PRICES}",
    "general_revenue": CURRENT_PRICES,
}


def baseline() -> Scenario:
    """Return the shipped baseline."""
    return load_scenario(next(path for path in shipped_scenarios() if path.stem == "baseline"))


def scored_figures() -> list[dict[str, Any]]:
    """Return the figures after 2010 that an output can be held against.

    Keys variable (the output), region, year, observed, error: the figure's own standard error and
    the error that the fit allows the model. Figures of 2010 start the hindcast and score nothing.
    """
    rows = []
    for row in observed_figures().to_dict("records"):
        stands_in = row["proxy_for"] != ""
        name = row["proxy_for"] if stands_in else row["variable"]
        scale = LAND_REVENUE_IN_FUND if stands_in else 1.0
        if row["year"] > 2010 and name in outputs():
            allowed = MODEL_ERROR.get(row["variable"], 0.0) * row["value"]
            rows.append(
                {
                    "variable": name,
                    "region": row["region"],
                    "year": int(row["year"]),
                    "observed": scale * row["value"],
                    "error": scale * float(np.hypot(row["standard_error"], allowed)),
                }
            )
    return rows


def pairs(found: Posterior | None = None) -> pd.DataFrame:
    """Return every figure with the model's value and the central 80 percent of the draws.

    `model` is the point estimate, `low_80` and `high_80` the interval of what would be observed,
    `inside` whether the figure lies in it; the two rivals stand beside the province's rate.
    """
    found = posterior() if found is None else found
    rows = scored_figures()
    names = list(dict.fromkeys(row["variable"] for row in rows))
    for start, end in ((2010, LAST_YEAR), (LAST_YEAR, 2025)):
        mine = [row for row in rows if start < row["year"] <= end]
        point = simulate(baseline(), outputs=names, start=start, end=end)
        many = ensemble(baseline(), names, start=start, end=end, found=found)
        places = [{"region": row["region"], "time": float(row["year"])} for row in mine]
        drawn = [
            many[row["variable"]].sel(place).to_numpy()
            for row, place in zip(mine, places, strict=True)
        ]
        errors = np.array([row["error"] for row in mine])
        low, high = interval(np.stack(drawn, axis=1), errors, found.manifest["seed"])
        for index, (row, place) in enumerate(zip(mine, places, strict=True)):
            row["model"] = float(point[row["variable"]].sel(place))
            row["low_80"], row["high_80"] = low[index], high[index]
            row["inside"] = bool(low[index] <= row["observed"] <= high[index])
            later_rate = row["variable"] == RATE and row["year"] > LAST_YEAR
            for name, ceiling in RIVALS.items():
                row[name] = rival(row["year"], ceiling) if later_rate else np.nan
    return pd.DataFrame(rows)


def rival(year: int, ceiling: float) -> float:
    """Return the province's rate if its log-odds below a ceiling rise as they did 2010-2020.

    With a ceiling of 100 percent this is a constant difference of urban and rural growth.
    """
    start, end = (
        100
        * counts("urban_resident_population", at).sum()
        / counts("resident_population", at).sum()
        for at in (2010, 2020)
    )
    first, last = start / (ceiling - start), end / (ceiling - end)
    odds = last * (last / first) ** ((year - 2020) / 10)
    return float(ceiling * odds / (1 + odds))


def statistics(table: pd.DataFrame) -> pd.DataFrame:
    """Return the measures of fit per period, output and region; the 17 regions also together."""
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in table.to_dict("records"):
        period = PERIODS[int(row["year"] > LAST_YEAR)]
        groups.setdefault((period, row["variable"], row["region"]), []).append(row)
        if row["region"] in region_ids():
            groups.setdefault((period, row["variable"], ALL_REGIONS), []).append(row)
    rows = []
    for (period, variable, region), group in groups.items():
        if region == ALL_REGIONS and len({row["region"] for row in group}) < len(region_ids()):
            continue
        measures = fit(*(np.array([row[key] for row in group]) for key in ("observed", "model")))
        rows.append(
            {
                "period": period,
                "variable": variable,
                "region": region,
                "n": measures.count,
                "rmse": measures.rmse,
                "mape_percent": measures.mape,
                "r_squared": measures.r_squared,
                "theil_bias": measures.bias,
                "theil_variance": measures.variance,
                "theil_covariance": measures.covariance,
                "coverage_80": float(np.mean([row["inside"] for row in group])),
                "note": NOTES.get(variable, ""),
            }
        )
    return pd.DataFrame(rows)


def table_text(table: pd.DataFrame) -> str:
    """Return a table as it is committed."""
    return table.to_csv(index=False, float_format="%.6g", lineterminator="\n")


def tables(found: Posterior | None = None) -> dict[str, str]:
    """Return the texts of both tables by file name."""
    paired = pairs(found)
    return {PAIRS: table_text(paired), STATISTICS: table_text(statistics(paired))}


def held(folder: Path = FOLDER) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the committed pairs and statistics."""
    return pd.read_csv(folder / PAIRS), pd.read_csv(folder / STATISTICS)
