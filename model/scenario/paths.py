"""A lever's values over the years: the keys of a scenario file → a value at any model time."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Scenario files speak of calendar years; the model's time stamps are year-ends. Calendar year
# 2025 starts at model time 2024.0.
FIRST_YEAR = 2021
LAST_YEAR = 2050
SHAPES = ("step", "linear")


@dataclass(frozen=True)
class LeverPath:
    """Values by calendar year, in ascending order, and how they join.

    "step": a year's value holds from the start of that year until the next key.
    "linear": a straight line between the starts of the keys' years, from the status quo at the
    start of 2021 unless 2021 has a key.
    Either way the status quo holds before 2021 and the last value after the last key.
    """

    keys: tuple[tuple[int, float], ...]
    shape: str = "step"

    @classmethod
    def constant(cls, value: float) -> "LeverPath":
        """Return the path that takes `value` from 2021 on."""
        return cls(((FIRST_YEAR, float(value)),))

    def values(self, times: ArrayLike, status_quo: float) -> NDArray[np.float64]:
        """Return the values at model `times` (year-ends), shape (len(times),)."""
        at = np.asarray(times, dtype=np.float64)
        starts = np.array([year - 1.0 for year, _ in self.keys])
        levels = np.array([value for _, value in self.keys])
        if self.shape == "linear":
            if self.keys[0][0] > FIRST_YEAR:
                starts = np.concatenate([[FIRST_YEAR - 1.0], starts])
                levels = np.concatenate([[status_quo], levels])
            path = np.interp(at, starts, levels)
        else:
            # A hair of tolerance, so that a time stamp off by rounding is still on the key.
            count = np.searchsorted(starts, at + 1e-9, side="right")
            path = np.concatenate([[status_quo], levels])[count]
        return np.where(at < FIRST_YEAR - 1.0 - 1e-9, status_quo, path)

    def is_status_quo(self, status_quo: float) -> bool:
        """Return whether this path never leaves the status quo."""
        return all(value == status_quo for _, value in self.keys)

    def data(self) -> float | Mapping[int | str, float | str]:
        """Return the path as a scenario file writes it: a number, or years and `path`."""
        if self.shape == "step" and len(self.keys) == 1 and self.keys[0][0] == FIRST_YEAR:
            return self.keys[0][1]
        return {**dict(self.keys), "path": self.shape}
