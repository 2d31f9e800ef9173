"""Tables as plain text for a terminal, aligned also where Chinese letters are two columns wide."""

import unicodedata
from collections.abc import Sequence


def width(text: str) -> int:
    """Return how many terminal columns a text takes."""
    return sum(
        0
        if unicodedata.combining(letter)
        else 2
        if unicodedata.east_asian_width(letter) in "WF"
        else 1
        for letter in text
    )


def text_table(header: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> str:
    """Return a table with two blanks between columns; the first `left` columns read from the left,
    the others, which hold figures, from the right. Every row has as many cells as the header."""
    lines = [list(header), *map(list, rows)]
    widths = [max(width(line[column]) for line in lines) for column in range(len(header))]

    def aligned(line: Sequence[str]) -> str:
        cells = [
            cell + " " * (widths[column] - width(cell))
            if column < left
            else " " * (widths[column] - width(cell)) + cell
            for column, cell in enumerate(line)
        ]
        return "  ".join(cells).rstrip()

    rule = "  ".join("-" * each for each in widths)
    return "\n".join([aligned(lines[0]), rule, *map(aligned, lines[1:])])
