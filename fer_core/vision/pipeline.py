"""From an image or a stream of frames to faces with expressions."""

import time

import cv2
import numpy as np

from fer_core.labels import EMOTIONS
from fer_core.model import Classifier
from fer_core.vision.boxes import clip_boxes
from fer_core.vision.crops import crop_faces, eye_tilts
from fer_core.vision.detection import Detector
from fer_core.vision.faces import Faces
from fer_core.vision.planes import Planes, to_gray
from fer_core.vision.search import search_faces
from fer_core.vision.tracks import Track, Tracker

MOST_CLASSIFIED = 8
"""Faces classified a frame, besides those never classified before; the others' turn comes in the next frames."""


def recognise(image: np.ndarray, detector: Detector, classifier: Classifier) -> Faces:
    """Find and classify all faces in one still image, looking closely.

    Args:
        image: (h, w, 3) BGR uint8.
        detector: finds them.
        classifier: classifies them.

    Returns:
        The faces, the surest detection first.
    """
    started = time.perf_counter()
    found = search_faces(image, detector)
    tilts = eye_tilts(found.keypoints)
    probabilities = _classify(image, found.frames, classifier, tilts)
    return Faces(
        boxes=found.boxes,
        scores=found.scores,
        probabilities=probabilities,
        ids=np.arange(len(found), dtype=np.int32),
        threshold=classifier.threshold,
        tilts=tilts,
        elapsed_ms=(time.perf_counter() - started) * 1000,
    )


class Pipeline:
    """Recognises the faces of one stream; for one thread."""

    def __init__(self, detector: Detector, classifier: Classifier) -> None:
        self._detector = detector
        self._classifier = classifier
        self._tracker = Tracker()

    def process(self, picture: np.ndarray | Planes, time_s: float) -> Faces:
        """Find, follow and classify the faces of the next frame.

        Args:
            picture: (h, w, 3) BGR uint8, or planes; its size may change within the stream.
            time_s: the frame's time in its stream.

        Returns:
            The faces seen in this frame, the surest detection first.
        """
        started = time.perf_counter()
        size_wh = picture.size_wh if isinstance(picture, Planes) else (picture.shape[1], picture.shape[0])
        found = self._detector.detect(picture)
        tracks = self._tracker.update(found.frames, time_s, size_wh)
        self._classify_tracks(picture, tracks, time_s)
        return Faces(
            boxes=clip_boxes(_frames(tracks), size_wh),
            scores=found.scores,
            probabilities=np.array([track.probabilities for track in tracks], np.float32).reshape(-1, len(EMOTIONS)),
            ids=np.array([track.id for track in tracks], np.int32),
            threshold=self._classifier.threshold,
            time_s=time_s,
            elapsed_ms=(time.perf_counter() - started) * 1000,
        )

    def _classify_tracks(self, picture: np.ndarray | Planes, tracks: list[Track], time_s: float) -> None:
        by_age = sorted(tracks, key=lambda track: track.classified_s)
        new = sum(track.probabilities is None for track in tracks)
        turn = by_age[: max(new, MOST_CLASSIFIED)]
        for track, row in zip(turn, _classify(picture, _frames(turn), self._classifier), strict=True):
            track.learn(row, time_s)


def _classify(
    picture: np.ndarray | Planes, frames: np.ndarray, classifier: Classifier, tilts: np.ndarray | None = None
) -> np.ndarray:
    if not len(frames):
        return np.empty((0, len(EMOTIONS)), np.float32)
    gray = to_gray(picture.y) if isinstance(picture, Planes) else cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    return classifier.predict_probabilities(crop_faces(gray, frames, tilts))


def _frames(tracks: list[Track]) -> np.ndarray:
    return np.array([track.frame for track in tracks]).reshape(-1, 4)
