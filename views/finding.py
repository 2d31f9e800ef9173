"""The finding in a sentence, built from the figures of a run."""

from analysis.finding import Finding, finding
from analysis.targets import Assessment
from calibration.sensitivity import RATES, YEARS
from model import outputs
from model.codelists import Target, regions
from views.language import name, number, pretty, scale, t
from views.markup import esc
from views.observations import observations
from views.reliance import named, outweighed
from views.results import Run
from views.session import title
from views.sureness import sureness

RATE = "urbanisation_rate_resident"
VISIBLE = 0.05  # percentage points: less than this is not a difference anyone should act on


def sentences(run: Run, baseline: Run, region: str) -> str:
    """Return the finding as HTML: the rate, the targets, where growth comes from, the hukou rate,
    and the difference from the baseline."""
    found = finding(run.dataset, region)
    parts = [opening(run, found), *target_sentences(found), growth(found), hukou(run, found)]
    if run.scenario.fingerprint != baseline.scenario.fingerprint:
        parts.append(against(run, baseline, found))
    return f'<p class="rq-lead" data-testid="finding">{t("finding.joint").join(parts)}</p>'


def bold(text: str) -> str:
    """Return a figure in bold, escaped."""
    return f"<b>{esc(text)}</b>"


def change(points: float) -> str:
    """Return a change in percentage points in words."""
    key = "finding.up" if points >= 0 else "finding.down"
    return t(key, amount=bold(number(abs(points), 1)))


def opening(run: Run, found: Finding) -> str:
    """Return the sentence on the resident rate."""
    return t(
        "finding.rate",
        scenario=esc(title(run.scenario.id)),
        region=esc(name(regions()[found.region])),
        year=found.end,
        value=bold(f"{number(found.rate_end, 1)}%"),
        change=change(found.rate_end - found.rate_start),
    )


def goal(target: Target) -> str:
    """Return a target with its sense and unit, as in "≥67%"."""
    shown = scale(outputs()[target.output], [target.value])
    value = f"{target.value * shown.factor:,.10g}"
    space = "" if shown.unit in ("%", "") else " "
    return t(f"sense.{target.sense}", value=f"{value}{space}{shown.unit}")


def target_sentences(found: Finding) -> list[str]:
    """Return a sentence for each target on the resident rate."""
    return [target_sentence(each) for each in found.assessments if each.target.output == RATE]


def target_sentence(each: Assessment) -> str:
    """Return the sentence on one target, with what was observed in its year."""
    seen = [
        t("finding.observed", value=bold(f"{number(point.value, 1)}%"))
        for point in observations(each.target.region, RATE)
        if point.year == each.target.year
    ]
    return t(
        "finding.target_met" if each.met else "finding.target_missed",
        year=each.target.year,
        goal=bold(goal(each.target)),
        value=bold(f"{number(each.value or 0.0, 1)}%"),
        gap=bold(number(abs(each.gap or 0.0), 1)),
        observed="".join(seen),
    )


def growth(found: Finding) -> str:
    """Return the sentence on where the growth of urban residents comes from."""
    split = found.growth
    shown = scale(outputs()["urban_population"], [split.change, *split.parts.values()])
    parts = t("finding.comma").join(
        t(f"finding.part_{part}", amount=bold(shown.number(value, signed=True)))
        for part, value in split.parts.items()
    )
    return t("finding.growth", change=bold(shown.text(split.change, signed=True)), parts=parts)


def hukou(run: Run, found: Finding) -> str:
    """Return the sentence on the hukou rate and the settlers."""
    rate = run.value("urbanisation_rate_hukou", found.region, found.end)
    settlers = run.value("hukou_conversions", found.region, found.end)
    shown = scale(outputs()["hukou_conversions"], [settlers])
    return t(
        "finding.hukou",
        value=bold(f"{number(rate, 1)}%"),
        gap=bold(number(abs(found.rate_end - rate), 1)),
        settlers=bold(f"{shown.number(settlers)} {pretty(shown.unit)}"),
    )


def against(run: Run, baseline: Run, found: Finding) -> str:
    """Return the sentence on the difference from the baseline."""
    points = found.rate_end - baseline.value(RATE, found.region, found.end)
    if abs(points) < VISIBLE:
        return t("finding.same_as_baseline")
    return t("finding.against_baseline", year=found.end, change=change(points))


def relied_on(run: Run, region: str) -> bool:
    """Say whether it is known which assumptions the finding hangs on."""
    return all(outweighed(run, code, region) is not None for code in RATES)


def reliance_note(run: Run, region: str) -> str:
    """Return what stands below the finding: assumptions that outweigh the bands of both rates,
    and years in which a rate lies outside its band."""
    notes, strays = [], []
    for code in RATES:
        if years := sureness().strays(run, code, region, YEARS):
            said = t("reliance.stray", years=t("provenance.and").join(map(str, years)))
            strays.append(t("reliance.stray_output", output=name(outputs()[code]), said=said))
        for year, found in (outweighed(run, code, region) or {}).items():
            if found:
                words = {"year": year, "output": name(outputs()[code]), "names": named(found)}
                notes.append(t("reliance.finding", **words))
    texts = [t("reliance.intro") + t("charts.joint").join(notes)] if notes else []
    lines = "<br>".join(esc(text) for text in texts + strays)
    return f'<p class="rq-muted" data-testid="reliance">{lines}</p>' if lines else ""
