"""Page 10, Data and method (数据与方法): every number, and how far to trust what comes of them."""

import streamlit as st

from views import method_assumptions, method_fit, method_numbers, method_versions
from views.language import t
from views.markup import esc, show
from views.provenance import footer
from views.results import BASELINE, runs, shipped
from views.sureness import available

TABS = ("fit", "numbers", "assumptions", "versions")


def page() -> None:
    """Draw the page."""
    show(f'<p class="rq-lead">{esc(t("method.intro"))}</p>')
    if not available():
        st.warning(t("method.stale"), icon=":material/history:")
    fit, numbers, assumptions, versions = st.tabs([t(f"method.tab_{tab}") for tab in TABS])
    with fit:
        method_fit.section()
    with numbers:
        method_numbers.section()
    with assumptions:
        method_assumptions.section()
    with versions:
        method_versions.section()
    footer(runs().of([shipped()[BASELINE]]))
