"""Live video that is analysed in the visitor's own browser: only numbers come here, a kilobyte or so a second."""

from typing import Any

import streamlit as st

from fer_core.errors import FerError
from fer_core.model import OUTPUTS, Model
from fer_core.ui import live_recording, show_live, show_session
from fer_core.ui.browser_files import serve_detector, serve_model
from fer_core.ui.browser_video import BrowserVideo
from fer_core.ui.components import component
from fer_core.ui.live_camera import SHARP_WH, SIZE_WH, WORDS
from fer_core.ui.live_html import hints_html, readings_html
from fer_core.ui.live_timeline import timeline_html
from fer_core.ui.mine import mine

_draw = component("live")
_VIDEO, _KEY = "browser_video", "live-in-browser"
_KEEPS = "in this browser and nowhere else; you save them below the picture when you stop, before you leave the page"


def show(model: Model) -> None:
    """Show the live video of this browser, what was recognised in it, and what was recorded.

    Args:
        model: whose probabilities are shown.
    """
    video = _my_video(model)
    st.caption(
        "After START your camera's picture is analysed by this browser and never leaves your device: only numbers (boxes, "
        "emotions, probabilities) are sent here, for the timeline and the export. STOP, or leaving the page, ends it. The "
        "first time some 6 MB of models are loaded; your browser keeps them."
    )
    try:
        networks = {"detector": serve_detector().to_json(), "model": _describe(model)}
    except FerError as error:
        st.error(str(error))
        return
    _show_video(video, networks)
    show_session.recorded(video.recorder)
    film = video.recorder.film()
    if film and film["state"] == "done":
        st.caption("Its annotated video is in this browser alone: save it below the picture before you leave this page.")


@st.fragment
def _show_video(video: BrowserVideo, networks: dict[str, Any]) -> None:
    """Draw the video and what stands beside it; runs again with each message of the browser."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        stage = st.container()
        view = show_live.pick_view(sharp_help="This device does the work.")
    with stage:
        told = _draw(
            key=_KEY,
            data={
                **networks,
                "live": _is_live(),
                "mirror": view.mirror,
                "zoom": view.zoom,
                "camera": SHARP_WH if view.sharp else SIZE_WH,
                "recording": video.recorder.progress().state == "recording",
                "film": video.recorder.film(),
                "neutral": {"serial": video.neutral.serial, "want": video.neutral.want},
                "words": WORDS,
            },
            on_live_change=_nothing,
            on_results_change=_nothing,
        )
    active = bool(told.live)
    if told.results is not None:
        video.take(told.results)
    if not active:
        video.end()
    with right:
        _beside(video, active=active)


def _beside(video: BrowserVideo, *, active: bool) -> None:
    reading = video.reading() if active else None
    hints = reading.faces.hints if reading and reading.faces else ()
    st.html(hints_html(hints) + readings_html(reading))
    recent = video.timeline.recent()
    if recent.lanes:
        st.html(timeline_html(recent))
    show_live.neutral_look(video, reading)
    live_recording.controls(video, active=active, keeps=_KEEPS)


def _my_video(model: Model) -> BrowserVideo:
    video = mine(_VIDEO, lambda: BrowserVideo(model))
    video.use(model)
    return video


def _describe(model: Model) -> dict[str, Any]:
    head = model.info.live_head
    return {
        "file": serve_model(model).to_json(),
        "output": OUTPUTS[head],
        "temperature": model.info.temperature[head],
        "threshold": model.info.threshold,
    }


def _is_live() -> bool:
    """Tell what the component last said, before it is drawn again."""
    state = st.session_state.get(_KEY)
    return bool(state.get("live")) if state else False


def _nothing() -> None:
    """Values without a callback are not kept."""
