"""Where urban growth comes from: migration, reclassification in place, natural increase."""

from dataclasses import dataclass

import xarray as xr

PARTS = ("migration", "reclassification", "natural")


@dataclass(frozen=True)
class GrowthSplit:
    """The change of urban residents from the end of `start` to the end of `end`, in persons.

    `parts` are the same change by source, in the order of `PARTS`; they add up to `change`.
    """

    region: str
    start: int
    end: int
    change: float
    parts: dict[str, float]

    @property
    def largest(self) -> str:
        """The part that adds most."""
        return max(self.parts, key=lambda part: self.parts[part])


def growth_split(dataset: xr.Dataset, region: str, start: int, end: int) -> GrowthSplit:
    """Return the split of urban growth over (start, end], from one run with yearly times.

    A flow stamped 2025 covers the year that ends then, so the flows after `start` add up to the
    change. Raises KeyError when the run lacks a year, the region or one of the outputs.
    """
    here = dataset.sel(region=region)
    years = [float(year) for year in range(start + 1, end + 1)]
    urban = here["urban_population"]
    return GrowthSplit(
        region,
        start,
        end,
        change=float(urban.sel(time=float(end)) - urban.sel(time=float(start))),
        parts={part: float(here[f"urban_growth_{part}"].sel(time=years).sum()) for part in PARTS},
    )
