"""Every equation has the unit that its variable declares, and a fault in any is told."""

import shutil
from pathlib import Path

import pytest

from model.tables import MODEL_FILE
from model.unit_check import UnitFault, unit_faults
from model.units import factor, fits, unit_of, words


def test_the_model_is_clean() -> None:
    assert unit_faults() == ()


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("100m yuan/year", "hundred million yuan/year", 1),
        ("hundred million yuan", "ten thousand yuan", 10_000),
        ("km2/year", "m2/year", 1e6),
        ("10k yuan/person/year", "ten thousand yuan/(person*year)", 1),
        ("1", "percent", 100),
        ("year/m2*person", "person*year/m2", 1),
        ("person", "yuan", None),
        ("person/year", "person", None),
    ],
)
def test_words_mean_what_they_say(first: str, second: str, expected: float | None) -> None:
    found = factor(unit_of(first), unit_of(second))
    assert found == (None if expected is None else pytest.approx(expected))
    assert fits(unit_of(first), unit_of(second)) == (expected == 1)


def test_units_are_written_as_in_the_model() -> None:
    assert words(unit_of("hundred million yuan/(km2*year)")) == "hundred million yuan/km2/year"
    assert words(unit_of("1")) == "1"


@pytest.mark.parametrize("text", ["persn", "", "2 person", "person/", "yuan^"])
def test_what_is_not_a_unit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="unit"):
        unit_of(text)


BROKEN = {
    # what is broken: variable, old text, new text, where the fault is seen, expected, found
    "a person added to yuan": (
        "gross domestic product",
        "\n\turban employed[Region] * urban productivity",
        "\n\tone person + urban employed[Region] * urban productivity",
        "terms",
        "person",
        "hundred million yuan/year",
    ),
    "a unit without its year": (
        "deaths total",
        "deaths by status[Region,Status!])\n\t~\tperson/year",
        "deaths by status[Region,Status!])\n\t~\tperson",
        "side",
        "person",
        "person/year",
    ),
    "the exponential of a year": (
        "eligible share",
        "EXP(-required years of residence[Region] / tenure[Migrant])",
        "EXP(-required years of residence[Region])",
        "argument",
        "1",
        "year",
    ),
    "yuan for hundred million yuan": (
        "rural support spending",
        "rural population[Region] / yuan per hundred million yuan\n",
        "rural population[Region]\n",
        "side",
        "hundred million yuan/year",
        "yuan/year",
    ),
    "a conversion by a wrong number": (
        "yuan per ten thousand yuan",
        "yuan per ten thousand yuan=\n\t10000",
        "yuan per ten thousand yuan=\n\t1000",
        "conversion",
        "10000",
        "1000",
    ),
    "an exponent with a unit": (
        "network factor",
        "urban population[Region]))) ^ network elasticity, 1)\n\t~\t1\n\t~\tR2: those",
        "urban population[Region]))) ^ one person, 1)\n\t~\t1\n\t~\tR2: those",
        "exponent",
        "1",
        "person",
    ),
    "a flow that is no rate": (
        "perceived income ratio",
        "perceived income ratio[Region]) / perception time, ",
        "perceived income ratio[Region]), ",
        "start",
        "year",
        "1",
    ),
    "people in place of a number": (
        "urban population",
        "resident population[Region] - rural population[Region]\n",
        "resident population[Region] - 1000\n",
        "terms",
        "person",
        "1",
    ),
    "a table in another unit": (
        "perception time",
        "'B3')\n\t~\tyear\n\t~\tFirst",
        "'B3')\n\t~\t1/year\n\t~\tFirst",
        "table",
        "1/year",
        "year",
    ),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[UnitFault, ...]:
    """Return what the check finds in a copy of the model with every fault at once."""
    folder = tmp_path_factory.mktemp("broken")
    shutil.copytree(MODEL_FILE.parent / "data", folder / "data")
    text = MODEL_FILE.read_text("utf-8")
    for name, (_, old, new, *_) in BROKEN.items():
        assert text.count(old) == 1, name
        text = text.replace(old, new)
    text = text.replace("\t~\tm2/km2\n", "\t~\tm2/km3\n")
    (folder / MODEL_FILE.name).write_text(text, "utf-8")
    return unit_faults(folder / MODEL_FILE.name)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_copy_is_told_where_and_why(name: str, found: tuple[UnitFault, ...]) -> None:
    variable, _, _, *told = BROKEN[name]
    assert told in [
        [fault.place, fault.expected, fault.found] for fault in found if fault.variable == variable
    ]


def test_a_word_that_is_no_unit_is_told(found: tuple[UnitFault, ...]) -> None:
    (fault,) = [each for each in found if each.variable == "square metres per square kilometre"]
    assert "“m2/km3” is not a unit" in fault.message("en")
    assert "“m2/km3”不是单位" in fault.message("zh")


def test_a_fault_shows_its_equation(found: tuple[UnitFault, ...]) -> None:
    (fault,) = [each for each in found if each.variable == "rural support spending"]
    assert fault.message("en") == (
        "rural support spending: the two sides: expected hundred million yuan/year, "
        "found yuan/year\n    rural support spending[Region] = rural income support[Region] * "
        "rural population[Region]"
    )


SMALL = """{{UTF-8}}
a = 2 ~ person ~ |
b = 3 ~ yuan ~ |
t = 4 ~ year ~ |
n = 5 ~ 1 ~ |
look([(0,0)-(10,10)],(0,0),(10,10)) ~ yuan ~ |
{equation} ~ |
INITIAL TIME = 0 ~ year ~ |
FINAL TIME = 10 ~ year ~ |
TIME STEP = 1 ~ year ~ |
"""


def of(equation: str, folder: Path) -> list[str]:
    """Return the places of the faults in a small model with this equation and unit."""
    path = folder / "small.mdl"
    path.write_text(SMALL.format(equation=equation), "utf-8")
    return [fault.place for fault in unit_faults(path)]


@pytest.mark.parametrize(
    "equation",
    [
        "x = MAX(0, a) - a ~ person",
        "x = a ^ 2 / a ~ person",
        "x = a ^ (-1) ~ 1/person",
        "x = n ^ n ~ 1",
        "x = SQRT(a * a) ~ person",
        "x = IF THEN ELSE(a > 0 :AND: b > 0, a, 0) ~ person",
        "x = INTEG(a / t, 0) ~ person",
        "x = SMOOTH(a, t) ~ person",
        "x = DELAY3I(a, t, 0) ~ person",
        "x = DELAY FIXED(a, t, a) ~ person",
        "x = look(n) ~ yuan",
        "x = ZIDZ(b, a) ~ yuan/person",
        "x = XIDZ(b, a, 0) ~ yuan/person",
        "x = STEP(a, t) + a * Time / TIME STEP ~ person",
        "x = INTEGER(a / a) + LN(b / b) ~ 1",
        "x = INITIAL(a) ~ person",
        "x = ABS(-a) ~ person",
    ],
)
def test_a_sound_equation_passes(equation: str, tmp_path: Path) -> None:
    assert of(equation, tmp_path) == []


@pytest.mark.parametrize(
    ("equation", "place"),
    [
        ("x = MAX(1, a) ~ person", "arguments"),
        ("x = a ^ n ~ person", "base"),
        ("x = IF THEN ELSE(a > b, a, a) ~ person", "comparison"),
        ("x = IF THEN ELSE(a, a, a) ~ person", "condition"),
        ("x = IF THEN ELSE(n > 1, a, b) ~ person", "arguments"),
        ("x = IF THEN ELSE(a > 0 :AND: b, a, 0) ~ person", "condition"),
        ("x = INTEG(a, a) ~ person", "start"),
        ("x = INTEG(a, 0) ~ person", "side"),
        ("x = SMOOTH(a, n) ~ person", "delay"),
        ("x = SMOOTHI(a, t, b) ~ person", "input"),
        ("x = LN(a) ~ 1", "argument"),
        ("x = INTEGER(a) ~ 1", "argument"),
        ("x = XIDZ(b, a, b) ~ yuan/person", "argument"),
        ("x = STEP(a, n) ~ person", "time"),
        ("x = PULSE(1, 2) ~ 1", "no_rule"),
        ("x = a * 100 * b ~ person", "side"),
    ],
)
def test_an_unsound_equation_is_told_once(equation: str, place: str, tmp_path: Path) -> None:
    assert of(equation, tmp_path) == [place]
