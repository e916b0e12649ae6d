"""A detector and a classifier that say what a test wants."""

from dataclasses import dataclass, field

import numpy as np

from fer_core.labels import EMOTIONS
from fer_core.vision import Detections, Faces


def detections(boxes: list[list[float]]) -> Detections:
    """What a detector would give for faces at these places."""
    frames = np.array(boxes, np.float32).reshape(-1, 4)
    n = len(frames)
    return Detections(frames.astype(np.int32), np.full(n, 0.9, np.float32), frames, np.zeros((n, 6, 2), np.float32))


@dataclass
class FakeDetector:
    """Finds faces where the test last put ``boxes``."""

    boxes: list[list[float]] = field(default_factory=list)

    def detect(self, image: np.ndarray) -> Detections:
        return detections(self.boxes)


@dataclass
class FakeClassifier:
    """Sees ``emotion`` in every crop, fully sure, and remembers how many crops it was given."""

    emotion: str = "happy"
    threshold: float = 0.5
    batches: list[int] = field(default_factory=list)

    def predict_probabilities(self, images: np.ndarray) -> np.ndarray:
        self.batches.append(len(images))
        rows = np.zeros((len(images), 7), np.float32)
        rows[:, EMOTIONS.index(self.emotion)] = 1
        return rows


def make_faces(boxes: list[list[int]], emotion: str = "happy", *, confidence: float = 0.9) -> Faces:
    """Faces that all look alike."""
    n = len(boxes)
    probabilities = np.full((n, 7), (1 - confidence) / 6, np.float32)
    probabilities[:, EMOTIONS.index(emotion)] = confidence
    return Faces(
        boxes=np.array(boxes, np.int32).reshape(-1, 4),
        scores=np.full(n, 0.9, np.float32),
        probabilities=probabilities,
        ids=np.arange(n, dtype=np.int32),
        threshold=0.5,
    )
