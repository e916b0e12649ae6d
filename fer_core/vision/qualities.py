"""Steady qualities: measured a few times a second for each face, and hints that stay as long as what they name."""

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from fer_core.vision.quality import Quality, measure_quality
from fer_core.vision.track import Track

MEASURE_S = 0.25
"""Between two measurements of one face."""
MOST_MEASURED = 4
"""Faces measured in one frame."""
REMEMBERED = 4
"""Measurements that count: their mean is the quality, and a hint is given that half of them, and more, give."""


@dataclass(eq=False)
class Readability:
    """How well one face could be read of late."""

    newest: deque[Quality] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    measured_s: float = -np.inf

    @property
    def value(self) -> float:
        """Within 0..1; 1 before it was measured."""
        return sum(quality.value for quality in self.newest) / len(self.newest) if self.newest else 1.0

    @property
    def hints(self) -> tuple[str, ...]:
        """What has been in the way, the worst first by the newest measurement that names it."""
        named = dict.fromkeys(hint for quality in reversed(self.newest) for hint in quality.hints)
        return tuple(hint for hint in named if 2 * sum(hint in quality.hints for quality in self.newest) >= len(self.newest))


class Qualities:
    """The qualities of all faces of a stream, by id."""

    def __init__(self) -> None:
        self._faces: dict[int, Readability] = {}

    def keep(self, ids: list[int]) -> None:
        """Forget all faces but these."""
        self._faces = {key: self._faces.get(key) or Readability() for key in ids}

    def measure(self, luma: np.ndarray, tracks: list[Track], time_s: float) -> None:
        """Measure the faces whose turn it is in (h, w) uint8 brightness."""
        waiting = [track for track in tracks if time_s - self._faces[track.id].measured_s >= MEASURE_S]
        turn = sorted(waiting, key=lambda track: self._faces[track.id].measured_s)[:MOST_MEASURED]
        if not turn:
            return
        frames, keypoints = np.array([track.frame for track in turn]), np.array([track.keypoints for track in turn])
        for track, quality in zip(turn, measure_quality(luma, frames, keypoints, (luma.shape[1], luma.shape[0])), strict=True):
            face = self._faces[track.id]
            face.newest.append(quality)
            face.measured_s = time_s

    def of(self, ids: list[int]) -> np.ndarray:
        """Give the qualities of n faces: (n,) float32 within 0..1."""
        return np.array([self._faces[key].value for key in ids], np.float32)

    def hints(self, focus_id: int | None) -> tuple[str, ...]:
        """Give what troubles the face in focus, the worst first."""
        return self._faces[focus_id].hints if focus_id in self._faces else ()
