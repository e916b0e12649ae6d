"""A person before a page: the owner on the own machine, or a viewer elsewhere."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
import streamlit_webrtc
from aiortc.contrib.media import MediaRelay
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest
from streamlit_webrtc import WebRtcStreamerContext

from fer_core.ui import load, roles
from fer_core.ui.viewers import viewers
from tests.pages.dataset_page import make_faces

APP = Path(__file__).parents[2] / "app.py"
PAGE_S = 60
installed_components = cache(manifest_scanner.scan_component_manifests)


@pytest.fixture(autouse=True)
def components_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit reads all installed packages for each AppTest, which takes longer than most pages; they stay the same."""
    monkeypatch.setattr(manifest_scanner, "scan_component_manifests", lambda: installed_components())


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Caches that outlive a session don't outlive a test."""
    st.cache_data.clear()
    st.cache_resource.clear()
    viewers.cache_clear()


@pytest.fixture
def owner(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests come from this machine to an app bound to loopback; without this fixture a page is run by a viewer."""
    monkeypatch.setattr(roles, "request_headers", lambda: [("Host", "localhost:8501")])
    monkeypatch.setattr(roles, "server_address", lambda: "localhost")


@pytest.fixture
def open_page() -> Callable[..., AppTest]:
    """Open the app on a page, as by a link: ``open_page("dataset", data="sample")``."""

    def open_one(page: str = "overview", /, **link: str) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=PAGE_S)
        for key, value in link.items():
            app.query_params[key] = value
        return (app if page == "overview" else app.switch_page(f"pages/{page}.py")).run()

    return open_one


@pytest.fixture
def faces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every dataset is a small one."""
    monkeypatch.setattr(load, "load_dataset", lambda source, **_: make_faces(str(source)))


@pytest.fixture
def fer2013(faces: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FER2013 is configured."""
    monkeypatch.setenv("FER2013_CSV", str(tmp_path / "fer2013.csv"))


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FER2013_CSV names a file; the test says what is read from it."""
    path = tmp_path / "fer2013.csv"
    path.write_text("")
    monkeypatch.setenv("FER2013_CSV", str(path))


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What the page asked of streamlit-webrtc; ``state`` is what it answers."""
    asked = SimpleNamespace(state=SimpleNamespace(playing=False, signalling=False), options={}, relay=MediaRelay(), worker=None)

    def fake_streamer(**options: Any) -> SimpleNamespace:
        asked.options = options
        st.session_state[options["key"]] = context = WebRtcStreamerContext(asked.worker, asked.state)
        return context

    monkeypatch.setattr(streamlit_webrtc, "webrtc_streamer", fake_streamer)
    monkeypatch.setattr(streamlit_webrtc.relay, "get_global_relay", lambda: asked.relay)
    return asked
