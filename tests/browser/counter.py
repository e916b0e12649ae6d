"""A number burned into each frame of the fake camera, read back from the screen: how late is what one sees?

The camera's own picture and the one that comes back are two videos in the same document, so that both are timed by one clock.
"""

from typing import Any

import cv2
import numpy as np
from playwright.sync_api import Frame, Page

from tests.browser.camera import LOOP_S

BITS = 8
STRIP_PX = 16
"""Height of the strip along the upper edge that holds the number, in a frame of 480 rows."""
KEEP_CAMERA = """() => {
  const devices = navigator.mediaDevices;
  if (!devices) return;
  const ask = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async constraints => {
    const stream = await ask(constraints);
    const video = document.createElement('video');
    video.srcObject = stream.clone();
    video.muted = true;
    video.style.cssText = 'position:fixed;left:0;top:0;width:2px;height:2px;opacity:0.01';
    video.id = 'camera';
    document.body.append(video);
    await video.play();
    return stream;
  };
}"""
READ = """([bits, share]) => {
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d', {willReadFrequently: true});
  [canvas.width, canvas.height] = [bits, 1];
  const number = video => {
    const height = video.videoHeight * share;
    pen.drawImage(video, 0, height * 0.25, video.videoWidth, height * 0.5, 0, 0, bits, 1);
    const pixels = pen.getImageData(0, 0, bits, 1).data;
    let value = 0;
    for (let bit = 0; bit < bits; bit++) value = 2 * value + (pixels[4 * bit] > 127 ? 1 : 0);
    return value;
  };
  const follow = (video, seen) => {
    const note = now => { seen.push([number(video), now]); video.requestVideoFrameCallback(note); };
    video.requestVideoFrameCallback(note);
  };
  window.cameraSeen = []; window.shownSeen = [];
  follow(document.querySelector('#camera'), window.cameraSeen);
  follow([...document.querySelectorAll('video')].find(video => video.id !== 'camera'), window.shownSeen);
}"""


def burn_number(frame: np.ndarray, number: int) -> np.ndarray:
    """Write a number below 256 into a copy of a frame (480, 640, 3): white squares are ones, the highest bit on the left."""
    burned = frame.copy()
    width = frame.shape[1] // BITS
    for bit in range(BITS):
        white = number >> (BITS - 1 - bit) & 1
        cv2.rectangle(burned, (bit * width, 0), ((bit + 1) * width - 1, STRIP_PX - 1), (255 * white,) * 3, -1)
    return burned


def keep_camera(page: Page) -> None:
    """Show the camera's own picture, too, in every document of the page that asks for the camera."""
    page.add_init_script(f"({KEEP_CAMERA})()")


def begin_reading(frame: Frame) -> None:
    """Note each number that camera and video show from now on, and when."""
    frame.evaluate(READ, [BITS, STRIP_PX / 480])


def read_delays(frame: Frame, fps: int) -> np.ndarray:
    """From a number in the camera's picture to the same number in the video that came back.

    Args:
        frame: where ``begin_reading`` was called.
        fps: of the camera, whose numbers begin anew after each loop.

    Returns:
        (n, 2) float: when the video showed a frame, in seconds, and its delay in ms; frames shown again do not count.
    """
    seen: dict[str, list[Any]] = frame.evaluate("() => ({camera: window.cameraSeen, shown: window.shownSeen})")
    camera, shown = (np.array(seen[name], float).reshape(-1, 2) for name in ("camera", "shown"))
    delays, last = [], -1
    for number, at_ms in shown:
        if number == last or number >= round(LOOP_S * fps):
            continue
        last = number
        times = camera[(camera[:, 0] == number) & (camera[:, 1] <= at_ms), 1]
        if len(times) and at_ms - times[-1] < LOOP_S * 500:
            delays.append((at_ms / 1000, at_ms - times[-1]))
    return np.array(delays).reshape(-1, 2)
