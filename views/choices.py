"""Widgets whose value outlives them: across pages, and across a switch of language.

Streamlit sends the label of an option, not the option, between browser and server, and forgets a
widget that a page does not draw. So each choice is kept under its own name, and the widget, which
has a name of its own per language, follows it.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from views.language import current


def keep(widget: Callable[..., Any], name: str, default: Any, *args: Any, **kwargs: Any) -> Any:
    """Draw `widget` for the choice `name` and return the choice; it starts at `default`."""
    key = f"{name}@{current()}"
    st.session_state.setdefault(name, default)
    st.session_state[key] = st.session_state[name]
    widget(*args, key=key, on_change=take, args=(name, key), **kwargs)
    return st.session_state[name]


def take(name: str, key: str) -> None:
    """Take over what the user chose."""
    st.session_state[name] = st.session_state[key]
