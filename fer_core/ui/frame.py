"""What is around every page."""

from pathlib import Path

import streamlit as st
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx

_STYLE = Path(__file__).with_name("style.css")
ICON = Path(__file__).with_name("icon.svg")
"""The page's icon; a named symbol would be fetched from elsewhere."""


def enter_app() -> None:
    """Go on within app.py's frame.

    As long as no page list was shown in this process, Streamlit answers a link to a page by running that page's script
    alone, as it finds a folder called pages. Whatever a page calls first (not a callback) starts it again, within app.py,
    with what the person did.
    """
    if not PagesManager.uses_pages_directory:
        return
    PagesManager.uses_pages_directory = False
    context = get_script_run_ctx()
    if context is None or context.script_requests is None:
        return
    clicks = WidgetStates(widgets=context.session_state.get_widget_states())
    context.script_requests.request_rerun(
        RerunData(query_string=context.query_string, page_script_hash=context.page_script_hash, replay_trigger_states=clicks)
    )
    st.rerun()


def draw_frame() -> None:
    """Small corrections to Streamlit's look that its theme cannot express."""
    st.html(_STYLE)
