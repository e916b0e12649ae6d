"""A server that is restarted, a network that is gone, a camera that is refused or taken; and nothing left behind."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.camera import write_camera_file
from tests.browser.network import holdings, through_cable
from tests.browser.server import App, find_chromium, open_context, run_app
from tests.browser.test_live_in_browser import MOST_UPLOAD
from tests.browser.video import frames_go_on, player_of, start
from tests.browser.waiting import PAGE_MS, open_page, press_check, wait_until

BACK_MS = 90_000
"""Streamlit looks for a server that was away in growing pauses."""
KEEP_TRACKS = """() => {
  const devices = navigator.mediaDevices;
  if (!devices) return;
  window.tracks = [];
  const ask = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async constraints => {
    if (window.slowly) await window.slowly;
    const stream = await ask(constraints);
    window.tracks.push(...stream.getTracks());
    return stream;
  };
}"""
LIVE_TRACKS = "() => (window.tracks || []).filter(track => track.readyState === 'live').length"


def refuse(name: str) -> str:
    return f"""() => {{
      if (navigator.mediaDevices)
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', '{name}'));
    }}"""


def cameras_on(page: Page) -> int:
    """Count the camera's tracks that are live in any frame of the page."""
    return sum(frame.evaluate(LIVE_TRACKS) for frame in page.frames)


def press(page: Page, name: str) -> None:
    expect(page.get_by_text("Connection: looking at this browser")).to_be_hidden(timeout=PAGE_MS)
    player_of(page).get_by_role("button", name=name).click()


def test_video_comes_back_by_itself_after_the_server_was_restarted(page: Page, tmp_path: Path):
    with run_app(tmp_path / "first") as app:
        open_page(page, app, "live")
        frames_go_on(page, start(page))
    with run_app(tmp_path / "second", port=int(app.url.rpartition(":")[2])):
        expect(page.get_by_text("The video was lost")).to_be_visible(timeout=BACK_MS)
        expect(page.get_by_text("The video was lost")).to_be_hidden(timeout=BACK_MS)
        frames_go_on(page, player_of(page).locator("video"))


def test_video_goes_on_after_the_page_lost_the_server_for_a_while(page: Page, owner_app: App):
    with through_cable(owner_app) as (app, cable):
        open_page(page, app, "live")
        video = start(page)
        frames_go_on(page, video)
        cable.cut()
        page.get_by_text("Mirror").click()
        frames_go_on(page, video)
        cable.mend()
        frames_go_on(page, video)
        expect(page.get_by_text("The video was lost")).to_have_count(0)
        assert not player_of(page).get_by_role("button", name="START").count()


def test_stop_stops_for_good_and_leaves_no_camera_thread_or_socket(page: Page, owner_app: App):
    page.add_init_script(f"({KEEP_TRACKS})()")
    open_page(page, owner_app, "live")
    frames_go_on(page, start(page))
    press(page, "STOP")
    wait_until(page, lambda: cameras_on(page) == 0, within_s=10, what="no camera")
    expect(page.get_by_text("Press START")).to_be_visible()
    # What the first connection of a process leaves for all later ones is not left behind by the second.
    before = holdings(owner_app.pid)
    frames_go_on(page, start(page))
    assert cameras_on(page) == 1
    press(page, "STOP")
    wait_until(page, lambda: holdings(owner_app.pid).sockets <= before.sockets, within_s=20, what="sockets as before")
    wait_until(page, lambda: holdings(owner_app.pid).threads <= before.threads + 1, within_s=20, what="threads as before")
    assert cameras_on(page) == 0
    expect(page.get_by_text("The video was lost")).to_be_hidden()


def test_stop_while_the_browser_asks_lets_go_of_a_camera_that_comes_later(page: Page, owner_app: App):
    page.add_init_script(f"({KEEP_TRACKS})(); window.slowly = new Promise(go => {{ window.goOn = go; }});")
    open_page(page, owner_app, "live")
    press(page, "START")
    expect(page.get_by_text("the browser asks for the camera; allow it beside the address")).to_be_visible(timeout=60_000)
    press(page, "STOP")
    inside = page.locator("iframe[title*=webrtc]").element_handle().content_frame()
    inside.evaluate("window.goOn()")
    wait_until(page, lambda: inside.evaluate("window.tracks.length") == 1, within_s=20, what="a camera")
    wait_until(page, lambda: cameras_on(page) == 0, within_s=10, what="no camera")
    expect(player_of(page).get_by_role("button", name="START")).to_be_enabled()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("NotAllowedError", "allow the camera, and reload"),
        ("NotReadableError", "Close the call, tab or program that uses the camera"),
        ("NotFoundError", "Connect one, or give a picture"),
    ],
)
def test_camera_that_does_not_come_is_told_apart_with_its_remedy(page: Page, owner_app: App, error: str, said: str):
    page.add_init_script(f"({refuse(error)})()")
    open_page(page, owner_app, "live")
    press(page, "START")
    expect(page.get_by_text(said).first).to_be_visible(timeout=60_000)
    expect(page.locator(".fer-check li.fails")).to_have_count(1)
    expect(player_of(page).get_by_role("button", name="START")).to_be_enabled()


@pytest.fixture
def without_media(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """A page of a Chromium whose UDP and TCP media are blocked."""
    path = find_chromium()
    assert path is not None
    options = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    options += [f"--use-file-for-fake-video-capture={write_camera_file(tmp_path / 'face.y4m')}"]
    options += ["--webrtc-ip-handling-policy=disable_non_proxied_udp"]
    blocked = browser.browser_type.launch(executable_path=path, args=options, chromium_sandbox=False)
    yield open_context(blocked).new_page()
    blocked.close()


def test_recognition_moves_into_the_browser_where_no_video_comes_through(without_media: Page, owner_app: App):
    page = without_media
    counted: list[list[int]] = []
    begin_counting = counted.append
    page.on("websocket", lambda socket: socket.on("framesent", lambda data: [seen.append(len(data)) for seen in counted]))
    open_page(page, owner_app, "live")
    press(page, "START")
    moved = page.get_by_text(
        "Nothing comes through between your browser and the server, so recognition goes on in this browser"
    )
    expect(moved).to_be_visible(timeout=60_000)
    expect(page.get_by_role("radio", name="In this browser")).to_be_checked()
    assert "where=In" in page.url
    expect(page.get_by_text("Connection: nothing in the way so far")).to_be_visible()
    expect(page.get_by_text("Press START and look into the camera.")).to_be_visible(timeout=PAGE_MS)
    uploads: list[int] = []
    begin_counting(uploads)
    page.get_by_role("button", name="START").click()
    bars = page.locator(".fer-probabilities")
    expect(bars).to_have_text(re.compile(r"(?:[a-z]+\d+ %){7}"), timeout=PAGE_MS)
    wait_until(page, lambda: len(uploads) > 4, within_s=30, what="numbers from the browser")
    assert max(uploads) <= MOST_UPLOAD, "what the check sent once is not sent again"
    page.get_by_role("button", name="STOP").click()
    assert page.get_by_text("BidiComponent Error").all() == []
    page.get_by_text("On the server", exact=True).click()
    expect(moved).to_be_hidden()
    expect(player_of(page).get_by_role("button", name="START")).to_be_visible(timeout=60_000)


def test_check_says_that_nothing_comes_through(without_media: Page, viewer_app: App):
    page = without_media
    open_page(page, viewer_app, "live")
    press_check(page)
    failing = page.locator(".fer-check li.fails")
    expect(failing.filter(has_text="Video to the server")).to_contain_text("Choose In this browser", timeout=60_000)
    expect(failing.filter(has_text="Ways out")).to_contain_text("blocks WebRTC")
