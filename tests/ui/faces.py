"""Faces that a pipeline might see."""

import numpy as np

from fer_core.vision import Faces


def make_faces(*labels: int, threshold: float = 0.5, confidence: float = 0.8) -> Faces:
    """Faces side by side, the first the largest, each naming one emotion."""
    n = len(labels)
    probabilities = np.full((n, 7), (1 - confidence) / 6, np.float32)
    probabilities[np.arange(n), list(labels)] = confidence
    boxes = np.array([[12 * k, 5, 12 * k + 11 - k, 16] for k in range(n)], np.int32).reshape(-1, 4)
    return Faces(boxes, np.ones(n, np.float32), probabilities, np.arange(n, dtype=np.int32), threshold)
