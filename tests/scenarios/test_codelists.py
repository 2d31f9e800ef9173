"""The codelists are whole: known ids, labels in both languages, numbers in order."""

from pathlib import Path

import pytest

from model import levers, outputs, region_ids, regions, targets
from model.messages import catalogue, translate
from model.rows import TableError, read_rows

ORDER = [
    *("jinan", "qingdao_other", "pingdu", "zibo", "zaozhuang", "dongying", "yantai", "weifang"),
    *("jining", "taian", "weihai", "rizhao", "linyi", "dezhou", "liaocheng", "binzhou", "heze"),
]


def test_seventeen_regions_in_the_fixed_order() -> None:
    assert list(region_ids()) == ORDER


def test_aggregates_are_made_of_regions() -> None:
    assert regions()["qingdao"].members == ("qingdao_other", "pingdu")
    assert list(regions()["shandong"].members) == ORDER
    assert regions()["yantai"].members == ("yantai",)
    assert len(regions()) == 19


def test_levers_have_sense_in_their_numbers() -> None:
    for lever in levers().values():
        assert len(lever.status_quo) == 17
        assert lever.low <= min(lever.status_quo) <= max(lever.status_quo) <= lever.high
        assert lever.low < lever.high
        assert 0 < lever.step <= lever.high - lever.low
        assert (lever.group == "assumption") == (lever.kind == "assumption")


def test_every_record_is_labelled_in_both_languages() -> None:
    records = [*regions().values(), *levers().values(), *outputs().values()]
    for record in records:
        assert record.name("zh")
        assert record.name("en")
        assert record.name("zh") != record.name("en")
    for record in [*levers().values(), *outputs().values()]:
        assert record.description("zh")
        assert record.description("en")
        assert record.unit_label("zh")
        assert record.unit_label("en")


def test_targets_point_at_outputs_in_their_unit() -> None:
    for target in targets().values():
        assert target.unit == outputs()[target.output].unit
        assert outputs()[target.output].dims == ("region",)


def test_status_quo_of_an_aggregate_only_when_its_members_agree() -> None:
    quota = levers()["annual_plan_quota"]
    assert quota.status_quo_of("shandong") == quota.status_quo[0]
    openness = levers()["settling_openness"]
    assert openness.status_quo_of("shandong") is None
    assert openness.status_quo_of("pingdu") == openness.status_quo[ORDER.index("pingdu")]


def test_a_malformed_cell_is_named_with_its_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("id,value\na,1\nb,x\n", encoding="utf-8")
    rows = list(read_rows(path, ("id", "value")))
    with pytest.raises(TableError, match=r"table\.csv:3: column value: found 'x'"):
        rows[1].number("value")


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("id,value\na,1\n", encoding="utf-8")
    with pytest.raises(TableError, match="missing columns: unit"):
        list(read_rows(path, ("id", "unit")))


def test_both_catalogues_say_the_same_things() -> None:
    for section in ("scenario", "cli"):
        assert catalogue("zh")[section].keys() == catalogue("en")[section].keys()


def test_a_missing_message_or_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        translate("scenario.no_such_message", "zh")
    with pytest.raises(KeyError):
        translate("scenario.bad_year", "zh", found="2020")
