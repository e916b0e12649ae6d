"""A clock of the test's own, and faces of a stream."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fer_core.labels import EMOTIONS
from fer_core.vision import Faces

SIZE_WH = (64, 48)


@dataclass
class Clock:
    now: float = 500.0

    def __call__(self) -> float:
        return self.now


def seen(*faces: tuple[int, str], time_s: float = 0.0, confidence: float = 0.8, unsure: Sequence[bool] = ()) -> Faces:
    """Faces side by side, given as (id, emotion)."""
    n = len(faces)
    labels = [EMOTIONS.index(emotion) for _, emotion in faces]
    probabilities = np.full((n, 7), (1 - confidence) / 6, np.float32)
    probabilities[np.arange(n), labels] = confidence
    return Faces(
        boxes=np.array([[10 * k, 5, 10 * k + 9, 16] for k in range(n)], np.int32).reshape(-1, 4),
        scores=np.full(n, 0.9, np.float32),
        probabilities=probabilities,
        ids=np.array([face_id for face_id, _ in faces], np.int32),
        threshold=0.5,
        time_s=time_s,
        unsure=np.array(unsure or [False] * n, bool),
        qualities=np.full(n, 0.7, np.float32),
    )
