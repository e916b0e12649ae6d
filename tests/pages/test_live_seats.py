"""The live page when others are live already."""

from collections.abc import Callable

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fer_core.ui import live_camera
from fer_core.ui.viewers import viewers
from tests.pages.live_page import answer, said, video_frame

OpenPage = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def _one_seat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FER_MAX_VIEWERS", "1")


def test_who_comes_to_a_full_house_waits_in_a_line_and_may_take_a_photo(open_page: OpenPage, stream):
    viewers().take("somebody")
    viewers().come("another")
    app = open_page("live")
    assert not app.exception
    assert not stream.options, "no camera is asked for"
    assert "1 before you" in said(app)
    assert "1 person at once" in said(app)
    next(button for button in app.button if button.label == "Take a photo meanwhile").click().run()
    assert app.camera_input
    assert viewers().come("another") == 1


def test_who_waited_starts_when_a_seat_is_free(open_page: OpenPage, stream):
    viewers().take("somebody")
    app = open_page("live")
    assert "You are next" in said(app)
    viewers().leave("somebody")
    app.run()
    assert stream.options["desired_playing_state"] is None
    assert "Press START" in said(app)
    assert viewers().come("a third") == 2, "the seat is kept for who was called"


def test_two_who_start_at_once_get_one_seat(open_page: OpenPage, stream):
    app = open_page("live")
    viewers().take("somebody")
    stream.state.playing = True
    app.run()
    assert stream.options["desired_playing_state"] is False
    frame = video_frame()
    same = answer(stream, frame)
    assert np.array_equal(same.to_ndarray(format="bgr24"), frame.to_ndarray(format="bgr24"))
    stream.state.playing = False
    app.run()
    assert "You are next" in said(app)


def test_seat_is_given_up_when_the_video_ends(open_page: OpenPage, stream):
    app = open_page("live")
    stream.state.playing = True
    app.run()
    assert viewers().live == 1
    stream.options["source_video_track"].on_ended()
    assert viewers().live == 0


def test_fewer_frames_are_asked_of_the_camera_where_others_are_live(open_page: OpenPage, stream, monkeypatch):
    monkeypatch.setenv("FER_MAX_VIEWERS", "2")
    viewers().take("somebody")
    app = open_page("live")
    rate = ["media_stream_constraints", "video", "frameRate", "ideal"]
    assert _at(stream.options, rate) == 15
    stream.state.playing = True
    viewers().leave("somebody")
    app.run()
    assert _at(stream.options, rate) == 15, "not changed while the video is on"


@pytest.mark.parametrize(("others", "width", "fps"), [(0, 1280, 15), (1, 640, 15)])
def test_sharper_picture_is_asked_of_the_camera_where_nobody_else_is_live(
    open_page: OpenPage, stream, monkeypatch, others: int, width: int, fps: int
):
    monkeypatch.setenv("FER_MAX_VIEWERS", "2")
    for number in range(others):
        viewers().take(f"somebody {number}")
    app = open_page("live")
    app.toggle(key="sharp").set_value(True).run()
    video = stream.options["media_stream_constraints"]["video"]
    assert (video["width"]["ideal"], video["frameRate"]["ideal"]) == (width, fps)
    stream.state.playing = True
    app.toggle(key="sharp").set_value(False).run()
    assert stream.options["media_stream_constraints"]["video"] == video, "not changed while the video is on"


def _at(tree, path):
    for key in path:
        tree = tree[key]
    return tree


@pytest.mark.parametrize(("others", "swept"), [(0, 1), (1, 0)])
def test_memory_is_given_back_once_nobody_is_live(open_page: OpenPage, stream, monkeypatch, others, swept):
    class AtOnce:
        def __init__(self, _seconds: float, act: Callable[[], None]) -> None:
            self.start = act

    collected: list[int] = []
    stream.state.playing = True
    open_page("live")
    for number in range(others):
        viewers().take(f"other {number}")
    monkeypatch.setattr(live_camera.threading, "Timer", AtOnce)
    monkeypatch.setattr(live_camera.gc, "collect", lambda: collected.append(1))
    stream.options["source_video_track"].on_ended()
    assert len(collected) == swept
