"""Where live video is recognised: chosen, remembered, allowed, and changed by itself with a word."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from fer_core.connect import Path, read_facts
from fer_core.ui import live_browser
from tests.pages.live_page import said

OpenPage = Callable[..., AppTest]
FACTS = {"secure": True, "media": True, "permission": "granted", "cameras": 1, "webrtc": True, "wasm": True, "simd": True}


@pytest.fixture(autouse=True)
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Models that were shown in the browser's way."""
    models: list[str] = []
    monkeypatch.setattr(live_browser, "show", lambda model: models.append(model.name))
    return models


def learn(app: AppTest, **found: object) -> AppTest:
    """Let the session's check know this, and draw the page anew."""
    check = app.session_state["live_check"]
    check.seen = check.seen.__class__(**{**vars(check.seen), **found})
    return app.run()


def chosen(app: AppTest) -> str:
    (where,) = [group.value for group in app.get("button_group") if group.label == "Recognition"]
    return str(where)


def test_server_is_the_default_and_the_link_carries_the_other_choice(open_page: OpenPage, stream, shown):
    assert stream.options == {}
    app = open_page("live")
    assert (chosen(app), shown) == ("On the server", [])
    assert stream.options["key"] == "live"
    other = open_page("live", where="In this browser")
    assert chosen(other) == "In this browser"
    assert shown == ["studio"]


@pytest.mark.parametrize(("mode", "in_browser"), [("server", False), ("browser", True)])
def test_host_may_allow_one_way_only(open_page: OpenPage, stream, shown, monkeypatch, mode, in_browser):
    monkeypatch.setenv("FER_LIVE_MODE", mode)
    app = open_page("live")
    assert not app.exception
    assert not [group for group in app.get("button_group") if group.label == "Recognition"]
    assert bool(shown) is in_browser
    assert bool(stream.options) is not in_browser


def test_way_that_is_closed_moves_recognition_into_the_browser_once_and_says_so(open_page: OpenPage, stream, shown):
    app = open_page("live")
    learn(app, facts=read_facts(FACTS), path=Path("failed"))
    assert shown == ["studio"]
    assert "so recognition goes on in this browser" in said(app)
    back = next(group for group in app.get("button_group") if group.label == "Recognition")
    back.set_value("On the server").run()
    assert "so recognition goes on in this browser" not in said(app)
    assert chosen(app) == "On the server", "the viewer's own choice stands"


def test_browser_that_cannot_recognise_is_not_sent_there(open_page: OpenPage, stream, shown):
    app = open_page("live")
    learn(app, facts=read_facts(FACTS | {"simd": False}), path=Path("failed"))
    assert (chosen(app), shown) == ("On the server", [])


def test_browser_that_lacks_simd_goes_back_to_the_server_and_says_so(open_page: OpenPage, stream, shown):
    app = open_page("live", where="In this browser")
    learn(app, facts=read_facts(FACTS | {"simd": False}))
    assert chosen(app) == "On the server"
    assert "WebAssembly with SIMD" in said(app)


def test_failed_start_says_why_within_the_servers_way(open_page: OpenPage, stream, monkeypatch):
    monkeypatch.setenv("FER_LIVE_MODE", "server")
    monkeypatch.setattr("fer_core.ui.show_live.WAIT_S", -1.0)
    stream.state.playing = True
    app = learn(open_page("live"), facts=read_facts(FACTS | {"permission": "denied"}))
    assert "No video arrives. Camera permission: the browser refuses this page the camera." in said(app)
    stream.options["source_video_track"].connected = True
    app.run()
    assert "the camera gives no picture" in said(app)


def test_servers_of_the_settings_reach_the_player(open_page: OpenPage, stream, monkeypatch):
    monkeypatch.setenv("FER_TURN_URLS", "turn:t")
    monkeypatch.setenv("FER_TURN_SECRET", "never-shown")
    monkeypatch.setenv("FER_ICE_TRANSPORT", "relay")
    open_page("live")
    told = stream.options["rtc_configuration"]
    assert told["iceTransportPolicy"] == "relay"
    assert told["iceServers"][0]["urls"] == ["turn:t"]
    assert "never-shown" not in str(stream.options)


def test_settings_that_do_not_go_together_do_not_end_the_page(open_page: OpenPage, stream, monkeypatch):
    monkeypatch.setenv("FER_TURN_URLS", "turn:t")
    app = learn(open_page("live"), facts=read_facts(FACTS))
    assert not app.exception
    assert stream.options["rtc_configuration"]["iceServers"] == []
    listed = "".join(str(element.value) for element in app.get("html"))
    assert "its settings do not go together" in listed
    assert "For whoever runs this app: FER_TURN_URLS" in listed
