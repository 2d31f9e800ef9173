"""What every page has in common: the head with region and language, and words for a failure."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from model.codelists import regions
from views import markup
from views.choices import keep
from views.failure import told
from views.language import LANGUAGES, name, t
from views.results import runs
from views.session import region_order

STYLES = Path(__file__).parent / "page.css"


def head() -> None:
    """Draw the name of the app, the region picker and the language switch."""
    st.html(STYLES)
    st.html(translated_widgets())
    brand, where, words = st.columns([6, 3, 2], vertical_alignment="bottom")
    with brand:
        markup.show(
            f'<div class="rq-brand"><h1>{markup.esc(t("app.name"))}</h1>'
            f"<span>{markup.esc(t('app.claim'))}</span></div>"
        )
    with where:
        keep(
            st.selectbox,
            "region",
            region_order()[0],
            t("app.region"),
            region_order(),
            format_func=lambda code: name(regions()[code]),
            filter_mode="contains",
        )
    with words:
        st.segmented_control(
            t("app.language"),
            list(LANGUAGES),
            format_func=lambda code: LANGUAGES[code],
            default="zh",
            required=True,
            key="language",
        )


def translated_widgets() -> str:
    """Return styles that write the texts Streamlit has no option for in the session's language."""
    words = {
        '[data-testid="stFileUploaderDropzone"] button p': t("upload.browse"),
        '[data-testid="stSkipToContent"]': t("app.skip"),
    }
    rules = [
        f'{place} {{font-size: 0}} {place}::after {{font-size: 0.95rem; content: "{text}"}}'
        for place, text in words.items()
    ]
    return f"<style>{' '.join(rules)}</style>"


def run(page: Callable[[], None]) -> None:
    """Draw a page; when the model refuses, say what happened and what to do about it."""
    with told():
        with st.spinner(t("app.starting")):
            runs()
        page()
