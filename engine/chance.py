"""Random numbers and the normal distribution, written with the operators that `express` knows.

A draw depends on the seed, the number of the run, the equation, the element and the step, and on
nothing else. Truncated distributions are drawn by their inverse, as scipy.stats.truncnorm and
truncexpon, which PySD uses. Distribution function: Hart's algorithm as given by G. West, "Better
approximations to cumulative normal functions" (2005), exact to 1e-15; quantiles: M. Wichura,
Algorithm AS 241 (PPND16), relative accuracy 1e-16.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from engine.functions import SMALL, call, if_
from engine.ir import Expr, Num
from engine.stateful import Maker, named

KEY = "engine: random key"  # no model without quotes can call a variable so
FAR = 40.0  # standard deviations: the tails beyond hold less than a double can tell from nothing
#: number of arguments that random functions may have, the seed included, which is not used
ARGUMENTS = {
    "random_0_1": (0, 0),
    "random_uniform": (2, 3),
    "random_normal": (4, 5),
    "random_exponential": (4, 5),
    "random": (2, 3),
    "uniform": (2, 3),
    "normal": (2, 3),
    "exprnd": (1, 2),
}


def keys(seed: int, runs: int) -> np.ndarray:
    """A number from 1 to 2 for every run: 52 bits that depend on the seed and the run (SplitMix64
    of a counter that starts where the seed says)."""
    with np.errstate(over="ignore"):
        start = _stir(np.array([seed], np.int64).astype(np.uint64))
        z = _stir(start + np.arange(1, runs + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    return ((z >> np.uint64(12)) | np.uint64(0x3FF << 52)).view(np.float64)


def _stir(z: np.ndarray) -> np.ndarray:
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def draw(maker: Maker, name: str, u: Expr, args: Sequence[Expr]) -> Expr:
    """A random function's value from a draw between 0 and 1."""
    if name == "random_0_1":
        return u
    if name == "normal":
        return call("+", args[0], call("*", args[1], quantile(maker, named(maker, "draw", u))))
    if name == "exprnd":
        return call("neg", call("*", args[0], call("ln", u)))
    if name in ("random_uniform", "random", "uniform"):
        return between(args[0], args[1], u)
    low, high, middle, width = (named(maker, "random", a) for a in args[:4])
    if name == "random_exponential":
        start = call("max", low, middle)
        reach = call("/", call("-", high, start), width)
        kept = call("-", 1.0, call("exp", call("neg", reach)))
        fallen = call("ln", call("-", 1.0, call("*", u, kept)))
        return _settled(width, call("-", start, call("*", width, fallen)), start)
    parts = []
    for end in (low, high):
        x = named(maker, "bound", bounded(call("/", call("-", end, middle), width), FAR))
        parts.append(named(maker, "bound", cumulative(x)))
    p = named(maker, "draw", between(parts[0], parts[1], u))
    value = call("+", middle, call("*", width, quantile(maker, p)))
    value = call("min", high, call("max", low, value))
    return _settled(width, value, middle)


def _settled(width: Expr, value: Expr, middle: Expr) -> Expr:
    """The middle itself where the width is nothing."""
    return if_(call("<", call("abs", width), SMALL), middle, value)


def between(low: Expr, high: Expr, part: Expr) -> Expr:
    """The point that lies `part` of the way from low to high."""
    return call("+", low, call("*", call("-", high, low), part))


def bounded(x: Expr, reach: float) -> Expr:
    """x, or ±reach where it lies beyond."""
    return call("max", -reach, call("min", reach, x))


def polynomial(x: Expr, coefficients: Sequence[float]) -> Expr:
    """Σ cᵢ xⁱ from the highest power down."""
    out: Expr = Num(coefficients[-1])
    for c in coefficients[-2::-1]:
        out = call("+", call("*", out, x), c)
    return out


def cumulative(x: Expr) -> Expr:
    """Normal distribution function."""
    size = call("abs", x)
    bell = call("exp", call("*", call("*", x, x), -0.5))
    near = call("/", polynomial(size, HART_ABOVE), polynomial(size, HART_BELOW))
    chain: Expr = call("+", size, 0.65)
    for k in (4.0, 3.0, 2.0, 1.0):
        chain = call("+", size, call("/", k, chain))
    far = call("/", 1 / math.sqrt(2 * math.pi), chain)
    tail = call("*", bell, if_(call("<", size, 7.07106781186547), near, far))
    return if_(call(">", x, 0.0), call("-", 1.0, tail), tail)


def quantile(maker: Maker, p: Expr) -> Expr:
    """Inverse of the normal distribution function, for p between 0 and 1."""
    q = call("-", p, 0.5)
    r = call("-", 0.180625, call("*", q, q))
    middle = call("*", q, call("/", polynomial(r, CENTRE[0]), polynomial(r, CENTRE[1])))
    tail = if_(call("<", q, 0.0), p, call("-", 1.0, p))
    root = named(maker, "tail", call("sqrt", call("neg", call("ln", tail))))
    out = []
    for (above, below), shift in ((TAIL, 1.6), (FAR_TAIL, 5.0)):
        x = call("-", root, shift)
        out.append(call("/", polynomial(x, above), polynomial(x, below)))
    size = if_(call("<=", root, 5.0), *out)
    outer = if_(call("<", q, 0.0), call("neg", size), size)
    return if_(call("<=", call("abs", q), 0.425), middle, outer)


HART_ABOVE = (
    220.206867912376, 221.213596169931, 112.079291497871, 33.912866078383,
    6.37396220353165, 0.700383064443688, 3.52624965998911e-02,
)  # fmt: skip
HART_BELOW = (
    440.413735824752, 793.826512519948, 637.333633378831, 296.564248779674,
    86.7807322029461, 16.064177579207, 1.75566716318264, 8.83883476483184e-02,
)  # fmt: skip
CENTRE = (
    (
        3.3871328727963666080, 1.3314166789178437745e2, 1.9715909503065514427e3,
        1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
        3.3430575583588128105e4, 2.5090809287301226727e3,
    ),
    (
        1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
        2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4,
        5.2264952788528545610e3,
    ),
)  # fmt: skip
TAIL = (
    (
        1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550,
        3.64784832476320460504, 1.27045825245236838258, 2.41780725177450611770e-1,
        2.27238449892691845833e-2, 7.74545014278341407640e-4,
    ),
    (
        1.0, 2.05319162663775882187, 1.67638483018380384940, 6.89767334985100004550e-1,
        1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
        1.05075007164441684324e-9,
    ),
)  # fmt: skip
FAR_TAIL = (
    (
        6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580,
        2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
        2.71155556874348757815e-5, 2.01033439929228813265e-7,
    ),
    (
        1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
        7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
        2.04426310338993978564e-15,
    ),
)  # fmt: skip
