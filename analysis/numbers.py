"""Every number of the model in one table: value, unit, range, grade and source.

The tables of `model/data` and the levers come in several shapes; here each number has a row. A
range is that of the number itself: where a table gives a factor, or the range of a mean over
regions, it is applied to the number.
"""

import re
from collections.abc import Hashable, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from calibration.assumptions import NAMES
from calibration.posterior import FOLDER
from calibration.report import IDENTIFIED
from model.codelists import Lever, levers, region_ids
from model.rows import Row, read_rows
from model.simulation import AGE_IDS
from model.tables import MODEL_FILE

DATA = MODEL_FILE.parent / "data"
UNITS = MODEL_FILE.parent / "unit_names.csv"
TEXTS = MODEL_FILE.parents[1] / "locale" / "sources_zh.csv"
LEVER_TEXTS = TEXTS.with_name("lever_sources_en.csv")
FITTED_FROM = re.compile(r" inputs [0-9a-f]+;")  # a fingerprint, another one after every fit
COLUMNS = (
    *("table", "name", "name_zh", "region", "group", "age", "year"),
    *("value", "unit", "unit_zh", "low", "high", "grade"),
    *("source", "source_zh", "note", "note_zh"),
    *("verdict", "low_80", "high_80"),
)
META = ["name", "unit", "low", "high", "grade", "source", "note"]
STATUSES = ("rural", "settled", "local_migrant", "provincial_migrant", "outside_migrant")
MEANS = ("regional.csv", "calibrated_hazards.csv")  # a row's range is that of its mean over regions
PROFILES = ("age_profiles.csv", "status_profiles.csv")  # a row's range is a factor
BY_ROW = ("parameters.csv", *MEANS, *PROFILES, "lever_status_quo.csv")


@cache
def numbers() -> pd.DataFrame:
    """Return every number, columns `COLUMNS`, in the order of the tables; the levers come last.

    `region`, `group` (a status or census category), `age` and `year` are empty where they do not
    apply. `verdict` says whether the calibration's figures inform the number, and `low_80` to
    `high_80` is where its draws put it; empty for a number that the calibration takes as given.
    """
    parts = [
        pd.read_csv(DATA / "parameters.csv", dtype={"unit": str}).assign(table="parameters.csv")
    ]
    parts += [in_columns(file) for file in (*MEANS, *PROFILES)]
    for row in read_rows(DATA / "sources.csv", ("table", "content", *META[1:])):
        if row.text("table") not in BY_ROW:
            parts.append(described(row))
    parts.append(lever_rows())
    found = pd.concat(parts, ignore_index=True).reindex(columns=list(COLUMNS))
    labels = ["region", "group", "age", "year"]
    found[labels] = found[labels].fillna("")
    for key, path in (("name", NAMES), ("unit", UNITS)):
        words = pd.Series(chinese(path, key))
        found[f"{key}_zh"] = found[f"{key}_zh"].fillna(found[key].replace(words))
    for key in ("source", "note"):
        found[f"{key}_zh"] = found[f"{key}_zh"].fillna(found[key].map(in_chinese))
    return judged(found)


def read(file: str) -> pd.DataFrame:
    """Return a table of `model/data`; a unit "1" is a text like all others."""
    return pd.read_csv(DATA / file, dtype={"unit": str})


@cache
def chinese(path: Path, key: str) -> Mapping[str, str]:
    """Return the Chinese of the names or units in a table with the columns `key` and `key`_zh."""
    rows = read_rows(path, (key, f"{key}_zh"))
    return {row.text(key): row.text(f"{key}_zh") for row in rows}


def in_chinese(text: str) -> str:
    """Return a source or a note in Chinese; as it is when nobody has put it into Chinese yet."""
    plain = FITTED_FROM.sub("", text)
    return chinese(TEXTS, "text").get(plain, plain)


def lever_source(lever: Lever, language: str) -> str:
    """Return where a lever's numbers are from; in Chinese when nobody has put it into English."""
    return lever.source if language == "zh" else english().get(lever.source, lever.source)


@cache
def english() -> Mapping[str, str]:
    """Return the English of the levers' sources, which their table has in Chinese."""
    rows = read_rows(LEVER_TEXTS, ("source", "source_en"))
    return {row.text("source"): row.text("source_en") for row in rows}


def in_columns(file: str) -> pd.DataFrame:
    """Return the numbers of a table with a row per name and a column per region, age or status."""
    long = read(file).melt(META, var_name="column")
    if file in MEANS:
        factor = long["value"] / long.groupby("name")["value"].transform("mean")
    else:
        factor = long["value"]
    return placed(long.assign(low=long["low"] * factor, high=long["high"] * factor), file)


def described(source: Row) -> pd.DataFrame:
    """Return the numbers of a table that a row of `sources.csv` describes as a whole."""
    file = source.text("table")
    wide = read(file)
    keys = [name for name in ("status", "category", "region", "year") if name in wide]
    long = wide.melt(keys, var_name="column").rename(columns={"status": "group"})
    texts = {key: source.text(key) for key in ("unit", "grade", "source", "note")}
    ends = {end: long["value"] * source.number(end) for end in ("low", "high")}
    return placed(long.assign(name=source.text("content"), **texts, **ends), file)


def placed(long: pd.DataFrame, file: str) -> pd.DataFrame:
    """Return numbers whose `column` is a region, an age, a status or a name, so labelled."""
    column = long["column"].str.replace(" ", "_")
    kinds = {"region": region_ids(), "age": AGE_IDS, "group": STATUSES}
    labels = {kind: column.where(column.isin(list(known))) for kind, known in kinds.items()}
    if "category" in long:
        labels["group"] = long["category"] + "/" + column
    made = long.drop(columns="column").assign(table=file)
    for kind, values in labels.items():
        made[kind] = values.fillna(made[kind]) if kind in made else values
    if "year" in made:
        made["year"] = [f"{year:g}" for year in made["year"]]
    return made


def lever_rows() -> pd.DataFrame:
    """Return the levels of the levers and outside assumptions in 2020, by region if they differ."""
    rows = []
    for lever in levers().values():
        same = len(set(lever.status_quo)) == 1
        places: Sequence[str] = ("",) if same else region_ids()
        for place, value in zip(places, lever.status_quo, strict=False):
            rows.append(
                {
                    "table": "levers.csv",
                    "name": lever.name_en,
                    "name_zh": lever.name_zh,
                    "region": place,
                    "value": value,
                    "unit": lever.unit,
                    "unit_zh": lever.unit_zh,
                    "low": lever.low,
                    "high": lever.high,
                    "grade": lever.grade,
                    "source": lever_source(lever, "en"),
                    "source_zh": lever.source,
                    "note": lever.description_en,
                    "note_zh": lever.description_zh,
                }
            )
    return pd.DataFrame(rows)


def judged(found: pd.DataFrame) -> pd.DataFrame:
    """Return the numbers with what the calibration says about those that it fits."""
    table = pd.read_csv(FOLDER / IDENTIFIED).to_dict("records")
    known = {row["parameter"]: row for row in table}
    keys = [
        (row["name"] + (f"|{row['region']}" if row["region"] else "")) if fitted(row) else ""
        for row in found.to_dict("records")
    ]
    for column, none in (("verdict", ""), ("low_80", np.nan), ("high_80", np.nan)):
        found[column] = [known[key][column] if key in known else none for key in keys]
    return found


def fitted(row: Mapping[Hashable, object]) -> bool:
    """Say whether the calibration may fit the numbers of a row's table."""
    return row["table"] in ("parameters.csv", "calibrated_hazards.csv")
