"""Everything wrong with a scenario file is reported at once, each at its line and column."""

from pathlib import Path

import pytest

from model import ScenarioError, levers, load_scenario, read_scenario
from model.messages import LANGUAGES
from model.scenario.problems import Problem

TITLE = "title: {zh: 试验, en: trial}\n"


def problems_of(text: str | bytes) -> tuple[Problem, ...]:
    with pytest.raises(ScenarioError) as caught:
        read_scenario(text, "x.yaml")
    return caught.value.problems


def found(text: str | bytes) -> list[tuple[str, int, int]]:
    return [(each.code, each.line, each.column) for each in problems_of(text)]


# What follows the title, and the problems it must give: code, line, column.
CASES = {
    "unknown top key": ("questoin: {zh: a}\n", [("unknown_key", 2, 1)]),
    "unknown language": ("question: {zh: a, fr: b}\n", [("unknown_key", 2, 19)]),
    "unknown lever": ("levers:\n  setling_openness: 0.5\n", [("unknown_lever", 3, 3)]),
    "unknown assumption": ("assumptions:\n  fertility: 1\n", [("unknown_assumption", 3, 3)]),
    "assumption under levers": ("levers: {outside_pull: 1}\n", [("wrong_section", 2, 10)]),
    "lever under assumptions": ("assumptions: {debt_ceiling: 0.4}\n", [("wrong_section", 2, 15)]),
    "above the range": ("levers:\n  linkage_strength: 1.5\n", [("out_of_range", 3, 21)]),
    "below the range": ("levers:\n  linkage_strength: -0.1\n", [("out_of_range", 3, 21)]),
    "infinite": ("levers:\n  linkage_strength: .inf\n", [("out_of_range", 3, 21)]),
    "percent for a share": ("levers: {linkage_strength: 50}\n", [("out_of_range", 2, 28)]),
    "not a number": ("levers:\n  linkage_strength: .nan\n", [("not_finite", 3, 21)]),
    "text for a number": ("levers: {linkage_strength: high}\n", [("expected_number", 2, 28)]),
    "percent sign": ("levers: {linkage_strength: 50%}\n", [("expected_number", 2, 28)]),
    "truth for a number": ("levers: {linkage_strength: true}\n", [("expected_number", 2, 28)]),
    "nothing for a number": ("levers:\n  linkage_strength:\n", [("expected_number", 3, 3)]),
    "list for a number": ("levers: {linkage_strength: [1]}\n", [("expected_number", 2, 28)]),
    "quoted number": ('levers: {linkage_strength: "0.5"}\n', [("quoted_number", 2, 28)]),
    "year too early": ("levers: {linkage_strength: {2020: 1}}\n", [("bad_year", 2, 29)]),
    "year too late": ("levers: {linkage_strength: {2051: 1}}\n", [("bad_year", 2, 29)]),
    "half a year": ("levers: {linkage_strength: {2025.5: 1}}\n", [("bad_year", 2, 29)]),
    "range within a path": (
        "levers: {linkage_strength: {2025: 1, 2030: 7}}\n",
        [("out_of_range", 2, 44)],
    ),
    "bad path word": (
        "levers: {linkage_strength: {2025: 1, path: ramp}}\n",
        [("bad_path", 2, 44)],
    ),
    "path without years": (
        "levers: {linkage_strength: {path: step}}\n",
        [("path_without_years", 2, 29)],
    ),
    "path beside regions": (
        "levers: {linkage_strength: {yantai: 1, path: step}}\n",
        [("path_without_years", 2, 40)],
    ),
    "empty path": ("levers: {linkage_strength: {}}\n", [("empty", 2, 28)]),
    "years beside regions": (
        "levers: {linkage_strength: {2025: 1, yantai: 1}}\n",
        [("mixed_keys", 2, 29)],
    ),
    "unknown region of a lever": (
        "levers:\n  linkage_strength:\n    yantia: 1\n",
        [("unknown_region", 4, 5)],
    ),
    "region within a region": (
        "levers: {linkage_strength: {yantai: {pingdu: 1}}}\n",
        [("unknown_path_key", 2, 38)],
    ),
    "same region twice": (
        "levers:\n  linkage_strength:\n    yantai: 1\n    yantai: 0.5\n",
        [("duplicate_key", 5, 5)],
    ),
    "same lever twice": (
        "levers:\n  linkage_strength: 1\n  linkage_strength: 0.5\n",
        [("duplicate_key", 4, 3)],
    ),
    "same year twice": (
        "levers: {linkage_strength: {2025: 1, 2025: 0}}\n",
        [("duplicate_key", 2, 38)],
    ),
    "same section twice": ("levers: {}\nlevers: {}\n", [("duplicate_key", 3, 1)]),
    "unknown region": ("region: qindao\n", [("bad_region", 2, 9)]),
    "unknown target": ("targets: [shandong_urbanisation]\n", [("bad_target", 2, 11)]),
    "target twice": (
        "targets: [qingdao_urbanisation_2025, qingdao_urbanisation_2025]\n",
        [("repeated_target", 2, 10)],
    ),
    "targets not a list": ("targets: qingdao_urbanisation_2025\n", [("expected_list", 2, 10)]),
    "levers not a mapping": ("levers: [linkage_strength]\n", [("expected_mapping", 2, 9)]),
    "unquoted number as text": ("question: {zh: 2025}\n", [("expected_text", 2, 16)]),
    "empty text": ('question: {zh: ""}\n', [("empty", 2, 16)]),
    "no text": ("question: {}\n", [("empty", 2, 11)]),
    "long title": ("note: {zh: " + "长" * 2001 + "}\n", [("too_long", 2, 12)]),
    "source without its sentence": (
        "source: {plan: a}\n",
        [("missing_key", 2, 9), ("missing_key", 2, 9)],
    ),
    "source with a stray key": (
        "source: {plan: a, quote: b, location: c, page: d}\n",
        [("unknown_key", 2, 42)],
    ),
    "empty list of sources": ("source: []\n", [("empty", 2, 9)]),
    "missing parent": ("extends: baselin\n", [("extends_missing", 2, 10)]),
    "parent outside the folder": ("extends: ../etc/passwd\n", [("extends_missing", 2, 10)]),
    "absolute parent": ("extends: /etc/passwd\n", [("extends_missing", 2, 10)]),
    "parent is a number": ("extends: 3\n", [("expected_text", 2, 10)]),
    "unquoted colon": ("question: {zh: a}\nnote: b: c\n", [("syntax", 3, 8)]),
    "unclosed bracket": ("targets: [a\n", [("syntax", 3, 1)]),
    "tab": ("levers:\n\tlinkage_strength: 1\n", [("tab", 3, 1)]),
    "alias": ("region: &r yantai\n", [("alias", 2, 9)]),
    "tag": (
        "region: !!python/object/apply:os.system [ls]\n",
        [("tag", 2, 9), ("bad_region", 2, 9)],
    ),
    "mapping as key": ("? {a: b}\n: 1\n", [("complex_key", 2, 3)]),
    "second document": ("---\ntitle: {en: b}\n", [("documents", 2, 1)]),
    "control character": ("region: yan\x07tai\n", [("character", 2, 12)]),
}


@pytest.mark.parametrize("case", CASES)
def test_each_kind_of_error_at_its_place(case: str) -> None:
    text, expected = CASES[case]
    assert found(TITLE + text) == expected


def test_a_file_without_a_title() -> None:
    assert found("region: yantai\n") == [("missing_key", 1, 1)]


@pytest.mark.parametrize("text", ["", "# only a comment\n", "- a\n", "baseline\n"])
def test_a_file_that_is_no_mapping(text: str) -> None:
    assert found(text) == [("not_a_mapping", 1, 1)]


def test_not_utf8() -> None:
    assert found("title: {zh: 试}\n".encode() + "note: 验".encode("gbk")) == [("not_utf8", 2, 7)]


def test_all_errors_at_once_in_order() -> None:
    text = (
        "title: {zh: 1}\n"
        "region: shandon\n"
        "levers:\n"
        "  setling_openness: 0.5\n"
        "  linkage_strength: {2019: 0.5, 2025: 3, path: ramp}\n"
        "  debt_ceiling: {qingdao: 0.3, qingdao: 0.4}\n"
        "  debt_ceiling: 0.4\n"
        "targets: [nothing]\n"
    )
    assert found(text) == [
        ("expected_text", 1, 13),
        ("bad_region", 2, 9),
        ("unknown_lever", 4, 3),
        ("bad_year", 5, 22),
        ("out_of_range", 5, 39),
        ("bad_path", 5, 48),
        ("duplicate_key", 6, 32),
        ("duplicate_key", 7, 3),
        ("bad_target", 8, 11),
    ]


def test_message_names_place_found_allowed_and_nearest() -> None:
    (problem,) = problems_of(TITLE + "levers:\n  setling_openness: 0.5\n")
    english = problem.render("en")
    assert english.startswith("x.yaml:3:3: ")
    assert "setling_openness" in english
    assert "did you mean settling_openness? Allowed: " in english
    assert "？可用：" in problem.render("zh")
    assert "linkage_strength" in english
    assert "settling_openness" in problem.render("zh")
    assert "未知的政策杠杆" in problem.render("zh")


def test_range_message_names_range_and_unit() -> None:
    lever = levers()["homestead_exit_payment"]
    (problem,) = problems_of(TITLE + "levers: {homestead_exit_payment: 1000}\n")
    limits = lever.low, lever.high
    expected = "1000 is outside {:g} to {:g} [10k yuan/household]".format(*limits)
    assert expected in problem.render("en")
    assert "1000 超出范围 {:g} 至 {:g}（万元/户）".format(*limits) in problem.render("zh")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
def test_every_problem_has_words_in_both_languages(case: str, language: str) -> None:
    for problem in problems_of(TITLE + CASES[case][0]):
        text = problem.render(language)
        assert text.startswith(problem.place() + ": ")
        assert "{" not in problem.message(language).replace("{…}", "")


def test_missing_file_suggests_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "growth.yaml").write_text(TITLE, encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"growth\.yaml") as caught:
        load_scenario(tmp_path / "grwoth.yaml")
    assert [each.code for each in caught.value.problems] == ["file_missing"]


def test_a_folder_is_no_scenario(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(tmp_path)
    assert [each.code for each in caught.value.problems] == ["not_a_file"]


def test_cycle_is_reported_where_it_closes(tmp_path: Path) -> None:
    for name, parent in (("a", "b"), ("b", "c"), ("c", "a")):
        text = f"{TITLE}extends: {parent}\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(tmp_path / "a.yaml")
    (problem,) = caught.value.problems
    assert (problem.code, Path(problem.file).name, problem.line) == ("extends_cycle", "c.yaml", 2)
    assert "a → b → c → a" in problem.render("en")


def test_no_file_is_offered_as_its_own_parent(tmp_path: Path) -> None:
    (tmp_path / "sibling.yaml").write_text(TITLE, encoding="utf-8")
    (tmp_path / "grandchild.yaml").write_text(TITLE + "extends: child\n", encoding="utf-8")
    (tmp_path / "child.yaml").write_text(TITLE + "extends: childs\n", encoding="utf-8")
    for start in ("child", "grandchild"):
        with pytest.raises(ScenarioError) as caught:
            load_scenario(tmp_path / f"{start}.yaml")
        (problem,) = caught.value.problems
        offered = problem.params["allowed"]
        assert isinstance(offered, list)
        assert {"sibling", "baseline"} <= set(offered)
        assert "child" not in offered
        assert ("grandchild" in offered) is (start == "child")
        assert problem.params["nearest"] != "child"


def test_a_parent_s_errors_are_reported_in_its_own_file(tmp_path: Path) -> None:
    (tmp_path / "parent.yaml").write_text(TITLE + "region: nowhere\n", encoding="utf-8")
    child = tmp_path / "child.yaml"
    child.write_text(TITLE + "extends: parent\nlevers: {nothing: 1}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(child)
    places = [(Path(each.file).name, each.code, each.line) for each in caught.value.problems]
    assert places == [("child.yaml", "unknown_lever", 3), ("parent.yaml", "bad_region", 2)]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("region: 烟台\n", "yantai"),
        ("region: Tai'an\n", "taian"),
        ("levers: {落户开放度: 1}\n", "settling_openness"),
        ("levers: {linkage_strength: {平度: 1}}\n", "pingdu"),
        ("Levers: {}\n", "levers"),
        ("region: atlantis\n", ""),
    ],
)
def test_names_lead_to_ids(text: str, meant: str) -> None:
    (problem,) = problems_of(TITLE + text)
    assert problem.params["nearest"] == meant
