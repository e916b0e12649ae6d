"""The live page with a stream of the test's own, a photo and a picture; and nothing of them left on the disk."""

import logging
import tempfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit_webrtc
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.testing.v1 import AppTest
from streamlit_webrtc.webrtc import SignallingTimeoutError

from fer_core.errors import ModelError
from fer_core.labels import EMOTIONS
from fer_core.ui import live_pace, live_video
from fer_core.ui.frame import enter_app
from fer_core.ui.live_video import LiveVideo
from fer_core.ui.newest_frames import NewestFramesRelay
from tests.pages.live_page import answer, encoded, give, panel, portrait, said, video_frame

OpenPage = Callable[..., AppTest]


def files_below(*folders: Path) -> set[Path]:
    return {path for folder in folders for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def disk(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """FER_HOME and a temporary folder, both empty."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    home.mkdir(exist_ok=True)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    return home, temporary


def test_page_says_what_happens_to_the_video_before_start(open_page: OpenPage, stream):
    app = open_page("live")
    assert not app.exception
    assert "no picture of it is stored" in said(app)
    assert "Press START" in said(app)


def test_page_asks_for_640_by_480_at_20_frames_without_sound_or_foreign_servers(open_page: OpenPage, stream):
    open_page("live")
    video = stream.options["media_stream_constraints"]["video"]
    assert (video["width"]["ideal"], video["height"]["ideal"], video["frameRate"]["ideal"]) == (640, 480, 20)
    assert stream.options["media_stream_constraints"]["audio"] is False
    assert stream.options["rtc_configuration"] == {"iceServers": [], "iceTransportPolicy": "all"}
    assert stream.options.get("async_processing", True)


def test_page_bounds_the_frames_that_wait(open_page: OpenPage, stream):
    open_page("live")
    assert isinstance(stream.relay, NewestFramesRelay)


def test_frames_come_back_drawn_and_in_their_time(open_page: OpenPage, stream):
    open_page("live")
    frame = video_frame(pts=4500)
    shown = answer(stream, frame)
    assert (shown.pts, shown.time_base) == (4500, Fraction(1, 90000))
    before, after = frame.to_ndarray(format="bgr24"), shown.to_ndarray(format="bgr24")
    assert after.shape == before.shape
    assert (np.abs(after.astype(int) - before).max(axis=2) > 60).sum() > 500


def test_seven_probabilities_stand_beside_the_video(open_page: OpenPage, stream):
    app = open_page("live")
    stream.state.playing = True
    app.run()
    assert "Waiting for the first frame" in said(app)
    answer(stream, video_frame())
    app.run()
    assert not app.exception
    assert all(emotion in panel(app) for emotion in EMOTIONS)
    assert panel(app).count(" %") >= 7
    assert "Faces in view" in panel(app)


def test_failing_pipeline_shows_a_sentence_and_the_video_goes_on(open_page: OpenPage, stream, monkeypatch):
    app = open_page("live")
    stream.state.playing = True
    monkeypatch.setattr(live_video.Overlay, "draw", lambda *_: 1 / 0)
    frame = video_frame()
    shown = answer(stream, frame)
    assert (shown.to_ndarray(format="bgr24") == frame.to_ndarray(format="bgr24")).all()
    app.run()
    assert not app.exception
    assert "the video goes on" in app.error[0].value
    assert "ZeroDivisionError" not in said(app)
    assert not app.code


@pytest.mark.usefixtures("owner")
def test_owner_sees_the_details_of_a_failure(open_page: OpenPage, stream, monkeypatch):
    app = open_page("live")
    stream.state.playing = True
    monkeypatch.setattr(live_video.Overlay, "draw", lambda *_: 1 / 0)
    answer(stream, video_frame())
    app.run()
    assert "ZeroDivisionError" in app.code[0].value


def test_video_that_never_comes_is_looked_into_and_points_to_the_picture(open_page: OpenPage, stream, monkeypatch):
    monkeypatch.setattr("fer_core.ui.show_live.LOOK_S", -1.0)
    monkeypatch.setattr("fer_core.ui.show_live.WAIT_S", -1.0)
    stream.state.playing = True
    app = open_page("live")
    assert not app.exception
    assert "No video arrives" in said(app)
    assert "A photo and a picture need only this page" in said(app)
    assert app.session_state["live_check"].asked == 1, "once for each START"
    app.run()
    assert app.session_state["live_check"].asked == 1


def test_connection_without_an_answer_is_a_sentence_and_the_next_one_has_its_own_track(
    open_page: OpenPage, stream, monkeypatch
):
    def end_in_vain(**options: Any) -> None:
        stream.options = options
        raise SignallingTimeoutError("not in time")

    with monkeypatch.context() as in_vain:
        in_vain.setattr(streamlit_webrtc, "webrtc_streamer", end_in_vain)
        app = open_page("live")
    assert not app.exception
    assert "Press STOP, then START" in app.error[0].value
    tried = stream.options["source_video_track"]
    app.run()
    assert not app.error
    assert stream.options["source_video_track"] is not tried


def test_end_of_the_video_empties_the_readings(open_page: OpenPage, stream):
    app = open_page("live")
    answer(stream, video_frame())
    stream.options["source_video_track"].on_ended()
    video: LiveVideo = app.session_state["live_video"]
    assert video.reading() is None


def test_missing_model_is_a_sentence(open_page: OpenPage, stream, monkeypatch):
    def missing(*_: object) -> None:
        enter_app()
        raise ModelError("expected a serving model, received none. Train one.")

    monkeypatch.setattr("fer_core.ui.pick.model", missing)
    app = open_page("live")
    assert not app.exception
    assert [error.value for error in app.error] == ["expected a serving model, received none. Train one."]


def test_nothing_of_video_photo_or_picture_is_left_on_disk_or_in_logs(open_page: OpenPage, stream, disk, caplog):
    caplog.set_level(logging.DEBUG)
    app = open_page("live")
    before = files_below(*disk)
    stream.state.playing = True
    app.run()
    for pts in range(0, 30_000, 4500):
        answer(stream, video_frame(pts))
    stream.options["source_video_track"].on_ended()
    app.run()
    give(open_page("live", input="picture"), encoded(portrait()))
    give(open_page("live", input="picture"), encoded(portrait())[:2000])
    photo = open_page("live", input="photo").camera_input[0]
    photo.set_value(("photo.jpg", encoded(portrait()), "image/jpeg")).run()
    assert files_below(*disk) == before
    assert not any(mark in caplog.text for mark in ("array(", "JFIF", "\\xff\\xd8", "base64"))


def test_video_that_stands_still_says_so(open_page: OpenPage, stream, monkeypatch):
    app = open_page("live")
    stream.state.playing = True
    app.run()
    answer(stream, video_frame())
    app.run()
    assert "stands still" not in said(app)
    monkeypatch.setattr(live_pace, "RATE_WINDOW_S", -1.0)
    app.run()
    assert "stands still" in said(app)


@pytest.mark.parametrize(
    ("size_wh", "sent_wh"), [((3840, 2160), (1280, 720)), ((480, 640), (480, 640)), ((641, 481), (641, 481))]
)
def test_frame_comes_back_in_its_size_but_for_huge_ones(open_page: OpenPage, stream, size_wh, sent_wh):
    open_page("live")
    stream.state.playing = True
    frame = video_frame().reformat(*size_wh)
    frame.pts, frame.time_base = 0, Fraction(1, 90000)
    shown = answer(stream, frame)
    assert (shown.width, shown.height) == sent_wh


@pytest.mark.parametrize("playing", [False, True])
def test_no_fragment_above_the_player_may_take_its_place(open_page: OpenPage, stream, monkeypatch, playing: bool):
    sent: list[ForwardMsg] = []
    monkeypatch.setattr(ForwardMsgQueue, "_before_enqueue_msg", sent.append)
    stream.state.playing = playing
    open_page("live")
    of_fragments = [tuple(message.metadata.delta_path) for message in sent if message.delta.fragment_id]
    # (0, n) is the page's own n-th place. Streamlit drops a fragment's when it is drawn again; what follows would move up.
    assert (0, 2, 0) in of_fragments
    assert [path for path in of_fragments if len(path) == 2] == []
