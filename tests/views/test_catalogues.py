"""The message catalogues: the same messages in both languages, all that is used and no more."""

import re
from pathlib import Path
from string import Formatter

import pytest

from analysis.numbers import STATUSES
from calibration.score import RIVALS
from calibration.verdicts import PERCENT, POINTS
from model.codelists import GRADES, LEVER_GROUPS, SENSES, outputs
from model.loops import loops
from model.messages import catalogue
from views import method, method_numbers, method_plots, reliance

ROOT = Path(__file__).parents[2]
VIEWS = ROOT / "views"
USED = re.compile(r"\b(?:t|translate)\(\s*(f?)[\"']([a-z_]+\.[a-z_{}.]+)[\"']")
CATEGORIES = ("registered_here", "same_county", "same_province", "other_province")
# What the placeholders of a key built in the code can stand for.
BUILT = {
    "group.{group}": LEVER_GROUPS,
    "output_group.{code}": ("key", *sorted({output.group for output in outputs().values()})),
    "path.{path}": ("step", "linear"),
    "levers.set_{edit.path}": ("step", "linear"),
    "grade.{lever.grade}": GRADES,
    "grade.{grade}": GRADES,
    "sense.{target.sense}": SENSES,
    "status.{target.status}": ("current", "superseded"),
    "cards.{state}": ("met", "missed", "superseded"),
    "finding.part_{part}": ("migration", "reclassification", "natural"),
    "charts.{word}": (
        *("year", "table", "csv", "png", "observed", "target", "superseded"),
        *("band", "low", "high", "to", "ends"),
    ),
    "compare.areas_{code}": ("last", "all", "none"),
    "method.tab_{tab}": method.TABS,
    "fit.unit_{goal.unit}": (POINTS, PERCENT),
    "fit.{key}": tuple(RIVALS),
    "numbers.{cell}": method_numbers.HEAD,
    "number_table.{code}": (method_numbers.EVERY, *method_numbers.TABLES),
    "people.{code}": (*STATUSES, *CATEGORIES),
    "loops.{code}": tuple(loop.lower() for loop in loops()),
    "assumed.{word}": reliance.HEAD,
    "assumed.plot_{group}": method_plots.GROUPS,
    "versions.{key}": (
        *("label", "figures", "parameters", "starts", "rank", "condition", "chains"),
        *("acceptance", "r_hat", "sample", "kept", "seed"),
    ),
    "versions.{state}": ("current", "outdated"),
}
# Keys that are picked by a condition before they are looked up.
CHOSEN = {"finding.up", "finding.down", "finding.target_met", "finding.target_missed"}
CHOSEN |= {"numbers.informed", "numbers.prior", "notes.unseen_policy", "notes.unseen_outside"}


def messages(language: str) -> dict[str, str]:
    """Return every message by its full key."""
    return {
        f"{section}.{key}": text
        for section, entries in catalogue(language).items()
        for key, text in entries.items()
    }


def used_keys() -> set[str]:
    """Return every key that the views look up."""
    keys = set(CHOSEN)
    for path in VIEWS.glob("*.py"):
        for built, key in USED.findall(path.read_text(encoding="utf-8")):
            if built:
                prefix = key[: key.index("{")]
                keys |= {prefix + value for value in BUILT[key]}
            else:
                keys.add(key)
    return keys


def test_both_languages_have_the_same_messages() -> None:
    assert messages("zh").keys() == messages("en").keys()


@pytest.mark.parametrize("key", sorted(messages("zh")))
def test_a_message_has_the_same_placeholders_in_both_languages(key: str) -> None:
    names = [
        {field for _, field, _, _ in Formatter().parse(messages(language)[key]) if field}
        for language in ("zh", "en")
    ]
    # A problem names a unit in its own language.
    assert {name.removesuffix("_zh") for name in names[0]} == {
        name.removesuffix("_en") for name in names[1]
    }


def test_every_message_used_exists() -> None:
    assert used_keys() <= messages("zh").keys()


def test_no_message_of_the_app_is_left_over() -> None:
    sections = {key.split(".")[0] for key in used_keys()}
    own = {key for key in messages("zh") if key.split(".")[0] in sections}
    assert own == used_keys()


def test_english_messages_hold_no_chinese() -> None:
    assert not [key for key, text in messages("en").items() if re.search(r"[\u4e00-\u9fff]", text)]


def test_one_word_for_an_assumption_everywhere() -> None:
    places = ("locale/*", "docs/*.md", "*.md", "model/*.csv", "model/data/*.csv", "scenarios/*")
    files = [path for pattern in places for path in ROOT.glob(pattern)]
    assert len(files) > 40
    assert [path.name for path in files if "假定" in path.read_text(encoding="utf-8")] == []
    assert "假设" in messages("zh")["grade.assumption"]
