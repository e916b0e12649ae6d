"""What can be done with a run: stop, resume, promote, download, delete. Viewers only download."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from fer_core.errors import FerError
from fer_core.runs import Run
from fer_core.ui import actions
from fer_core.ui.roles import is_owner

RESUMABLE = ("stopped", "interrupted", "failed")


def draw(run: Run) -> None:
    """Draw the buttons that make sense in the run's state."""
    owner = is_owner()
    with st.container(horizontal=True):
        if owner and run.is_active:
            _stop(run)
        if owner and run.state in RESUMABLE and st.button("Resume", type="primary", key="resume"):
            _act(lambda: actions.resume_training(run.id))
        if owner and run.model_path:
            _promote(run)
        if run.model_path:
            _download(run, run.model_path)
        if owner and not run.is_active:
            _delete(run)


def _stop(run: Run) -> None:
    label = "Leave the queue" if run.state == "queued" else "Stop training"
    if st.button(label, disabled=run.state == "stopping", key="stop"):
        _act(lambda: actions.stop_training(run.id))


def _promote(run: Run) -> None:
    with st.popover("Promote"):
        st.markdown("Keep a copy of this model under a name of its own; every page then offers it.")
        name = st.text_input("Name", f"my-{run.recipe}", max_chars=40, key=f"name-{run.id}", help="a-z, 0-9 and hyphen")
        serving = st.checkbox("Serve it: the default of every page", value=True, key=f"serve-{run.id}")
        if st.button("Promote", type="primary", key=f"promote-{run.id}"):
            _act(lambda: _promote_as(run.id, name.strip(), serving=serving))


def _promote_as(run_id: str, name: str, *, serving: bool) -> None:
    model = actions.promote_run(run_id, name)
    if serving:
        actions.serve_model(model.name)
    st.toast(f"{model.name} is {'serving' if serving else 'kept'}.", icon=":material/check:")


def _download(run: Run, folder: Path) -> None:
    st.download_button(
        "Download the model",
        lambda: zip_folder(folder, run.id),
        f"{run.id}.zip",
        "application/zip",
        on_click="ignore",
        key="zip",
    )


def _delete(run: Run) -> None:
    with st.popover("Delete"):
        st.markdown("This deletes the run with its curves, checkpoints and model. A promoted copy stays.")
        if st.button("Delete for good", type="primary", key=f"delete-{run.id}"):
            _act(lambda: _delete_run(run.id))


def _delete_run(run_id: str) -> None:
    actions.delete_run(run_id)
    st.query_params.pop("run", None)
    st.toast(f"Run {run_id} is deleted.", icon=":material/delete:")


def zip_folder(folder: Path, name: str) -> bytes:
    """Pack a folder's files into a zip in memory, below a folder called ``name``."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, f"{name}/{path.relative_to(folder).as_posix()}")
    return packed.getvalue()


def _act(action: Callable[[], object]) -> None:
    """Do it and draw the page anew, or say why it cannot be done."""
    try:
        action()
    except FerError as error:
        st.error(str(error))
        return
    st.rerun()
