"""Files that are written whole or not at all."""

from collections.abc import Mapping
from pathlib import Path


def replace(texts: Mapping[Path, str]) -> None:
    """Write text files that belong together: all are whole before the first takes its place."""
    beside = {path: path.with_name(path.name + ".new") for path in texts}
    for path, text in texts.items():
        beside[path].write_text(text, encoding="utf-8", newline="\n")
    for path, written in beside.items():
        written.replace(path)
