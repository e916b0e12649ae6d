"""A page that has nothing but the video that is analysed in the browser."""

import streamlit as st

from fer_core.model import load_model
from fer_core.ui import live_browser, show
from fer_core.ui.frame import draw_frame

st.set_page_config(page_title="In this browser", layout="wide")
draw_frame()
st.title("It sees me")
with show.errors():
    live_browser.show(load_model(st.query_params.get("model")))
