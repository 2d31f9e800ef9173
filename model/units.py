"""The words for units in the model and its codelists, and what they mean to pint."""

import re
from functools import cache
from typing import Any, cast

import pint

DEFINITIONS = (
    "ten_thousand_- = 1e4",
    "hundred_million_- = 1e8",
    "person = [person]",
    "child = [child]",
    "woman = [woman]",
    "household = [household]",
    "home = [home]",
    "yuan = [money]",
    "year = [time]",
    "m = [length]",
    "m2 = m ** 2",
    "km2 = 1e6 * m2",
    "m3 = m ** 3",
    "percent = 0.01",
    # Words of the codelists: a job has one person, a birth is a person, and so on.
    "job = person",
    "birth = person",
    "percentage_point = percent",
    "ratio = 1",
)
SPELLINGS = {"10k": "ten_thousand", "100m": "hundred_million"}
Unit = pint.Unit | None
"""A unit, or None, which fits any other: that of 0, and of what is not known."""
ROUNDING = 1e-12


@cache
def registry() -> pint.UnitRegistry:
    """Return pint's registry with our units and no others."""
    found = pint.UnitRegistry(cast(str, None))  # without pint's own definitions
    for definition in DEFINITIONS:
        found.define(definition)
    return found


@cache
def unit_of(text: str) -> pint.Unit:
    """Return the unit that a text such as "hundred million yuan/(person*year)" means.

    Raises ValueError for a word that `DEFINITIONS` does not have and for an empty text.
    """
    if not text.strip():
        raise ValueError("there is no unit")
    joined = re.sub(r"\b(10k|100m)\b", lambda word: SPELLINGS[word[0]], text)
    joined = re.sub(r"(?<=[a-z0-9]) +(?=[a-z])", "_", joined)
    try:
        return registry().parse_units(joined)
    except (pint.PintError, ValueError, TypeError, AssertionError) as error:  # pint asserts grammar
        raise ValueError(f"{text!r} is not a unit: {error}".rstrip(" :")) from error


def factor(first: pint.Unit, second: pint.Unit) -> float | None:
    """Return how many of `second` make one `first`; None where the two are of different kinds."""
    if first == second:
        return 1.0
    ratio: Any = registry().Quantity(1.0, first) / registry().Quantity(1.0, second)
    return float(ratio.to_base_units().magnitude) if ratio.dimensionless else None


def fits(first: Unit, second: Unit, scale: float = 1.0) -> bool:
    """Say whether one of the first unit is `scale` of the second."""
    if first is None or second is None:
        return True
    found = factor(first, second)
    return found is not None and abs(found / scale - 1) < ROUNDING


def words(unit: Unit) -> str:
    """Return a unit as the model writes it."""
    return "" if unit is None else f"{unit:C}".replace("dimensionless", "1").replace("_", " ")


def over(above: Unit, below: Unit) -> Unit:
    """Return the unit of a quotient."""
    return None if above is None or below is None else cast(pint.Unit, above / below)


def times(first: Unit, second: Unit) -> Unit:
    """Return the unit of a product."""
    return None if first is None or second is None else cast(pint.Unit, first * second)


def raised(unit: Unit, exponent: float) -> Unit:
    """Return the unit of a power."""
    return None if unit is None else cast(pint.Unit, unit**exponent)


ONE = unit_of("1")
