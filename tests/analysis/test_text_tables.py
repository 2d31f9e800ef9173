"""Tables in a terminal line up, Chinese or English."""

from analysis.text_report import area_text, number, signed
from analysis.text_table import text_table, width
from model import region_ids


def test_chinese_letters_take_two_columns() -> None:
    assert width("目标 75%") == 8
    assert width("e\u0301") == 1


def test_columns_line_up() -> None:
    table = text_table(["指标", "value"], [["常住人口", "1.5"], ["debt", "-20.0"]])
    lines = table.splitlines()
    assert {width(line) for line in lines} == {8 + 2 + 5}
    assert lines[2].endswith("  1.5")
    assert lines[3] == "debt      -20.0"


def test_numbers_never_show_a_negative_zero() -> None:
    assert number(-0.001, 1) == "0.0"
    assert number(-1234.56, 1) == "-1,234.6"
    assert signed(0.001, 1) == "0.0"
    assert signed(-0.04, 1) == "0.0"
    assert signed(0.06, 1) == "+0.1"
    assert signed(-0.06, 1) == "-0.1"


def test_areas_are_listed_as_each_language_lists() -> None:
    few = ["jinan", "yantai"]
    assert area_text(few, "zh") == "济南市、烟台市"
    assert area_text(few, "en") == "Jinan, Yantai"
    most = [code for code in region_ids() if code not in few]
    assert area_text(most, "zh") == "山东省，不含济南市、烟台市"
    assert area_text(most, "en") == "Shandong without Jinan, Yantai"
