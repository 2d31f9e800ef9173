"""HTML made from data: every text is escaped here, so that no name can turn into markup."""

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

import streamlit as st


def esc(value: object) -> str:
    """Return text that HTML shows as it is."""
    return escape(str(value), quote=True)


class Drawn(str):
    """HTML that has been escaped already: a table takes such a cell as it is."""


def cell(value: str) -> str:
    """Return the inside of a cell of a table."""
    return value if isinstance(value, Drawn) else esc(value)


def show(html: str) -> None:
    """Put HTML on the page. Every text in it must have passed through `esc`."""
    st.html(html)


def alert(text: str) -> None:
    """Put a message on the page that says what went wrong and what to do."""
    show(f'<div class="rq-note" role="alert">{esc(text)}</div>')


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    caption: str,
    span: int = 1,
    words: Sequence[int] = (),
) -> str:
    """Return a table that scrolls within itself on a narrow screen.

    The first column names the row; with `span` it names as many rows at once. An empty caption is
    left out, for a table right below a heading. Columns are figures but for those in `words`.
    """
    style = [' class="rq-words"' if i in words else "" for i in range(len(head))]
    top = "".join(
        f'<th scope="col"{kind}>{esc(each)}</th>' for each, kind in zip(head, style, strict=True)
    )
    title = f"<caption><span>{esc(caption)}</span></caption>" if caption else ""
    scope = f'scope="rowgroup" rowspan="{span}"' if span > 1 else 'scope="row"'
    body = ""
    for i, row in enumerate(rows):
        name = f"<th {scope}>{cell(row[0])}</th>" if i % span == 0 else ""
        cells = "".join(
            f"<td{kind}>{cell(each)}</td>" for each, kind in zip(row[1:], style[1:], strict=True)
        )
        body += f"<tr>{name}{cells}</tr>"
    return (
        f'<div class="rq-scroll" tabindex="0"><table class="rq-table">{title}'
        f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def bullets(sentences: Sequence[str]) -> str:
    """Return a list of sentences."""
    return f'<ul class="rq-list">{"".join(f"<li>{esc(each)}</li>" for each in sentences)}</ul>'


def folded(summary: str, content: str) -> str:
    """Return HTML that a reader opens when they want it. `content` must have been escaped."""
    return f'<details class="rq-fold"><summary>{esc(summary)}</summary>{content}</details>'


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
