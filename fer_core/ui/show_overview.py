"""The overview's parts: the hero, the data's card, and the training that runs."""

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fer_core import runs
from fer_core.dataset import Dataset
from fer_core.errors import DatasetError
from fer_core.labels import EMOTION_COLOURS, EMOTIONS
from fer_core.ui import load, pick, pictures, roles, show
from fer_core.ui.durations import spoken
from fer_core.ui.sources import SAMPLE_SOURCE, DataSource

_ROWS_OF_FACES = 3
_POLL_S = 3.0
_HOW_TO_BRING_FER2013 = """
FER2013 is on Kaggle, for research only: *Challenges in Representation Learning: Facial Expression Recognition Challenge*
(`fer2013.csv`, `icml_face_data.csv`, or the folders others made of it). Any one of these brings it here:

1. On the Dataset page, *Bring your own data*, and give the CSV or a zip.
2. Before the app starts: `FER2013_CSV=/where/it/is/fer2013.csv make app`
3. In a file `.env` beside the app: `FER2013_CSV=/where/it/is/fer2013.csv`
"""


def hero() -> DeltaGenerator:
    """Show what this is and the two ways in.

    Returns:
        The place for the faces, which come when they are there.
    """
    left, right = st.columns([11, 10], gap="large", vertical_alignment="center")
    with left:
        st.html('<p class="fer-over">FER Studio</p>')
        st.title("What is here, and can I trust it?", anchor=False)
        st.markdown(
            "Seven expressions, 48 × 48 pixels a face. Explore the data, train a network and watch it learn, see where it is "
            "wrong, and stand before the camera yourself. Every figure here says its split, its n and its 95 % interval."
        )
        with st.container(horizontal=True, gap="small"):
            if st.button("Go live", type="primary", icon=":material/videocam:"):
                st.switch_page("pages/live.py")
            if st.button("Explore the data", icon=":material/grid_view:"):
                st.switch_page("pages/dataset.py")
    return right.empty()


def faces(place: DeltaGenerator) -> None:
    """Fill the hero with faces of the drawn sample, one column an emotion."""
    with place:
        st.skeleton(height=260)
    sample = load.dataset(SAMPLE_SOURCE)
    place.html(_face_wall(sample))


def data_card() -> None:
    """Show the dataset that is chosen, or how to bring one."""
    source = pick.current_source()
    st.html(f'<p class="fer-over">Dataset</p><h3 class="fer-name">{source.title}</h3>')
    try:
        data = load.dataset(source)
    except DatasetError as error:
        show.error_box(error)
        st.page_link("pages/dataset.py", label="Choose another dataset", icon=":material/arrow_forward:")
        return
    _describe(data, source)
    st.page_link("pages/dataset.py", label="Look into it", icon=":material/arrow_forward:", query_params={"data": source.id})


def _describe(data: Dataset, source: DataSource) -> None:
    counts = data.counts()
    if data.is_sample:
        st.markdown(":violet-badge[Drawn by code] These are no photographs, and no figure on them says anything of people.")
    splits = " + ".join(f"{int(values.sum()):,} {name}" for name, values in counts.items())
    bar = pictures.share_bar(np.sum(list(counts.values()), axis=0))
    st.html(f'<p class="fer-line"><b>{data.n:,}</b> images = {splits}</p>{bar}')
    if data.is_sample and source.id == SAMPLE_SOURCE.id:
        with st.popover("Bring FER2013", icon=":material/download:"):
            st.markdown(_HOW_TO_BRING_FER2013)


def training_card() -> None:
    """Show the training that runs, or the last one; follows it while it runs."""
    st.html('<p class="fer-over">Training</p>')
    active = any(run.is_active for run in runs.list_runs())
    st.fragment(_follow_training, run_every=_POLL_S if active else None)()


def _follow_training() -> None:
    with show.errors():
        found = runs.list_runs()
        active = [run for run in found if run.is_active]
        for run in active:
            _running(run)
        if not active:
            _no_training(found)


def _running(run: runs.Run) -> None:
    st.subheader(f"{run.recipe} on {run.data_name or 'its dataset'}", anchor=False)
    part = run.batch / run.batches if run.batches else 0.0
    share = min((run.epochs_done + part) / max(run.epochs, 1), 1.0)
    words = f"{run.state}, epoch {min(run.epochs_done + 1, run.epochs)} of {run.epochs}"
    if run.state == "queued":
        words = f"queued, number {run.queue_position}"
    st.progress(share, words + (f", {spoken(run.left_s)} left" if run.left_s else ""))
    if run.best_validation is not None:
        st.caption(f"Best validation accuracy so far {100 * run.best_validation:.1f} %")
    st.page_link("pages/training.py", label="Watch it learn", icon=":material/arrow_forward:", query_params={"run": run.id})


def _no_training(found: list[runs.Run]) -> None:
    st.subheader("No training is running", anchor=False)
    if found:
        last = found[0]
        st.write(f"The last one, {last.recipe}, is {last.state} after {last.epochs_done} of {last.epochs} epochs.")
    elif roles.is_owner():
        st.write("Start one: ten epochs of *seed* on the drawn sample take about a minute.")
    else:
        st.write("Only the owner of this app starts one.")
    st.page_link("pages/training.py", label="See the trainings" if found else "Train a model", icon=":material/arrow_forward:")


def _face_wall(sample: Dataset) -> str:
    split = sample.split("test")
    columns = []
    for label, emotion in enumerate(EMOTIONS):
        chosen = np.flatnonzero(split.labels == label)[:_ROWS_OF_FACES]
        shown = "".join(
            pictures.face(split.images[k], f"row {split.rows[k]}", f"Drawn face, {emotion}, row {split.rows[k]}")
            for k in chosen
        )
        columns.append(f'<div><p style="border-color:{EMOTION_COLOURS[emotion]}">{emotion}</p>{shown}</div>')
    return f'<div class="fer-wall">{"".join(columns)}</div><p class="fer-note">Faces of the drawn sample: made by code.</p>'
