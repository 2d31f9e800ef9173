"""The urbanisation model: its codelists, its scenarios and one call that runs them.

from model import load_scenario, simulate
dataset = simulate(load_scenario("scenarios/baseline.yaml"))
"""

from typing import TYPE_CHECKING, Any

from model.codelists import (
    Lever,
    Output,
    Region,
    Target,
    levers,
    outputs,
    region_ids,
    regions,
    targets,
)
from model.scenario import Scenario, load_scenario, read_scenario
from model.scenario.files import shipped_scenarios
from model.scenario.paths import LeverPath
from model.scenario.problems import Problem, ScenarioError

if TYPE_CHECKING:
    from model.simulation import InvariantError, simulate

__all__ = [
    "InvariantError",
    "Lever",
    "LeverPath",
    "Output",
    "Problem",
    "Region",
    "Scenario",
    "ScenarioError",
    "Target",
    "levers",
    "load_scenario",
    "outputs",
    "read_scenario",
    "region_ids",
    "regions",
    "shipped_scenarios",
    "simulate",
    "targets",
]


def __getattr__(name: str) -> Any:
    """Import the simulation only when it is asked for: checking a scenario needs no engine."""
    if name in ("InvariantError", "simulate"):
        from model import simulation

        return getattr(simulation, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
