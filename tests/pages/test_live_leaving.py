"""The live page is left while its video is on, and opened again."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from fer_core.ui import live_mode
from tests.pages.live_page import said

OpenPage = Callable[..., AppTest]


class Worker:
    """A connection's side on the server."""

    stops = 0

    def stop(self) -> None:
        self.stops += 1


def test_leaving_the_page_ends_the_connection_at_once_and_coming_back_finds_none(open_page: OpenPage, stream):
    app = open_page("live")
    stream.state.playing, stream.worker = True, Worker()
    app.run()
    check, track = app.session_state["live_check"], stream.options["source_video_track"]
    check.take_camera({"state": "given", "n": 3})
    app.run()
    assert stream.options["source_video_track"] is track
    app.switch_page("pages/overview.py").run()
    assert not app.exception
    assert stream.worker.stops == 1
    assert not app.session_state["live"].state.playing
    stream.state.playing, stream.worker = False, None
    app.switch_page("pages/live.py").run()
    assert stream.options["source_video_track"] is not track, "an ended track gives no frames"
    check.take_camera({"state": "given", "n": 3})
    assert check.camera == "idle", "said of the player before"
    assert "comes back by itself" not in said(app)
    check.take_camera({"state": "given", "n": 4})
    assert check.camera == "given"


@pytest.mark.parametrize(("key", "instead"), [("input", "photo"), ("where", live_mode.BROWSER)])
def test_looking_at_something_else_on_the_page_ends_the_connection(open_page: OpenPage, stream, key: str, instead: str):
    app = open_page("live")
    stream.state.playing, stream.worker = True, Worker()
    app.run()
    app.button_group(key=key).set_value(instead).run()
    assert not app.exception
    assert stream.worker.stops == 1
    assert not app.session_state["live"].state.playing
