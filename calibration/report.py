"""`docs/calibration.md`, written from the committed tables; no figure in it is typed."""

import json
from pathlib import Path

import pandas as pd

from calibration.figures import LAST_YEAR
from calibration.identify import LEARNT
from calibration.joint import MODEL_ERROR
from calibration.markdown import figure, image, table
from calibration.plots import TOLD
from calibration.posterior import FOLDER, MANIFEST
from calibration.priors import level, priors
from calibration.report_assumptions import assumption_report
from calibration.report_scores import goals, later, measures
from calibration.report_structure import structure_report
from calibration.score import held
from model import region_ids

IDENTIFIED, PROFILES = "identification.csv", "profiles.csv"
DOCUMENT = FOLDER.parent / "docs" / "calibration.md"


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
        assumption_report(folder),
        structure_report(folder),
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
        f"kept, {manifest['distinct_draws']} of them distinct. ArviZ's summary of every parameter: "
        "`calibration/chains.csv`.\n\n" + point_estimate(manifest)
    )


def point_estimate(manifest: dict) -> str:
    """Return what the point estimate is, and how far from the best point."""
    point, best = manifest["rates_of_point_estimate"], manifest["rates_of_best_point"]
    rates = " and ".join(
        f"{best[year]:.2f} instead of {point[year]:.2f} percent in {year}" for year in point
    )
    return (
        "The point estimate, which the app draws as its line, keeps the province's parameters as "
        "their tables have them and fits the hazards to that. The best joint point is no better "
        "founded: it lies where the coordinates put it, for in normal scores a parameter that the "
        "figures say nothing about moves from the peak of its prior to the median. The two lie "
        f"close: the loss is {manifest['loss_of_point_estimate']:.1f} against "
        f"{min(manifest['losses_of_starts']):.1f} with {manifest['parameters']} parameters, and "
        f"Shandong's rate at the best point would be {rates}."
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
            image("Spread of every posterior over that of its prior", TOLD),
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
