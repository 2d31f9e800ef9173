"""Words shown to users, looked up in the message catalogues of `locale/`, Chinese and English."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

CATALOGUES = {"zh": "zh_CN.toml", "en": "en.toml"}
LANGUAGES = tuple(CATALOGUES)
FOLDER = Path(__file__).parent.parent / "locale"


@cache
def catalogue(language: str) -> Mapping[str, Mapping[str, str]]:
    """Return the sections of one language's catalogue. Raises KeyError for other languages."""
    with (FOLDER / CATALOGUES[language]).open("rb") as stream:
        return tomllib.load(stream)


def translate(key: str, language: str, /, **values: object) -> str:
    """Return the message `section.name` in `language`, its {placeholders} filled from `values`.

    Raises KeyError when the catalogue has no such message or a placeholder has no value: a gap
    in a catalogue is a defect, never shown as an empty label.
    """
    section, _, name = key.partition(".")
    return catalogue(language)[section][name].format(**values)
