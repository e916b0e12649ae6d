"""What is around every page."""

from pathlib import Path

import streamlit as st
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx

ICON = Path(__file__).with_name("icon.svg")
"""The page's icon; a named symbol would be fetched from elsewhere."""


def enter_app() -> None:
    """Go on within app.py's frame.

    As long as no page list was shown in this process, Streamlit answers a link to a page by running that page's script alone, as
    it finds a folder called pages. Whatever a page calls first starts it again, within app.py, with what the person did.
    """
    if not PagesManager.uses_pages_directory:
        return
    PagesManager.uses_pages_directory = False
    context = get_script_run_ctx()
    if context is None or context.script_requests is None:
        return
    states = WidgetStates(widgets=context.session_state.get_widget_states())
    context.script_requests.request_rerun(
        RerunData(query_string=context.query_string, page_script_hash=context.page_script_hash, widget_states=states)
    )
    st.rerun()


def draw_frame() -> None:
    """Small corrections to Streamlit's look that its theme cannot express."""
    st.html(_STYLE)


_STYLE = """<style>
[data-testid="stMainBlockContainer"] { max-width: 1280px; margin: 0 auto; }
.fer-over { margin: 0 0 0.25rem; font-size: 0.8rem; font-weight: 600; letter-spacing: 0.09em; text-transform: uppercase; opacity: 0.72; }
h3.fer-name { margin: 0; padding: 0; font: 600 1.55rem/1.25 "Source Serif", Georgia, serif; overflow-wrap: anywhere; }
[data-testid="stHeading"] h1, [data-testid="stHeading"] h3 { padding-top: 0.2rem; }
.fer-line { margin: 0 0 0.6rem; font-variant-numeric: tabular-nums; }
.fer-note { margin: 0.4rem 0 0; font-size: 0.8rem; opacity: 0.72; }
.fer-figure { display: flex; flex-wrap: wrap; align-items: center; gap: 0.4rem 1rem; margin: 0.6rem 0 0.9rem; }
.fer-figure strong { font-family: "Source Serif", Georgia, serif; font-size: 3.1rem; line-height: 1; font-weight: 600; }
.fer-figure span { font-size: 0.92rem; line-height: 1.4; }
[data-testid="stHtml"] .fer-facts { padding: 0; display: grid; grid-template-columns: max-content 1fr; gap: 0.2rem 1rem; margin: 0 0 0.8rem; font-size: 0.92rem; }
.fer-facts dt { opacity: 0.72; }
[data-testid="stHtml"] .fer-facts dd { margin: 0; padding: 0; overflow-wrap: anywhere; }
.fer-chips { display: flex; flex-wrap: wrap; gap: 0.25rem 0.9rem; margin: 0.55rem 0 0.4rem; font-size: 0.86rem; }
.fer-chip { white-space: nowrap; font-variant-numeric: tabular-nums; }
.fer-chip i { display: inline-block; width: 0.65em; height: 0.65em; border-radius: 50%; margin-right: 0.4em; }
.fer-bar { display: flex; gap: 2px; height: 0.8rem; border-radius: 0.4rem; overflow: hidden; }
.fer-face { margin: 0; min-width: 0; }
.fer-face img { display: block; width: 100%; height: auto; aspect-ratio: 1; border-radius: 0.5rem; }
.fer-face figcaption { font-size: 0.68rem; line-height: 1.5; opacity: 0.72; white-space: nowrap; overflow: hidden; }
.fer-wall { display: grid; grid-template-columns: repeat(7, minmax(0, 1fr)); gap: 0.5rem; }
.fer-wall p { margin: 0 0 0.35rem; padding-top: 0.3rem; border-top: 0.25rem solid; font-size: 0.78rem; white-space: nowrap; }
.fer-averages p { border-top: 0; padding: 0; }
[data-testid="stHtml"] .fer-ruler { list-style: none; margin: 0; padding: 0; }
[data-testid="stHtml"] .fer-ruler li { display: grid; grid-template-columns: 1fr minmax(6rem, 38%) 4.6rem; gap: 0 0.9rem; align-items: center;
  margin: 0; padding: 0.42rem 0.6rem; font-size: 0.9rem; line-height: 1.3; }
.fer-ruler li.own { background: color-mix(in srgb, #6B5FE0 16%, transparent); border-radius: 0.5rem; font-weight: 600; }
.fer-ruler small { display: block; font-size: 0.77rem; font-weight: 400; opacity: 0.74; }
.fer-ruler b { text-align: right; font-weight: 600; font-variant-numeric: tabular-nums; white-space: nowrap; }
.fer-ruler div { position: relative; height: 0.9rem; font-size: 0.77rem; font-weight: 400; }
.fer-ruler li:not(.scale) div { background: linear-gradient(color-mix(in srgb, currentColor 30%, transparent) 0 0) center / 100% 1px no-repeat; }
.fer-ruler .scale { opacity: 0.74; }
.fer-ruler .scale em { font-style: normal; }
.fer-ruler .scale em:last-child { right: 0; }
.fer-ruler div > * { position: absolute; top: 50%; transform: translateY(-50%); }
.fer-ruler u { height: 0.5rem; border-radius: 0.25rem; background: color-mix(in srgb, currentColor 32%, transparent); }
.fer-ruler i { width: 0.62rem; height: 0.62rem; margin-left: -0.31rem; border-radius: 50%; background: currentColor; }
.fer-ruler s { width: 0.62rem; height: 0.62rem; margin-left: -0.31rem; border-radius: 50%; border: 2px solid currentColor; }
@media (max-width: 600px) {
  [data-testid="stMainBlockContainer"] { padding-left: 1rem; padding-right: 1rem; }
  .fer-wall { gap: 0.3rem; }
  .fer-wall p { font-size: 0.62rem; }
  .fer-face figcaption { font-size: 0.6rem; }
  [data-testid="stHtml"] .fer-ruler li { grid-template-columns: 1fr 4.6rem; }
  .fer-ruler div { grid-row: 2; grid-column: 1 / -1; }
}
</style>"""
