"""Neutral look: what a person's resting face seems to say, taken out of what it says later.

A resting face that a classifier calls sad is called sad in every quiet moment. With b the resting face's typical probabilities
(the median over three seconds of their logarithms) and p later ones, emotions other than neutral are held down by

    shift_k = -min(max(ln(b_k / b_neutral) + ln(REST_ODDS), 0), MOST_SHIFT),    p'_k = p_k exp(shift_k) / sum_j p_j exp(shift_j)

so that at rest neutral is REST_ODDS times as likely as any other emotion, unless that takes more than MOST_SHIFT. Nothing is
ever raised but by the sum: emotions that rest does not show keep their odds against neutral, and the one that rest does show
wins as soon as its odds against neutral are REST_ODDS times those at rest.
"""

import threading
from dataclasses import dataclass
from typing import Literal

import numpy as np

from fer_core.labels import EMOTIONS
from fer_core.vision.expressions import NEUTRAL

NEUTRAL_S = 3.0
REST_ODDS = 3.0
MOST_SHIFT = float(np.log(100))
LEAST_PROBABILITY = 1e-4
LEAST_READINGS = 5
"""A slow camera may need longer than three seconds for so many."""


@dataclass(frozen=True)
class NeutralLook:
    """How far the neutral look has come."""

    state: Literal["off", "learning", "on"] = "off"
    face_id: int | None = None
    """Whose; None where nobody has been in focus yet."""
    left_s: float = 0.0
    """While learning: how much longer, the face in view."""


class NeutralBaseline:
    """Learns the resting look of one face and takes it out. ``begin`` and ``forget`` may be called from another thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._look = NeutralLook()
        self._rows: list[np.ndarray] = []
        self._first_s = 0.0
        self._shift: np.ndarray | None = None

    @property
    def look(self) -> NeutralLook:
        """How far it has come."""
        with self._lock:
            return self._look

    def begin(self) -> None:
        """Learn anew, from the face in focus at its next reading."""
        with self._lock:
            self._look, self._rows, self._shift = NeutralLook("learning", None, NEUTRAL_S), [], None

    def forget(self) -> None:
        """Take nothing out any more."""
        with self._lock:
            self._look, self._rows, self._shift = NeutralLook(), [], None

    def keep(self, ids: list[int]) -> None:
        """Forget the look of a face that is not among ``ids`` any more."""
        with self._lock:
            if self._look.face_id is not None and self._look.face_id not in ids:
                self._look, self._rows, self._shift = NeutralLook(), [], None

    def learn(self, focus_id: int | None, ids: list[int], rows: np.ndarray, time_s: float) -> None:
        """Take in the readings of a frame: (n, 7) probabilities of n ids, of which one may be in focus."""
        with self._lock:
            if self._look.state != "learning":
                return
            face_id = focus_id if self._look.face_id is None else self._look.face_id
            if face_id is None or face_id not in ids:
                return
            self._first_s = self._first_s if self._rows else time_s
            self._rows.append(np.log(np.maximum(rows[ids.index(face_id)], LEAST_PROBABILITY)))
            left_s = self._first_s + NEUTRAL_S - time_s
            self._look = NeutralLook("learning", face_id, max(left_s, 0.0))
            if left_s <= 0 and len(self._rows) >= LEAST_READINGS:
                self._shift = shift_of(np.median(self._rows, axis=0))
                self._look, self._rows = NeutralLook("on", face_id), []

    def shifts(self, ids: list[int]) -> np.ndarray:
        """Give what to add to the logarithms of n faces' probabilities: (n, 7), 0 for all but the one it knows."""
        shifts = np.zeros((len(ids), len(EMOTIONS)))
        with self._lock:
            if self._shift is not None and self._look.face_id in ids:
                shifts[ids.index(self._look.face_id)] = self._shift
        return shifts


def shift_of(resting: np.ndarray) -> np.ndarray:
    """Give the shift for a resting look: (7,) logarithms of probabilities to (7,) within -MOST_SHIFT..0."""
    shift: np.ndarray = -np.clip(resting - resting[NEUTRAL] + np.log(REST_ODDS), 0, MOST_SHIFT)
    shift[NEUTRAL] = 0
    return shift
