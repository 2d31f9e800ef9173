"""What every page has in common: the head with region and language, and words for a failure."""

from pathlib import Path
from typing import Protocol

import streamlit as st

from model import InvariantError, ScenarioError
from model.codelists import regions
from views import markup
from views.choices import keep
from views.language import LANGUAGES, current, name, t
from views.results import runs
from views.session import region_order

STYLES = Path(__file__).parent / "page.css"


class Page(Protocol):
    """A page that can be drawn."""

    def run(self) -> None:
        """Draw the page."""
        ...


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
    return (
        "<style>"
        '[data-testid="stFileUploaderDropzone"] button p {font-size: 0}'
        '[data-testid="stFileUploaderDropzone"] button p::after '
        f'{{font-size: 0.95rem; content: "{t("upload.browse")}"}}'
        f':root {{--rq-language: "{current()}"}}'
        "</style>"
    )


def run(page: Page) -> None:
    """Draw a page; when the model refuses, say what happened and what to do about it."""
    try:
        runs()
        page.run()
    except ScenarioError as error:
        markup.show(
            f'<div class="rq-note" role="alert">{markup.esc(error.render(current()))}</div>'
        )
    except InvariantError as error:
        markup.alert(t("errors.invariant", detail=error))
