"""The buttons beside the video that record a session."""

from typing import Protocol

import streamlit as st

from fer_core.session import Progress, Recorder

_WITH_VIDEO = "keep-video"


class Recorded(Protocol):
    """A video that can be recorded, wherever it is analysed."""

    @property
    def recorder(self) -> Recorder:
        """Its recorder."""

    def mark(self) -> None:
        """Mark this moment."""


def controls(video: Recorded, *, active: bool, keeps: str) -> None:
    """Offer what can be done with the recording in its state, and say how far it is.

    Args:
        video: whose recorder is steered.
        active: whether the video is on, so that there is something to record.
        keeps: where its pictures would be kept, to be read after "Keeps the pictures too".
    """
    progress = video.recorder.progress()
    if progress.state in ("idle", "stopped"):
        _begin(video, progress, active, keeps)
    else:
        _go_on(video, progress)


def _begin(video: Recorded, progress: Progress, active: bool, keeps: str) -> None:
    drops = " The recording below is dropped for it." if progress.state == "stopped" else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(
            "Record again" if drops else "Record",
            disabled=not active,
            icon=":material/radio_button_checked:",
            help=f"Keeps numbers of each frame: boxes, emotions, probabilities. You export them when you stop.{drops}",
        ):
            video.recorder.start(keep_video=st.session_state.get(_WITH_VIDEO, False))
            st.rerun()
        st.toggle("with video", key=_WITH_VIDEO, help=f"Keeps the pictures too, {keeps}.")


def _go_on(video: Recorded, progress: Progress) -> None:
    recorder = video.recorder
    with st.container(horizontal=True):
        paused = progress.state == "paused"
        st.button("Mark", on_click=video.mark, shortcut="m", icon=":material/flag:", disabled=paused)
        if st.button("Go on" if paused else "Pause", icon=":material/play_arrow:" if paused else ":material/pause:"):
            (recorder.go_on if paused else recorder.pause)()
            st.rerun()
        if st.button("Stop recording", icon=":material/stop:"):
            recorder.stop()
            st.rerun()
    what = "Paused" if paused else "Recording"
    counts = ", ".join((_count(progress.frames, "frame"), _count(progress.faces, "face"), _count(progress.marks, "mark")))
    st.caption(f"{what}: {progress.seconds:.0f} s, {counts}.")


def _count(n: int, what: str) -> str:
    return f"{n:,} {what}" if n == 1 else f"{n:,} {what}s"
