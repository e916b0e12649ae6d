"""Cuts faces out of a picture as FER2013 frames a face: the one function that image, video and webcam use."""

import cv2
import numpy as np

from fer_core.labels import IMAGE_SIZE

SIDE = 1.03
"""Side of the frame over the width of a BlazeFace full-range box."""
DROP = 0.428
"""Centre of the frame below the top of that box, over its height; of a tilted face, along the face's own axis."""
LEVEL = 12.0
"""Degrees of tilt up to which a face is left as it is: the models read it as well, and turning would only add noise."""
TURN_WHOLE = 20.0
"""Degrees from which a face is turned by its whole tilt. In between the turn grows evenly, so that no crop ever jumps."""
GROWTH = 0.62
"""BlazeFace's box of a face tilted by t is smaller by about cos(t) to this power."""
WORK_SIDE = 2 * IMAGE_SIZE
"""Side at which a face is turned, before it is shrunk to the crop: twice as fine, so that turning costs no sharpness."""


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


def eye_tilts(keypoints: np.ndarray) -> np.ndarray:
    """Measure by how much heads are turned in the picture's plane, by the line through their eyes.

    Args:
        keypoints: (n, k, 2) xy pixels, the eye on the image's left first, the other eye second.

    Returns:
        (n,) float32 degrees clockwise within -180..180; 0 where both eyes are in one place.
    """
    across = keypoints[:, 1] - keypoints[:, 0]
    tilts: np.ndarray = np.degrees(np.arctan2(across[:, 1], across[:, 0])).astype(np.float32)
    return tilts


def crop_faces(gray: np.ndarray, boxes: np.ndarray, tilts: np.ndarray | None = None) -> np.ndarray:
    """Cut and resize one square crop a box; beyond the image its outermost pixels go on, so that nothing is stretched.

    Args:
        gray: (h, w) uint8, not empty: gray, or the brightness of a video frame in any range.
        boxes: (n, 4) xyxy; n may be 0.
        tilts: (n,) degrees by which the heads are turned clockwise; their crops are turned upright. None: all are upright.

    Returns:
        (n, 48, 48) uint8.

    Raises:
        ValueError: the image's shape or dtype is another, or the tilts are not as many as the boxes.
    """
    if gray.ndim != 2 or gray.dtype != np.uint8 or gray.size == 0:
        raise ValueError(f"expected (h, w) uint8, received {gray.shape} {gray.dtype}")
    squares = face_squares(boxes)
    turns = _turns(np.zeros(len(squares)) if tilts is None else np.asarray(tilts, np.float64))
    if turns.shape != squares.shape[:1]:
        raise ValueError(f"expected one tilt a box, received {len(squares)} boxes and tilts of shape {turns.shape}")
    crops = np.empty((len(squares), IMAGE_SIZE, IMAGE_SIZE), np.uint8)
    for index, turn in enumerate(turns):
        if turn:
            _crop_turned(gray, boxes[index], float(turn), crops[index])
        else:
            _shrink(cut_square(gray, squares[index]), crops[index])
    return crops


def _turns(tilts: np.ndarray) -> np.ndarray:
    """Give the degrees by which each crop is turned: none for a level face, then growing to the whole tilt."""
    sizes = np.abs(tilts)
    growing = TURN_WHOLE * (sizes - LEVEL) / (TURN_WHOLE - LEVEL)
    turns: np.ndarray = np.sign(tilts) * np.clip(growing, 0, sizes)
    return turns


def _crop_turned(gray: np.ndarray, box: np.ndarray, turn: float, crop: np.ndarray) -> None:
    """Fill ``crop`` (48, 48) with one face, turned back by ``turn`` degrees about the middle of its frame."""
    sine, cosine = np.sin(np.radians(turn)), np.cos(np.radians(turn))
    width, height = float(box[2] - box[0]), float(box[3] - box[1])
    side = max(SIDE * width / max(cosine, 0.5) ** GROWTH, 1.0)
    down = (DROP - 0.5) * height
    middle = np.array([(box[0] + box[2]) / 2 - sine * down, (box[1] + box[3]) / 2 + cosine * down], np.float64)
    shrink = max(round(side / WORK_SIDE), 1)
    small = int(np.ceil((side * (abs(sine) + abs(cosine)) + 3) / shrink))
    corner = np.floor(middle - shrink * small / 2).astype(np.int64)
    patch = cut_square(gray, np.concatenate([corner, corner + shrink * small]))
    if shrink > 1:
        patch = cv2.resize(patch, (small, small), interpolation=cv2.INTER_AREA)
    turned = side / shrink / WORK_SIDE * np.array([[cosine, -sine], [sine, cosine]])
    start = (middle - corner) / shrink - 0.5 - turned @ np.full(2, (WORK_SIDE - 1) / 2)
    upright = cv2.warpAffine(
        patch,
        np.column_stack([turned, start]),
        (WORK_SIDE, WORK_SIDE),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    _shrink(upright, crop)


def cut_square(gray: np.ndarray, square: np.ndarray) -> np.ndarray:
    """Cut an xyxy square; beyond the image its outermost pixels go on. A view where it lies inside."""
    left, top, right, bottom = square.tolist()
    height, width = gray.shape
    if left >= 0 and top >= 0 and right <= width and bottom <= height:
        return gray[top:bottom, left:right]
    rows = np.arange(top, bottom).clip(0, height - 1)
    columns = np.arange(left, right).clip(0, width - 1)
    patch: np.ndarray = gray[rows[0] : rows[-1] + 1][rows - rows[0]][:, columns]
    return patch


def _shrink(patch: np.ndarray, crop: np.ndarray) -> None:
    shrink = len(patch) > IMAGE_SIZE
    cv2.resize(patch, crop.shape, dst=crop, interpolation=cv2.INTER_AREA if shrink else cv2.INTER_LINEAR)
