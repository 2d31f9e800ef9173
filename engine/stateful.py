"""Delays, smooths, trends and samples, rewritten as stocks and auxiliaries of their own.

Definitions follow pysd.py_backend.statefuls: an n-th order smooth or delay is a chain of n
stocks; a delay whose time is shorter than its steps loses orders, per element, at the start.
"""

from __future__ import annotations

from typing import Protocol

from engine.functions import STEP, call, if_, xidz
from engine.ir import Expr, Num, Ref, rebuild


class Maker(Protocol):
    """What this module needs of the translator."""

    def make(
        self,
        kind: str,
        what: str,
        expr: Expr,
        start: Expr | None = None,
        delay: Expr | None = None,
        free: tuple[Expr, ...] = (),
    ) -> Ref:
        """A new hidden variable over the axes that its expressions (and `free`) use."""
        ...

    def connect(self, made: Ref, expr: Expr, start: Expr | None = None) -> None:
        """Set the expression of a variable that `make` made."""
        ...


def named(maker: Maker, what: str, expr: Expr) -> Expr:
    """`expr`, or when it is not just a name or number a hidden auxiliary with its value, so that
    it is worked out once."""
    return expr if isinstance(expr, Num | Ref) else maker.make("auxiliary", what, expr)


def _chain(maker: Maker, what: str, order: int, start: Expr, axes: tuple[Expr, ...]) -> list[Ref]:
    return [
        maker.make("stock", f"{what} {i + 1}", Num(0.0), start, free=axes) for i in range(order)
    ]


def smooth(maker: Maker, signal: Expr, time: Expr, start: Expr, order: int) -> Expr:
    """SMOOTH, SMOOTH3 and SMOOTH N, with and without initial value: a chain of stocks."""
    signal, time = named(maker, "smooth input", signal), named(maker, "smooth time", time)
    levels = _chain(maker, "smooth", order, start, (signal, time, start))
    for level, target in zip(levels, [signal, *levels], strict=False):
        gap = call("*", call("-", target, level), float(order))
        maker.connect(level, call("/", gap, time))
    return levels[-1]


def delay(maker: Maker, signal: Expr, time: Expr, start: Expr, order: int, *, moving: bool) -> Expr:
    """DELAY1, DELAY3 (`moving` False) and DELAY N (`moving` True): a chain of stocks.

    DELAY N remembers in each stage the delay time at which its content came in.
    """
    signal, time = named(maker, "delay input", signal), named(maker, "delay time", time)
    axes = (signal, time, start)
    levels = _chain(maker, "delay", order, call("*", start, time), axes)
    held = [time] * order
    reading: Expr = time
    if moving and not isinstance(time, Num):
        stages = [maker.make("register", f"delay time {i + 1}", time, time) for i in range(order)]
        held = [time, *stages[:-1]]
        for stage, value in zip(stages, held, strict=True):
            maker.connect(stage, value)
        reading = stages[0]
    count: Expr = Num(1.0)
    for n in range(2, order + 1):
        fits = call("<=", call("*", float(n), STEP), time)
        count = if_(fits, float(n), count)
    if order > 1:
        count = maker.make("initial", "delay order", count, free=axes)
    flow = signal
    for level, age in zip(levels, held, strict=True):
        leaving = call("/", level, age)
        maker.connect(level, call("*", call("-", flow, leaving), count))
        flow = leaving
    out: Expr = levels[0]
    for n in range(2, order + 1):
        out = if_(call(">=", count, float(n)), levels[n - 1], out)
    return call("/", out, reading)


def trend(maker: Maker, signal: Expr, time: Expr, start: Expr) -> Expr:
    """TREND: fractional change rate of the input against its own average."""
    signal, time = named(maker, "trend input", signal), named(maker, "trend time", time)
    first = call("/", signal, call("+", 1.0, call("*", start, time)))
    average = maker.make("stock", "trend", call("/", signal, time), first)
    gap = call("-", signal, average)
    maker.connect(average, call("/", gap, time))
    return xidz(gap, call("*", time, call("abs", average)), 0.0)


def forecast(maker: Maker, signal: Expr, time: Expr, horizon: Expr, start: Expr) -> Expr:
    """FORECAST: the input extended over `horizon` at its trend."""
    signal = named(maker, "forecast input", signal)
    time = named(maker, "forecast time", time)
    first = call("/", signal, call("+", 1.0, start))
    average = maker.make("stock", "forecast", call("/", signal, time), first)
    gap = call("-", signal, average)
    maker.connect(average, call("/", gap, time))
    growth = call("*", xidz(gap, call("*", time, average), 0.0), horizon)
    return call("*", signal, call("+", 1.0, growth))


def sample(
    maker: Maker, condition: Expr, signal: Expr, start: Expr, itself: Expr | None = None
) -> Expr:
    """SAMPLE IF TRUE: the input while the condition holds, afterwards its last value.

    Where condition and input name the sampled variable `itself` they mean that last value.
    """
    held = maker.make("register", "sample", signal, start, free=(condition,))

    def before(e: Expr) -> Expr:
        return held if e == itself else rebuild(e, before)

    condition, signal = before(condition), before(signal)
    value = maker.make("auxiliary", "sample value", if_(condition, signal, held), free=(held,))
    maker.connect(held, value)
    return value


def present_value(maker: Maker, stream: Expr, rate: Expr, start: Expr, factor: Expr) -> Expr:
    """NPV: what has come in until now and comes in during this step, times `factor`. A step's
    stream counts 1/(1 + rate × step) as much as that of the step before (Vensim's manual)."""
    stream, rate = named(maker, "npv stream", stream), named(maker, "npv rate", rate)
    weight = maker.make("stock", "npv weight", Num(0.0), Num(1.0), free=(rate,))
    lost = call("/", call("*", weight, rate), call("+", 1.0, call("*", rate, STEP)))
    maker.connect(weight, call("neg", lost))
    sum_ = maker.make("stock", "npv", call("*", stream, weight), start)
    now = call("*", call("*", stream, STEP), weight)
    return call("*", call("+", sum_, now), factor)
