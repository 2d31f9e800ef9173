"""Long work beside the page: a newer choice of the user is served at once, not after it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait

import streamlit as st

PAUSE = 0.03  # seconds between two looks at whether the work is done


@st.cache_resource(show_spinner=False)
def worker() -> ThreadPoolExecutor:
    """Return the thread that does the work of all sessions, one piece after the other."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="rendiqian")


def wait_for(work: Callable[[], object]) -> None:
    """Have `work` done and wait for it; raises what it raises.

    Streamlit ends a run of the page only where the run calls the page. So the wait calls it every
    now and then; a run that is ended drops work that has not begun, and work under way ends unseen.
    `work` may not call Streamlit.
    """
    place = st.empty()
    pending = worker().submit(work)
    try:
        while not wait([pending], timeout=PAUSE).done:
            place.empty()
        pending.result()
    finally:
        pending.cancel()
