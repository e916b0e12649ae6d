"""What the live page shows beside the video, and what it says when something is missing."""

import time
from typing import Protocol
from urllib.parse import urlsplit

import streamlit as st

from fer_core.ui import live_recording, pick
from fer_core.ui.live_html import hints_html, readings_html
from fer_core.ui.live_timeline import timeline_html
from fer_core.ui.live_video import Failure, LiveVideo, Reading
from fer_core.ui.roles import is_owner

POLL_S = 2.0
"""Time between two looks at the video's newest reading; half a second costs frames."""
WAIT_S = 10.0
"""A video that has not begun after this time is called missing."""
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
WAYS = ("video", "photo", "picture")


class HasNeutralLook(Protocol):
    """A video whose face in focus can be asked for its neutral look."""

    def learn_neutral(self) -> None:
        """Learn it in the next three seconds."""

    def forget_neutral(self) -> None:
        """Undo that."""


def pick_way() -> str:
    """Choose what to look at: "video", "photo" or "picture"; bound to the link."""
    return pick.choice("input", "Input", WAYS, look="buttons", help="A photo and a picture need no connection for video.")


def pick_view() -> tuple[bool, bool]:
    """Choose whether the video is shown as in a mirror, and whether it zooms on the face in focus; bound to the link."""
    with st.container(horizontal=True):
        mirror = st.toggle("Mirror", key="mirror", bind="query-params")
        zoom = st.toggle(
            "Zoom on face", key="zoom", bind="query-params", help="Follows the largest face; the others leave the picture."
        )
    return mirror, zoom


def video_privacy() -> None:
    """Say what happens to the video, before anybody presses START."""
    st.caption(
        "After START your camera's video goes to the machine that runs this app, is analysed in its memory and sent straight "
        "back; no picture of it is stored unless you record and ask for that. STOP, or leaving the page, ends it."
    )
    address = urlsplit(st.context.url or "")
    if address.scheme == "http" and address.hostname not in LOCAL_HOSTS:
        st.info(
            "This page came over http from another machine, so the browser keeps the camera from it. "
            "Open it over https, or on the machine itself; a picture can be given here as it is."
        )


def follow(video: LiveVideo, *, active: bool) -> None:
    """Show the newest reading and what can be done with it, again every two seconds while the video is on.

    Args:
        video: whose frames are read.
        active: whether it is on, or about to be.
    """
    if not active:
        st.session_state.pop("live_started_s", None)
        _beside(video, None)
        return
    started_s = st.session_state.setdefault("live_started_s", time.monotonic())
    st.fragment(_beside, run_every=POLL_S)(video, started_s)


def _beside(video: LiveVideo, started_s: float | None) -> None:
    reading = video.reading() if started_s is not None else None
    if reading and reading.failure:
        _failure(reading.failure)
    elif reading is None:
        _absence(started_s)
    elif reading.still:
        st.warning("The video stands still: the camera or the connection may be gone. Press STOP, look after it, and START.")
    st.html(hints_html(reading.faces.hints if reading and reading.faces else ()) + readings_html(reading))
    recent = video.timeline.recent()
    if recent.lanes:
        st.html(timeline_html(recent))
    neutral_look(video, reading)
    live_recording.controls(video, active=started_s is not None)


def _absence(started_s: float | None) -> None:
    """Say why there is no reading."""
    if started_s is None:
        st.caption(
            "Press START and look into the camera. Where the browser refuses it, allow the camera beside the address and "
            "press START again; where there is none, give a picture."
        )
    elif time.monotonic() - started_s > WAIT_S:
        st.warning(
            "No video arrives: the camera gives no picture, or the browser cannot reach this machine for video. "
            "Take a photo or give a picture instead; both need only this page."
        )
    else:
        st.caption("Waiting for the first frame.")


def neutral_look(video: HasNeutralLook, reading: Reading | None) -> None:
    """Offer to learn what the face in focus looks like at rest, say how far that is, and offer to undo it."""
    state = reading.neutral.state if reading else "off"
    if state == "off":
        st.button(
            "Neutral look",
            on_click=video.learn_neutral,
            disabled=not (reading and reading.faces),
            help="Look at rest into the camera for three seconds. What your face shows then counts as neutral from there on.",
        )
    elif state == "learning" and reading:
        st.button(f"Hold still, {reading.neutral.left_s:.0f} s", disabled=True, key="neutral-learning")
    else:
        st.button("Undo neutral look", on_click=video.forget_neutral, icon=":material/undo:")


def _failure(why: Failure) -> None:
    st.error(why.sentence)
    if is_owner():
        with st.expander("Details"):
            st.code(why.details, language=None)
