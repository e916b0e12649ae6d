"""What is around every page."""

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager


def enter_app() -> None:
    """Go on within app.py's frame.

    As long as no page list was shown in this process, Streamlit answers a link to a page by running that page's script alone, as
    it finds a folder called pages. Whatever a page calls first starts it again, within app.py.
    """
    if PagesManager.uses_pages_directory:
        PagesManager.uses_pages_directory = False
        st.rerun()


def draw_frame() -> None:
    """Small corrections to Streamlit's look that its theme cannot express."""
    st.html(_STYLE)


_STYLE = """<style>
@media (max-width: 600px) {
  [data-testid="stMainBlockContainer"] { padding-left: 1rem; padding-right: 1rem; }
}
</style>"""
