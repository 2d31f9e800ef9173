"""What `cli.py` prints about a run: targets, main results, differences, as text or plain data."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from analysis.comparison import area_names, lever_differences
from analysis.targets import Assessment, assess, first_year, relevant_targets
from analysis.text_table import text_table
from model.codelists import Target, levers, outputs, region_ids, regions
from model.messages import translate
from model.scenario import Scenario

MAIN_OUTPUTS = (
    "urbanisation_rate_resident",
    "urbanisation_rate_hukou",
    "resident_population",
    "urban_population",
    "hukou_conversions",
    "net_migration",
    "income_ratio",
    "urban_construction_land",
    "land_revenue",
    "fiscal_balance",
    "debt_ratio",
    "service_adequacy",
)


def report_text(
    runs: Sequence[xr.Dataset],
    scenarios: Sequence[Scenario],
    names: Sequence[str],
    region: str,
    years: Sequence[int],
    language: str,
) -> str:
    """Return targets and results of one run; of several, results as differences from the first,
    and what the scenarios set differently."""
    parts = [targets_text(runs, scenarios, region, language)]
    if len(runs) == 1:
        parts += [outputs_text(runs[0], names, region, years, language)] if names else []
    else:
        for year in years[1:] if names else ():
            parts.append(differences_text(runs, scenarios, names, region, year, language))
        parts.append(levers_text(scenarios, language))
    return "\n\n".join(parts)


def targets_text(
    runs: Sequence[xr.Dataset], scenarios: Sequence[Scenario], region: str, language: str
) -> str:
    """Return a region's targets and how each run stands against them."""
    name = regions()[region].name(language)
    chosen = relevant_targets(region)
    if not chosen:
        return translate("cli.no_targets", language, region=name)
    found = [assess(run, chosen) for run in runs]
    if len(runs) == 1:
        columns = ("target", "year", "wanted", "result", "gap", "met", "first_met")
        rows = [target_row(each, language) for each in found[0]]
    else:
        columns = ("target", "year", "wanted")
        rows = [
            [*target_head(target, language), *(verdict(each[index], language) for each in found)]
            for index, target in enumerate(chosen)
        ]
    header = [translate(f"cli.{column}", language) for column in columns]
    header += [each.title[language] for each in scenarios] if len(runs) > 1 else []
    title = translate("cli.targets_title", language, region=name)
    return f"{title}\n{text_table(header, rows)}"


def target_head(target: Target, language: str) -> list[str]:
    """Return the cells that name a target: output, year, wanted value."""
    output = outputs()[target.output]
    value = f"{number(target.value, output.digits)} {output.unit_label(language)}"
    wanted = translate(f"cli.{target.sense}", language, value=value)
    if target.since is not None:
        wanted = translate("cli.since", language, year=target.since, value=wanted)
    return [output.name(language), str(target.year), wanted]


def target_row(found: Assessment, language: str) -> list[str]:
    """Return the cells of one target against one run."""
    digits = outputs()[found.target.output].digits
    head = target_head(found.target, language)
    year = first_year(found)
    when = translate("cli.never", language) if year is None else str(year)
    if found.value is None or found.gap is None:
        beyond = translate("cli.beyond", language)
        return [*head, beyond, "", "", when]
    met = translate("cli.yes" if found.met else "cli.no", language)
    return [*head, number(found.value, digits), signed(found.gap, digits), met, when]


def verdict(found: Assessment, language: str) -> str:
    """Return one run's result for a target, and whether it meets it."""
    if found.value is None:
        return translate("cli.beyond", language)
    digits = outputs()[found.target.output].digits
    return f"{number(found.value, digits)} {'✓' if found.met else '✗'}"


def outputs_text(
    run: xr.Dataset, names: Sequence[str], region: str, years: Sequence[int], language: str
) -> str:
    """Return one run's results for a region at the ends of `years`."""
    rows = []
    for output in (outputs()[name] for name in names):
        values = at_years(run, output.id, region, years)
        cells = [number(value, output.digits) for value in values]
        rows.append([output.name(language), output.unit_label(language), *cells])
    header = [translate("cli.output", language), translate("cli.unit", language), *map(str, years)]
    title = translate("cli.outputs_title", language, region=regions()[region].name(language))
    return f"{title}\n{text_table(header, rows, left=2)}"


def differences_text(
    runs: Sequence[xr.Dataset],
    scenarios: Sequence[Scenario],
    names: Sequence[str],
    region: str,
    year: int,
    language: str,
) -> str:
    """Return results at the end of `year`: the first scenario's, the others' differences."""
    rows = []
    for output in (outputs()[name] for name in names):
        values = [at_years(run, output.id, region, [year])[0] for run in runs]
        cells = [signed(value - values[0], output.digits) for value in values[1:]]
        first = number(values[0], output.digits)
        rows.append([output.name(language), output.unit_label(language), first, *cells])
    titles = [each.title[language] for each in scenarios]
    header = [translate("cli.output", language), translate("cli.unit", language), *titles]
    where = regions()[region].name(language)
    title = translate("cli.differences_title", language, region=where, base=titles[0], year=year)
    return f"{title}\n{text_table(header, rows, left=2)}"


def levers_text(scenarios: Sequence[Scenario], language: str) -> str:
    """Return what the scenarios set differently."""
    frame = lever_differences(scenarios)
    if frame.empty:
        return translate("cli.no_levers", language)
    rows = []
    for record in frame.to_dict("records"):
        lever = levers()[record["lever"]]
        label = f"{lever.name(language)} [{lever.unit_label(language)}]"
        cells = [number(record[index], lever.digits) for index in range(len(scenarios))]
        area = area_text(record["regions"], language)
        rows.append([label, area, str(record["year"]), *cells])
    names = [translate(f"cli.{each}", language) for each in ("lever", "area", "year")]
    header = [*names, *(each.title[language] for each in scenarios)]
    return f"{translate('cli.levers_title', language)}\n{text_table(header, rows, left=2)}"


def area_text(names: Sequence[str], language: str) -> str:
    """Return the names of areas; nearly all of the province reads as the province less a few."""
    covered = {member for name in names for member in regions()[name].members}
    others = [code for code in region_ids() if code not in covered]
    comma = translate("cli.listed", language)
    if len(names) <= len(others) + 1:
        return comma.join(regions()[name].name(language) for name in names)
    left_out = comma.join(regions()[name].name(language) for name in area_names(others))
    province = regions()["shandong"].name(language)
    return translate("cli.area_except", language, area=province, others=left_out)


def run_data(
    run: xr.Dataset, scenario: Scenario, names: Sequence[str], region: str, years: Sequence[int]
) -> dict[str, Any]:
    """Return one run as plain data for JSON: targets and results of a region by year."""
    return {
        "scenario": scenario.id,
        "title": dict(scenario.title),
        "fingerprint": scenario.fingerprint,
        "region": region,
        "targets": [assessment_data(each) for each in assess(run, relevant_targets(region))],
        "outputs": {
            name: {
                "unit": outputs()[name].unit,
                "values": dict(
                    zip(map(str, years), at_years(run, name, region, years), strict=True)
                ),
            }
            for name in names
        },
    }


def assessment_data(found: Assessment) -> Mapping[str, Any]:
    """Return an assessment as plain data for JSON."""
    target = found.target
    return {
        "id": target.id,
        "output": target.output,
        "year": target.year,
        "since": target.since,
        "sense": target.sense,
        "target": target.value,
        "unit": target.unit,
        "value": found.value,
        "gap": found.gap,
        "met": found.met,
        "first_met": found.first_met,
    }


def at_years(run: xr.Dataset, output: str, region: str, years: Sequence[int]) -> list[float]:
    """Return a region's results at the ends of `years`."""
    series = run[output].sel(region=region, time=[float(year) for year in years])
    return [float(value) for value in np.asarray(series.values)]


def number(value: float, digits: int) -> str:
    """Return a figure with thousands separated; a negative zero shows as zero."""
    text = f"{value:,.{digits}f}"
    return text.removeprefix("-") if not text.strip("-0.,") else text


def signed(value: float, digits: int) -> str:
    """Return a difference with its sign."""
    text = number(value, digits)
    return text if text.startswith("-") or not text.strip("0.,") else f"+{text}"
