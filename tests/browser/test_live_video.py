"""The live page in a real browser whose camera shows a face."""

import re
from pathlib import Path

import cv2
from playwright.sync_api import Browser, Page, expect

from fer_core.session import COLUMNS, read_table, summarise
from tests.browser.camera import face_frame
from tests.browser.server import App, open_context, run_app
from tests.browser.video import BOX_S, frames_go_on, is_boxed, player_of, shown_frame, start
from tests.browser.waiting import open_page, wait_until


def test_start_boxes_the_face_on_the_video_and_names_seven_probabilities(page: Page, owner_app: App):
    assert not is_boxed(face_frame(0.0)), "a frame as the camera gives it has no box"
    open_page(page, owner_app, "live")
    video = start(page)
    wait_until(page, lambda: is_boxed(shown_frame(video)), within_s=BOX_S, what="a box around the face")
    bars = page.locator(".fer-probabilities")
    expect(bars).to_have_text(re.compile(r"(?:[a-z]+\d+ %){7}"), timeout=5000)
    frames_go_on(page, video)
    page.get_by_text("Mirror").click()
    frames_go_on(page, video)
    wait_until(page, lambda: is_boxed(shown_frame(video)[:, ::-1]), within_s=BOX_S, what="a box on the mirrored face")
    player_of(page).get_by_role("button", name="STOP").click()
    expect(page.get_by_text("Press START")).to_be_visible()


def test_video_starts_again_after_another_page(page: Page, owner_app: App):
    open_page(page, owner_app, "live")
    start(page)
    page.get_by_role("link", name="Overview").click()
    expect(page.get_by_role("heading", level=1, name="What is here")).to_be_visible(timeout=30_000)
    page.get_by_role("link", name="Live").click()
    frames_go_on(page, start(page))


def test_picture_shows_its_faces(page: Page, owner_app: App, tmp_path: Path):
    picture = tmp_path / "face.jpg"
    cv2.imwrite(str(picture), face_frame(0.0))
    open_page(page, owner_app, "live", "?input=picture")
    page.locator("input[type=file]").set_input_files(picture)
    expect(page.get_by_text(re.compile("^1 face: "))).to_be_visible(timeout=30_000)
    expect(page.locator(".fer-probabilities")).to_have_text(re.compile(r"(?:[a-z]+\d+ %){7}"))


PRESS = "() => [...document.querySelectorAll('button')].find(button => button.textContent.trim() === 'Take Photo')?.click()"
"""At once or not at all: the button goes when the photo comes, and a click would wait for it to come back."""


def presses_photo(page: Page) -> bool:
    """Press *Take Photo* unless there is one: a second after it is laid out the widget's camera begins anew and takes none."""
    if page.get_by_role("button", name="Clear photo").is_visible():
        return True
    page.evaluate(PRESS)
    return False


def test_photo_shows_its_faces(page: Page, owner_app: App):
    open_page(page, owner_app, "live", "?input=photo")
    preview = page.get_by_test_id("stCameraInput").locator("video")
    expect(preview).to_be_visible(timeout=30_000)
    frames_go_on(page, preview, more=5)
    wait_until(page, lambda: presses_photo(page), within_s=20, what="a photo")
    expect(page.get_by_text(re.compile("^1 face: "))).to_be_visible(timeout=30_000)


def test_video_photo_and_picture_leave_no_file(page: Page, owner_app: App, tmp_path: Path):
    folders = owner_app.home, owner_app.log.parent / "tmp"
    before = {path for folder in folders for path in folder.rglob("*")}
    open_page(page, owner_app, "live")
    frames_go_on(page, start(page))
    test_photo_shows_its_faces(page, owner_app)
    test_picture_shows_its_faces(page, owner_app, tmp_path)
    assert {path for folder in folders for path in folder.rglob("*")} == before
    assert b"JFIF" not in owner_app.log.read_bytes()


def test_refused_camera_leaves_the_page_usable(page: Page, owner_app: App):
    page.context.clear_permissions()
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('Permission denied', 'NotAllowedError'))"
    )
    open_page(page, owner_app, "live")
    player_of(page).get_by_role("button", name="START").click()
    expect(player_of(page).get_by_text("NotAllowedError")).to_be_visible()
    expect(page.get_by_text("Where the browser refuses it, allow the camera beside the address")).to_be_visible()
    expect(player_of(page).get_by_role("button", name="START")).to_be_enabled()


def test_recorded_session_is_marked_by_a_key_and_comes_as_a_table_that_says_what_the_page_says(
    page: Page, owner_app: App, tmp_path: Path
):
    open_page(page, owner_app, "live")
    video = start(page)
    wait_until(page, lambda: is_boxed(shown_frame(video)), within_s=BOX_S, what="a box around the face")
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_text(re.compile(r"Recording: \d+ s, \d+ frames, 1 face"))).to_be_visible(timeout=20_000)
    page.keyboard.press("m")
    expect(page.get_by_text("1 mark.")).to_be_visible(timeout=20_000)
    frames_go_on(page, video)
    page.get_by_role("button", name="Stop recording").click()
    expect(page.get_by_text("What was recorded")).to_be_visible(timeout=20_000)
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()
    table = read_table(Path(download.value.path()).read_bytes())
    (face,) = summarise(table).faces
    assert tuple(table.columns) == COLUMNS
    assert table["time_s"].is_monotonic_increasing
    assert not table.duplicated(["frame", "face_id"]).any()
    assert set(table["marker"].dropna()) == {"mark 1"}
    expect(page.get_by_text(f"in view {face.in_view_s:.1f} s, from {face.first_s:.1f} to {face.last_s:.1f} s")).to_be_visible()


def test_who_comes_when_all_seats_are_taken_waits_and_gets_the_next_one(browser: Browser, tmp_path: Path):
    with run_app(tmp_path, FER_MAX_VIEWERS="1") as app:
        first, second = (open_context(browser).new_page() for _ in range(2))
        open_page(first, app, "live")
        start(first)
        open_page(second, app, "live")
        expect(second.get_by_text("You are next")).to_be_visible()
        player_of(first).get_by_role("button", name="STOP").click()
        frames_go_on(second, start(second), more=5)
        expect(second.get_by_text("You are next")).to_be_hidden()
        for page in (first, second):
            page.context.close()
