"""Published figures for the charts, in the unit of the output they stand beside."""

from functools import cache

from analysis.observed import observed
from views.charts import Observation


@cache
def observations(region: str, output: str) -> tuple[Observation, ...]:
    """Return the published figures of an output itself; what only stands in for it is left out."""
    frame = observed(output, region, proxies=False)
    rows = zip(frame["year"], frame["value"], frame["source"], strict=True)
    return tuple(Observation(int(year), float(value), source) for year, value, source in rows)
