"""What the live page asks of the camera, and how a frame of it is answered."""

import ctypes
import gc
import sys
import threading
from typing import Any

import av
import streamlit as st
from streamlit_webrtc.component import _reset_context

from fer_core.model import Model
from fer_core.ui.live_again import Step
from fer_core.ui.live_check import my_check
from fer_core.ui.live_line import Seat
from fer_core.ui.live_track import LiveTrack
from fer_core.ui.live_video import LiveVideo
from fer_core.ui.mine import mine
from fer_core.ui.viewers import viewers
from fer_core.vision import Planes, copy_frame, planes_of

PLAYER = "live"
"""The key of streamlit-webrtc's player."""
SIZE_WH, SHARP_WH = (640, 480), (1280, 720)
FPS, SHARED_FPS = 20, 15
"""Frames a second asked of a camera: of the only one, and where several are live or the picture is large."""
SWEEP_S = 2.0
"""So long after a video's end, when its connection has let go of everything, memory is given back."""
MOST_PIXELS = SHARP_WH[0] * SHARP_WH[1]
"""A frame with more is made smaller before anything else."""
VIDEO = {"autoPlay": True, "controls": False, "muted": True, "playsInline": True, "style": {"width": "100%"}}
_VIDEO, _TRACK, _ASKED = "live_video", "live_track", "live_asked"
WORDS = {
    "device_ask_permission": "Allow this page to use the camera; the browser asks beside the address.",
    "device_access_denied": "The browser refused the camera. Allow it beside the address, or give a picture instead.",
    "device_not_available": "No camera is free. Connect one, close the program that uses it, or give a picture instead.",
    "media_api_not_available": "This browser gives no camera to this page. Open it over https, or give a picture instead.",
}


def is_active(stream: Any) -> bool:
    """Say whether a stream of streamlit-webrtc, None before its first run, is on or about to be."""
    return stream is not None and bool(stream.state.playing or stream.state.signalling)


def leave() -> None:
    """End what is left of a connection whose player is not on the page any more.

    By itself streamlit-webrtc does so where a whole run of the script went by without its player. On a slow machine the viewer
    is back before that: the new player's offer would find the last connection, and wait for an answer for good.
    """
    stream = st.session_state.get(PLAYER)
    if stream is not None:
        _reset_context(stream)
    forget_track()
    my_check().leave()


def say_not_connected() -> None:
    """Say that the browser and this server did not come to an answer in time; STOP lets the next START begin anew."""
    forget_track()
    st.error(
        "The video could not be set up: the server found no way to answer this browser within 10 seconds. Press STOP, then "
        "START; if that does not help, the connection check, which is there after STOP, says what is in the way."
    )


def constraints(*, active: bool, sharp: bool) -> dict[str, Any]:
    """Give what to ask of the camera; it stays the same while the video is on.

    Args:
        active: whether it is on.
        sharp: whether a larger picture is wanted; it is had where nobody else is live, at fewer frames a second.
    """
    if not active or _ASKED not in st.session_state:
        alone = not viewers().live
        width, height = SHARP_WH if sharp and alone else SIZE_WH
        fps = FPS if alone and not sharp else SHARED_FPS
        st.session_state[_ASKED] = {"width": {"ideal": width}, "height": {"ideal": height}, "frameRate": {"ideal": fps}}
    return {"video": st.session_state[_ASKED], "audio": False}


def say_size(*, active: bool, sharp: bool) -> None:
    """Say when the picture will be as chosen, where the camera was asked for another size."""
    asked = st.session_state.get(_ASKED)
    if active and asked and sharp != (asked["width"]["ideal"] == SHARP_WH[0]):
        which, condition = ("sharper", ", if nobody else is live then") if sharp else ("smaller", "")
        st.caption(f"The {which} picture comes with the next START{condition}.")


def desired(*, seated: bool, step: Step) -> bool | None:
    """Give what the player is to do by itself: start, end, or (None) as its own buttons say."""
    return False if not seated else True if step == "start" else None


def my_video(model: Model) -> LiveVideo:
    """Give this session's video, from its next frame on with ``model``."""
    video = mine(_VIDEO, lambda: LiveVideo(model))
    video.use(model)
    return video


def my_track(video: LiveVideo, seat: Seat) -> LiveTrack:
    """Give the track of the connection that is on, or is about to be."""

    def answer(frame: av.VideoFrame) -> av.VideoFrame:
        if not seat.take():
            return frame
        shown, picture = copy_frame(fit(planes_of(frame)), like=frame, mirror=video.mirror)
        video.annotate(picture, frame.time)
        return shown

    def end() -> None:
        video.end()
        seat.leave()
        sweep = threading.Timer(SWEEP_S, _sweep)
        sweep.daemon = True
        sweep.start()

    return mine(_TRACK, lambda: LiveTrack(answer, end))


def _sweep() -> None:
    """Give back what ended connections held, where that holds up nobody's video: cycles of references, and what glibc keeps."""
    if viewers().live:
        return
    gc.collect()
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)


def fit(picture: Planes) -> Planes:
    """Make a picture smaller that has more than ``MOST_PIXELS``: a camera need not keep to what it is asked for."""
    width, height = picture.size_wh
    scale = (MOST_PIXELS / (width * height)) ** 0.5
    return picture.resized((int(width * scale), int(height * scale))) if scale < 1 else picture


def forget_track() -> None:
    """Let the next connection have a track of its own, as one that ended does not come back."""
    st.session_state.pop(_TRACK, None)
