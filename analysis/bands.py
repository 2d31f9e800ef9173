"""How sure the model is: a scenario's spread over the posterior, and the chance of a target."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from analysis.targets import margin, value_at
from calibration.ensemble import ensemble
from calibration.posterior import Posterior, posterior
from model import Scenario
from model.codelists import Target, targets

SHARE = 0.8
"""Part of the draws that lies inside a band."""


@dataclass(frozen=True)
class Bands:
    """A scenario over the posterior's draws.

    `low`, `middle` and `high` have the outputs by region and year-end: the ends of the central
    `share` of the draws, and their median. `chances` are parts of the draws, by target id, that
    meet a target in its year. `label` says what figures the draws rest on.
    """

    scenario: str
    draws: int
    share: float
    label: str
    fingerprint: str
    low: xr.Dataset
    middle: xr.Dataset
    high: xr.Dataset
    chances: Mapping[str, float]


def bands(
    scenarios: Sequence[Scenario],
    outputs: Iterable[str],
    *,
    draws: int | None = None,
    share: float = SHARE,
    end: int = 2035,
    found: Posterior | None = None,
) -> list[Bands]:
    """Return the bands of each scenario, one engine call apiece.

    Chances are given for every target whose output is among `outputs` and whose year the run
    reaches. `draws` takes the first so many draws, all when None; `found` replaces the committed
    posterior. Raises what `calibration.ensemble.ensemble` raises.
    """
    names = list(outputs)
    found = posterior() if found is None else found
    return [
        summary(
            scenario, ensemble(scenario, names, draws=draws, end=end, found=found), share, found
        )
        for scenario in scenarios
    ]


def summary(scenario: Scenario, runs: xr.Dataset, share: float, found: Posterior) -> Bands:
    """Return the bands and chances of one scenario's draws."""
    ends = [(1 - share) / 2, 0.5, (1 + share) / 2]
    quantiles = {
        name: np.quantile(values.to_numpy(), ends, axis=values.get_axis_num("draw"))
        for name, values in runs.data_vars.items()
    }
    low, middle, high = (
        xr.Dataset(
            {
                name: (runs[name].dims[1:], values[index], runs[name].attrs)
                for name, values in quantiles.items()
            },
            runs.drop_dims("draw").coords,
        )
        for index in range(len(ends))
    )
    chosen = [target for target in targets().values() if target.output in runs.data_vars]
    chances = {target.id: part for target in chosen if (part := chance(runs, target)) is not None}
    return Bands(
        scenario.id,
        runs.sizes["draw"],
        share,
        found.manifest["label"],
        found.manifest["fingerprint"],
        low,
        middle,
        high,
        chances,
    )


def chance(runs: xr.Dataset, target: Target) -> float | None:
    """Return the part of the draws that meet a target in its year, None beyond the run.

    `runs` has the target's output by draw, region and time; a target met is what
    `analysis.targets` calls met.
    """
    series = runs[target.output].sel(region=target.region).transpose("draw", "time").to_numpy()
    times = runs["time"].to_numpy()
    values = [value_at(times, each, target.year) for each in series]
    if target.since is not None:
        before = [value_at(times, each, target.since) for each in series]
        values = [
            None if value is None or base is None else value - base
            for value, base in zip(values, before, strict=True)
        ]
    reached = [value for value in values if value is not None]
    if not reached:
        return None
    return float((margin(target, np.array(reached)) >= 0).mean())
