"""Every number of the model as a table to search, filter and take away."""

import csv
from collections.abc import Sequence
from functools import partial
from io import StringIO

import pandas as pd
import streamlit as st

from analysis.numbers import numbers
from model.codelists import GRADES, regions
from views import markup
from views.choices import keep
from views.downloads import BOM, figure, plain
from views.language import current, name, pretty, significant, t
from views.provenance import baseline_line
from views.session import region

PAGE = 25  # rows on the page at once
EVERY = "all"
HEAD = ("number", "value", "range", "unit", "grade", "calibration", "source")
TABLES = (
    *("parameters", "levers", "regional", "calibrated_hazards", "age_profiles"),
    *("status_profiles", "fertility", "fertility_age_pattern", "death_rates", "female_share"),
    *("productivity_growth", "population_2020", "population_2010", "living_outside_2020"),
    *("living_outside_2010", "census_status_2020", "census_status_2010"),
)


@st.fragment
def section() -> None:
    """Draw the section; a filter re-runs only this."""
    st.caption(t("numbers.note", region=name(regions()[region()])))
    chosen = filtered(*filters())
    pages = max(1, -(-len(chosen) // PAGE))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        markup.show(
            f'<div class="rq-muted" role="status">'
            f"{markup.esc(t('numbers.found', count=f'{len(chosen):,}'))}</div>"
        )
        first = PAGE * (page_picker(pages) - 1)
        st.download_button(
            t("numbers.download"),
            partial(as_csv, chosen, baseline_line()),
            file_name="rendiqian_numbers.csv",
            mime="text/csv",
            icon=":material/table:",
            on_click="ignore",
            key="download_numbers",
        )
    if chosen.empty:
        st.info(t("numbers.nothing"))
    else:
        markup.show(table(chosen.iloc[first : first + PAGE]))


def filters() -> tuple[str, list[str], str]:
    """Let the user choose words, grades and a table; return them."""
    words, grades, tables = st.columns([3, 4, 3], vertical_alignment="bottom", gap="medium")
    with words:
        sought = keep(
            st.text_input,
            "numbers_sought",
            "",
            t("numbers.search"),
            placeholder=t("numbers.search_hint"),
        )
    with grades:
        picked = keep(
            st.pills,
            "numbers_grades",
            list(GRADES),
            t("numbers.grade"),
            list(GRADES),
            selection_mode="multi",
            format_func=lambda grade: t(f"grade.{grade}"),
        )
    with tables:
        table_name = keep(
            st.selectbox,
            "numbers_table",
            EVERY,
            t("numbers.table"),
            [EVERY, *TABLES],
            format_func=lambda code: t(f"number_table.{code}"),
            filter_mode="contains",
        )
    return sought, picked, table_name


def page_picker(pages: int) -> int:
    """Let the user turn the pages of the table; return the page, from 1."""
    if st.session_state.get("numbers_page", 1) > pages:
        st.session_state["numbers_page"] = 1
    return keep(
        st.number_input, "numbers_page", 1, t("numbers.page", count=pages), 1, pages, width=150
    )


def filtered(sought: str, grades: Sequence[str], table_name: str) -> pd.DataFrame:
    """Return the numbers that hold every word sought, of the grades, the table and the region.

    Numbers of the whole province belong to every region.
    """
    frame = numbers()
    wanted = frame["grade"].isin(list(grades))
    wanted &= frame["region"].isin(["", *regions()[region()].members])
    if table_name != EVERY:
        wanted &= frame["table"] == f"{table_name}.csv"
    found = frame.loc[wanted]
    for word in sought.casefold().split():
        texts = found[
            [key + end for key in ("name", "source", "note", "unit") for end in ("", "_zh")]
        ]
        places = found["region"].map(lambda code: name(regions()[code]) if code else "")
        held = places.str.casefold().str.contains(word, regex=False)
        for column in texts:
            held |= texts[column].str.casefold().str.contains(word, regex=False)
        found = found.loc[held]
    return found


def table(rows: pd.DataFrame) -> str:
    """Return numbers as a table."""
    words = [t(f"numbers.{cell}") for cell in HEAD]
    top = "".join(f'<th scope="col">{markup.esc(word)}</th>' for word in words)
    body = "".join(table_row(row) for row in rows.to_dict("records"))
    return (
        f'<div class="rq-scroll" tabindex="0"><table class="rq-table rq-numbers"><caption>'
        f"{markup.esc(t('numbers.caption'))}</caption><thead><tr>{top}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def table_row(row: dict) -> str:
    """Return one number as a row of HTML."""
    chinese = current() == "zh"
    title = row["name_zh"] if chinese else row["name"]
    place = where(row)
    variable = f'<code lang="en">{markup.esc(row["name"])}</code>' if chinese else ""
    source, note = (row[f"{key}_zh" if chinese else key] for key in ("source", "note"))
    cells = (
        significant(row["value"]),
        t("tables.band", low=significant(row["low"]), high=significant(row["high"])),
        pretty(row["unit_zh"] if chinese else row["unit"]) or t("numbers.pure"),
        t(f"grade.{row['grade']}"),
        informed(row),
    )
    return (
        f'<tr><th scope="row">{markup.esc(title)}{variable}'
        f'<span class="rq-muted">{markup.esc(place)}</span></th>'
        + "".join(f"<td>{markup.esc(cell)}</td>" for cell in cells)
        + f'<td class="rq-words">{quoted(source)}<br>'
        f'<span class="rq-muted">{quoted(note)}</span></td></tr>'
    )


def quoted(text: str) -> str:
    """Return a text of the tables, marked with the language it is written in."""
    language = "zh" if any("\u4e00" <= letter <= "\u9fff" for letter in text) else "en"
    return f'<span lang="{language}">{markup.esc(text)}</span>'


def where(row: dict) -> str:
    """Return what a number belongs to: region, status or category, age, year."""
    parts = [name(regions()[row["region"]])] if row["region"] else []
    parts += [t(f"people.{code}") for code in row["group"].split("/") if code]
    if row["age"]:
        parts.append(t("numbers.age", age=row["age"]))
    if row["year"]:
        parts.append(t("cards.year", year=row["year"]))
    return " · ".join(parts)


def informed(row: dict) -> str:
    """Return what the calibration says about a number."""
    if not row["verdict"]:
        return t("numbers.given")
    key = "numbers.informed" if row["verdict"] == "informed" else "numbers.prior"
    return t(key, low=significant(row["low_80"]), high=significant(row["high_80"]))


def as_csv(rows: pd.DataFrame, provenance: str) -> str:
    """Return numbers as CSV that Excel reads, all columns of the table of numbers."""
    stream = StringIO()
    writer = csv.writer(stream)
    writer.writerow(rows.columns)
    for row in rows.to_dict("records"):
        cells = (plain(cell) if isinstance(cell, str) else figure(cell) for cell in row.values())
        writer.writerow(cells)
    writer.writerow([provenance])
    return BOM + stream.getvalue()
