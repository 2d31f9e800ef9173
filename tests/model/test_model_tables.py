"""Every number of the model stands in a table with its source, and feeds the variable it names."""

import csv
import shutil
from pathlib import Path

import pytest

from model import levers, region_ids
from model.codelists import GRADES
from model.rows import TableError
from model.tables import MODEL_FILE, NAMED_TABLES, check_tables, read_cells, table_references

DATA = MODEL_FILE.parent / "data"


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table."""
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def copied(folder: Path) -> Path:
    """Return the path of a copy of the model with its tables."""
    shutil.copy(MODEL_FILE, folder)
    shutil.copytree(DATA, folder / "data")
    return folder / MODEL_FILE.name


def test_every_row_feeds_the_variable_it_names() -> None:
    check_tables()


@pytest.mark.parametrize("table", [*NAMED_TABLES, "lever_status_quo.csv"])
def test_a_shifted_row_is_refused_with_its_place(table: str, tmp_path: Path) -> None:
    model = copied(tmp_path)
    path = tmp_path / "data" / table
    lines = path.read_text("utf-8").splitlines()
    lines[1], lines[2] = lines[2], lines[1]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(TableError, match=rf"{table}:2: column A: found .*, expected .*, for "):
        check_tables(model)


def test_a_row_that_nothing_reads_is_refused(tmp_path: Path) -> None:
    model = copied(tmp_path)
    path = tmp_path / "data" / "parameters.csv"
    path.write_text(path.read_text("utf-8") + "stray,1,1,0,2,assumption,none,none\n", "utf-8")
    with pytest.raises(TableError, match="no equation reads this row"):
        check_tables(model)


@pytest.mark.parametrize("table", [*NAMED_TABLES, "sources.csv"])
def test_every_number_has_a_grade_and_a_source(table: str) -> None:
    found = rows(DATA / table)
    assert found
    for row in found:
        assert row["grade"] in GRADES, row
        assert row["source"].strip(), row
        assert row["unit"].strip(), row


def test_every_assumed_parameter_has_a_range_around_it() -> None:
    for row in rows(DATA / "parameters.csv"):
        low, value, high = (float(row[name]) for name in ("low", "value", "high"))
        assert low <= value <= high, row["name"]
        if row["grade"] in ("assumption", "estimated"):
            assert low < high, row["name"]


def test_every_table_is_described_in_the_list_of_sources() -> None:
    described = {row["table"] for row in rows(DATA / "sources.csv")}
    assert described == {path.name for path in DATA.glob("*.csv")} - {"sources.csv"}


def test_the_tables_hold_the_status_quo_of_every_lever() -> None:
    table = {row["lever"]: row for row in rows(DATA / "lever_status_quo.csv")}
    assert list(table) == list(levers())
    for lever in levers().values():
        held = [float(table[lever.id][code]) for code in region_ids()]
        assert held == list(lever.status_quo), lever.id


def test_the_model_reads_every_table_it_ships_with() -> None:
    text = MODEL_FILE.read_text("utf-8")
    read = {Path(reference.file).name for reference in table_references(text)}
    evidence = {"census_status_2010.csv", "census_status_2020.csv", "sources.csv"}
    assert read == {path.name for path in DATA.glob("*.csv")} - evidence


def test_newcomers_ages_add_up() -> None:
    row = next(
        row for row in read_cells(DATA / "age_profiles.csv") if row[0] == "outside inflow profile"
    )
    assert sum(map(float, row[7:])) == pytest.approx(1, abs=1e-12)
