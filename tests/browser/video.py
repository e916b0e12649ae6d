"""Looks at the video on the live page, as a person would."""

import base64
from functools import cache

import cv2
import numpy as np
from playwright.sync_api import FrameLocator, Locator, Page, expect

from fer_core.vision import Detector
from fer_core.vision.marks import COLOURS, UNSURE
from tests.browser.camera import FPS, LOOP_S, face_frame
from tests.browser.waiting import wait_until

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
LIKE = 40
"""Pixels that differ by less from a colour have it; a codec blurs it more than noise."""
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


def shown_emotion(frame: np.ndarray) -> str:
    """Tell an emotion, or "unsure", by the colour that most of the label on the face's box has; "" where there is none."""
    tones = {**COLOURS, "unsure": UNSURE}
    found = _detector().detect(frame).boxes
    if not len(found):
        return ""
    x1, y1, x2, y2 = found[0]
    side = x2 - x1
    near = frame[max(y1 - side // 2, 0) : y2 + side // 2, max(x1 - side // 8, 0) : x2 + side // 2].astype(int)
    near = near.reshape(-1, 3)
    counts = {name: int((np.abs(near - tone).max(axis=1) < LIKE).sum()) for name, tone in tones.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] > side * side // 50 else ""


@cache
def _detector() -> Detector:
    return Detector()


def start(page: Page) -> Locator:
    """Press START and wait for the first frame."""
    player = player_of(page)
    player.get_by_role("button", name="START").click()
    video = player.locator("video:not(#camera)")
    expect(video).to_be_visible(timeout=30_000)
    wait_until(page, lambda: video.evaluate("video => video.videoWidth") > 0, within_s=30, what="a first frame")
    return video


def player_of(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[title*=webrtc]")


def frames_go_on(page: Page, video: Locator, *, more: int = 20) -> None:
    """Wait until ``more`` further frames were shown."""
    before = video.evaluate(SHOWN)
    wait_until(page, lambda: video.evaluate(SHOWN) >= before + more, within_s=20, what=f"{more} more frames")
