"""Steady expressions: what is said of a face follows a real change within half a second, and nothing else."""

import numpy as np

from fer_core.labels import EMOTIONS

SMOOTHING_S = 0.3
"""After this time a new expression makes up 63 % of the probabilities."""
MOST_GAP_S = 0.2
"""A reading counts for no more than this time: one word of a face that was out of sight does not undo what was known of it."""
MARGIN, LEAD_S = 0.2, 0.1
"""Another emotion is shown when it has been this far ahead of the one shown for this time ..."""
WIDE_MARGIN = 0.4
"""... or is this far ahead ..."""
LONG_LEAD_S = 6.0
"""... or ahead at all for this time."""
DOUBT = 0.06
"""Unsure begins this far below the classifier's threshold and ends this far above it."""
READ_S = 0.13
"""Between two readings of one face, on average; a new face is read at once ..."""
NEW_READ_S, NEW_READINGS = 0.065, 12
"""... and so many times twice as often, so that what is first said of it is no single reading's word."""
MOST_CLASSIFIED = 4
"""Faces read in one frame, those never read first, then those not read for longest; the others' turn comes next."""
NEUTRAL = EMOTIONS.index("neutral")


class Expression:
    """One face's expression over time."""

    def __init__(self) -> None:
        self.probabilities = np.full(len(EMOTIONS), 1 / len(EMOTIONS))
        """(7,) float64, smoothed; all alike until first read."""
        self.read_s = self.due_s = -np.inf
        """When it was last read, and when it may be read again."""
        self.label, self.unsure = NEUTRAL, True
        """What is shown."""
        self._shown = False
        self._readings = 0
        self._ahead_s: float | None = None
        self._clear_s: float | None = None

    @property
    def is_read(self) -> bool:
        """Whether it was ever read."""
        return self.read_s > -np.inf

    @property
    def mirrored(self) -> bool:
        """Whether its next reading shall be of its mirror image: the mean of both errs less than either."""
        return self._readings % 2 == 1

    def learn(self, row: np.ndarray, time_s: float) -> None:
        """Take in (7,) probabilities of one reading, weighted by the time since the last one; the first few alike."""
        self._readings += 1
        passed_s = min(max(time_s - self.read_s, 0.0), MOST_GAP_S)
        share = max(1 - np.exp(-passed_s / SMOOTHING_S), 1 / self._readings)
        self.probabilities = self.probabilities + share * (row - self.probabilities)
        gap_s = READ_S if self._readings > NEW_READINGS else NEW_READ_S
        self.read_s, self.due_s = time_s, (self.due_s if time_s - self.due_s < gap_s else time_s) + gap_s

    def show(self, probabilities: np.ndarray, threshold: float, time_s: float) -> None:
        """Choose what is shown.

        Args:
            probabilities: (7,) summing to 1: the smoothed ones, from which a neutral look may have been taken out.
            threshold: a confidence below it is called unsure.
            time_s: now.
        """
        best = int(probabilities.argmax())
        lead = probabilities[best] - probabilities[self.label]
        self._ahead_s = _since(self._ahead_s, lead > 0, time_s)
        self._clear_s = _since(self._clear_s, lead >= MARGIN, time_s)
        clear = lead >= WIDE_MARGIN or (self._clear_s is not None and time_s - self._clear_s >= LEAD_S)
        ahead = self._ahead_s is not None and time_s - self._ahead_s >= LONG_LEAD_S
        first = self.is_read and not self._shown
        if clear or ahead or first:
            self.label, self._ahead_s, self._clear_s = best, None, None
        confidence = probabilities[self.label]
        doubt = 0.0 if first else DOUBT if self.unsure else -DOUBT
        self.unsure = bool(confidence < threshold + doubt) or not self.is_read
        self._shown = self._shown or self.is_read


class Expressions:
    """The expressions of all faces of a stream, by id."""

    def __init__(self, threshold: float) -> None:
        self._threshold = threshold
        self._faces: dict[int, Expression] = {}

    def keep(self, ids: list[int]) -> None:
        """Forget all faces but these."""
        self._faces = {key: self._faces.get(key) or Expression() for key in ids}

    def due(self, ids: list[int], time_s: float) -> list[int]:
        """Say whose turn it is to be read: some of ``ids``, at most ``MOST_CLASSIFIED``."""
        waiting = [key for key in ids if self._faces[key].due_s <= time_s + 1e-6]
        return sorted(waiting, key=lambda key: self._faces[key].read_s)[:MOST_CLASSIFIED]

    def mirrored(self, ids: list[int]) -> np.ndarray:
        """Say whose mirror image shall be read next: (n,) bool."""
        return np.array([self._faces[key].mirrored for key in ids], bool)

    def learn(self, ids: list[int], rows: np.ndarray, time_s: float) -> None:
        """Take in readings: (n, 7) probabilities for n ids."""
        for key, row in zip(ids, rows, strict=True):
            self._faces[key].learn(row, time_s)

    def show(self, ids: list[int], shifts: np.ndarray, time_s: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Choose what is shown in this frame.

        Args:
            ids: of n faces.
            shifts: (n, 7) added to the logarithms of their probabilities; see ``neutral``.
            time_s: now.

        Returns:
            (n, 7) float32 probabilities, (n,) int64 labels and (n,) bool unsure.
        """
        faces = [self._faces[key] for key in ids]
        smoothed = np.array([face.probabilities for face in faces]).reshape(-1, len(EMOTIONS))
        shifted = smoothed * np.exp(shifts)
        probabilities = shifted / np.maximum(shifted.sum(axis=1, keepdims=True), np.finfo(np.float64).tiny)
        for face, row in zip(faces, probabilities, strict=True):
            face.show(row, self._threshold, time_s)
        labels = np.array([face.label for face in faces], np.int64)
        return probabilities.astype(np.float32), labels, np.array([face.unsure for face in faces], bool)


def _since(since_s: float | None, holds: bool, time_s: float) -> float | None:
    if not holds:
        return None
    return time_s if since_s is None else since_s
