"""Plots as SVG text, the same bytes from the same figures: panels with axes, lines and marks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

import numpy as np

INK, MUTED, RULE = "#1d2a30", "#5c6b72", "#dfe5e3"
BLUE, ORANGE, GREEN, PINK = "#0072b2", "#d55e00", "#009e73", "#b05a86"
LEFT, RIGHT, TOP, BOTTOM = 58.0, 14.0, 30.0, 26.0
TEXT = "font-family='sans-serif' font-size='{size}' fill='{fill}'"


def ticks(low: float, high: float, count: int = 5) -> np.ndarray:
    """Return round numbers from at most `low` to at least `high`, about `count` of them."""
    if not high > low:
        low, high = low - 1, high + 1
    rough = (high - low) / count
    power = 10.0 ** np.floor(np.log10(rough))
    step = next(power * each for each in (1, 2, 2.5, 5, 10) if power * each >= rough * 0.999)
    return np.arange(np.floor(low / step + 1e-9), np.ceil(high / step - 1e-9) + 1) * step


def label(value: float) -> str:
    """Return a tick's number."""
    return f"{value:,.6g}" if abs(value) < 1e5 else f"{value / 1e6:,.6g}m"


@dataclass
class Panel:
    """One pair of axes; `x` and `y` are the ends of the axes, places are in pixels. `margin` is the
    room for the labels of y."""

    title: str
    left: float
    top: float
    width: float
    height: float
    x: tuple[float, float]
    y: tuple[float, float]
    margin: float = LEFT
    parts: list[str] = field(default_factory=list)

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return the place of a point."""
        inside = (self.width - self.margin - RIGHT, self.height - TOP - BOTTOM)
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return self.left + self.margin + across * inside[0], self.top + TOP + (1 - up) * inside[1]

    def path(self, xs: Iterable[float], ys: Iterable[float]) -> str:
        """Return the points of a line."""
        points = (self.place(x, y) for x, y in zip(xs, ys, strict=True))
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)

    def axes(
        self,
        x_ticks: Sequence[tuple[float, str]],
        y_ticks: Sequence[tuple[float, str]],
    ) -> None:
        """Draw the title, the rules at the ticks of y, and the labels of both axes."""
        self.text(self.left + 4, self.top + 15, self.title, 12, INK, "start", bold=True)
        for value, words in y_ticks:
            (x0, y), (x1, _) = self.place(self.x[0], value), self.place(self.x[1], value)
            self.segment(x0, y, x1, y, RULE)
            self.text(x0 - 6, y + 3.5, words, 10, MUTED, "end")
        for value, words in x_ticks:
            x, y = self.place(value, self.y[0])
            self.segment(x, y, x, y + 4, MUTED)
            self.text(x, y + 16, words, 10, MUTED, "middle")

    def line(self, xs: Sequence[float], ys: Sequence[float], colour: str, dash: str = "") -> None:
        """Draw a line."""
        style = f" stroke-dasharray='{dash}'" if dash else ""
        self.parts.append(
            f"<polyline points='{self.path(xs, ys)}' fill='none' stroke='{colour}' "
            f"stroke-width='2'{style}/>"
        )

    def band(self, xs: Sequence[float], low: Sequence[float], high: Sequence[float]) -> None:
        """Draw the area between two lines."""
        points = f"{self.path(xs, high)} {self.path(reversed(xs), reversed(low))}"
        self.parts.append(f"<polygon points='{points}' fill='{BLUE}' fill-opacity='0.18'/>")

    def dots(self, xs: Iterable[float], ys: Iterable[float], colour: str, full: bool) -> None:
        """Draw points, filled or hollow."""
        for x, y in (self.place(x, y) for x, y in zip(xs, ys, strict=True)):
            fill = colour if full else "#ffffff"
            self.parts.append(
                f"<circle cx='{x:.1f}' cy='{y:.1f}' r='3.2' fill='{fill}' stroke='{colour}' "
                "stroke-width='1.4'/>"
            )

    def upright(self, value: float, colour: str, dash: str) -> None:
        """Draw a line across the panel at a value of x."""
        (x, y0), (_, y1) = self.place(value, self.y[0]), self.place(value, self.y[1])
        self.segment(x, y0, x, y1, colour, dash)

    def segment(
        self, x0: float, y0: float, x1: float, y1: float, colour: str, dash: str = ""
    ) -> None:
        """Draw a thin line between two places."""
        style = f" stroke-dasharray='{dash}'" if dash else ""
        self.parts.append(
            f"<line x1='{x0:.1f}' y1='{y0:.1f}' x2='{x1:.1f}' y2='{y1:.1f}' stroke='{colour}'"
            f"{style}/>"
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: int,
        fill: str,
        anchor: str,
        bold: bool = False,
    ) -> None:
        """Write words at a place."""
        weight = " font-weight='bold'" if bold else ""
        self.parts.append(
            f"<text x='{x:.1f}' y='{y:.1f}' {TEXT.format(size=size, fill=fill)} "
            f"text-anchor='{anchor}'{weight}>{escape(words)}</text>"
        )


def legend(top: float, entries: Sequence[tuple[str, str, str]]) -> list[str]:
    """Return the keys of lines: words, colour and dash. Instead of a dash "band" is an area, "dot"
    a hollow point and "point" a full one."""
    parts, x = [], 12.0
    for words, colour, dash in entries:
        if dash in ("dot", "point"):
            fill = colour if dash == "point" else "#ffffff"
            parts.append(
                f"<circle cx='{x + 12:.1f}' cy='{top:.1f}' r='3.2' fill='{fill}' "
                f"stroke='{colour}' stroke-width='1.4'/>"
            )
        elif dash == "band":
            parts.append(
                f"<rect x='{x:.1f}' y='{top - 6:.1f}' width='24' height='12' fill='{colour}' "
                "fill-opacity='0.18'/>"
            )
        else:
            style = f" stroke-dasharray='{dash}'" if dash else ""
            parts.append(
                f"<line x1='{x:.1f}' y1='{top:.1f}' x2='{x + 24:.1f}' y2='{top:.1f}' "
                f"stroke='{colour}' stroke-width='2'{style}/>"
            )
        parts.append(
            f"<text x='{x + 30:.1f}' y='{top + 4:.1f}' {TEXT.format(size=11, fill=INK)}>"
            f"{escape(words)}</text>"
        )
        x += 44 + 6.2 * len(words)
    return parts


def picture(width: float, height: float, words: str, parts: Iterable[str]) -> str:
    """Return the whole picture; `words` say what it shows to those who cannot see it."""
    body = "\n".join(parts)
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width:g} {height:g}' "
        f"width='{width:g}' height='{height:g}' role='img'>\n<title>{escape(words)}</title>\n"
        f"<rect width='{width:g}' height='{height:g}' fill='#ffffff'/>\n{body}\n</svg>\n"
    )
