"""What a recorded session comes down to, and its files to take home."""

from datetime import datetime

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fer_core.errors import FerError
from fer_core.labels import EMOTION_COLOURS, EMOTIONS
from fer_core.session import Clip, FaceSummary, Recorder, Session, Summary, make_mp4, summarise, to_csv, to_parquet, to_table
from fer_core.ui.durations import spoken
from fer_core.ui.words import percent

MOST_FACES = 20
"""Faces listed one by one; further ones were in view for the shortest time."""
MOST_CHANGES = 200
_MADE = "live_mp4"


def recorded(recorder: Recorder) -> None:
    """Show the summary of a recording that has ended, and its files; nothing where there is none."""
    session = recorder.session() if recorder.progress().state == "stopped" else None
    if session is None:
        return
    st.subheader("What was recorded")
    if session.note:
        st.info(session.note)
    table = to_table(session)
    summary = summarise(table)
    started = datetime.fromisoformat(session.started)
    st.markdown(
        f"{started:%Y-%m-%d %H:%M} UTC, **{spoken(session.seconds)}**, {session.frames:,} frames analysed, "
        f"{len(summary.faces)} {'face' if len(summary.faces) == 1 else 'faces'}, model {', '.join(_models(session))}."
    )
    if summary.faces:
        _shares(summary)
        _moments(summary)
    else:
        st.info("No face was in view while it recorded.")
    _files(session, recorder, f"session-{started:%Y%m%d-%H%M%S}")


def share_bar(face: FaceSummary) -> str:
    """Draw a face's time in view as one bar, a part an emotion, and name the parts."""
    parts = {name: face.shares[name] for name in EMOTIONS} | {"unsure": face.unsure}
    seen = {name: share for name, share in parts.items() if share >= 0.005}
    bars = "".join(f'<i style="flex:{share:.4f};background:{_colour(name)}"></i>' for name, share in seen.items())
    chips = "".join(
        f'<span class="fer-chip"><i style="background:{_colour(name)}"></i>{name} {percent(share, 0)}</span>'
        for name, share in sorted(seen.items(), key=lambda item: -item[1])
    )
    return f'<div class="fer-bar" aria-hidden="true">{bars}</div><div class="fer-chips">{chips}</div>'


def _shares(summary: Summary) -> None:
    """Show how much of its time in view each face showed each emotion."""
    for face in summary.faces[:MOST_FACES]:
        st.html(
            f'<p class="fer-line"><b>Face {face.face_id}</b> in view {face.in_view_s:.1f} s, from {face.first_s:.1f} to '
            f"{face.last_s:.1f} s; mean confidence {percent(face.confidence, 0)}, mean quality {percent(face.quality, 0)}</p>"
            + share_bar(face)
        )
    if len(summary.faces) > MOST_FACES:
        st.caption(f"{len(summary.faces) - MOST_FACES} further faces were in view for less; the files have them.")
    st.caption("Shares of the time in view, with the emotion that was shown; time called unsure stands apart.")


def _moments(summary: Summary) -> None:
    """List the moments in which a face began to show something else, and the marked ones."""
    moments = [
        (change.time_s, f"face {face.face_id}: {change.before} to {change.after}")
        for face in summary.faces
        for change in face.changes
    ] + [(time_s, f"marked: {text}") for time_s, text in summary.marks]
    if not moments:
        return
    rows = [{"time, s": round(time_s, 2), "what": what} for time_s, what in sorted(moments)]
    with st.expander(f"Moments of change and marks ({len(rows)})", expanded=len(rows) <= 12):
        st.dataframe(rows[:MOST_CHANGES], hide_index=True, alt="Times at which a face changed its emotion, and marks")
        if len(rows) > MOST_CHANGES:
            st.caption(f"The first {MOST_CHANGES}; the files have all of them.")


@st.fragment
def _files(session: Session, recorder: Recorder, name: str) -> None:
    """Offer the session as CSV, Parquet and, where pictures were kept, as an annotated MP4; and to forget it."""
    with st.container(horizontal=True):
        st.download_button(
            "CSV", lambda: to_csv(session), f"{name}.csv", "text/csv", icon=":material/download:", on_click="ignore"
        )
        st.download_button(
            "Parquet",
            lambda: to_parquet(session),
            f"{name}.parquet",
            "application/vnd.apache.parquet",
            icon=":material/download:",
            on_click="ignore",
        )
        if st.button("Discard", icon=":material/delete:", type="tertiary"):
            recorder.discard()
            st.session_state.pop(_MADE, None)
            st.rerun()
    if recorder.clip is not None:
        _video(recorder.clip, name)
    st.caption("One row a face and analysed frame: time, box, quality, emotion, confidence, seven probabilities, marks.")


def _video(clip: Clip, name: str) -> None:
    """Make the annotated MP4 when asked for it, and then offer it."""
    kept = clip.progress()
    if kept.note:
        st.caption(kept.note)
    made: tuple[str, bytes] | None = st.session_state.get(_MADE)
    if made and made[0] == name:
        st.download_button(
            "Annotated video (MP4)", made[1], f"{name}.mp4", "video/mp4", icon=":material/download:", on_click="ignore"
        )
    elif st.button(f"Make the annotated video ({spoken(kept.seconds)})", icon=":material/movie:"):
        _make_video(clip, name)


def _make_video(clip: Clip, name: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Stop", key="stop-video", icon=":material/stop:")
        bar = st.progress(0.0, "Making the video")
    try:
        data = make_mp4(clip, progress=lambda share: _advance(bar, share))
    except FerError as error:
        st.error(str(error))
        return
    st.session_state[_MADE] = (name, data)
    st.rerun(scope="fragment")


def _advance(bar: DeltaGenerator, share: float) -> None:
    bar.progress(share, f"Making the video: {percent(share, 0)}")


def _models(session: Session) -> list[str]:
    return list(dict.fromkeys(used.name for _, used in session.models)) or ["unknown"]


def _colour(name: str) -> str:
    return EMOTION_COLOURS.get(name, "#5F6B7A")
