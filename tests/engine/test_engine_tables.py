"""Tables that models read: Excel beside CSV, data without interpolation, subscripts from a file."""

from __future__ import annotations

import numpy as np
import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName

import engine
from engine import ReadError, UnsupportedConstruct

CONTROL = "INITIAL TIME = 0 ~~| FINAL TIME = 4 ~~| TIME STEP = 1 ~~|"
SHEET = [
    ["time", "north", "south"],
    [0, 1.5, 10],
    [2, 2.5, 20],
    [4, 4.5, None],
]


@pytest.fixture
def folder(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "numbers"
    for row in SHEET:
        sheet.append(row)
    book.save(tmp_path / "book.xlsx")
    book.close()
    lines = [",".join("" if v is None else str(v) for v in row) for row in SHEET]
    (tmp_path / "book.csv").write_text("\n".join(lines) + "\n")
    return tmp_path


def equations(file: str, tab: str) -> str:
    where = f"'{file}', '{tab}'"
    return (
        "R: north, south ~~|"
        f"one = GET DIRECT CONSTANTS({where}, 'B3') ~~|"
        f"row[R] = GET XLS CONSTANTS({where}, 'B2') ~~|"
        f"inflow[R] := GET DIRECT DATA({where}, 'A', 'B2') ~~|"
        f"curve[R](GET DIRECT LOOKUPS({where}, 'A', 'B2')) ~~|"
        "level[R] = INTEG(inflow[R]*one, row[R]) ~~| read[R] = curve[R](Time/2) ~~|"
    )


def test_excel_and_csv_give_the_same(write, folder):
    from_csv = engine.load(write(equations("book.csv", ","))).run()
    from_excel = engine.load(write(equations("book.xlsx", "numbers"))).run()
    assert from_csv["inflow"].sel(R="north").values.tolist()[:3] == [1.5, 1.75, 2.0]
    assert from_csv["row"].values[0].tolist() == [1.5, 10]
    assert from_excel.equals(from_csv)


def test_missing_cells_of_data_are_filled_by_the_interpolation_mode(write, folder):
    inflow = engine.load(write(equations("book.csv", ","))).run(outputs=["inflow"])["inflow"]
    assert inflow.sel(R="south").values[-1] == 20


def test_raw_data_have_values_at_their_own_times_only(write, folder):
    path = write("x :RAW: := GET DIRECT DATA('book.csv', ',', 'A', 'B2') ~~|")
    result = engine.load(path).run()
    np.testing.assert_array_equal(result["x"][[0, 4, 8]], [1.5, 2.5, 4.5])
    assert np.isnan(result["x"][[1, 2, 3, 5]]).all()
    assert "faults" not in result.attrs


def test_subscripts_may_come_from_a_file(write, folder):
    path = write(
        "R: GET DIRECT SUBSCRIPT('book.csv', ',', 'B1', 'C1', '') ~~|"
        "row[R] = GET DIRECT CONSTANTS('book.csv', ',', 'B3') ~~|"
    )
    model = engine.load(path)
    assert model.subscripts["R"] == ("north", "south")
    assert model.run()["row"].values[0].tolist() == [2.5, 20]


def test_cells_that_are_not_there_are_named(write, folder):
    path = write("x = GET DIRECT CONSTANTS('book.csv', ',', 'Z99') ~~|")
    with pytest.raises(ReadError, match=r"cannot read table.*empty(.|\n)*Z99"):
        engine.load(path)


def test_a_table_may_have_another_name_in_the_model(write, folder):
    settings = (
        "\n\\\\\\---/// Sketch\nV300\n*View 1\n///---\\\\\\\n30:?numbers=book.csv\n9:Current\n"
    )
    equations = "x = GET DIRECT CONSTANTS('?numbers', ',', 'B3') ~~|"
    path = write(equations, control=CONTROL + settings)
    assert engine.load(path).run()["x"].values[0] == 2.5
    path = write(equations.replace("?numbers", "?book.csv"))
    assert engine.load(path).run()["x"].values[0] == 2.5


def test_cells_may_have_names(write, tmp_path):
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "numbers"
    for row in SHEET:
        sheet.append(row)
    for name, cells in {
        "times": "$A$2:$A$4", "both": "$B$2:$C$4", "row": "$B$3:$C$3", "cell": "$B$4",
    }.items():  # fmt: skip
        book.defined_names[name] = DefinedName(name, attr_text=f"numbers!{cells}")
    book.save(tmp_path / "book.xlsx")
    book.close()
    path = write(
        "R: north, south ~~| S: r1, r2 ~~|"
        "inflow[R] := GET DIRECT DATA('book.xlsx', 'numbers', 'times', 'both') ~~|"
        "curve[R] = GET DIRECT LOOKUPS('book.xlsx', 'numbers', 'times', 'both') ~~|"
        "row[R] = GET DIRECT CONSTANTS('book.xlsx', 'numbers', 'row') ~~|"
        "column[S] = GET DIRECT CONSTANTS('book.xlsx', 'numbers', 'B2*') ~~|"
        "cell = GET DIRECT CONSTANTS('book.xlsx', 'numbers', 'cell') ~~|"
        "read[R] = curve[R](Time) ~~|"
    )
    result = engine.load(path).run(times=[2])
    assert result["inflow"].values[0].tolist() == result["read"].values[0].tolist() == [2.5, 20]
    assert result["row"].values[0].tolist() == [2.5, 20]
    assert result["column"].values[0].tolist() == [1.5, 2.5]
    assert result["cell"].item() == 4.5


def test_numbers_and_data_of_a_table_may_be_parts_of_an_equation(write, folder, pysd_run, column):
    path = write(
        "R: north, south ~~| one = GET DIRECT CONSTANTS('book.csv', ',', 'B3') / 2 ~~|"
        "row[R] = MAX(2, GET DIRECT CONSTANTS('book.csv', ',', 'B2')) ~~|"
        "past[R] = row[R] * GET DIRECT DATA('book.csv', ',', 'A', 'B2') - one ~~|"
        "level = INTEG(one, -GET XLS CONSTANTS('book.csv', ',', 'C3')) ~~|"
    )
    result, theirs = engine.load(path).run(), pysd_run(path)
    for name in ("one", "level", "row[north]", "row[south]", "past[north]", "past[south]"):
        np.testing.assert_allclose(column(result, name), theirs[name], rtol=1e-12, err_msg=name)
    assert result["past"].values[4].tolist() == [2 * 2.5 - 1.25, 10 * 20 - 1.25]


def test_a_macro_reads_no_table(write, folder):
    text = (
        ":MACRO: M(a)\nM = a * GET DIRECT CONSTANTS('book.csv', ',', 'B3') ~~|\n:END OF MACRO:\n"
        "x = M(2) ~~|"
    )
    with pytest.raises(UnsupportedConstruct, match="a table in macro m"):
        engine.load(write(text))


@pytest.mark.parametrize("name", [r"data\new\book.csv", "data/new/Book.CSV"])
def test_names_of_files_as_windows_has_them(write, folder, name):
    (folder / "data" / "new").mkdir(parents=True)
    (folder / "book.csv").rename(folder / "data" / "new" / "book.csv")
    path = write(f"x = GET DIRECT CONSTANTS('{name}', ',', 'B3') ~~|")
    assert engine.load(path).run()["x"].values[0] == 2.5
    text = (folder / "data" / "new" / "book.csv").read_text().replace("2.5", "7.5")
    (folder / "data" / "new" / "book.csv").write_text(text)
    assert engine.load(path).run()["x"].values[0] == 7.5
