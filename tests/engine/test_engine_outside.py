"""Data that lie outside the model file: tables given when loading, or named by the file."""

from __future__ import annotations

import pytest

import engine
from engine import ParameterError, ReadError

EQUATIONS = (
    "R: a, b ~~| w :INTERPOLATE: ~~| x[R] :HOLD BACKWARD: ~~| y[R] :LOOK FORWARD: ~~| z :RAW: ~~|"
    "own :INTERPOLATE: ~~| s = w + x[a] ~~|"
)
HEAD = ["Time", "W", "x[a]", "x[b]", "y[a]", "y[b]", "z", "own", "other"]
ROWS = [["0", "1", "5", "2", "7", "1", "9", "4", "0"], ["4", "3", "6", "", "8", "2", "8", "", ""]]


def text(rows: list[list[str]], delimiter: str) -> str:
    return "\n".join(delimiter.join(r) for r in rows) + "\n"


def values(result, name: str) -> list:
    return result[name].values.tolist()


@pytest.mark.parametrize("ending", [".tab", ".csv"])
@pytest.mark.parametrize("in_rows", [False, True])
def test_data_come_from_tables_in_columns_or_rows(write, tmp_path, ending, in_rows):
    rows = [HEAD, *ROWS]
    rows = [list(c) for c in zip(*rows, strict=True)] if in_rows else rows
    if ending == ".csv":
        rows = [[f'"{c}"' if "[" in c else c for c in r] for r in rows]
    table = tmp_path / f"data{ending}"
    table.write_text(text(rows, "\t" if ending == ".tab" else ","))
    model = engine.load(write(EQUATIONS), data_files=table)
    result = model.run(times=[0, 2, 4])
    assert values(result, "w") == [1, 2, 3]
    assert values(result, "x") == [[5, 2], [5, 2], [6, 2]]
    assert values(result, "y") == [[7, 1], [8, 2], [8, 2]]
    assert values(result, "s") == [6, 7, 9]
    assert result["z"].values[[0, 2]].tolist() == [9, 8]
    assert result["z"].isnull()[1]
    assert values(result, "own") == [4, 4, 4]


def test_the_first_table_that_has_a_variable_serves(write, tmp_path):
    (tmp_path / "one.csv").write_text("Time,w\n1,10\n")
    (tmp_path / "two.csv").write_text("Time,w,v\n0,20,30\n")
    path = write("w :RAW: ~~| v :INTERPOLATE: ~~|")
    files = [tmp_path / "one.csv", str(tmp_path / "two.csv")]
    result = engine.load(path, data_files=files).run(times=[1])
    assert values(result, "w") + values(result, "v") == [10, 30]


def test_a_vensim_file_names_the_data_beside_it(write, tmp_path, models):
    control = "FINAL TIME = 1 ~~| INITIAL TIME = 0 ~~| TIME STEP = 1 ~~| SAVEPER = 1 ~~|"
    settings = "\\\\\\---/// Sketch information\n///---\\\\\\\n:L<%^E!@\n13:C:\\runs\\past.vdf\n"
    (tmp_path / "past.tab").write_text("Time\tw\n0\t3\n1\t5\n")
    path = write("w :RAW: ~~|", control=control + "\n" + settings)
    assert values(engine.load(path).run(), "w") == [3, 5]
    (tmp_path / "past.tab").unlink()
    with pytest.raises(ParameterError, match=r"w is data without a table.*data_files"):
        engine.load(path).run(outputs=["w"])


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.vdf", "", r"a.vdf: data files end in .tab"),
        ("gone.tab", None, "no such data file"),
        ("empty.tab", "", "the table is empty"),
        ("part.csv", 'Time,"x[a]"\n0,1\n', r"part.csv: no column x\[b\]"),
    ],
)
def test_a_table_that_does_not_serve_is_named(write, tmp_path, name, content, message):
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(ReadError, match=message):
        engine.load(write(EQUATIONS), data_files=[tmp_path / name])


def test_a_name_without_an_equation_is_data(write, tmp_path):
    table = tmp_path / "past.csv"
    table.write_text('Time,"a, then b",x[a],x[b]\n0,1,2,3\n4,5,6,7\n')
    path = write('R: a, b ~~| "a, then b" ~ ~ seen | x[R] ~~| y[R] = x[R]*"a, then b" ~~|')
    assert values(engine.load(path, data_files=table).run(times=[2]), "y") == [[12, 15]]
    bare = engine.load(path)
    for outputs in (None, ["x"]):
        with pytest.raises(ParameterError, match="data without a table"):
            bare.run(outputs=outputs)


def test_data_that_nothing_uses_need_no_table(write):
    model = engine.load(write("seen ~~| x = 2 ~~|"))
    assert "seen" not in model.run()
    assert model.run({"seen": 3}, times=[0])["seen"].item() == 3
    assert set(engine.load(write("seen ~~|")).run()) == {
        "INITIAL TIME", "FINAL TIME", "TIME STEP", "SAVEPER"
    }  # fmt: skip
