"""The table of every number: nothing of the model's tables is left out, misplaced or unnamed."""

import csv
import re
from collections import Counter
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.numbers import DATA, TEXTS, UNITS, english, lever_source, numbers
from calibration.assumptions import NAMES
from model import levers, region_ids, regions
from model.codelists import GRADES


def cells(file: str) -> int:
    """Return how many numbers a table of `model/data` holds beside its texts and ranges."""
    frame = pd.read_csv(DATA / file)
    texts = ["name", "status", "category", "region", "year", "unit", "low", "high"]
    return int(frame.drop(columns=texts, errors="ignore").select_dtypes("number").size)


def test_every_number_of_every_table_has_its_row() -> None:
    counted = Counter(numbers()["table"])
    files = {path.name for path in DATA.glob("*.csv")} - {"sources.csv", "lever_status_quo.csv"}
    assert set(counted) == files | {"levers.csv"}
    for file in files:
        assert counted[file] == cells(file), file
    by_region = sum(len(set(lever.status_quo)) > 1 for lever in levers().values())
    assert counted["levers.csv"] == len(levers()) + by_region * (len(region_ids()) - 1)


def rows_of(table: str) -> list[dict[str, Any]]:
    """Return the numbers of a table."""
    return [dict(row) for row in numbers().to_dict("records") if row["table"] == table]


def the_row(**where: str) -> dict[str, Any]:
    """Return the only number at a place."""
    (found,) = (
        row
        for row in numbers().to_dict("records")
        if all(row[key] == value for key, value in where.items())
    )
    return found


def test_a_number_stands_where_its_table_has_it() -> None:
    row = the_row(table="population_2020.csv", region="heze", group="settled", age="85+")
    wide = pd.read_csv(DATA / "population_2020.csv").query("status == 'settled'")
    assert row["value"] == float(wide.loc[wide["region"] == "heze", "85+"].iloc[0])
    assert row["low"] < row["value"] < row["high"]
    row = the_row(table="census_status_2020.csv", region="zibo", group="same_county/rural")
    wide = pd.read_csv(DATA / "census_status_2020.csv").query("category == 'same_county'")
    assert row["value"] == float(wide.loc[wide["region"] == "zibo", "rural"].iloc[0])


def test_every_number_has_unit_range_grade_and_source() -> None:
    frame = numbers()
    assert set(frame["grade"]) <= set(GRADES)
    assert all(frame["source"])
    assert np.isfinite(frame[["value", "low", "high"]].to_numpy(float)).all()
    values, low, high = (frame[key].to_numpy(float) for key in ("value", "low", "high"))
    slack = 1e-6 * np.abs(values)
    assert ((low <= values + slack) & (values <= high + slack)).all()
    assert set(frame["region"]) <= {"", *regions()}


def test_every_name_and_unit_has_its_chinese_and_none_is_left_over() -> None:
    frame = numbers()
    tables = frame.loc[frame["table"] != "levers.csv"]
    for path, key in ((NAMES, "name"), (UNITS, "unit")):
        listed = [row[key] for row in csv.DictReader(path.read_text("utf-8").splitlines())]
        assert set(listed) == set(tables[key]), path.name
        assert len(listed) == len(set(listed)), path.name
    assert all(re.search("[\u4e00-\u9fff]", name) for name in frame["name_zh"])


def test_sources_and_notes_are_in_chinese_too() -> None:
    for key in ("source", "note"):
        texts = set(numbers()[f"{key}_zh"])
        chinese = {text for text in texts if re.search("[\u4e00-\u9fff]", text)}
        assert len(chinese) > 0.95 * len(texts), texts - chinese
    listed = [row["text"] for row in csv.DictReader(TEXTS.read_text("utf-8").splitlines())]
    assert len(listed) == len(set(listed))
    (note,) = {row["note_zh"] for row in rows_of("calibrated_hazards.csv")}
    assert note == "只用到2020年的数据；范围为均值的范围"


def test_every_lever_says_in_both_languages_where_its_numbers_are_from() -> None:
    chinese = re.compile("[\u4e00-\u9fff]")
    for lever in levers().values():
        assert chinese.search(lever_source(lever, "zh"))
        assert not chinese.search(lever_source(lever, "en")), lever.id
    assert english().keys() == {lever.source for lever in levers().values()}
    frame = numbers().loc[numbers()["table"] == "levers.csv"]
    assert not frame["source"].str.contains(chinese).any()
    assert frame["source_zh"].str.contains(chinese).all()


def test_the_range_of_a_regional_number_follows_its_share_of_the_mean() -> None:
    table = pd.read_csv(DATA / "regional.csv").to_dict("records")
    (raw,) = (row for row in table if row["name"] == "government debt 2020")
    row = the_row(name="government debt 2020", region="heze")
    mean = np.mean([raw[code] for code in region_ids()])
    assert row["low"] == pytest.approx(raw["low"] * raw["heze"] / mean)


def test_the_calibration_speaks_only_of_what_it_fits() -> None:
    frame = numbers()
    spoken = frame.loc[frame["verdict"] != ""]
    assert set(spoken["table"]) == {"parameters.csv", "calibrated_hazards.csv"}
    hazards = frame.loc[frame["table"] == "calibrated_hazards.csv"]
    assert all(hazards["verdict"])
    assert all(spoken["low_80"] < spoken["high_80"])
