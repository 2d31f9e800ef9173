"""The whole calibration, from the figures to draws, statistics and their document.

`python cli.py calibrate` runs it: the hazards of the point estimate, the best point from several
starts, what the figures identify, the sampler, and the tables written from the result. Every step's
work is kept in a folder, so that an interrupted run can go on; files are replaced only when whole.
"""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from calibration.chains import SUMMARY, summary, walk
from calibration.figures import LAST_YEAR, label
from calibration.files import replace
from calibration.hindcast import committed, texts
from calibration.identify import PROFILED, conditioning, identification, natural, profile
from calibration.joint import Joint
from calibration.posterior import DRAWS, FOLDER, MANIFEST, columns, fingerprint, posterior
from calibration.priors import table_scores
from calibration.report import IDENTIFIED, PROFILES
from calibration.sampler import Proposals, Randomised, Tuned, refine, tune
from calibration.score import RATE, baseline, table_text
from calibration.tables import write_tables
from model import simulate
from model.simulation import loaded_model, model_fingerprint

STARTS = 4
BATCH = 100
STAGES = ("hazards", "starts", "pilot", "proposals")
"""Stages that draw random numbers each have a stream of their own."""
PILOT = 1000
"""Proposals that improve the normal of the noise and are then left out."""
PER_DRAW = 24
"""Proposals for every draw kept: neighbours in a chain are often the same point."""
START_SPREAD = 0.7
"""How far random starts lie from the table, in normal scores and a third of it in logarithms."""
RATE_YEARS = (2025, 2035)
"""Years whose rate tells whether the point estimate and the best point differ."""
WORK = FOLDER.parent / "out" / "calibration"
Report = Callable[[str, int, int], None]
"""Called with a stage, the work done and the work there is."""


@dataclass(frozen=True)
class Settings:
    """What a user may choose."""

    seed: int = 2020
    draws: int = 600
    through: int = LAST_YEAR
    resume: bool = False
    folder: Path = FOLDER
    work: Path = WORK

    @property
    def place(self) -> Path:
        """The folder of this run's work, named by all that it follows from."""
        return self.work / f"{fingerprint(self.through)}-{self.seed}-{self.draws}"


def keep(path: Path, make: Callable[[], dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Return the arrays of a file, made and written first when there is none."""
    if not path.exists():
        beside = path.with_suffix(".new.npz")
        np.savez(beside, **make())  # pyright: ignore[reportArgumentType]
        beside.replace(path)
    with np.load(path) as held:
        return dict(held)


def fitted_hazards(problem: Joint, settings: Settings, report: Report) -> np.ndarray:
    """Return logarithms of the hazards of the point estimate, (hazard, region).

    Those committed for a nowcast, which leaves the point estimate alone.
    """
    if settings.through != LAST_YEAR:
        return committed()
    report("hazards", 0, 1)
    hazards = problem.hindcast.fit()
    report("hazards", 1, 1)
    return hazards


def best_point(
    problem: Joint, hazards: np.ndarray, settings: Settings, report: Report
) -> dict[str, np.ndarray]:
    """Return the best point of several starts, its Jacobian, and every start's loss.

    The first start is the point estimate: the tables' values and the fitted hazards.
    """
    results = []
    for start in range(STARTS):
        report("starts", start, STARTS)
        point = np.concatenate([table_scores(), hazards.ravel()])
        if start:
            generator = np.random.default_rng([settings.seed, STAGES.index("starts"), start])
            spread = np.full(problem.size, START_SPREAD / 3)
            spread[: problem.scores] = START_SPREAD
            point = point + spread * generator.standard_normal(problem.size)
        results.append(problem.optimise(point, tolerance=1e-8))
    report("starts", STARTS, STARTS)
    best = min(results, key=lambda result: result.cost)
    losses = np.array([result.cost for result in results])
    return {"best": best.x, "jacobian": best.jac, "losses": losses}


def tuned(randomised: Randomised, problem: Joint) -> dict[str, np.ndarray]:
    """Return mean and widths of the normal that noise is drawn from."""
    found = tune(randomised.solve, Tuned(np.zeros(problem.size), np.ones(problem.size)))
    return {"mean": found.mean, "width": found.width}


def proposals(
    randomised: Randomised,
    normal: Tuned,
    settings: Settings,
    stage: str,
    count: int,
    report: Report,
) -> Proposals:
    """Return at least `count` proposals, made batch by batch; weights are those under `normal`."""
    batches = -(-count // BATCH)
    parts = []
    for batch in range(batches):
        report(stage, batch * BATCH, batches * BATCH)

        def make(number: int = batch) -> dict[str, np.ndarray]:
            generator = np.random.default_rng([settings.seed, STAGES.index(stage), number])
            found = randomised.solve(normal.draw(generator, BATCH))
            weights = found.weights + normal.correction(found.noise)
            return {"noise": found.noise, "points": found.points, "weights": weights}

        parts.append(keep(settings.place / f"{stage}-{batch:04d}.npz", make))
    report(stage, batches * BATCH, batches * BATCH)
    joined = (np.concatenate([part[name] for part in parts]) for name in parts[0])
    return Proposals(*joined)


def run_chains(
    problem: Joint, found: Proposals, settings: Settings
) -> tuple[np.ndarray, pd.DataFrame, dict[str, Any]]:
    """Return the draws kept (draw, point) in random order, and how the chains did."""
    generator = np.random.default_rng([settings.seed, len(STAGES)])
    walked, moved = walk(found, generator)
    flat = walked.reshape(-1, walked.shape[2])
    table = summary(columns(), natural(problem, flat).reshape(walked.shape))
    spaced = np.linspace(0, len(flat) - 1, settings.draws).round().astype(int)
    kept = flat[generator.permutation(spaced)]
    sizes = table[["ess_bulk", "ess_tail"]].to_numpy(float)
    return (
        kept,
        table,
        {
            "chains": walked.shape[0],
            "steps": walked.shape[1],
            "acceptance": [round(float(each), 3) for each in moved],
            "r_hat_largest": round(float(table["r_hat"].to_numpy(float).max()), 4),
            "effective_sample_size_smallest": round(float(sizes.min())),
            "effective_sample_size_median": round(float(np.median(sizes[:, 0]))),
            "distinct_draws": len(np.unique(kept, axis=0)),
        },
    )


def calibrate(settings: Settings, report: Report) -> dict[str, Any]:
    """Run everything and write the tables into the settings' folder; return the manifest.

    A nowcast (`through` later than 2020) leaves the point estimate alone and must be written to
    another folder than the calibration's. Raises ValueError when it is not.
    """
    if settings.through != LAST_YEAR and settings.folder == FOLDER:
        raise ValueError("a nowcast may not replace the calibration")
    problem = Joint(settings.through)
    work = settings.place
    if not settings.resume and work.exists():
        shutil.rmtree(work)
    work.mkdir(parents=True, exist_ok=True)
    settings.folder.mkdir(parents=True, exist_ok=True)
    hazards = keep(
        work / "hazards.npz", lambda: {"hazards": fitted_hazards(problem, settings, report)}
    )["hazards"]
    found = keep(work / "best.npz", lambda: best_point(problem, hazards, settings, report))
    best = found["best"]
    profiles = profile_table(problem, best, work, report)
    randomised = Randomised(problem, best)
    report("tuning", 0, 1)
    normal = Tuned(**keep(work / "tuned.npz", lambda: tuned(randomised, problem)))
    report("tuning", 1, 1)
    pilot = proposals(randomised, normal, settings, "pilot", PILOT, report)
    normal = refine(normal, pilot.noise, pilot.weights)
    count = settings.draws * PER_DRAW
    made = proposals(randomised, normal, settings, "proposals", count, report)
    draws, table, chains = run_chains(problem, made, settings)
    point = np.concatenate([table_scores(), hazards.ravel()])
    information = conditioning(found["jacobian"][: information_rows(problem)])
    whole = conditioning(found["jacobian"])
    manifest = {
        "label": label(settings.through),
        "fingerprint": fingerprint(settings.through),
        "through": settings.through,
        "seed": settings.seed,
        "draws": settings.draws,
        **chains,
        "losses_of_starts": [round(float(loss), 4) for loss in found["losses"]],
        "figures": information_rows(problem),
        "parameters": problem.size,
        "loss_of_point_estimate": round(loss(problem, point), 4),
        "rank_of_figures": information.rank,
        "rank_with_priors": whole.rank,
        "condition_with_priors": round(whole.condition, 1),
    }
    report("tables", 0, 1)
    manifest["rates_of_point_estimate"] = rates_at(problem, point)
    manifest["rates_of_best_point"] = rates_at(problem, best)
    shown = pd.DataFrame(natural(problem, draws), columns=columns())
    tables = {
        PROFILES: table_text(profiles),
        IDENTIFIED: table_text(identification(problem, best, draws)),
        SUMMARY: table_text(table),
        DRAWS: table_text(shown),
        MANIFEST: json.dumps(manifest, ensure_ascii=False, indent=1) + "\n",
    }
    written = {settings.folder / name: text for name, text in tables.items()}
    if settings.folder == FOLDER:
        written |= texts(problem.hindcast, hazards)
    replace(written)
    # What was read before belongs to the former tables.
    for cached in (posterior, loaded_model, model_fingerprint):
        cached.cache_clear()
    write_tables(settings.folder)
    report("tables", 1, 1)
    return manifest


def loss(problem: Joint, point: np.ndarray) -> float:
    """Return half the sum of squared residuals at a point."""
    return 0.5 * float((problem.residuals(point[None]) ** 2).sum())


def rates_at(problem: Joint, point: np.ndarray) -> dict[str, float]:
    """Return the baseline's rate of the province by year, in percent, at a point."""
    runs = simulate([baseline()], outputs=[RATE], parameters=problem.inputs(point[None]))
    rates = runs[RATE].sel(region="shandong").isel(scenario=0)
    return {str(year): round(float(rates.sel(time=year)), 2) for year in RATE_YEARS}


def information_rows(problem: Joint) -> int:
    """Return the number of figures in the fit."""
    return problem.hindcast.observed.size + len(problem.figures)


def profile_table(problem: Joint, best: np.ndarray, work: Path, report: Report) -> pd.DataFrame:
    """Return the profiles of a few parameters; each is kept in a file of work."""
    parts = []
    for index, name in enumerate(PROFILED):
        report("profiles", index, len(PROFILED))

        def make(profiled: str = name) -> dict[str, np.ndarray]:
            table = profile(problem, best, profiled)
            return {key: table[key].to_numpy() for key in ("value", "loss", "misfit")}

        held = keep(work / f"profile-{index}.npz", make)
        parts.append(pd.DataFrame(held).assign(parameter=name))
    report("profiles", len(PROFILED), len(PROFILED))
    return pd.concat(parts).reindex(columns=["parameter", "value", "loss", "misfit"])
