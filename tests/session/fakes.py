"""Faces of a stream, how a recorder is fed with them, and a clip that keeps nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fer_core.labels import EMOTIONS
from fer_core.session import Recorder
from fer_core.vision import Faces
from tests.builders import Clock

SIZE_WH = (64, 48)


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


@dataclass
class FakeClip:
    put_s: list[float] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)

    def put(self, picture: Any, time_s: float) -> None:
        self.put_s.append(time_s)

    def finish(self) -> None:
        self.ends.append("finished")

    def discard(self) -> None:
        self.ends.append("discarded")


def play(recorder: Recorder, clock: Clock, *, frames: int, first_s: float = 0.0, step_s: float = 0.1) -> list[float | None]:
    """Happy face 1, a frame each tenth of a second on both clocks."""
    times = []
    for index in range(frames):
        clock.now += step_s
        times.append(recorder.add(seen((1, "happy"), time_s=first_s + index * step_s), SIZE_WH))
    return times


def rows_of(recorder: Recorder) -> np.ndarray:
    session = recorder.session()
    assert session is not None
    return session.rows
