"""What `cli.py sure` prints: bands, chances, and the assumptions that outweigh a band."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from analysis.assumptions import Outweighing, effects_of, outweighing
from analysis.bands import chance, edges
from analysis.targets import relevant_targets
from analysis.text_report import number, signed
from analysis.text_table import text_table
from calibration.ensemble import ensemble
from calibration.posterior import posterior
from calibration.sensitivity import YEARS, headlines
from model.codelists import outputs, regions, targets
from model.messages import translate
from model.scenario import Scenario

INCREASE = "*"


def sureness(scenario: Scenario, region: str) -> list[dict[str, Any]]:
    """Return how sure a region's headline outputs of 2025 and 2035 are, one record each.

    Keys output, year, low and high (the ends of the band), chances (part of the draws that meet
    each target of that output and year, by target id), and outweighed_by (`Outweighing` records).
    Raises model.InvariantError.
    """
    names = headlines(region)
    draws = ensemble(scenario, names, end=YEARS[-1])
    table = effects_of(scenario, draws)
    found = []
    for output in names:
        low, high = edges(draws, output, region)
        for year in YEARS:
            place = int(np.flatnonzero(draws["time"].to_numpy() == year)[0])
            met = {
                target.id: chance(draws, target)
                for target in relevant_targets(region)
                if (target.output, target.year) == (output, year)
            }
            found.append(
                {
                    "output": output,
                    "year": year,
                    "low": float(low[place]),
                    "high": float(high[place]),
                    "chances": met,
                    "outweighed_by": outweighing(region, output, year, table),
                }
            )
    return found


def sureness_data(
    found: list[dict[str, Any]], scenario: Scenario, region: str
) -> Mapping[str, Any]:
    """Return the records of `sureness` as plain data for JSON, with what they are made from."""
    return {
        "scenario": scenario.id,
        "title": dict(scenario.title),
        "fingerprint": scenario.fingerprint,
        "region": region,
        "draws": posterior().manifest["fingerprint"],
        "results": [
            {**each, "outweighed_by": [plain(one) for one in each["outweighed_by"]]}
            for each in found
        ],
    }


def plain(each: Outweighing) -> Mapping[str, Any]:
    """Return an assumption that outweighs a band as plain data."""
    return {
        "assumption": each.assumption.variable,
        "low_change": each.low_change,
        "high_change": each.high_change,
        "times_the_band": each.share,
    }


def sureness_text(found: list[dict[str, Any]], region: str, language: str) -> str:
    """Return the records of `sureness` as a table, and below it what outweighs each band."""
    rows, lines = [], []
    for each in found:
        output = outputs()[each["output"]]
        label = f"{output.name(language)} [{output.unit_label(language)}]"
        ends = [number(each[key], output.digits) for key in ("low", "high")]
        chances = [likely(name, part, language) for name, part in each["chances"].items()]
        rows.append([label, str(each["year"]), *ends, ", ".join(chances)])
        names = [named(one, output.digits, language) for one in each["outweighed_by"]]
        if names:
            joined = translate("cli.listed", language).join(names)
            lines.append(f"  {output.name(language)} {each['year']}: {joined}")
    header = [
        translate(f"cli.{key}", language) for key in ("output", "year", "low", "high", "chance")
    ]
    title = translate("cli.sure_title", language, region=regions()[region].name(language))
    parts = [f"{title}\n{text_table(header, rows)}"]
    if any(row[-1].endswith(INCREASE) for row in rows):
        parts[0] += "\n" + translate("cli.increases", language)
    if lines:
        parts.append("\n".join([translate("cli.outweighed", language), *lines]))
    return "\n\n".join(parts)


def likely(target: str, part: float, language: str) -> str:
    """Return the chance of a target, marked where the target is an increase; the ends are not
    called certain."""
    words = f"{100 * part:.0f}%"
    if not 0.01 <= part <= 0.99:
        words = translate(f"cards.chance_{'low' if part < 0.5 else 'high'}", language)
    return words + (INCREASE if targets()[target].since is not None else "")


def named(each: Outweighing, digits: int, language: str) -> str:
    """Return an assumption with what either end of its range adds to the answer."""
    ends = " / ".join(signed(value, digits) for value in (each.low_change, each.high_change))
    return f"{each.assumption.name(language)} ({ends})"
