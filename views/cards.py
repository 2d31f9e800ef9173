"""Cards of the Overview page: a target and how far the model is from it; a key figure."""

from collections.abc import Mapping, Sequence

from analysis.targets import Assessment, first_year
from model import outputs
from model.codelists import Target, regions
from views.finding import goal
from views.language import Scale, current, name, scale, t
from views.markup import esc, sparkline
from views.observations import observations
from views.reliance import beside, outweighed
from views.results import Run
from views.sureness import available

START = 2020

FIGURES = (
    "hukou_conversions",
    "net_migration",
    "resident_population",
    "income_ratio",
    "urban_construction_land",
    "land_revenue",
    "debt_ratio",
    "service_adequacy",
)


def target_cards(
    found: Sequence[Assessment], run: Run, chances: Mapping[str, str] | None = None
) -> str:
    """Return the cards of targets against a run, with the chance of each that has one.

    Assumptions that outweigh a band are named on the card once they are known.
    """
    known = chances or {}
    made = (target_card(each, run, known.get(each.target.id)) for each in found)
    return f'<div class="rq-cards">{"".join(made)}</div>'


def target_card(each: Assessment, run: Run, chance: str | None) -> str:
    """Return one target: what the model gives, how far off, since when, and the plan's words."""
    target = each.target
    output = outputs()[target.output]
    shown = scale(output, [target.value])
    state = status(each)
    value = "–" if each.value is None else shown.number(each.value)
    heading = f"{name(regions()[target.region])} · {subject(target)}"
    return (
        f'<article class="rq-card rq-{state}" data-target="{esc(target.id)}">'
        f"<header><h4>{esc(heading)}</h4>"
        f'<span class="rq-badge">{esc(t(f"cards.{state}"))}</span></header>'
        f'<div class="rq-figure"><b>{value}</b><span>{esc(shown.unit)}</span>'
        f"<span>{esc(t('cards.at_year', year=target.year))}</span></div>"
        f"{bar(each, start_value(target, run))}{facts(each, run, shown, chance)}"
        f"{hangs_on(target, run)}"
        f'<blockquote><span lang="zh">{esc(t("cards.quote", quote=target.quote))}</span>'
        f"<cite>{esc(target.plan(current()))}</cite>{note(target)}</blockquote></article>"
    )


def hangs_on(target: Target, run: Run) -> str:
    """Return the assumptions that outweigh the band of the level that a target is about; of an
    increase, that none was tried."""
    if target.since is not None:
        said = t("reliance.increase", since=target.since) if available() else ""
        return f'<div class="rq-untried">{esc(said)}</div>' if said else ""
    found = outweighed(run, target.output, target.region) or {}
    return beside(target.output, found.get(target.year, ()))


def status(each: Assessment) -> str:
    """Return "superseded", "met" or "missed"."""
    if each.target.status == "superseded":
        return "superseded"
    return "met" if each.met else "missed"


def subject(target: Target) -> str:
    """Return what a target is about: an output, or its change since a year."""
    output = name(outputs()[target.output])
    if target.since is None:
        return output
    return t("cards.increase_since", output=output, since=target.since)


def start_value(target: Target, run: Run) -> float:
    """Return the value at the start, in the terms of the target: a change starts at zero."""
    if target.since is not None:
        return 0.0
    return run.value(target.output, target.region, START)


def bar(each: Assessment, start: float) -> str:
    """Return a bar of the way from the start to the target that the model covers."""
    distance = each.target.value - start
    if each.value is None:
        return ""
    if each.met:  # also a limit kept from the start, to which there was no way to go
        share = 1.0
    else:
        share = min(max((each.value - start) / distance, 0.0), 1.0) if abs(distance) > 1e-9 else 0.0
    return f'<div class="rq-bar" aria-hidden="true"><i style="width:{100 * share:.0f}%"></i></div>'


def facts(each: Assessment, run: Run, shown: Scale, chance: str | None) -> str:
    """Return the figures of a card: target, gap, chance, start and the year it is first met."""
    target = each.target
    rows = [(t("cards.goal", year=target.year), goal(target))]
    if each.gap is not None:
        unit = t("cards.points") if shown.unit == "%" else shown.unit
        rows.append((t("cards.gap"), f"{shown.number(each.gap, signed=True)} {unit}"))
    if chance is not None:
        rows.append((t("cards.chance"), chance))
    if target.since is None:
        rows.append((t("cards.start"), shown.text(start_value(target, run))))
        for seen in observations(target.region, target.output):
            if seen.year == target.year:
                rows.append((t("cards.observed", year=seen.year), shown.text(seen.value)))
    rows.append((t("cards.first_met"), first_met(each, run)))
    items = "".join(f"<dt>{esc(label)}</dt><dd>{esc(value)}</dd>" for label, value in rows)
    return f"<dl>{items}</dl>"


def first_met(each: Assessment, run: Run) -> str:
    """Return the calendar year in which a target is first met, in words."""
    if each.first_met is None:
        return t("cards.not_met", year=run.times[-1])
    if each.first_met <= START:
        return t("cards.from_start")
    return t("cards.year", year=first_year(each))


def note(target: Target) -> str:
    """Return the note of a target, when it has one."""
    text = target.note(current())
    return f"<cite>{esc(text)}</cite>" if text else ""


def figure_cards(run: Run, region: str, codes: Sequence[str] = FIGURES) -> str:
    """Return the cards of key figures: the value in the last year, and the way to it."""
    return f'<div class="rq-figures">{"".join(figure_card(run, region, c) for c in codes)}</div>'


def figure_card(run: Run, region: str, code: str) -> str:
    """Return one key figure with its unit, its change and a small line."""
    output = outputs()[code]
    values = run.series(code, region)
    shown = scale(output, values)
    change = shown.number(values[-1] - values[0], signed=True)
    middle = run.value(code, region, 2025)
    years = t("overview.figure_years", start=shown.number(values[0]), middle=shown.number(middle))
    return (
        f'<div class="rq-card" title="{esc(output.description(current()))}">'
        f"<header><h4>{esc(name(output))}</h4></header>"
        f'<div class="rq-figure"><b>{shown.number(values[-1])}</b><span>{esc(shown.unit)}</span>'
        f"</div>{sparkline([float(v) for v in values])}"
        f'<div class="rq-muted">{esc(t("overview.figure_note", change=change))}<br>'
        f"{esc(years)}</div></div>"
    )
