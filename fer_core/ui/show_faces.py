"""A picture given to the live page: taken with the camera or from a file, and what was recognised in it."""

from typing import Any

import cv2
import numpy as np
import streamlit as st

from fer_core.labels import EMOTIONS
from fer_core.model import Model
from fer_core.ui import load
from fer_core.ui.live_html import faces_html
from fer_core.ui.upload_guard import PICTURE_MB
from fer_core.ui.words import percent
from fer_core.vision import Detector, Faces, draw_faces, read_picture, recognise

PICTURE_TYPES = ("jpg", "jpeg", "png", "webp", "bmp")


def pick_photo() -> bytes | None:
    """Take one picture with the camera; its bytes stay in memory."""
    photo = st.camera_input("Photo", label_visibility="collapsed")
    return photo.getvalue() if photo else None


def pick_picture() -> bytes | None:
    """Take one picture from a file; its bytes stay in memory."""
    given = st.file_uploader("Picture", type=PICTURE_TYPES, max_upload_size=PICTURE_MB, label_visibility="collapsed")
    return given.getvalue() if given else None


def picture_privacy() -> None:
    """Say what happens to a picture."""
    st.caption("Your picture is analysed in the memory of the machine that runs this app, and nothing of it is stored.")


def recognised(data: bytes, model: Model) -> None:
    """Recognise the faces in a picture and show them with their figures.

    Args:
        data: the picture's file as it was given.
        model: whose probabilities are shown.

    Raises:
        MediaError: it cannot be read.
        ModelError: the detector or the model cannot be read.
    """
    given = read_picture(data)
    faces = recognise(given.image, Detector(), load.classifier(model))
    names = face_names(faces)
    summary = f"{len(names)} {'face' if len(names) == 1 else 'faces'}: {', '.join(names)}" if names else "No face was found"
    seen, read = st.columns([3, 2], gap="large")
    shown = cv2.cvtColor(draw_faces(given.image, faces, bars=False), cv2.COLOR_BGR2RGB)
    seen.image(shown, caption=given.note, width="stretch", output_format="JPEG", alt=f"The picture. {summary}.")
    if not names:
        read.info("No face was found. Give a picture with a face that is upright, lit, and at least 30 pixels wide.")
        return
    read.html(faces_html(faces))
    st.markdown(f"**{summary}**")
    st.dataframe(faces_table(faces), hide_index=True, column_config=_columns(), alt=f"Probabilities of {summary}")
    if faces.unsure.any():
        st.caption(f"Unsure: no emotion reaches {percent(faces.threshold, 0)}.")


def face_names(faces: Faces) -> list[str]:
    """Name each face's emotion, from left to right."""
    return [
        f"unsure ({faces.emotions[index]})" if faces.unsure[index] else faces.emotions[index] for index in _left_to_right(faces)
    ]


def faces_table(faces: Faces) -> dict[str, list[object]]:
    """List faces from left to right: number, emotion, confidence and the seven probabilities in percent."""
    order = _left_to_right(faces)
    table: dict[str, list[object]] = {
        "face": list(range(1, len(order) + 1)),
        "emotion": list(face_names(faces)),
        "confidence": [100 * float(faces.confidences[index]) for index in order],
    }
    for label, emotion in enumerate(EMOTIONS):
        table[emotion] = [100 * float(faces.probabilities[index, label]) for index in order]
    return table


def _left_to_right(faces: Faces) -> list[int]:
    return [int(index) for index in np.argsort(faces.boxes[:, 0], kind="stable")]


def _columns() -> dict[str, Any]:
    percent = {name: st.column_config.NumberColumn(name, format="%.0f %%") for name in ("confidence", *EMOTIONS)}
    return {"face": st.column_config.NumberColumn("face", help="Counted from left to right."), **percent}
