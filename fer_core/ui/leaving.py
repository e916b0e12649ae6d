"""What a page has to put in order when another one is opened in its place."""

from collections.abc import Callable

import streamlit as st

_PAGE, _LEAVE = "page_opened", "page_leave"


def on_leave(leave: Callable[[], None]) -> None:
    """Have ``leave`` called once, at the start of the first run of another page."""
    st.session_state[_LEAVE] = leave


def opened(path: str) -> None:
    """Note which page this run is of, and leave the one before.

    Args:
        path: in the address; "" for the first page.
    """
    if st.session_state.get(_PAGE) == path:
        return
    st.session_state[_PAGE] = path
    leave = st.session_state.pop(_LEAVE, None)
    if leave is not None:
        leave()
