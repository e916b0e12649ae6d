"""A fake camera: a real face, slowly panned and zoomed, as Chromium reads it from a file."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from skimage import data

SIZE_WH = (640, 480)
FPS = 20
LOOP_S = 6.0


def face_frame(phase: float) -> np.ndarray:
    """Give one frame of the loop.

    Args:
        phase: 0..1 around the loop.

    Returns:
        (480, 640, 3) uint8 BGR with one face, about 150 pixels wide, above the middle.
    """
    angle = 2 * np.pi * phase
    zoom = 1.5 + 0.15 * np.sin(angle)
    centre_x, centre_y = 224 + 10 * np.cos(angle), 195 + 6 * np.sin(angle)
    matrix = np.array([[zoom, 0, SIZE_WH[0] / 2 - zoom * centre_x], [0, zoom, SIZE_WH[1] / 2 - zoom * centre_y]])
    return cv2.warpAffine(_portrait(), matrix, SIZE_WH, borderMode=cv2.BORDER_REPLICATE)


@cache
def _portrait() -> np.ndarray:
    return cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)


def write_camera_file(
    path: Path, *, fps: int = FPS, change: Callable[[np.ndarray, int], np.ndarray] = lambda frame, _: frame
) -> Path:
    """Write one loop as Y4M, whose header, unlike MJPEG's, tells Chromium the frame rate; of the size of what is shown.

    Args:
        path: of the file.
        fps: frames a second.
        change: gives what to show instead of a frame, by its number in the loop.
    """
    count = round(LOOP_S * fps)
    height, width = change(face_frame(0.0), 0).shape[:2]
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{width} H{height} F{fps}:1 Ip A1:1 C420jpeg\n".encode())
        for index in range(count):
            file.write(b"FRAME\n")
            file.write(cv2.cvtColor(change(face_frame(index / count), index), cv2.COLOR_BGR2YUV_I420).tobytes())
    return path
