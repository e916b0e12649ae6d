"""One app for the owner, one for a viewer, one Chromium whose camera shows a face."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.camera import write_camera_file
from tests.browser.server import App, find_chromium, launch_chromium, open_context, run_app


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here, and skip it where there is no Chromium, but in CI."""
    required = bool(os.environ.get("CI")) or os.environ.get("REQUIRE_BROWSER") == "1"
    missing = find_chromium() is None
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if missing and not required:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine; install it, or set REQUIRE_BROWSER=1"))


@pytest.fixture(scope="session")
def owner_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with run_app(tmp_path_factory.mktemp("owner"), PYTHONPROFILEIMPORTTIME="1") as app:
        yield app


@pytest.fixture(scope="session")
def viewer_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with run_app(tmp_path_factory.mktemp("viewer"), FER_ROLE="viewer") as app:
        yield app


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    camera = write_camera_file(tmp_path_factory.mktemp("camera") / "face.y4m")
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright, camera)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = open_context(browser)
    yield context.new_page()
    context.close()
