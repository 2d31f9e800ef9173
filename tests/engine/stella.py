"""XMILE models written down in a few lines."""

from __future__ import annotations

RANGES = """
<dim name="R"><elem name="a"/><elem name="b c"/></dim>
<dim name="Q"><elem name="a"/><elem name="b c"/></dim>
"""
FRAME = """<xmile xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0" version="1.0">
<isee:prefs layer="model"/><header><vendor>{vendor}</vendor></header>
<sim_specs><start>0</start><stop>4</stop><dt reciprocal="true">2</dt></sim_specs>
<dimensions>{dims}</dimensions>
<model><variables>{body}</variables></model>{more}</xmile>"""


def aux(name: str, equation: str, *dims: str, more: str = "", tag: str = "aux") -> str:
    over = "".join(f'<dim name="{d}"/>' for d in dims)
    return (
        f'<{tag} name="{name}">{more}<dimensions>{over}</dimensions><eqn>{equation}</eqn></{tag}>'
    )


def elements(name: str, dims: tuple[str, ...], **equations: str) -> str:
    each = "".join(
        f'<element subscript="{k.replace("_", ", ").replace("b", "b c")}"><eqn>{v}</eqn></element>'
        for k, v in equations.items()
    )
    over = "".join(f'<dim name="{d}"/>' for d in dims)
    return f'<aux name="{name}">{each}<dimensions>{over}</dimensions></aux>'
