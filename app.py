"""FER Studio: the pages, and what all of them share."""

import streamlit as st

from fer_core.ui import leaving, show, sign_in, upload_guard
from fer_core.ui.frame import ICON, draw_frame

st.set_page_config(page_title="FER Studio", page_icon=ICON, layout="wide")
pages = [
    st.Page("pages/overview.py", title="Overview", icon=":material/home:", default=True),
    st.Page("pages/dataset.py", title="Dataset", icon=":material/grid_view:", url_path="dataset"),
    st.Page("pages/training.py", title="Training", icon=":material/show_chart:", url_path="training"),
    st.Page("pages/evaluation.py", title="Evaluation", icon=":material/fact_check:", url_path="evaluation"),
    st.Page("pages/live.py", title="Live", icon=":material/videocam:", url_path="live"),
]
page = st.navigation(pages, position="top")
draw_frame()
with show.errors():
    upload_guard.note_session()
    leaving.opened(page.url_path)
    sign_in.draw()
    page.run()
