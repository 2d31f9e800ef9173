"""What may happen to the province after 2020 from outside the model: one path per draw.

Fertility and the land market walk at random from their level of 2020, by steps as large as their
yearly changes until 2020; the other drivers are one unknown number each. Nothing later than 2020
enters. Paths stay within the range of the assumption they stand for.
"""

import numpy as np
import xarray as xr

from calibration.priors import Prior, level
from model import levers

FIRST_YEAR = 2020


def outlook(draws: int, last: int, seed: int) -> dict[str, xr.DataArray]:
    """Return paths by id of the assumption, dimensions run and time (years 2020 to `last`).

    The same seed gives draw i the same path, however many draws or years there are.
    """
    years = np.arange(FIRST_YEAR, last + 1, dtype=float)
    return {
        name: xr.DataArray(
            path(prior, shocks(draws, len(years), seed, index)),
            {"time": years},
            ("run", "time"),
        )
        for index, (name, prior) in enumerate(level("driver").items())
    }


def shocks(draws: int, years: int, seed: int, driver: int) -> np.ndarray:
    """Return standard normal numbers (draw, year), one stream per driver and year."""
    streams = [np.random.default_rng([seed, 4, driver, year]) for year in range(years)]
    return np.stack([stream.standard_normal(draws) for stream in streams], axis=1)


def path(prior: Prior, normal: np.ndarray) -> np.ndarray:
    """Return a driver's values (draw, year) from standard normal numbers of the same shape."""
    lever = levers()[prior.name]
    if prior.distribution == "random walk":
        steps = np.concatenate([np.zeros((len(normal), 1)), normal[:, 1:]], axis=1)
        values = float(lever.status_quo[0]) * np.exp(prior.high * np.cumsum(steps, axis=1))
    else:
        values = np.repeat(prior.values(normal[:, :1]), normal.shape[1], axis=1)
    return np.clip(values, lever.low, lever.high)
