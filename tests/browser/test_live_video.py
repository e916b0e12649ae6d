"""The live page in a real browser whose camera shows a face."""

import re
from pathlib import Path

import cv2
from playwright.sync_api import Page, expect

from tests.browser.camera import face_frame
from tests.browser.server import App
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


def test_photo_shows_its_faces(page: Page, owner_app: App):
    open_page(page, owner_app, "live", "?input=photo")
    preview = page.get_by_test_id("stCameraInput").locator("video")
    expect(preview).to_be_visible(timeout=30_000)
    frames_go_on(page, preview, more=5)
    page.get_by_role("button", name="Take Photo").click()
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
