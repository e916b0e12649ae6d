"""A camera of 1280 x 720: asked for all of it by those who choose a sharper picture."""

import re
from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright

from tests.browser.camera import write_camera_file
from tests.browser.server import App, launch_chromium, open_context
from tests.browser.video import frames_go_on, player_of, start
from tests.browser.waiting import open_page, wait_until

WIDTH = "video => video.videoWidth"
KEEP_STREAMS = """() => {
  window.streams = [];
  const devices = navigator.mediaDevices;
  const ask = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async wanted => {
    const stream = await ask(wanted);
    window.streams.push(stream);
    return stream;
  };
}"""
CAMERAS_ON = "() => window.streams.flatMap(stream => stream.getTracks()).filter(track => track.readyState === 'live').length"


def widen(frame: np.ndarray, number: int) -> np.ndarray:
    return cv2.resize(frame[:360], (1280, 720))


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    camera = write_camera_file(tmp_path_factory.mktemp("wide") / "wide.y4m", fps=10, change=widen)
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright, camera)
        context = open_context(browser)
        context.add_init_script(f"({KEEP_STREAMS})()")
        yield context.new_page()
        browser.close()


def wait_for_width(page: Page, video: Locator, width: int) -> None:
    wait_until(page, lambda: video.evaluate(WIDTH) == width, within_s=30, what=f"a picture {width} pixels wide")


def test_server_is_sent_a_sharper_picture_from_the_next_start_on(wide: Page, owner_app: App):
    open_page(wide, owner_app, "live", "?where=On+the+server")
    video = start(wide)
    wait_for_width(wide, video, 640)
    wide.get_by_text("Sharper picture").click()
    expect(wide.get_by_text("The sharper picture comes with the next START, if nobody else is live then.")).to_be_visible()
    frames_go_on(wide, video)
    assert video.evaluate(WIDTH) == 640
    player_of(wide).get_by_role("button", name="STOP").click()
    expect(wide.get_by_text("Press START")).to_be_visible()
    wait_for_width(wide, start(wide), 1280)
    expect(wide.locator(".fer-now")).to_have_text(re.compile("[a-z]"), timeout=30_000)
    player_of(wide).get_by_role("button", name="STOP").click()
    expect(wide.get_by_text("Press START")).to_be_visible()


def test_link_with_a_sharper_picture_holds_from_the_first_start_on(wide: Page, owner_app: App):
    open_page(wide, owner_app, "live", "?where=On+the+server&sharp=true")
    wait_for_width(wide, start(wide), 1280)
    player_of(wide).get_by_role("button", name="STOP").click()
    expect(wide.get_by_text("Press START")).to_be_visible()


def test_browser_takes_a_sharper_picture_at_once_and_leaves_no_camera_on(wide: Page, owner_app: App):
    open_page(wide, owner_app, "live", "?where=In+this+browser&sharp=false")
    wide.get_by_role("button", name="START").click()
    video = wide.locator("video")
    wait_for_width(wide, video, 640)
    for _ in range(3):
        wide.get_by_text("Sharper picture").click()
    wait_for_width(wide, video, 1280)
    expect(wide.locator(".fer-now")).to_have_text(re.compile("[a-z]"), timeout=30_000)
    assert wide.evaluate(CAMERAS_ON) == 1
    wide.get_by_role("button", name="STOP").click()
    expect(wide.get_by_role("button", name="START")).to_be_visible()
    assert wide.evaluate(CAMERAS_ON) == 0
