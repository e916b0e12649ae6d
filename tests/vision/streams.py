"""Pipelines under test: a detector that counts, and the portrait moved."""

from typing import cast

import cv2
import numpy as np

from fer_core.model import Classifier
from fer_core.vision import Detections, Detector, Pipeline
from fer_core.vision.boxes import Box
from fer_core.vision.planes import Planes
from tests.vision.fakes import FakeClassifier, FakeDetector

FRAME = np.zeros((480, 640, 3), np.uint8)
FRAME_S = 1 / 20


class CountingDetector:
    """The real one, which counts how often it is asked."""

    def __init__(self, detector: Detector) -> None:
        self.detector, self.min_score, self.looks = detector, detector.min_score, 0

    def detect(self, image: np.ndarray | Planes, *, box: Box | None = None, min_score: float | None = None) -> Detections:
        self.looks += 1
        return self.detector.detect(image, box=box, min_score=min_score)


def stream(detector: FakeDetector | CountingDetector, classifier: FakeClassifier) -> Pipeline:
    return Pipeline(cast(Detector, detector), cast(Classifier, classifier))


def warped(portrait: np.ndarray, *, scale: float = 1.0, turn: float = 0.0, shift: tuple[float, float] = (0, 0)) -> np.ndarray:
    """The portrait turned clockwise and scaled about its face, then shifted: (480, 640, 3) BGR."""
    move = cv2.getRotationMatrix2D((225, 121), -turn, scale)
    move[:, 2] += shift
    return cv2.warpAffine(portrait, move, (640, 480))
