"""What the tests of tracks share: what a detector finds, and where faces were followed to."""

import numpy as np

from fer_core.vision.flow import Motion
from fer_core.vision.tracks import Tracker
from tests.vision.fakes import detections

SIZE_WH = (640, 480)
WIDTH = 100.0


def looks_of(*kinds: int) -> np.ndarray:
    """Looks of so many kinds: those of two kinds differ by 1."""
    looks = np.zeros((len(kinds), 146), np.float32)
    looks[np.arange(len(kinds)), kinds] = 1
    return looks


def find(
    tracker: Tracker,
    boxes: list[list[float]],
    time_s: float,
    *,
    size_wh: tuple[int, int] = SIZE_WH,
    score: float = 0.9,
    kinds: list[int] | None = None,
) -> dict[int, list[int]]:
    """What is shown after a detection: the boxes as found, rounded, by id."""
    tracker.begin(time_s, size_wh)
    tracker.advance({}, time_s)
    tracker.find(detections(boxes, score), looks_of(*(kinds or [0] * len(boxes))))
    return {track.id: np.rint(track.frame).astype(int).tolist() for track in tracker.visible()}


def square(x: float, y: float = 200.0, side: float = WIDTH) -> list[float]:
    return [x - side / 2, y - side / 2, x + side / 2, y + side / 2]


def follow(tracker: Tracker, time_s: float, *steps: float) -> None:
    """Let the faces go as many pixels to the right as their texture seems to."""
    tracker.begin(time_s, SIZE_WH)
    motions = {track: Motion(np.array([step, 0.0]), 1.0, 0.0) for track, step in zip(tracker.tracks, steps, strict=True)}
    tracker.advance(motions, time_s)
