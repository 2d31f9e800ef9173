"""Words, units and figures in the language of the session: Chinese first, English by a switch."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from model.codelists import Lever, Output, Region
from model.messages import translate

LANGUAGES = {"zh": "中文", "en": "English"}
MANY = 100_000  # counts from here on are shown in 万 (Chinese) or thousands and millions (English)
# Units of 亿 and 万, for which English has no word: factor, word and more digits.
POWERS = {"100m": (0.1, "billion", 1), "10k": (10.0, "thousand", -1)}
MARKS = {"percent": "%", "1": "", "km2": "km²", "m2": "m²"}


def current() -> str:
    """Return the language of the session: "zh" or "en"."""
    return st.session_state.get("language") or "zh"


def t(key: str, **values: object) -> str:
    """Return the message `key` of the catalogue in the session's language."""
    return translate(key, current(), **values)


def name(record: Region | Lever | Output) -> str:
    """Return a codelist record's name in the session's language."""
    return record.name(current())


@dataclass(frozen=True)
class Scale:
    """How a quantity is shown: stored value × `factor`, with `unit` and `digits`."""

    factor: float
    unit: str
    digits: int

    def number(self, value: float, signed: bool = False) -> str:
        """Return the value as shown, without its unit."""
        return number(value * self.factor, self.digits, signed)

    def text(self, value: float, signed: bool = False) -> str:
        """Return the value as shown, with its unit."""
        space = "" if self.unit == "%" or not self.unit else " "
        return f"{self.number(value, signed)}{space}{self.unit}"


def scale(measured: Lever | Output, values: Iterable[float] = ()) -> Scale:
    """Return how to show a lever or output whose largest value is among `values`."""
    language = current()
    unit = measured.unit_label(language)
    largest = max((abs(value) for value in values), default=0.0)
    counted = measured.unit.split("/")[0] in ("person", "home", "household")
    power, _, rest = unit.partition(" ")
    if language == "en" and power in POWERS and isinstance(measured, Output):
        factor, word, digits = POWERS[power]
        return Scale(factor, f"{word} {rest}", measured.digits + digits)
    if not counted:
        return Scale(1.0, pretty(unit), measured.digits)
    if language == "zh":
        return Scale(1e-4, f"万{unit}", 1) if largest >= MANY else Scale(1.0, unit, measured.digits)
    if largest < MANY:
        return Scale(1.0, plural(unit), measured.digits)
    if largest < 100 * MANY:
        return Scale(1e-3, f"thousand {plural(unit)}", 0)
    return Scale(1e-6, f"million {plural(unit)}", 2)


def pretty(unit: str) -> str:
    """Return a unit with the marks people read: %, km², nothing for a pure number."""
    if unit in MARKS:
        return MARKS[unit]
    return unit.replace("percent/", "%/").replace("km2", "km²").replace("m2", "m²")


def plural(unit: str) -> str:
    """Return an English counted unit in the plural: persons/year from person/year."""
    noun, slash, per = unit.partition("/")
    return f"{noun}s{slash}{per}"


def number(value: float, digits: int, signed: bool = False) -> str:
    """Return a figure with thousands separators and a true minus sign."""
    if value != value:  # NaN: the model gives no value here
        return "–"
    shown = f"{value:,.{digits}f}"
    if float(shown.replace(",", "")) == 0:
        return shown.lstrip("-")
    if value < 0:
        return f"−{shown[1:]}"
    return f"+{shown}" if signed else shown


def noise(digits: int) -> float:
    """Return the size up to which a value shown with `digits` is none: a millionth of the last
    digit, which rounding may leave of moves that cancel."""
    return 10.0 ** -(digits + 6)


def without_noise(values: np.ndarray, digits: int) -> np.ndarray:
    """Return values shown with `digits`, zero where they are no more than noise."""
    return np.where(np.abs(values) <= noise(digits), 0.0, values)


def significant(value: float) -> str:
    """Return a number of any size with four significant digits."""
    if value != value:
        return "–"
    shown = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return shown.replace("-", "−", 1) if value < 0 else shown
