"""Follows faces from frame to frame and calms what is said of them."""

from dataclasses import dataclass

import numpy as np

from fer_core.vision.boxes import overlap

SAME_TRACK_OVERLAP = 0.2
SURVIVES_S = 0.5
"""A face not seen for longer is a new one when it comes back."""
SMOOTHING_S = 0.3
"""After this time a new expression makes up 63 % of the probabilities shown."""
STILL_SHARE = 0.06
"""A corner that moves by this share of the box's width is followed at once; less is taken for jitter."""
LEAST_FOLLOWED = 0.35


@dataclass
class Track:
    """One face over time."""

    id: int
    frame: np.ndarray
    """(4,) float64 xyxy pixels, unclipped, calmed."""
    seen_s: float
    probabilities: np.ndarray | None = None
    """(7,) float64, smoothed; None until first classified."""
    classified_s: float = -np.inf

    def move(self, frame: np.ndarray, time_s: float) -> None:
        """Follow to where the face was seen: small moves in part, larger ones at once."""
        step = frame - self.frame
        share = np.abs(step).max() / (STILL_SHARE * max(frame[2] - frame[0], 1.0))
        self.frame = self.frame + np.clip(share, LEAST_FOLLOWED, 1.0) * step
        self.seen_s = time_s

    def learn(self, probabilities: np.ndarray, time_s: float) -> None:
        """Take in what one frame says, weighted by the time since the last one (exponential smoothing in seconds)."""
        if self.probabilities is None:
            self.probabilities = probabilities.astype(np.float64)
        else:
            share = 1 - np.exp(-max(time_s - self.classified_s, 0.0) / SMOOTHING_S)
            self.probabilities += share * (probabilities - self.probabilities)
        self.classified_s = time_s


class Tracker:
    """Gives each face an id that stays while the face stays in view."""

    def __init__(self) -> None:
        self._tracks: list[Track] = []
        self._next_id = 1
        self._size_wh = (0, 0)
        self._time_s = -np.inf

    def update(self, frames: np.ndarray, time_s: float, size_wh: tuple[int, int]) -> list[Track]:
        """Match the faces seen now to the ones known, the best overlap first.

        A change of the frames' size, or a time before the last one, starts anew.

        Args:
            frames: (n, 4) xyxy pixels.
            time_s: the frame's time in its stream.
            size_wh: the frame's size.

        Returns:
            The n tracks, in the order of ``frames``.
        """
        if size_wh != self._size_wh or time_s < self._time_s:
            self._tracks = []
        self._size_wh, self._time_s = size_wh, time_s
        self._tracks = [track for track in self._tracks if time_s - track.seen_s <= SURVIVES_S]
        found = self._match(frames)
        for index, frame in enumerate(frames):
            if index in found:
                found[index].move(frame, time_s)
            else:
                found[index] = Track(self._next_id, np.array(frame, np.float64), time_s)
                self._tracks.append(found[index])
                self._next_id += 1
        return [found[index] for index in range(len(frames))]

    def _match(self, frames: np.ndarray) -> dict[int, Track]:
        known = np.array([track.frame for track in self._tracks]).reshape(-1, 4)
        shares = overlap(np.asarray(frames, np.float64).reshape(-1, 4), known)
        found: dict[int, Track] = {}
        while shares.size and shares.max() >= SAME_TRACK_OVERLAP:
            row, column = np.unravel_index(shares.argmax(), shares.shape)
            found[int(row)] = self._tracks[column]
            shares[row, :] = shares[:, column] = 0
        return found
