"""`docs/calibration.md`, written from the committed tables; no figure in it is typed."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from calibration.figures import LAST_YEAR
from calibration.identify import LEARNT
from calibration.joint import MODEL_ERROR
from calibration.posterior import FOLDER, MANIFEST
from calibration.priors import level, priors
from calibration.score import ALL_REGIONS, PERIODS, RATE, RIVALS, held
from model import outputs, region_ids, regions

IDENTIFIED, PROFILES = "identification.csv", "profiles.csv"
DOCUMENT = FOLDER.parent / "docs" / "calibration.md"
GOALS = {RATE: (0.5, "points"), "resident_population": (1.0, "percent")}
AGE_SHARES = ("share_age_0_14", "share_age_15_64", "share_age_65_plus")
RATE_GOAL, AGE_GOAL = 0.6, 1.0


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table, the first column to the left and the others to the right."""
    lines = ["| " + " | ".join(header) + " |", "|---" + "|---:" * (len(header) - 1) + "|"]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def figure(value: float) -> str:
    """Return a number with four significant digits, or a dash where there is none."""
    if not np.isfinite(value):
        return "–"
    if abs(value) < 1e-12:
        return "0"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def name(output: str) -> str:
    """Return an output's name and unit."""
    return f"{outputs()[output].name_en} ({outputs()[output].unit})"


def verdict(reached: bool) -> str:
    """Return how a goal ended."""
    return "met" if reached else "**missed**"


def document(folder: Path = FOLDER) -> str:
    """Return the text of the document for the tables of a folder."""
    pairs, statistics = held(folder)
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    identified = pd.read_csv(folder / IDENTIFIED)
    profiles = pd.read_csv(folder / PROFILES)
    parts = [
        "# Calibration",
        "Written by `python cli.py calibrate` from the tables in `calibration/`; do not edit.",
        introduction(manifest),
        goals(pairs),
        later(pairs),
        measures(statistics),
        chains(manifest),
        learnt(identified),
        profiled(profiles),
        prior_table(),
    ]
    return "\n\n".join(parts) + "\n"


def introduction(manifest: dict) -> str:
    """Return what the calibration rests on."""
    errors = ", ".join(f"{key} {100 * error:g}%" for key, error in MODEL_ERROR.items())
    return (
        f"Label: {manifest['label']}; fingerprint `{manifest['fingerprint']}`; seed "
        f"{manifest['seed']}. The model runs from the census of 2010 and is held against "
        f"{manifest['figures']} figures of {LAST_YEAR}: five counts for each of "
        f"{len(region_ids())} regions and four figures of the province. Figures after {LAST_YEAR} "
        "are refused by the loader (`calibration/figures.py`) and only score the result.\n\n"
        f"{manifest['parameters']} parameters are uncertain: {len(level('province'))} of the "
        f"province with triangular priors over the ranges of their tables, and "
        f"{len(level('provincial mean'))} migration hazards per region that share a provincial "
        "mean. Every figure has a standard error in `calibration/observed.csv`; besides, the model "
        f"itself is allowed an error in the province's figures ({errors}). After {LAST_YEAR} the "
        "draws also differ in what drives the province from outside (`calibration/outlook.py`)."
    )


def goals(pairs: pd.DataFrame) -> str:
    """Return the goals of the hindcast and how they ended."""
    now = pairs.query("year == @LAST_YEAR and region in @region_ids()")
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


def chains(manifest: dict) -> str:
    """Return how the draws were made and how good they are."""
    losses = ", ".join(f"{loss:.2f}" for loss in manifest["losses_of_starts"])
    return (
        "## Draws\n\n"
        f"Least squares from {len(manifest['losses_of_starts'])} starts ends at the losses "
        f"{losses}. The figures alone have rank {manifest['rank_of_figures']} in "
        f"{manifest['parameters']} parameters; with the priors the rank is "
        f"{manifest['rank_with_priors']} and the condition number "
        f"{manifest['condition_with_priors']:g}. Randomise-then-optimise proposals "
        f"(`calibration/sampler.py`) feed {manifest['chains']} Metropolis chains of "
        f"{manifest['steps']} steps: acceptance {min(manifest['acceptance']):.2f} to "
        f"{max(manifest['acceptance']):.2f}; largest R-hat {manifest['r_hat_largest']:.3f}; "
        f"effective sample size {manifest['effective_sample_size_smallest']} at least, "
        f"{manifest['effective_sample_size_median']} in the middle. {manifest['draws']} draws are "
        f"kept, {manifest['distinct_draws']} of them distinct."
    )


def learnt(identified: pd.DataFrame) -> str:
    """Return what the figures inform, and what they do not."""
    provincial = identified.query("not parameter.str.contains('|', regex=False)", engine="python")
    informed = provincial.query("ratio < @LEARNT").sort_values(by="ratio").to_dict("records")
    header = ("parameter", "median", "10%", "90%", "posterior / prior spread")
    rows = [
        (
            row["parameter"],
            *(figure(float(row[key])) for key in ("median", "low_80", "high_80")),
            f"{row['ratio']:.2f}",
        )
        for row in informed
    ]
    unknown = [str(each) for each in provincial.query("ratio >= @LEARNT")["parameter"]]
    hazards = [row for row in identified.to_dict("records") if "|" in str(row["parameter"])]
    known = sum(float(row["ratio"]) < LEARNT for row in hazards)
    return "\n\n".join(
        [
            "## What the figures tell",
            f"{known} of {len(hazards)} regional hazards are informed: their posterior is narrower "
            f"than {LEARNT:g} of the deviation allowed between regions. Of the province's "
            f"parameters these are:",
            table(header, rows),
            "**Not identified; prior used:** " + ", ".join(unknown) + ".",
        ]
    )


def profiled(profiles: pd.DataFrame) -> str:
    """Return the profiles: how much the best fit worsens at fixed values of a parameter."""
    groups: dict[str, list[str]] = {}
    for row in profiles.to_dict("records"):
        text = f"{figure(float(row['value']))}: {row['loss']:.2f}"
        groups.setdefault(str(row["parameter"]), []).append(text)
    width = max(len(cells) for cells in groups.values())
    header = ("value: loss above the best", *[""] * width)
    rows = [(parameter, *cells) for parameter, cells in groups.items()]
    return (
        "## Profiles\n\nAll other parameters are fitted again at each value, at normal scores of "
        "-2 to 2 of the prior; the prior's own part of the loss is 2, 0.5, 0, 0.5 and 2.\n\n"
        + table(header, rows)
    )


def prior_table() -> str:
    """Return every prior."""
    rows = [
        (
            prior.name,
            prior.level,
            prior.distribution,
            *(figure(value) for value in (prior.centre, prior.low, prior.high)),
            prior.unit,
            prior.enters,
            prior.source,
        )
        for prior in priors()
    ]
    header = ("parameter", "level", "distribution", "centre", "low", "high", "unit")
    note = (
        "Ranges of lognormal priors are 90% ranges of the logarithm around the centre; the number "
        "of a random walk is its yearly step."
    )
    return f"## Priors\n\n{note}\n\n" + table((*header, "enters", "source"), rows)
