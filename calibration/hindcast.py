"""Fit the migration hazards so that a run from 2010 reaches the census of 2020.

`python -m calibration.hindcast` writes `model/data/calibrated_hazards.csv` and
`calibration/hindcast_fit.csv`; it is deterministic and uses no figure later than 2020.

The model's own equations run from the tables of the 2010 census. Five hazards per region are
fitted to five counts per region, all as logarithms, by least squares. Each hazard is shrunk
towards its mean over the regions, so that a region whose counts say little keeps the common value.
"""

import hashlib
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
import xarray as xr
from scipy.optimize import least_squares

import engine
from calibration.census import counts, region_ids
from calibration.files import replace
from calibration.statuses import STATUSES, initial_people, status_totals
from model.tables import MODEL_FILE

HAZARDS = {
    "base rural to urban hazard": 0.025,
    "base province leave hazard": 0.008,
    "base outside leave hazard": 0.006,
    "base attraction": 1.0,
    "outside inflow level": 20_000.0,
}
UNITS = ("1/year", "1/year", "1/year", "1", "person/year")
MEASURED = {
    "urban population": 0.001,
    "resident population": 0.001,
    "provincial migrant": 0.05,
    "outside migrant": 0.05,
    "total living outside": 0.15,
}
"""What a run must reach, and the relative error each count is allowed: the census counts are exact
enough, the migrants by kind follow from assumptions on who lives in town, people living outside
are a remainder."""
COUNTED = (
    "urban population",
    "resident population",
    "population by status",
    "total living outside",
)
SHRINKAGE = 0.8
"""Standard deviation of a region's hazard around the mean, as a logarithm."""
HINDCAST = {"INITIAL TIME": 2010, "FINAL TIME": 2020}
FIT_TABLE = Path(__file__).parent / "hindcast_fit.csv"
HAZARD_TABLE = MODEL_FILE.parent / "data" / "calibrated_hazards.csv"


def observed() -> np.ndarray:
    """Return what the run must reach at end-2020, shape (measure, region), persons."""
    totals, _ = status_totals(2020)
    start = initial_people(2020)
    return np.stack(
        [
            counts("urban_resident_population", 2020),
            counts("resident_population", 2020),
            totals[:, STATUSES.index("provincial migrant")],
            totals[:, STATUSES.index("outside migrant")],
            start.absent_outside.sum(axis=1),
        ]
    )


def hazard_inputs(hazards: np.ndarray) -> dict[str, np.ndarray]:
    """Return the model's inputs (run, region) for logarithms of hazards (run, hazard, region)."""
    return {name: np.exp(hazards[:, row]) for row, name in enumerate(HAZARDS)}


def counted(result: xr.Dataset) -> np.ndarray:
    """Return the counts of end-2020, shape (run, measure, region), from a run of `COUNTED`."""
    result = result.sel(time=2020.0)
    status = result["population by status"]
    found = [
        result["urban population"],
        result["resident population"],
        status.sel(Status="provincial migrant"),
        status.sel(Status="outside migrant"),
        result["total living outside"],
    ]
    return np.stack([each.to_numpy() for each in found], axis=1)


class Hindcast:
    """The model from 2010 to 2020 as a function of the logarithms of the hazards."""

    def __init__(self) -> None:
        self.model = engine.load(MODEL_FILE)
        self.observed = observed()
        self.errors = np.array(list(MEASURED.values()))[:, None]
        urban = counts("urban_resident_population", 2010)
        start = np.tile(np.array(list(HAZARDS.values()))[:, None], (1, 17))
        start[3] = urban / urban.mean()
        outside = counts("registered_in_other_province", 2010)
        start[4] = 0.1 * outside
        self.start = np.log(start)

    def reach(self, hazards: np.ndarray) -> np.ndarray:
        """Return the counts of end-2020 (run, measure, region) for (run, hazard, region)."""
        inputs = {**HINDCAST, **hazard_inputs(hazards)}
        return counted(self.model.run(inputs, outputs=list(COUNTED), times=[2020.0]))

    def residuals(self, hazards: np.ndarray) -> np.ndarray:
        """Return (run, residual): misfit over its error, then distance from the common hazard.

        The common hazard is the mean for the rates; for attraction and inflow, which scale with
        the size of a region, it is the starting guess times a common factor.
        """
        misfit = np.log(self.reach(hazards) / self.observed) / self.errors
        relative = hazards - self.start
        distance = (relative - relative.mean(axis=2, keepdims=True)) / SHRINKAGE
        # Attraction is a share: only its differences act, so its mean is pinned.
        scale = relative[:, 3].mean(axis=1, keepdims=True)
        runs = len(hazards)
        return np.concatenate([misfit.reshape(runs, -1), distance.reshape(runs, -1), scale], axis=1)

    def fit(self) -> np.ndarray:
        """Return the fitted hazards as logarithms, shape (hazard, region)."""
        shape = self.start.shape

        def residuals(point: np.ndarray) -> np.ndarray:
            return self.residuals(point.reshape(1, *shape))[0]

        def jacobian(point: np.ndarray) -> np.ndarray:
            step = 1e-5
            points = point + step * np.vstack([np.eye(point.size), -np.eye(point.size)])
            values = self.residuals(points.reshape(-1, *shape))
            return ((values[: point.size] - values[point.size :]) / (2 * step)).T

        result = least_squares(
            residuals, self.start.ravel(), jac=cast(Any, jacobian), x_scale="jac"
        )
        if not result.success:
            raise RuntimeError(f"the fit did not converge: {result.message}")
        return result.x.reshape(shape)


def inputs_fingerprint() -> str:
    """Return a hash of the model and of every table but the fitted ones."""
    digest = hashlib.sha256(MODEL_FILE.read_bytes())
    for path in sorted((MODEL_FILE.parent / "data").glob("*.csv")):
        if path != HAZARD_TABLE:
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def hazard_table(hazards: np.ndarray) -> pd.DataFrame:
    """Return the table of the fitted hazards, with their provenance."""
    rows = [
        {
            "name": name,
            "unit": unit,
            "low": float(np.exp(values.mean() - 0.7)),
            "high": float(np.exp(values.mean() + 0.7)),
            "grade": "estimated",
            "source": "Hindcast from the 2010 to the 2020 census (calibration/hindcast.py)",
            "note": f"Data up to 2020 only; inputs {inputs_fingerprint()}; range of the mean",
        }
        | dict(zip(region_ids(), np.exp(values), strict=True))
        for name, unit, values in zip(HAZARDS, UNITS, hazards, strict=True)
    ]
    return pd.DataFrame(rows)


def fit_table(hindcast: Hindcast, hazards: np.ndarray) -> pd.DataFrame:
    """Return observed and reached counts of 2020, one row per region and measure."""
    reached = hindcast.reach(hazards[None])[0]
    rows = [
        (region, measure, hindcast.observed[row, column], reached[row, column])
        for column, region in enumerate(region_ids())
        for row, measure in enumerate(MEASURED)
    ]
    table = pd.DataFrame(rows, columns=["region", "measure", "observed", "hindcast"])
    table["error_percent"] = 100 * (table["hindcast"] / table["observed"] - 1)
    return table


def committed() -> np.ndarray:
    """Return logarithms of the committed hazards, (hazard, region)."""
    table = pd.read_csv(HAZARD_TABLE, index_col="name")
    return np.log(table[list(region_ids())].to_numpy(float))


def texts(hindcast: Hindcast, hazards: np.ndarray) -> dict[Path, str]:
    """Return the two tables that belong together: the hazards, and what they reach."""
    shown = {"index": False, "lineterminator": "\n"}
    return {
        HAZARD_TABLE: hazard_table(hazards).to_csv(**shown, float_format="%.8g"),
        FIT_TABLE: fit_table(hindcast, hazards).to_csv(**shown, float_format="%.6g"),
    }


def main() -> None:
    """Fit, write both tables and print the largest errors."""
    hindcast = Hindcast()
    hazards = hindcast.fit()
    replace(texts(hindcast, hazards))
    worst = fit_table(hindcast, hazards).groupby("measure")["error_percent"]
    print(worst.agg(lambda errors: errors.abs().max()).round(3).to_string())


if __name__ == "__main__":
    main()
