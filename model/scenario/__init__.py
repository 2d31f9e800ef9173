"""Scenarios: from a YAML file to one resolved value path per lever and region.

The stages are the files: `files` and `yaml` read, `checks` reports all that is wrong at once
(`problems`), `definition` states what overrides what, `paths` are the values over time, `load`
joins them into a `Scenario`, and `text` writes one back.
"""

from model.scenario.load import Scenario, load_scenario, read_scenario

__all__ = ["Scenario", "load_scenario", "read_scenario"]
