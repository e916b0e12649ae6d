"""Video analysed in the browser: what is seen, and what leaves it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import av
import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect

from fer_core.labels import EMOTION_COLOURS
from fer_core.session import COLUMNS, read_table
from tests.browser.server import App, open_context, run_app
from tests.browser.waiting import PAGE_MS, wait_until
from tests.builders import make_model

SCRIPT = "tests/browser/in_browser_page.py"
MOST_UPLOAD, MOST_DOWNLOAD = 2048, 6_000_000
OWN = re.compile(r"^/_stcore/bidi-components/|^/media/")
HAPPY_RGB = tuple(bytes.fromhex(EMOTION_COLOURS["happy"][1:]))
LIGHT = "video => video.srcObject ? video.srcObject.getVideoTracks().map(track => track.readyState) : []"


@dataclass
class Traffic:
    """All that goes between a page and anybody."""

    hosts: set[str] = field(default_factory=set)
    uploads: list[int] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    downloads: dict[str, int] = field(default_factory=dict)
    """Bytes over the wire of the component's own files, by path."""

    def watch(self, page: Page) -> None:
        page.context.on("request", self._ask)
        page.context.on("requestfinished", self._get)
        page.on("websocket", lambda socket: socket.on("framesent", self._send))

    def _ask(self, request: Request) -> None:
        if request.url.startswith(("http", "ws")):
            self.hosts.add(urlsplit(request.url).hostname)
        self.uploads.append(len(request.post_data_buffer or b""))

    def _get(self, request: Request) -> None:
        path = urlsplit(request.url).path
        if OWN.search(path):
            self.downloads[path] = request.sizes()["responseBodySize"]

    def _send(self, sent: str | bytes) -> None:
        data = sent.encode() if isinstance(sent, str) else sent
        self.uploads.append(len(data))
        if any(sign in data for sign in (b"JFIF", b"PNG", b"WEBP", b"data:image", b"ftyp", b"\x1aE\xdf\xa3")):
            self.pictures.append(data[:80].hex())


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with run_app(tmp_path_factory.mktemp("in-browser"), script=SCRIPT, PYTHONPROFILEIMPORTTIME="1") as app:
        yield app


def open_live(page: Page, app: App, query: str = "") -> Locator:
    """Open the page and wait until the models are there; gives the button."""
    page.goto(f"{app.url}/{query}")
    expect(page.get_by_text("Press START and look into the camera.")).to_be_visible(timeout=PAGE_MS)
    return page.get_by_role("button", name="START")


def start(page: Page) -> None:
    page.get_by_role("button", name="START").click()
    expect(page.locator(".fer-now")).to_have_text(re.compile("[a-z]"), timeout=PAGE_MS)


def camera_states(page: Page) -> list[str]:
    return page.locator("video").evaluate(LIGHT)


def test_face_is_recognised_and_nothing_but_small_numbers_leaves(page: Page, app: App):
    traffic = Traffic()
    traffic.watch(page)
    open_live(page, app)
    start(page)
    expect(page.locator(".fer-now")).to_have_text("happy", timeout=PAGE_MS)
    expect(page.locator(".fer-probabilities")).to_have_text(re.compile(r"(?:[a-z]+\d+ %){7}"))
    expect(page.get_by_role("img", name=re.compile("face 1 now happy"))).to_be_visible(timeout=PAGE_MS)
    before = len(traffic.uploads)
    wait_until(page, lambda: len(traffic.uploads) > before + 3, within_s=30, what="further numbers")
    assert traffic.hosts == {"127.0.0.1"}
    assert max(traffic.uploads) <= MOST_UPLOAD
    assert traffic.pictures == []
    assert 3e6 < sum(traffic.downloads.values()) <= MOST_DOWNLOAD, traffic.downloads
    page.get_by_role("button", name="STOP").click()
    expect(page.get_by_text("Press START and look into the camera.")).to_be_visible()
    assert camera_states(page) == []


def test_second_visit_downloads_no_model(page: Page, app: App):
    open_live(page, app)
    traffic = Traffic()
    traffic.watch(page)
    open_live(page, app)
    start(page)
    assert [path for path in traffic.downloads if path.endswith(".gz")] == []


def test_session_is_recorded_marked_and_taken_home(page: Page, app: App):
    open_live(page, app)
    start(page)
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_text(re.compile(r"Recording: \d+ s, \d+ frames, 1 face"))).to_be_visible(timeout=PAGE_MS)
    page.keyboard.press("m")
    expect(page.get_by_text("1 mark.")).to_be_visible(timeout=PAGE_MS)
    expect(page.get_by_text(re.compile(r"Recording: [3-9]\d* s"))).to_be_visible(timeout=PAGE_MS)
    page.get_by_role("button", name="Stop recording").click()
    expect(page.get_by_text("What was recorded")).to_be_visible(timeout=PAGE_MS)
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()
    table = read_table(Path(download.value.path()).read_bytes())
    assert tuple(table.columns) == COLUMNS
    assert table["time_s"].is_monotonic_increasing
    assert not table.duplicated(["frame", "face_id"]).any()
    assert set(table["emotion"]) == {"happy"}
    assert set(table["marker"].dropna()) == {"mark 1"}
    assert camera_states(page) == ["live"], "the video goes on"


def test_annotated_video_is_made_and_kept_in_the_browser(page: Page, app: App):
    traffic = Traffic()
    traffic.watch(page)
    open_live(page, app)
    start(page)
    saved = page.get_by_role("link", name="Save the video")
    page.get_by_text("with video").click()
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_text(re.compile(r"Recording: \d+ s, (?:[3-9]\d|\d{3,}) frames, 1 face"))).to_be_visible(timeout=PAGE_MS)
    expect(saved).to_be_hidden()
    page.get_by_role("button", name="Stop recording").click()
    expect(saved).to_be_visible(timeout=PAGE_MS)
    with page.expect_download() as download:
        saved.click()
    assert re.fullmatch(r"session-\d{8}-\d{6}\.(mp4|webm)", download.value.suggested_filename)
    with av.open(download.value.path()) as video:
        pictures = [frame.to_ndarray(format="rgb24").astype(int) for frame in video.decode(video=0)]
    assert len(pictures) >= 15
    assert pictures[-1].shape == (480, 640, 3)
    orange = np.abs(pictures[-1] - HAPPY_RGB).max(axis=2) < 40
    assert orange.sum() > 500, "the label of a happy face"
    assert max(traffic.uploads) <= MOST_UPLOAD
    assert traffic.pictures == []
    page.get_by_role("button", name="Discard").click()
    expect(saved).to_be_hidden(timeout=PAGE_MS)


def test_mirror_turns_the_picture_round(page: Page, app: App):
    open_live(page, app)
    start(page)
    video = page.locator("video")
    assert "scaleX(-1)" not in video.evaluate("video => video.style.transform")
    page.get_by_text("Mirror").click()
    wait_until(
        page,
        lambda: "scaleX(-1)" in video.evaluate("video => video.style.transform"),
        within_s=30,
        what="a mirrored picture",
    )


def test_neutral_look_is_learned_and_undone(page: Page, app: App):
    open_live(page, app)
    start(page)
    page.get_by_role("button", name="Neutral look", exact=True).click()
    expect(page.get_by_role("button", name="Undo neutral look")).to_be_visible(timeout=PAGE_MS)
    page.get_by_role("button", name="Undo neutral look").click()
    expect(page.get_by_role("button", name="Neutral look", exact=True)).to_be_visible(timeout=PAGE_MS)


def test_refused_camera_says_what_to_do(page: Page, app: App):
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('Permission denied', 'NotAllowedError'))"
    )
    open_live(page, app).click()
    expect(page.get_by_text("The browser refused the camera. Allow it beside the address")).to_be_visible()
    expect(page.get_by_role("button", name="START")).to_be_enabled()


def test_camera_that_goes_away_is_told_and_starts_again(page: Page, app: App):
    open_live(page, app)
    start(page)
    page.locator("video").evaluate(
        "video => { const [track] = video.srcObject.getTracks(); track.stop(); track.dispatchEvent(new Event('ended')); }"
    )
    expect(page.get_by_text("The camera went away.")).to_be_visible()
    start(page)


def test_models_that_do_not_come_are_told(browser: Browser, app: App):
    context = open_context(browser)
    page = context.new_page()
    page.route("**/*.gz", lambda route: route.abort())
    page.goto(app.url)
    expect(page.get_by_text("The models could not be started in this browser")).to_be_visible(timeout=PAGE_MS)
    context.close()


def test_model_without_a_network_for_browsers_names_the_command(page: Page, app: App):
    make_model(app.home / "models" / "old", name="old")
    page.goto(f"{app.url}/?model=old")
    expect(page.get_by_text("fer-studio models browser old")).to_be_visible(timeout=PAGE_MS)
