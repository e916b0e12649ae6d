"""The last minute of every face, for drawing beside the video."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from fer_core.labels import EMOTIONS
from fer_core.session.ids import UniqueIds
from fer_core.vision import Faces

SPAN_S = 60.0
"""How far back the timeline reaches."""
STEP_S = 0.25
"""One reading a face is kept in each such step: the newest."""
MOST_MARKS = 100


@dataclass(frozen=True, eq=False)
class Lane:
    """One face in the last minute: k readings, the oldest first."""

    face_id: int
    ages_s: np.ndarray
    """(k,) float64 seconds before now, falling, within 0..60."""
    labels: np.ndarray
    """(k,) int64: the emotion shown, in FER2013's order."""
    unsure: np.ndarray
    """(k,) bool."""
    probabilities: np.ndarray
    """(k, 7) float32."""


@dataclass(frozen=True, eq=False)
class Recent:
    """The last minute."""

    lanes: tuple[Lane, ...]
    """By face, the smallest id first; a face that left stays until its last reading is a minute old."""
    marks: tuple[tuple[float, str], ...]
    """(age_s, text), the oldest first."""


@dataclass(frozen=True, eq=False)
class _Step:
    time_s: float
    ids: np.ndarray
    labels: np.ndarray
    unsure: np.ndarray
    probabilities: np.ndarray


class Timeline:
    """Keeps the last minute in steps, whoever comes and goes: 240 steps of small arrays. Safe between threads."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic, ids: UniqueIds | None = None) -> None:
        """Know nothing yet.

        Args:
            clock: monotonic seconds, by which readings age.
            ids: shared with whatever else calls faces by number.
        """
        self._clock = clock
        self._ids = ids or UniqueIds()
        self._lock = threading.Lock()
        self._steps: deque[_Step] = deque(maxlen=round(SPAN_S / STEP_S) + 1)
        self._marks: deque[tuple[float, str]] = deque(maxlen=MOST_MARKS)

    def begin_stream(self) -> None:
        """Say that faces are counted anew from the next frame on; for the video's thread."""
        with self._lock:
            self._ids.begin_stream()

    def add(self, faces: Faces) -> None:
        """Take in what was recognised in a frame; for the video's thread."""
        now = self._clock()
        with self._lock:
            ids = self._ids.unique(faces.ids)
            step = _Step(now, ids, faces.labels.copy(), faces.unsure.copy(), faces.probabilities.copy())
            if self._steps and self._steps[-1].time_s // STEP_S == now // STEP_S:
                self._steps.pop()
            self._steps.append(step)

    def mark(self, text: str = "") -> None:
        """Put a mark at this moment."""
        with self._lock:
            self._marks.append((self._clock(), text))

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._steps.clear()
            self._marks.clear()

    def recent(self, now: float | None = None) -> Recent:
        """Give the last minute.

        Args:
            now: on the timeline's clock; its present time unless given.
        """
        now = self._clock() if now is None else now
        with self._lock:
            steps = [step for step in self._steps if 0 <= now - step.time_s <= SPAN_S]
            marks = tuple((now - at, text) for at, text in self._marks if 0 <= now - at <= SPAN_S)
        return Recent(_lanes(steps, now), marks)


def _lanes(steps: list[_Step], now: float) -> tuple[Lane, ...]:
    if not steps:
        return ()
    ids = np.concatenate([step.ids for step in steps])
    ages_s = now - np.repeat([step.time_s for step in steps], [len(step.ids) for step in steps])
    labels = np.concatenate([step.labels for step in steps])
    unsure = np.concatenate([step.unsure for step in steps])
    probabilities = np.concatenate([step.probabilities for step in steps]).reshape(-1, len(EMOTIONS))
    lanes = []
    for face_id in np.unique(ids):
        mine = ids == face_id
        lanes.append(Lane(int(face_id), ages_s[mine], labels[mine], unsure[mine], probabilities[mine]))
    return tuple(lanes)
