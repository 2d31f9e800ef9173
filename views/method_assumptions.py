"""What is assumed, what the figures can tell about it, and what cutting a loop does."""

from functools import cache

import pandas as pd
import streamlit as st

from analysis.assumptions import lead, outweighing
from analysis.numbers import numbers
from calibration.identify import LEARNT
from calibration.posterior import FOLDER
from calibration.report import PROFILES
from calibration.sensitivity import RATES, YEARS, headlines, plan_regions
from model import outputs, regions
from model.codelists import GRADES
from model.loops import OUTPUTS, knock_outs
from views import markup, reliance
from views.language import current, name, number, significant, t
from views.method_plots import identification_plot
from views.results import BASELINE, runs, shipped
from views.session import region, title


def section() -> None:
    """Draw the section."""
    st.subheader(t("assumed.grades"), anchor=False)
    st.caption(t("assumed.grades_note"))
    markup.show(grade_table())
    here = name(regions()[region()])
    st.subheader(t("assumed.outweigh", region=here), anchor=False)
    st.caption(t("assumed.outweigh_note"))
    if reliance.tabled():
        markup.show(outweighing_table(region()))
    else:
        st.info(t("assumed.stale"))
    ranked = region() if region() in plan_regions() else plan_regions()[0]
    st.subheader(t("assumed.order", region=name(regions()[ranked])), anchor=False)
    st.caption(t("assumed.order_note", year=YEARS[-1], output=name(outputs()[RATES[0]])))
    if reliance.tabled():
        markup.show(order_table(ranked))
    else:
        st.info(t("assumed.stale"))
    st.subheader(t("assumed.identified"), anchor=False)
    identified()
    st.subheader(t("assumed.loops", region=here), anchor=False)
    st.caption(t("assumed.loops_note"))
    markup.show(loop_table(region()))


def grade_table() -> str:
    """Return how many numbers have each grade, and for how many the calibration has a say."""
    frame = numbers()
    rows = []
    for grade in GRADES:
        chosen = frame.loc[frame["grade"] == grade]
        fitted = chosen.loc[chosen["verdict"] != ""]
        informed = int((fitted["verdict"] == "informed").sum())
        single = chosen.loc[chosen["table"].isin(["parameters.csv", "levers.csv"])]
        counts = (len(chosen), single["name"].nunique(), len(fitted), informed)
        rows.append([t(f"grade.{grade}"), *(f"{count:,}" for count in counts)])
    head = [t("numbers.grade"), t("assumed.count"), t("assumed.single")]
    head += [t("assumed.fitted"), t("assumed.informed")]
    return markup.table(head, rows, "")


def outweighing_table(here: str) -> str:
    """Return the assumptions that move the baseline's answers by more than their bands."""
    rows = [
        reliance.row(code, year, each)
        for code in headlines(here)
        for year in YEARS
        for each in outweighing(here, code, year)
    ]
    if not rows:
        return markup.bullets([t("assumed.none")])
    return markup.table(reliance.head(), rows, t("assumed.outweigh_caption"), words=[2])


def order_table(here: str) -> str:
    """Return how sure it is that each shipped scenario ends above the baseline, and which
    assumptions turn the two round."""
    year, output = YEARS[-1], outputs()[RATES[0]]
    compared = {run.scenario.id: run for run in runs().of(list(shipped().values()))}
    base = compared[BASELINE].value(output.id, here, year)
    rows = []
    for code, run in compared.items():
        if code == BASELINE:
            continue
        found = lead(code, BASELINE, here, output.id, year)
        turned = [reliance.spoken(each) for each in found.reversed_by]
        change = run.value(output.id, here, year) - base
        chances = (f"{number(100 * part, 0)}%" for part in (found.higher, found.level, found.lower))
        label = number(change, output.digits + 1, signed=True)
        rows.append([title(code), label, *chances, t("provenance.and").join(turned) or "–"])
    head = [t("assumed.scenario"), t("tables.difference"), t("assumed.higher"), t("assumed.level")]
    head += [t("assumed.lower"), t("assumed.turned")]
    return markup.table(head, rows, "", words=[5])


def identified() -> None:
    """Draw what the figures inform, what they do not, and the profiles."""
    frame = numbers()
    fitted = frame.loc[frame["verdict"] != ""]
    hazards = fitted.loc[fitted["region"] != ""]
    known = int((hazards["verdict"] == "informed").sum())
    province = fitted.loc[fitted["region"] == ""]
    st.caption(
        t("assumed.identified_note", known=known, count=len(hazards), share=f"{100 * LEARNT:.0f}")
    )
    markup.show(identification_plot())
    told = province.loc[province["verdict"] == "informed"]
    head = [t("numbers.number"), t("assumed.tabled"), t("assumed.posterior"), t("numbers.range")]
    rows = [
        [
            label(row),
            significant(row["value"]),
            t("tables.band", low=significant(row["low_80"]), high=significant(row["high_80"])),
            t("tables.band", low=significant(row["low"]), high=significant(row["high"])),
        ]
        for row in told.to_dict("records")
    ]
    markup.show(markup.table(head, rows, t("assumed.told")))
    untold = province.loc[province["verdict"] != "informed"]
    names = t("provenance.and").join(label(row) for row in untold.to_dict("records"))
    title = t("assumed.untold", count=len(untold))
    markup.show(markup.folded(title, f'<p class="rq-muted">{markup.esc(names)}</p>'))
    markup.show(markup.folded(t("assumed.profiles"), profile_table()))


def label(row: dict) -> str:
    """Return a number's name in the session's language."""
    return row["name_zh"] if current() == "zh" else row["name"]


@cache
def profiles() -> pd.DataFrame:
    """Return the committed profiles."""
    return pd.read_csv(FOLDER / PROFILES)


def profile_table() -> str:
    """Return how much the best fit worsens at fixed values of a parameter."""
    labels = {row["name"]: label(row) for row in numbers().to_dict("records")}
    rows = [
        [labels[row["parameter"]], significant(row["value"]), number(row["loss"], 2)]
        for row in profiles().to_dict("records")
    ]
    head = [t("numbers.number"), t("assumed.fixed"), t("assumed.loss")]
    return markup.table(head, rows, t("assumed.profiles_note"))


def loop_table(here: str) -> str:
    """Return what cutting each loop does to both rates of a region in 2035."""
    found = knock_outs().sel(region=here)
    rows = []
    for loop in found["loop"].to_numpy():
        code = str(loop).lower()
        changes = (float(found[rate].sel(loop=loop)) for rate in OUTPUTS)
        shown = [number(change, 2, signed=True) for change in changes]
        rows.append([str(loop), t(f"loops.{code}"), *shown])
    head = [t("assumed.loop"), t("assumed.meaning"), *(name(outputs()[rate]) for rate in OUTPUTS)]
    return markup.table(head, rows, t("assumed.loops_caption"), words=[1])
