"""A person before a page: the owner on the own machine, or a viewer elsewhere."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest, app_test

from fer_core.ui import roles

APP = Path(__file__).parents[2] / "app.py"
PAGE_S = 60


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Caches that outlive a session don't outlive a test."""
    st.cache_data.clear()
    st.cache_resource.clear()


class _AppFirst(PagesManager):
    """A page list as in a process where app.py ran; AppTest forgets it at each run, and a click with it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        PagesManager.uses_pages_directory = False


@pytest.fixture(autouse=True)
def _app_ran_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_test, "PagesManager", _AppFirst)


@pytest.fixture
def owner(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests come from this machine to an app bound to loopback; without this fixture a page is run by a viewer."""
    monkeypatch.setattr(roles, "request_headers", lambda: [("Host", "localhost:8501")])
    monkeypatch.setattr(roles, "server_address", lambda: "localhost")


@pytest.fixture
def open_page() -> Callable[..., AppTest]:
    """Open the app on a page, as by a link: ``open_page("dataset", data="sample")``."""

    def open_one(page: str = "overview", **link: str) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=PAGE_S)
        for key, value in link.items():
            app.query_params[key] = value
        return (app if page == "overview" else app.switch_page(f"pages/{page}.py")).run()

    return open_one
