"""What the live page shows beside the video, and what it says when something is missing."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

import streamlit as st

from fer_core.ui import live_recording, pick
from fer_core.ui.live_check import Check
from fer_core.ui.live_html import hints_html, readings_html
from fer_core.ui.live_timeline import timeline_html
from fer_core.ui.live_video import Failure, LiveVideo, Reading
from fer_core.ui.roles import is_owner

POLL_S = 2.0
"""Time between two looks at the video's newest reading; half a second costs frames."""
LOOK_S = 2.0
"""A video that has not begun after this time is looked into."""
WAIT_S = 5.0
"""And after this time, or at the next look, it is called missing, with the reason: within 8 s of START."""
_TELLING = {"TURN": 0, "Ways out": 1, "Video to the server": 3, "STUN": 4, "In this browser": 5}
"""Parts in the order in which they explain a video that does not come; all else is 2."""
_SHARP_HELP = (
    "Asks the camera for 1280 x 720 pixels, not 640 x 480: small, distant faces are found more often; near ones gain nothing."
)
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
WAYS = ("video", "photo", "picture")
_KEEPS = "on the machine that runs this app, for an annotated MP4; they go with the session"


class HasNeutralLook(Protocol):
    """A video whose face in focus can be asked for its neutral look."""

    def learn_neutral(self) -> None:
        """Learn it in the next three seconds."""

    def forget_neutral(self) -> None:
        """Undo that."""


def pick_way() -> str:
    """Choose what to look at: "video", "photo" or "picture"; bound to the link."""
    return pick.choice("input", "Input", WAYS, look="buttons", help="A photo and a picture need no connection for video.")


@dataclass(frozen=True)
class View:
    """How the camera's picture is taken and shown."""

    mirror: bool
    zoom: bool
    """On the face in focus."""
    sharp: bool
    """Whether the camera is asked for 1280 x 720 pixels."""


def pick_view(*, sharp_help: str) -> View:
    """Choose how the video is taken and shown; bound to the link.

    Args:
        sharp_help: what else there is to say of a sharper picture here.
    """
    with st.container(horizontal=True):
        mirror = st.toggle("Mirror", key="mirror", bind="query-params")
        zoom = st.toggle(
            "Zoom on face", key="zoom", bind="query-params", help="Follows the largest face; the others leave the picture."
        )
        sharp = st.toggle("Sharper picture", key="sharp", bind="query-params", help=f"{_SHARP_HELP} {sharp_help}")
    return View(mirror, zoom, sharp)


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


@dataclass(frozen=True)
class Way:
    """How video comes to be: what is known of the connection, and of the one that is on."""

    check: Check
    is_connected: Callable[[], bool]
    """Whether both sides found each other."""


def follow(video: LiveVideo, way: Way, *, active: bool) -> None:
    """Show the newest reading and what can be done with it, again every two seconds while the video is on.

    Args:
        video: whose frames are read.
        way: says why there are none.
        active: whether it is on, or about to be.
    """
    if not active:
        st.session_state.pop("live_started_s", None)
        _beside(video, way, None)
        return
    # Not this run's time: before it, Streamlit waits up to 5 s for servers that are away.
    started_s = st.session_state.setdefault("live_started_s", way.check.given_s or time.monotonic())
    st.fragment(_beside, run_every=POLL_S)(video, way, started_s)


def _beside(video: LiveVideo, way: Way, started_s: float | None) -> None:
    reading = video.reading() if started_s is not None else None
    if reading and reading.failure:
        _failure(reading.failure)
    elif reading is None:
        _absence(way, started_s)
    elif reading.still:
        st.warning("The video stands still: the camera or the connection may be gone. Press STOP, look after it, and START.")
    st.html(hints_html(reading.faces.hints if reading and reading.faces else ()) + readings_html(reading))
    recent = video.timeline.recent()
    if recent.lanes:
        st.html(timeline_html(recent))
    neutral_look(video, reading)
    live_recording.controls(video, active=started_s is not None, keeps=_KEEPS)


def _absence(way: Way, started_s: float | None) -> None:
    """Say why there is no reading; where that is not known yet, look into it."""
    if started_s is None:
        st.caption(_before(way.check))
        return
    waited_s = time.monotonic() - started_s
    if waited_s > LOOK_S and not way.is_connected() and st.session_state.get("live_looked_into") != started_s:
        st.session_state["live_looked_into"] = started_s
        way.check.begin()
        st.rerun()
    if waited_s > WAIT_S:
        st.warning(why_no_video(way.check, connected=way.is_connected()))
    else:
        st.caption("Waiting for the first frame.")


def _before(check: Check) -> str:
    if check.camera == "failed":
        refused = [finding.remedy for finding in check.findings() if finding.state == "fails"]
        return refused[0] if refused else "The camera did not start. Connect it anew and press START again, or give a picture."
    return (
        "Press START and look into the camera. Where the browser refuses it, allow the camera beside the address and "
        "press START again; where there is none, give a picture."
    )


def why_no_video(check: Check, *, connected: bool) -> str:
    """Say in a sentence or two why no first frame came, and what to do.

    Args:
        check: what is known.
        connected: whether both sides found each other.
    """
    if connected:
        return (
            "The connection is there, but the camera gives no picture. Close what else uses it, then press STOP and START; "
            "or take a photo or give a picture."
        )
    failing = [finding for finding in check.findings(soon=True) if finding.state == "fails"]
    if not failing:
        still = " What is in its way is being looked into." if check.running else ""
        return (
            f"No video arrives: your browser and this machine have not found each other.{still} A photo and a picture need "
            "only this page."
        )
    # What is behind the others comes last: a server that refuses says more than that nothing comes through.
    telling = min(failing, key=lambda finding: _TELLING.get(finding.part, 2))
    whose = "For whoever runs this app: " if telling.for_host and not is_owner() else ""
    return f"No video arrives. {telling.part}: {telling.result}. {whose}{telling.remedy}"


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
