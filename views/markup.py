"""HTML made from data: every text is escaped here, so that no name can turn into markup."""

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

import streamlit as st


def esc(value: object) -> str:
    """Return text that HTML shows as it is."""
    return escape(str(value), quote=True)


def show(html: str) -> None:
    """Put HTML on the page. Every text in it must have passed through `esc`."""
    st.html(html)


def alert(text: str) -> None:
    """Put a message on the page that says what went wrong and what to do."""
    show(f'<div class="rq-note" role="alert">{esc(text)}</div>')


def table(head: Sequence[str], rows: Sequence[Sequence[str]], caption: str, span: int = 1) -> str:
    """Return a table that scrolls within itself on a narrow screen.

    The first column names the row; with `span` it names as many rows at once.
    """
    top = "".join(f'<th scope="col">{esc(cell)}</th>' for cell in head)
    body = ""
    for i, row in enumerate(rows):
        name = f'<th scope="rowgroup" rowspan="{span}">{esc(row[0])}</th>' if i % span == 0 else ""
        cells = "".join(f"<td>{esc(cell)}</td>" for cell in row[1:])
        body += f"<tr>{name}{cells}</tr>"
    return (
        f'<div class="rq-scroll" tabindex="0"><table class="rq-table"><caption>{esc(caption)}'
        f"</caption><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def sparkline(values: Sequence[float], width: int = 120, height: int = 28) -> str:
    """Return a small line without axes, for a figure whose numbers stand beside it."""
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    points = " ".join(
        f"{2 + i * (width - 8) / (len(values) - 1):.1f},"
        f"{height - 4 - (value - low) / span * (height - 8):.1f}"
        for i, value in enumerate(values)
    )
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'preserveAspectRatio="xMinYMid">'
        f'<polyline points="{points}" fill="none" stroke="#7d8f96" stroke-width="2"/></svg>'
    )
    return f'<img class="rq-spark" alt="" src="data:image/svg+xml,{quote(drawing)}">'
