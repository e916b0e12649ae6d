"""Zoom on the face: a virtual camera that frames the face in focus as a calm operator would."""

from dataclasses import replace

import cv2
import numpy as np

from fer_core.vision.boxes import area_of, clip_boxes, intersect
from fer_core.vision.faces import Faces
from fer_core.vision.planes import Planes

SIZE = 3.0
"""Height of the part that is shown, over the height of the face's box."""
EYE_LINE = 0.46
"""Where the middle of the face stands in it, over its height: a little above the middle, as portraits have it."""
MOST_ZOOM = 3.0
SLACK = 0.06
"""How far the face may move before the camera follows, over the height of the part that is shown."""
SIZE_SLACK = 0.12
"""By how much the face may grow or shrink before the camera follows; a natural logarithm."""
EASE_S = 0.22
"""Time constant of each of the two filters that ease the camera: a move is half done after 0.4 s, 95 % after 1 s."""
PATIENCE_S = 1.0
"""How long the camera stays where the face was last seen."""
WHOLE_PX = 0.5
"""A view that is the whole frame but for less than this is the whole frame."""
LEAST_SEEN = 0.25
"""Share of a face's box that must be in the view for the face to be listed."""


class Zoom:
    """The virtual camera of one stream; for one thread.

    What it aims at, held still while the face stays within some slack, passes two equal low-pass filters in a row. That
    is a critically damped spring, and one that never overshoots: what is shown stays between what was aimed at.
    """

    def __init__(self) -> None:
        self._size_wh = (0, 0)
        self._time_s = 0.0
        self._seen_s = -np.inf
        self._face_id: int | None = None
        self._aim = self._half = self._eased = np.zeros(3)

    def view(self, faces: Faces, size_wh: tuple[int, int], time_s: float, on: bool) -> np.ndarray:
        """Give the part of the next frame to show.

        Args:
            faces: what was recognised in it.
            size_wh: the frame's; when it changes, the camera starts anew from the whole frame.
            time_s: the frame's time in its stream; when it goes back, likewise.
            on: whether to zoom; off, the camera goes back to the whole frame.

        Returns:
            (4,) float32 xyxy pixels inside the frame, of the frame's proportions; exactly the frame once the camera is back.
        """
        whole = _whole(size_wh)
        if size_wh != self._size_wh or time_s < self._time_s:
            self._size_wh, self._seen_s, self._face_id = size_wh, -np.inf, None
            self._aim = self._half = self._eased = whole
            self._time_s = time_s
        self._aim_at(faces, whole, time_s, on)
        share = 1 - np.exp(-(time_s - self._time_s) / EASE_S)
        self._time_s = time_s
        self._half = self._half + share * (self._aim - self._half)
        self._eased = self._eased + share * (self._half - self._eased)
        return _to_view(self._eased, size_wh)

    def _aim_at(self, faces: Faces, whole: np.ndarray, time_s: float, on: bool) -> None:
        index = self._find(faces, time_s) if on else None
        if index is not None:
            self._seen_s, self._face_id = time_s, int(faces.ids[index])
            self._aim = _follow(self._aim, _frame_face(faces.boxes[index], self._size_wh), whole[2])
        elif not on or time_s - self._seen_s > PATIENCE_S:
            self._aim, self._seen_s, self._face_id = whole, -np.inf, None

    def _find(self, faces: Faces, time_s: float) -> int | None:
        """Find the face to show: the one in focus; without one, the last shown; when it is gone for long, the largest."""
        wanted = self._face_id if faces.focus_id is None else faces.focus_id
        found = np.flatnonzero(faces.ids == wanted) if wanted is not None else np.empty(0, int)
        if len(found):
            return int(found[0])
        waits = self._face_id is not None and time_s - self._seen_s <= PATIENCE_S
        return None if waits else faces.focus


def cut_view(planes: Planes, view: np.ndarray) -> Planes:
    """Show a part of a frame in the frame's size.

    Args:
        planes: the frame; left as it is.
        view: (4,) xyxy pixels inside the frame, of its proportions.

    Returns:
        Planes of the same size, right to half a pixel; the given ones where the view is the whole frame.
    """
    width, height = planes.size_wh
    if np.array_equal(view, (0, 0, width, height)):
        return planes
    scale = width / float(view[2] - view[0])
    start = np.asarray(view[:2], np.float64)
    return Planes(
        _magnify(planes.y, start, scale),
        _magnify(planes.u, start / 2, scale),
        _magnify(planes.v, start / 2, scale),
    )


def map_faces(faces: Faces, view: np.ndarray, size_wh: tuple[int, int]) -> Faces:
    """Move faces to where ``cut_view`` shows them; those of which less than a quarter is shown are left out.

    Args:
        faces: of the whole frame.
        view: (4,) xyxy pixels.
        size_wh: the frame's, which is also that of what is shown.

    Returns:
        The faces that are shown, boxes clipped to what is shown.
    """
    if np.array_equal(view, (0, 0, *size_wh)):
        return faces
    view = np.asarray(view, np.float64)
    seen = intersect(faces.boxes, view[None])[:, 0] >= LEAST_SEEN * np.maximum(area_of(faces.boxes), 1)
    scale = np.tile(size_wh / (view[2:] - view[:2]), 2)
    boxes = (faces.boxes[seen] - np.tile(view[:2], 2)) * scale
    rows = {
        name: getattr(faces, name)[seen]
        for name in ("scores", "probabilities", "ids", "labels", "unsure", "tilts", "qualities")
    }
    return replace(faces, boxes=clip_boxes(boxes, size_wh), **rows)


def _whole(size_wh: tuple[int, int]) -> np.ndarray:
    """Give a camera (middle x, middle y, logarithm of the height) that shows the whole frame."""
    return np.array([size_wh[0] / 2, size_wh[1] / 2, np.log(max(size_wh[1], 1))])


def _frame_face(box: np.ndarray, size_wh: tuple[int, int]) -> np.ndarray:
    """Give the camera that shows a face (4,) xyxy well and nothing beyond the frame."""
    width, height = size_wh
    tall = float(np.clip(SIZE * max(box[3] - box[1], 1), height / MOST_ZOOM, height))
    wide = tall * width / height
    x = np.clip((box[0] + box[2]) / 2, wide / 2, width - wide / 2)
    y = np.clip((box[1] + box[3]) / 2 + (0.5 - EYE_LINE) * tall, tall / 2, height - tall / 2)
    return np.array([x, y, np.log(tall)])


def _follow(aim: np.ndarray, wanted: np.ndarray, whole_log: float) -> np.ndarray:
    """Draw what is aimed at along only as far as it is out of slack."""
    slack = np.array([SLACK, SLACK, 0]) * np.exp(wanted[2]) + np.array([0, 0, SIZE_SLACK])
    followed: np.ndarray = np.clip(aim, wanted - slack, wanted + slack)
    followed[2] = min(followed[2], whole_log)
    return followed


def _to_view(camera: np.ndarray, size_wh: tuple[int, int]) -> np.ndarray:
    width, height = size_wh
    tall = min(float(np.exp(camera[2])), height)
    wide = tall * width / height
    left = float(np.clip(camera[0] - wide / 2, 0, width - wide))
    top = float(np.clip(camera[1] - tall / 2, 0, height - tall))
    if height - tall < WHOLE_PX:
        return np.array([0, 0, width, height], np.float32)
    return np.array([left, top, left + wide, top + tall], np.float32)


def _magnify(plane: np.ndarray, start: np.ndarray, scale: float) -> np.ndarray:
    """Magnify what begins at ``start`` (x, y) to the plane's own size."""
    height, width = plane.shape
    first = np.minimum(np.floor(start).astype(int), (width - 1, height - 1))
    last = np.minimum(np.ceil(start + np.array([width, height]) / scale).astype(int), (width, height))
    large = np.maximum(np.rint((last - first) * scale).astype(int), (width, height))
    part = plane[first[1] : last[1], first[0] : last[0]]
    shown = cv2.resize(part, tuple(large.tolist()), interpolation=cv2.INTER_LINEAR)
    x, y = np.minimum(np.rint((start - first) * scale).astype(int), large - (width, height))
    return shown[y : y + height, x : x + width]
