"""How a person brings a dataset of the own: a file through the browser, or a path on the machine that runs the app."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fer_core.errors import FerError
from fer_core.settings import load_settings
from fer_core.ui import actions, pick, roles, show
from fer_core.ui.sources import DataSource
from fer_core.ui.uploads import UPLOAD_BYTES

_ROUND = "upload_round"
_KEPT = "dataset_kept"
_LAYOUTS = """
A **CSV** as Kaggle's `fer2013.csv` or the competition's `icml_face_data.csv`, or a **zip** of one of them or of image folders
(`train`, `validation`, `test`, each with a folder for each emotion). Other sizes and colours are converted and counted.
"""


def bring_data() -> None:
    """Offer the ways to a dataset of the own; a viewer reads why there are none."""
    kept = st.session_state.pop(_KEPT, None)
    if kept:
        st.toast(f"{kept} is here and chosen.", icon=":material/check:")
    with st.popover("Bring your own data", icon=":material/upload:"):
        if not roles.is_owner():
            st.write("Only the owner of this app brings data: at http://localhost, on the machine that runs it.")
            return
        st.markdown(_LAYOUTS)
        skip = st.checkbox("Leave bad rows out", help="Count what cannot be used and leave it out. Else it is an error.")
        _upload(skip)
        if load_settings().data_dirs:
            _server_path(skip)


def _upload(skip: bool) -> None:
    key = f"upload-{st.session_state.get(_ROUND, 0)}"
    file = st.file_uploader("CSV or zip", type=["csv", "zip"], key=key, max_upload_size=UPLOAD_BYTES >> 20)
    if file and st.button("Read and keep it", type="primary", icon=":material/check:"):
        bar = st.progress(0.0, "Copying")
        try:
            _choose(
                actions.upload_dataset(
                    file, file.name, skip_bad_rows=skip, progress=lambda share, what: _advance(bar, share, what)
                )
            )
        except FerError as error:
            bar.empty()
            show.error_box(error)


def _server_path(skip: bool) -> None:
    folders = ", ".join(f"`{folder}`" for folder in load_settings().data_dirs)
    with st.form("server_path", border=False):
        path = st.text_input("Or a path on this machine", placeholder="CSV, folder or zip", help=f"Below {folders}")
        wanted = st.form_submit_button("Open it", icon=":material/folder_open:")
    if wanted:
        bar = st.progress(0.0, "Reading")
        try:
            _choose(actions.open_server_path(path, skip_bad_rows=skip, progress=lambda share, what: _advance(bar, share, what)))
        except FerError as error:
            bar.empty()
            show.error_box(error)


def _advance(bar: DeltaGenerator, share: float, what: str) -> None:
    bar.progress(share, what)


def _choose(source: DataSource) -> None:
    """Go on with the new dataset, and let go of the file in memory."""
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    st.session_state[_KEPT] = source.title
    pick.choose("data", source.id)
    st.rerun()
