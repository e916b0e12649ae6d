"""How a person brings a dataset of the own: a file through the browser, or a path on the machine that runs the app."""

from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.runtime import get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from fer_core.errors import FerError
from fer_core.settings import load_settings
from fer_core.ui import actions, pick, roles, show
from fer_core.ui.sources import DataSource
from fer_core.ui.uploads import UPLOAD_BYTES, Report

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
    number = st.session_state.get(_ROUND, 0)
    with st.popover("Bring your own data", icon=":material/upload:", key=f"bring-{number}"):
        if not roles.is_owner():
            st.write(f"Only the owner of this app brings data. {roles.how_to_be_owner()}")
            return
        st.markdown(_LAYOUTS)
        skip = st.checkbox("Leave bad rows out", help="Count what cannot be used and leave it out. Else it is an error.")
        _upload(skip, number)
        if load_settings().data_dirs:
            _server_path(skip)


def _upload(skip: bool, number: int) -> None:
    limit_mb = UPLOAD_BYTES >> 20
    file = st.file_uploader("CSV or zip", type=["csv", "zip"], key=f"upload-{number}", max_upload_size=limit_mb)
    if file and st.button("Read and keep it", type="primary", icon=":material/check:"):
        _bring(lambda report: _keep(file, skip, report))


def _keep(file: UploadedFile, skip: bool, report: Report) -> DataSource:
    source = actions.upload_dataset(file, file.name, skip_bad_rows=skip, progress=report)
    _let_go(file)
    return source


def _let_go(file: UploadedFile) -> None:
    """Free the memory that Streamlit holds a file in until the session's end."""
    context = get_script_run_ctx()
    if context is not None:
        files: Any = get_instance().uploaded_file_mgr
        files.remove_file(context.session_id, file.file_id)


def _server_path(skip: bool) -> None:
    folders = ", ".join(f"`{folder}`" for folder in load_settings().data_dirs)
    with st.form("server_path", border=False):
        path = st.text_input("Or a path on this machine", placeholder="CSV, folder or zip", help=f"Below {folders}")
        wanted = st.form_submit_button("Open it", icon=":material/folder_open:")
    if wanted:
        _bring(lambda report: actions.open_server_path(path, skip_bad_rows=skip, progress=report))


def _bring(act: Callable[[Report], DataSource]) -> None:
    """Do it behind a progress bar, then go on with the new dataset."""
    bar = st.progress(0.0, "Reading")

    def report(share: float, what: str) -> None:
        bar.progress(share, what)

    try:
        source = act(report)
    except FerError as error:
        bar.empty()
        show.error_box(error)
        return
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    st.session_state[_KEPT] = source.title
    pick.choose("data", source.id)
    st.rerun()
