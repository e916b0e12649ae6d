"""Cuts faces out of a picture as FER2013 frames a face: the one function that image, video and webcam use."""

import cv2
import numpy as np

from fer_core.labels import IMAGE_SIZE

SIDE = 1.03
"""Side of the frame over the width of a BlazeFace full-range box."""
DROP = 0.428
"""Centre of the frame below the top of that box, over its height."""


def face_squares(boxes: np.ndarray) -> np.ndarray:
    """Frame faces as FER2013 does: eye line at 0.39 and mouth at 0.79 of the square's height.

    Args:
        boxes: (n, 4) xyxy face boxes of BlazeFace full range, clipped or not.

    Returns:
        (n, 4) int64 xyxy squares of at least one pixel, which may reach outside the image.
    """
    boxes = np.asarray(boxes, np.float64).reshape(-1, 4)
    width, height = (boxes[:, 2:] - boxes[:, :2]).T
    side = np.maximum(np.rint(SIDE * width), 1)
    left = np.rint(boxes[:, 0] + (width - side) / 2)
    top = np.rint(boxes[:, 1] + DROP * height - side / 2)
    return np.stack([left, top, left + side, top + side], axis=1).astype(np.int64)


def crop_faces(gray: np.ndarray, boxes: np.ndarray, tilts: np.ndarray | None = None) -> np.ndarray:
    """Cut and resize one square crop a box; beyond the image its outermost pixels go on, so that nothing is stretched.

    Args:
        gray: (h, w) uint8, not empty.
        boxes: (n, 4) xyxy; n may be 0.
        tilts: (n,) degrees by which the faces are turned clockwise; not yet used.

    Returns:
        (n, 48, 48) uint8.

    Raises:
        ValueError: the image's shape or dtype is another.
    """
    if gray.ndim != 2 or gray.dtype != np.uint8 or gray.size == 0:
        raise ValueError(f"expected (h, w) uint8, received {gray.shape} {gray.dtype}")
    squares = face_squares(boxes)
    crops = np.empty((len(squares), IMAGE_SIZE, IMAGE_SIZE), np.uint8)
    for crop, (left, top, right, bottom) in zip(crops, squares, strict=True):
        rows = np.arange(top, bottom).clip(0, gray.shape[0] - 1)
        columns = np.arange(left, right).clip(0, gray.shape[1] - 1)
        patch = gray[rows[0] : rows[-1] + 1][rows - rows[0]][:, columns]
        shrink = right - left > IMAGE_SIZE
        cv2.resize(patch, crop.shape, dst=crop, interpolation=cv2.INTER_AREA if shrink else cv2.INTER_LINEAR)
    return crops


def eye_tilts(keypoints: np.ndarray) -> np.ndarray:
    """Give (n,) float32 degrees by which heads are turned clockwise, from (n, 6, 2) key points: the eyes come first."""
    across = keypoints[:, 1] - keypoints[:, 0]
    tilts: np.ndarray = np.degrees(np.arctan2(across[:, 1], across[:, 0])).astype(np.float32)
    return tilts
