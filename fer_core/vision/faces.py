"""What was recognised in one image or frame."""

from dataclasses import dataclass

import numpy as np

from fer_core.labels import EMOTIONS
from fer_core.vision.boxes import area_of


@dataclass(frozen=True, eq=False)
class Faces:
    """The faces of one image, with what their expressions look like."""

    boxes: np.ndarray
    """(n, 4) int32 xyxy pixels, clipped to the image: the detector's face boxes."""
    scores: np.ndarray
    """(n,) float32 within 0..1: the detector's."""
    probabilities: np.ndarray
    """(n, 7) float32, rows summing to 1, in FER2013's order; of a stream, smoothed over time."""
    ids: np.ndarray
    """(n,) int32: of a stream, one number a person as long as the face stays in view; of an image, 0..n-1."""
    threshold: float
    """A confidence below it is called unsure."""
    time_s: float = 0.0
    """The frame's time in its stream."""
    elapsed_ms: float = 0.0
    """How long finding and classifying took."""

    def __len__(self) -> int:
        return len(self.boxes)

    @property
    def emotions(self) -> tuple[str, ...]:
        """The most probable emotion of each face."""
        return tuple(EMOTIONS[label] for label in self.probabilities.argmax(axis=1))

    @property
    def confidences(self) -> np.ndarray:
        """(n,) float32: the most probable emotion's probability."""
        highest: np.ndarray = self.probabilities.max(axis=1)
        return highest

    @property
    def unsure(self) -> np.ndarray:
        """(n,) bool: whether the confidence is below the threshold."""
        below: np.ndarray = self.confidences < self.threshold
        return below

    @property
    def focus(self) -> int | None:
        """Index of the largest face; None where there is none."""
        return int(area_of(self.boxes).argmax()) if len(self.boxes) else None
