"""The live page in a real browser whose camera shows a face."""

import base64
import re
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from playwright.sync_api import FrameLocator, Locator, Page, expect

from fer_core.vision import Detector
from tests.browser.camera import FPS, LOOP_S, face_frame
from tests.browser.server import App
from tests.browser.waiting import open_page, wait_until

BOX_S = 30.0
"""A face is boxed this soon after the first frame on a busy machine; on idle cores within 5 s, as bench_live.py measures."""
CAPTURE = """video => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  canvas.getContext('2d').drawImage(video, 0, 0);
  return canvas.toDataURL('image/jpeg', 0.9);
}"""
SHOWN = "video => video.getVideoPlaybackQuality().totalVideoFrames"
THUMB_WH = (32, 24)
INK = 70
"""Pixels that differ by more, of 255, were drawn on; a codec's noise is below."""


@cache
def camera_frames() -> tuple[np.ndarray, np.ndarray]:
    """The camera's loop: (n, 480, 640, 3) and its thumbnails (n, 24, 32, 3)."""
    frames = np.stack([face_frame(index / (LOOP_S * FPS)) for index in range(round(LOOP_S * FPS))])
    return frames, np.stack([cv2.resize(frame, THUMB_WH, interpolation=cv2.INTER_AREA) for frame in frames]).astype(int)


def shown_frame(video: Locator) -> np.ndarray:
    """What the video shows now: (h, w, 3) uint8 BGR."""
    jpeg = base64.b64decode(video.evaluate(CAPTURE).partition(",")[2])
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)


def is_boxed(frame: np.ndarray) -> bool:
    """Say whether a frame differs from the camera's along the face's box, and hardly inside."""
    frames, thumbs = camera_frames()
    thumb = cv2.resize(frame, THUMB_WH, interpolation=cv2.INTER_AREA).astype(int)
    nearest = frames[np.abs(thumbs - thumb).mean(axis=(1, 2, 3)).argmin()]
    raw = cv2.resize(nearest, (frame.shape[1], frame.shape[0]))
    drawn = np.abs(frame.astype(int) - raw).max(axis=2) > INK
    x1, y1, x2, y2 = _detector().detect(raw).boxes[0]
    edge = max(4, (x2 - x1) // 20)
    area = np.zeros(drawn.shape, np.uint8)
    cv2.rectangle(area, (int(x1), int(y1)), (int(x2), int(y2)), 1, 2 * edge)
    inside = drawn[y1 + 2 * edge : y2 - 2 * edge, x1 + 2 * edge : x2 - 2 * edge]
    return bool(drawn[area > 0].mean() > 0.1 and inside.mean() < 0.1)


@cache
def _detector() -> Detector:
    return Detector()


def start(page: Page) -> Locator:
    """Press START and wait for the first frame."""
    player = player_of(page)
    player.get_by_role("button", name="START").click()
    video = player.locator("video")
    expect(video).to_be_visible(timeout=30_000)
    wait_until(page, lambda: video.evaluate("video => video.videoWidth") > 0, within_s=30, what="a first frame")
    return video


def player_of(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[title*=webrtc]")


def frames_go_on(page: Page, video: Locator, *, more: int = 20) -> None:
    """Wait until ``more`` further frames were shown."""
    before = video.evaluate(SHOWN)
    wait_until(page, lambda: video.evaluate(SHOWN) >= before + more, within_s=20, what=f"{more} more frames")


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
    page.get_by_role("button", name="Take Photo").click(timeout=30_000)
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
