"""The figures of the finding that opens the Overview; the page puts them into words."""

from dataclasses import dataclass

import xarray as xr

from analysis.growth import GrowthSplit, growth_split
from analysis.targets import Assessment, assess, relevant_targets


@dataclass(frozen=True)
class Finding:
    """What one run says about one region.

    `rate_start` and `rate_end` are the resident urbanisation rate (percent) at the ends of
    `start` and `end`; `growth` splits the change of urban residents between them. `assessments`
    cover the region's current targets, in the order of the file.
    """

    region: str
    start: int
    end: int
    rate_start: float
    rate_end: float
    growth: GrowthSplit
    assessments: tuple[Assessment, ...]

    @property
    def met(self) -> tuple[Assessment, ...]:
        """The targets that are met at their dates."""
        return tuple(each for each in self.assessments if each.met is True)

    @property
    def missed(self) -> tuple[Assessment, ...]:
        """The targets that are missed at their dates."""
        return tuple(each for each in self.assessments if each.met is False)

    @property
    def hardest(self) -> Assessment | None:
        """The missed target that is farthest off, relative to its value."""
        return max(
            self.missed, key=lambda each: abs(each.gap or 0.0) / each.target.value, default=None
        )


def finding(dataset: xr.Dataset, region: str, start: int = 2020, end: int = 2035) -> Finding:
    """Return the finding for a region from one run (no `scenario` dimension) with yearly times.

    Raises KeyError when the run lacks an output, the region or one of the years.
    """
    rate = dataset["urbanisation_rate_resident"].sel(region=region)
    return Finding(
        region,
        start,
        end,
        rate_start=float(rate.sel(time=float(start))),
        rate_end=float(rate.sel(time=float(end))),
        growth=growth_split(dataset, region, start, end),
        assessments=assess(dataset, relevant_targets(region)),
    )
