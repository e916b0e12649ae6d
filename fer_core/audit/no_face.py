"""Images that show no face as these datasets frame it: upright, centred, filling the picture.

The detector looks at each image, and a small network judges how sure it is and where it sees the face, eyes and mouth. It
was trained on how many of FER+'s voters saw no face in FER2013's training rows (`python -m benchmarks.fit_no_face`).
"""

import json
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np

from fer_core.vision import Detector

NO_FACE_SCORE = 0.5
"""Below it, an image is flagged; see ``framing.json`` for how that was chosen."""
_LOOK_SIDE = 96
"""The image's side when it is looked at, in pixels; around it, black."""
_CANVAS_SIDE = 192
_LEAST_SCORE = 0.02
"""A likeness with a lower score is none."""
_CHUNK = 64
_FEATURES = 11
FRAMING_FILE = Path(__file__).with_name("framing.json")


def score_faces(images: np.ndarray, *, progress: Callable[[int, int], None] | None = None) -> np.ndarray:
    """Say how much each image looks like a face that is framed as usual.

    Args:
        images: (n, 48, 48) uint8.
        progress: told how many of how many are done; what it raises ends the work.

    Returns:
        (n,) float32 within 0..1; about 1 less the share of voters that would see no face, stretched so that
        ``NO_FACE_SCORE`` separates.
    """
    return judge_framing(measure_framing(images, progress=progress))


def measure_framing(images: np.ndarray, *, progress: Callable[[int, int], None] | None = None) -> np.ndarray:
    """Look for the face in each image, on all cores.

    Returns:
        (n, 11) float32: the detector's log-odds, width of the face, its centre, the point between the eyes, their distance,
        the eyes' slope in degrees / 30, the mouth, the slope from eyes to mouth in degrees / 30; places and lengths over
        the image's side. All 0 but for the lowest log-odds where nothing is found.
    """
    features = np.zeros((len(images), _FEATURES), np.float32)
    own = threading.local()

    def look(start: int) -> None:
        if not hasattr(own, "detector"):
            own.detector = Detector()
        for at in range(start, min(start + _CHUNK, len(images))):
            features[at] = _measure(np.asarray(images[at]), own.detector)

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        waiting = [pool.submit(look, start) for start in range(0, len(images), _CHUNK)]
        try:
            for number, job in enumerate(waiting, start=1):
                job.result()
                if progress is not None:
                    progress(min(number * _CHUNK, len(images)), len(images))
        finally:
            for job in waiting:
                job.cancel()
    return features


def learned_from(digest: str) -> bool:
    """Say whether the network learned from the training rows of the dataset with this digest, and their votes."""
    return bool(json.loads(FRAMING_FILE.read_text(encoding="utf-8"))["record"]["data_digest"] == digest)


def judge_framing(features: np.ndarray) -> np.ndarray:
    """Turn (n, 11) measures into (n,) float32 scores, by one hidden layer."""
    network = json.loads(FRAMING_FILE.read_text(encoding="utf-8"))
    scaled = np.clip((features - network["mean"]) / network["scale"], -8, 8)
    hidden = np.tanh(scaled @ np.array(network["hidden"]["weights"]) + network["hidden"]["bias"])
    logit = hidden @ np.array(network["output"]["weights"]) + network["output"]["bias"]
    return np.asarray(1 / (1 + np.exp(-np.clip(logit, -80, 80))), np.float32)


def _measure(image: np.ndarray, detector: Detector) -> np.ndarray:
    margin = (_CANVAS_SIDE - _LOOK_SIDE) // 2
    canvas = np.zeros((_CANVAS_SIDE, _CANVAS_SIDE), np.uint8)
    canvas[margin:-margin, margin:-margin] = cv2.resize(image, (_LOOK_SIDE, _LOOK_SIDE), interpolation=cv2.INTER_CUBIC)
    found = detector.detect(cv2.cvtColor(canvas, cv2.COLOR_GRAY2BGR), min_score=_LEAST_SCORE)
    features = np.zeros(_FEATURES, np.float32)
    score = float(found.scores[0]) if len(found) else _LEAST_SCORE / 2
    features[0] = np.log(score / (1 - min(score, 0.999999)))
    if not len(found):
        return features
    left, top, right, bottom = (found.frames[0] - margin) / _LOOK_SIDE
    first_eye, other_eye, _, mouth = (found.keypoints[0][:4] - margin) / _LOOK_SIDE
    eyes, across = (first_eye + other_eye) / 2, other_eye - first_eye
    down = mouth - eyes
    features[1:4] = right - left, (left + right) / 2, (top + bottom) / 2
    features[4:8] = *eyes, np.hypot(*across), np.degrees(np.arctan2(across[1], across[0])) / 30
    features[8:] = *mouth, np.degrees(np.arctan2(down[0], down[1])) / 30
    return features
