"""The dataset page's gallery: faces by split and emotion, and one of them large."""

import numpy as np
import streamlit as st

from fer_core.dataset import Dataset, Split
from fer_core.errors import ModelError
from fer_core.labels import EMOTIONS
from fer_core.ui import load, pick, pictures, roles, show_image, words
from fer_core.ui.gallery import make_tile, show_gallery
from fer_core.ui.live_html import bars_html
from fer_core.ui.show_dataset import NOT_SHARED

PER_PAGE = 48


def gallery(data: Dataset, split: Split) -> None:
    """Show a split's faces of one emotion or of all; a click or the link opens one large."""
    if not roles.may_see_images(data):
        st.info(NOT_SHARED, icon=":material/visibility_off:")
        return
    emotion = pick.emotion()
    at = np.arange(len(split)) if emotion == pick.ALL else np.flatnonzero(split.labels == EMOTIONS.index(emotion))
    if not len(at):
        st.info(f"The {split.name} split has no {emotion} face. Choose another emotion.")
        return
    pages = -(-len(at) // PER_PAGE)
    pick.begin_anew((data.digest, split.name, emotion))
    page = pick.page(pages)
    shown = at[(page - 1) * PER_PAGE : page * PER_PAGE]
    clicked = show_gallery((make_tile(split.images[k], split.rows[k], split.labels[k]) for k in shown), "dataset")
    named = "" if emotion == pick.ALL else f"{emotion} "
    st.caption(f"{len(at):,} {named}images of the {split.name} split. Click on one to see it large, and what the model says.")
    if clicked is not None:
        st.query_params["row"] = str(clicked)
    row = pick.row(data)
    if row is not None:
        _open(data, row)


def _close() -> None:
    st.query_params.pop("row", None)


def _open(data: Dataset, row: int) -> None:
    st.dialog(f"Row {row}", width="medium", on_dismiss=_close)(_large)(data, row)


def _large(data: Dataset, row: int) -> None:
    emotion = EMOTIONS[data.label(row)]
    image = data.image(row)
    left, right = st.columns([5, 6], gap="medium")
    with left:
        st.html(pictures.face(image, f"row {row}, {data.split_of(row).name} split", f"{emotion} face, row {row}"))
    with right:
        st.html(f'<p class="fer-line">Label {pictures.chip(emotion)}</p>')
        _answer(image, f"{data.digest}-{row}", emotion)
        show_image.others(data, row)


def _answer(image: np.ndarray, digest: str, emotion: str) -> None:
    try:
        model = load.model()
        probabilities = load.probabilities(model, image, digest)
    except ModelError as error:
        st.caption(f"No model's answer: {error}")
        return
    named = EMOTIONS[int(probabilities.argmax())]
    st.html(bars_html(probabilities))
    agrees = "which is the label" if named == emotion else "which is not the label"
    st.caption(f"{model.name} names it {named} ({words.percent(float(probabilities.max()))}), {agrees}.")
