"""All pages draw for every region and every scenario in both languages."""

import pytest
from streamlit.testing.v1 import AppTest

from analysis.targets import relevant_targets
from engine import EngineError
from model import InvariantError, regions, shipped_scenarios
from views.markup import esc
from views.session import Session
from views.workbench import Edit

PAGES = ("overview", "compare", "method")
SCENARIOS = [path.stem for path in shipped_scenarios()]


def overview_script() -> None:
    from views import frame, overview

    frame.head()
    frame.run(overview.page)


def compare_script() -> None:
    from views import compare, frame

    frame.head()
    frame.run(compare.page)


def method_script() -> None:
    from views import frame, method

    frame.head()
    frame.run(method.page)


def opened(page: str, **state: object) -> AppTest:
    """Return a page opened in a session with some state."""
    scripts = {"overview": overview_script, "compare": compare_script, "method": method_script}
    test = AppTest.from_function(scripts[page], default_timeout=60)
    for key, value in state.items():
        test.session_state[key] = value
    return test.run()


def html(test: AppTest) -> str:
    """Return all HTML of ours on the page."""
    return "".join(element.proto.body for element in test.get("html"))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_draws_for_every_region(page: str, language: str) -> None:
    shown = set()
    for code, region in regions().items():
        test = opened(page, region=code, language=language)
        assert not test.exception, code
        assert esc(region.name(language)) in html(test)
        shown.add(html(test))
    assert len(shown) == 19


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_overview_draws_for_every_scenario(language: str) -> None:
    expected = len(relevant_targets("shandong", superseded=True))
    for code in SCENARIOS:
        test = opened("overview", scenario=code, language=language)
        assert not test.exception, code
        assert 'data-testid="finding"' in html(test)
        assert html(test).count("data-target=") == expected


def test_the_overview_states_chances_once_the_draws_are_run(monkeypatch) -> None:
    assert "达到的可能性" in html(opened("overview"))
    monkeypatch.setattr("views.overview.available", lambda: False)
    monkeypatch.setattr("views.sureness.Sureness.held", lambda *_: None)
    test = opened("overview")
    assert not test.exception
    assert "达到的可能性" not in html(test)


def test_a_region_without_targets_says_so_and_shows_the_province() -> None:
    test = opened("overview", region="heze")
    assert any("菏泽市没有收录" in caption.value for caption in test.caption)
    assert 'data-target="shandong_urbanisation_2035"' in html(test)


def test_five_scenarios_stand_beside_the_baseline() -> None:
    test = opened("compare", compared=SCENARIOS[1:6])
    assert not test.exception
    assert html(test).count("与基准之差</th>") == 5


def test_a_moved_lever_shows_in_the_table_of_differences() -> None:
    memory = Session()
    memory.workbench.put("permit_entitlement_share", "shandong", Edit(0.95))
    test = opened("compare", session=memory)
    assert not test.exception
    assert "0.95" in html(test)
    assert "居住证待遇比例" in html(test)


def test_a_lever_set_elsewhere_says_why_nothing_moves() -> None:
    memory = Session()
    memory.workbench.put("birth_support", "yantai", Edit(0.5))
    memory.workbench.put("skills_training", "yantai", Edit(0.05))
    test = opened("compare", session=memory, region="yantai")
    assert not test.exception
    assert any("与起点情景相同" in warning.value for warning in test.warning)


def test_sliders_of_an_open_group_follow_the_edits() -> None:
    memory = Session()
    memory.workbench.put("permit_entitlement_share", "shandong", Edit(0.95))
    test = opened("compare", session=memory, **{"group-settling": True})
    slider = test.slider(key="lever:shandong:permit_entitlement_share")
    assert slider.value == 0.95
    slider.set_value(0.4).run()
    assert memory.workbench.edits["permit_entitlement_share"]["shandong"].value == 0.4
    test.button(key="undo").click().run()
    assert test.slider(key="lever:shandong:permit_entitlement_share").value == 0.95


@pytest.mark.parametrize("others", [0, 2, 5])
def test_a_moved_lever_shows_though_the_own_scenario_was_taken_off(others: int) -> None:
    chosen = SCENARIOS[1 : 1 + others]
    test = opened("compare", compared=chosen, **{"group-settling": True})
    test.slider(key="lever:shandong:permit_entitlement_share").set_value(0.95).run()
    assert not test.exception
    assert test.session_state["compared"] == [*chosen[:4], "mine"]
    assert "我的情景</th>" in html(test)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_group_of_levers_and_outputs_opens(language: str) -> None:
    groups = ("settling", "money", "land", "housing", "economy", "population", "water")
    opened_groups = {f"group-{group}": True for group in (*groups, "assumption")}
    for output_group in ("key", "population", "money", "services", "water"):
        state = {"language": language, "output_group": output_group, "difference": True}
        test = opened("compare", compared=["mine", SCENARIOS[1]], **state, **opened_groups)
        assert not test.exception
        assert len(test.slider) == 39


def test_problems_of_a_text_stand_with_line_and_column_and_the_text_stays() -> None:
    text = "title: {zh: 坏}\nlevers:\n  settling_opennes: 0.9\n"
    test = opened("compare", yaml_text=text)
    assert not test.exception
    assert "<code>3:3</code>" in html(test)
    assert test.text_area(key="yaml_text").value == text


def test_a_hostile_title_stays_text() -> None:
    text = "title: {zh: '<img src=x onerror=alert(1)>'}\n"
    test = opened("compare", yaml_text=text)
    assert not test.exception
    assert "<img src=x" not in html(test)
    assert "&lt;img src=x" in html(test)


@pytest.mark.parametrize("error", [InvariantError("money closes"), EngineError("no kernel")])
def test_a_refusal_of_the_model_is_told_and_the_levers_stay(error, monkeypatch) -> None:
    opened("compare")

    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr("views.results.Runs.of", refuse)
    test = opened("compare")
    assert not test.exception
    assert str(error) in html(test)
    assert 'role="alert"' in html(test)
    assert test.button(key="undo")


def test_a_lever_can_be_timed_and_reset_on_its_own() -> None:
    memory = Session()
    memory.workbench.put("permit_entitlement_share", "shandong", Edit(0.95))
    memory.workbench.put("rural_rights_protection", "shandong", Edit(0.9))
    place = "shandong:permit_entitlement_share"
    test = opened("compare", session=memory, **{"group-settling": True, f"more:{place}": True})
    test.selectbox(key=f"year:{place}@zh").set_value(2030).run()
    assert memory.workbench.edits["permit_entitlement_share"]["shandong"] == Edit(0.95, 2030)
    test.button(key=f"reset:{place}").click().run()
    assert set(memory.workbench.edits) == {"rural_rights_protection"}
    test.button(key="reset:settling").click().run()
    assert memory.workbench.edits == {}


def test_the_users_scenario_can_start_from_a_shipped_one() -> None:
    test = opened("compare", base=SCENARIOS[1], **{"group-settling": True})
    assert not test.exception
    assert "我的情景" in html(test)
    assert "起点情景" in html(test)


def test_a_search_for_numbers_without_result_says_so() -> None:
    test = opened("method", numbers_sought="没有这样的数字")
    assert not test.exception
    assert any("没有符合的数字" in info.value for info in test.info)
    found = opened("method", numbers_sought="感知滞后")
    assert not any("没有符合的数字" in info.value for info in found.info)
