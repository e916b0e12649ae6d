"""Recording on the live page, and what it gives to take home."""

import io
from collections.abc import Callable
from types import SimpleNamespace

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from fer_core.session import summarise, to_csv
from fer_core.ui.live_video import LiveVideo
from tests.pages.live_page import answer, panel, said, video_frame

OpenPage = Callable[..., AppTest]
FRAME_TICKS = 4500
"""A twentieth of a second on a camera's clock."""


@pytest.fixture
def live(open_page: OpenPage, stream: SimpleNamespace) -> AppTest:
    """The page with its video on."""
    app = open_page("live")
    stream.state.playing = True
    play(app, stream, 0, 3)
    return app.run()


def play(app: AppTest, stream: SimpleNamespace, first: int, n: int) -> None:
    for number in range(first, first + n):
        answer(stream, video_frame(number * FRAME_TICKS))


def press(app: AppTest, label: str) -> AppTest:
    button = next(button for button in app.button if button.label == label)
    return button.click().run()


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def test_recording_is_steered_by_buttons_that_suit_its_state(live: AppTest, stream):
    assert "Record" in labels(live)
    press(live, "Record")
    play(live, stream, 3, 5)
    assert {"Mark", "Pause", "Stop recording"} <= set(labels(live))
    press(live, "Mark")
    play(live, stream, 8, 2)
    press(live, "Pause")
    assert {"Go on", "Stop recording"} <= set(labels(live))
    assert "Paused: " in said(live)
    assert "7 frames, 1 face, 1 mark" in said(live)
    press(live, "Go on")
    press(live, "Stop recording")
    assert "Record again" in labels(live)
    assert not live.exception


def test_summary_on_the_page_is_the_one_of_the_exported_file(live: AppTest, stream):
    press(live, "Record")
    play(live, stream, 3, 12)
    press(live, "Mark")
    play(live, stream, 15, 3)
    press(live, "Stop recording")
    video: LiveVideo = live.session_state["live_video"]
    session = video.recorder.session()
    assert session is not None
    table = pd.read_csv(io.BytesIO(to_csv(session)))
    (face,) = summarise(table).faces
    shown = panel(live)
    assert f"<b>Face {face.face_id}</b> in view {face.in_view_s:.1f} s" in shown
    for emotion, share in face.shares.items():
        assert (f"{emotion} {100 * share:.0f} %" in shown) == (share >= 0.005)
    assert len(table) == session.frames == 15
    assert "marked: mark 1" in live.dataframe[0].value["what"].tolist()


def test_nothing_is_offered_before_a_recording_and_after_it_was_discarded(live: AppTest, stream):
    assert "What was recorded" not in [heading.value for heading in live.subheader]
    press(live, "Record")
    press(live, "Stop recording")
    assert "What was recorded" in [heading.value for heading in live.subheader]
    assert "No face was in view" in said(live)
    press(live, "Discard")
    assert "What was recorded" not in [heading.value for heading in live.subheader]


def test_recording_outlives_the_stream_and_can_be_stopped_without_it(live: AppTest, stream):
    press(live, "Record")
    play(live, stream, 3, 5)
    stream.options["source_video_track"].on_ended()
    stream.state.playing = False
    live.run()
    press(live, "Stop recording")
    assert "5 frames analysed" in said(live)


def test_neutral_look_needs_a_face_and_is_undone_by_one_click(live: AppTest, stream):
    press(live, "Neutral look")
    play(live, stream, 3, 1)
    live.run()
    assert any(label.startswith("Hold still") for label in labels(live))
    play(live, stream, 4, 70)
    live.run()
    press(live, "Undo neutral look")
    play(live, stream, 80, 1)
    live.run()
    assert "Neutral look" in labels(live)
