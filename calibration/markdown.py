"""Words and tables of the documents written from the calibration's tables."""

from collections.abc import Iterable, Sequence

import numpy as np

from model import outputs


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table, the first column to the left and the others to the right."""
    lines = ["| " + " | ".join(header) + " |", "|---" + "|---:" * (len(header) - 1) + "|"]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def image(words: str, file: str) -> str:
    """Return a picture that stands beside the document; `words` say what it shows."""
    return f"![{words}]({file})"


def figure(value: float) -> str:
    """Return a number with four significant digits, or a dash where there is none."""
    if not np.isfinite(value):
        return "–"
    if abs(value) < 1e-12:
        return "0"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def name(output: str) -> str:
    """Return an output's name and unit."""
    return f"{outputs()[output].name_en} ({outputs()[output].unit})"


def verdict(reached: bool) -> str:
    """Return how a goal ended."""
    return "met" if reached else "**missed**"
