"""What the live page shows around the video and of a picture, and what it says when something is missing."""

import time
from typing import Any
from urllib.parse import urlsplit

import cv2
import numpy as np
import streamlit as st

from fer_core.labels import EMOTIONS
from fer_core.model import Model
from fer_core.ui import load, pick
from fer_core.ui.live_html import faces_html, readings_html
from fer_core.ui.live_video import Failure, LiveVideo
from fer_core.ui.roles import is_owner
from fer_core.ui.words import percent
from fer_core.vision import Detector, Faces, draw_faces, read_picture, recognise

POLL_S = 2.0
"""Time between two looks at the video's newest reading; half a second costs frames."""
WAIT_S = 10.0
"""A video that has not begun after this time is called missing."""
PICTURE_MB = 50
PICTURE_TYPES = ("jpg", "jpeg", "png", "webp", "bmp")
CAMERA_WORDS = {
    "device_ask_permission": "Allow this page to use the camera; the browser asks beside the address.",
    "device_access_denied": "The browser refused the camera. Allow it beside the address, or give a picture instead.",
    "device_not_available": "No camera is free. Connect one, close the program that uses it, or give a picture instead.",
    "media_api_not_available": "This browser gives no camera to this page. Open it over https, or give a picture instead.",
}
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
WAYS = ("video", "photo", "picture")


def pick_way() -> str:
    """Choose what to look at: "video", "photo" or "picture"; bound to the link."""
    return pick.choice("input", "Input", WAYS, look="buttons", help="A photo and a picture need no connection for video.")


def pick_mirror() -> bool:
    """Choose whether the video is shown as in a mirror; bound to the link."""
    return st.toggle("Mirror", key="mirror", bind="query-params")


def pick_photo() -> bytes | None:
    """Take one picture with the camera; its bytes stay in memory."""
    photo = st.camera_input("Photo", label_visibility="collapsed")
    return photo.getvalue() if photo else None


def pick_picture() -> bytes | None:
    """Take one picture from a file; its bytes stay in memory."""
    given = st.file_uploader("Picture", type=PICTURE_TYPES, max_upload_size=PICTURE_MB, label_visibility="collapsed")
    return given.getvalue() if given else None


def video_privacy() -> None:
    """Say what happens to the video, before anybody presses START."""
    st.caption(
        "After START your camera's video goes to the machine that runs this app, is analysed in its memory and sent straight "
        "back; nothing of it is stored. STOP, or leaving the page, ends it."
    )
    address = urlsplit(st.context.url or "")
    if address.scheme == "http" and address.hostname not in LOCAL_HOSTS:
        st.info(
            "This page came over http from another machine, so the browser keeps the camera from it. "
            "Open it over https, or on the machine itself; a picture can be given here as it is."
        )


def picture_privacy() -> None:
    """Say what happens to a picture."""
    st.caption("Your picture is analysed in the memory of the machine that runs this app, and nothing of it is stored.")


def follow(video: LiveVideo, *, active: bool) -> None:
    """Show the newest reading, again every two seconds while the video is on.

    Args:
        video: whose frames are read.
        active: whether it is on, or about to be.
    """
    if not active:
        st.session_state.pop("live_started_s", None)
        _readings(video, None)
        return
    started_s = st.session_state.setdefault("live_started_s", time.monotonic())
    st.fragment(_readings, run_every=POLL_S)(video, started_s)


def _readings(video: LiveVideo, started_s: float | None) -> None:
    reading = video.reading() if started_s is not None else None
    if reading and reading.failure:
        _failure(reading.failure)
    elif reading is None and started_s is None:
        st.caption(
            "Press START and look into the camera. Where the browser refuses it, allow the camera beside the address and "
            "press START again; where there is none, give a picture."
        )
    elif reading is None and started_s is not None and time.monotonic() - started_s > WAIT_S:
        st.warning(
            "No video arrives: the camera gives no picture, or the browser cannot reach this machine for video. "
            "Take a photo or give a picture instead; both need only this page."
        )
    elif reading is None:
        st.caption("Waiting for the first frame.")
    st.html(readings_html(reading))


def _failure(why: Failure) -> None:
    st.error(why.sentence)
    if is_owner():
        with st.expander("Details"):
            st.code(why.details, language=None)


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
