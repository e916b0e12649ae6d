"""A detector and a classifier that say what a test wants."""

from dataclasses import dataclass, field

import numpy as np

from fer_core.labels import EMOTIONS
from fer_core.vision import Detections, Faces
from fer_core.vision.boxes import Box
from fer_core.vision.planes import Planes, size_of


def detections(boxes: list[list[float]], score: float = 0.9) -> Detections:
    """What a detector would give for faces at these places."""
    frames = np.array(boxes, np.float32).reshape(-1, 4)
    n = len(frames)
    return Detections(frames.astype(np.int32), np.full(n, score, np.float32), frames, eyes_of(frames))


def eyes_of(frames: np.ndarray) -> np.ndarray:
    """Key points of upright faces: the eyes, and the middle for all the rest; (n, 6, 2) float32."""
    shares = np.array([[0.3, 0.35], [0.7, 0.35], *[[0.5, 0.5]] * 4], np.float32)
    points: np.ndarray = frames[:, None, :2] + shares * (frames[:, None, 2:] - frames[:, None, :2])
    return points


@dataclass
class FakeDetector:
    """Finds faces where the test last put ``boxes``, whose middles lie in the part that is looked at."""

    boxes: list[list[float]] = field(default_factory=list)

    score: float = 0.9
    looks: int = 0
    """How often it was asked."""

    min_score: float = 0.5

    def detect(self, image: np.ndarray | Planes, *, box: Box | None = None, min_score: float | None = None) -> Detections:
        self.looks += 1
        seen = self.score >= (self.min_score if min_score is None else min_score)
        frames = np.array(self.boxes, float).reshape(-1, 4)
        left, top, right, bottom = box or (0, 0, *size_of(image))
        x, y = (frames[:, 0] + frames[:, 2]) / 2, (frames[:, 1] + frames[:, 3]) / 2
        inside = (x >= left) & (x <= right) & (y >= top) & (y <= bottom)
        return detections(frames[inside & seen].tolist(), self.score)


@dataclass
class FakeClassifier:
    """Sees ``emotion`` in every crop, fully sure unless told otherwise, and remembers how many crops it was given."""

    emotion: str = "happy"
    threshold: float = 0.5
    confidence: float = 1.0
    batches: list[int] = field(default_factory=list)

    def predict_probabilities(self, images: np.ndarray) -> np.ndarray:
        self.batches.append(len(images))
        rows = np.full((len(images), 7), (1 - self.confidence) / 6, np.float32)
        rows[:, EMOTIONS.index(self.emotion)] = self.confidence
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
