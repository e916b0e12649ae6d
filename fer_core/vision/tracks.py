"""Keeps one id a person: through hidden seconds, crossing paths and missed detections.

Why no tracker library: ByteTrack and its kin (supervision, trackers) and norfair count in frames, expect a detection in each,
and bring SciPy or more into the video's process; none looks at the faces. What is needed here is small: at most some tens of
faces, seconds instead of frames, and looks that decide where places cannot.
"""

import numpy as np

from fer_core.vision.assignment import assign
from fer_core.vision.boxes import area_of, intersect, overlap
from fer_core.vision.detection import Detections
from fer_core.vision.flow import Motion
from fer_core.vision.looks import look_distances
from fer_core.vision.track import COAST_S, Track

SURVIVES_S = 2.0
"""A face unseen for longer is a new one when it comes back: a second behind somebody, and half of one to go there and come back."""
UNCONFIRMED_S = 0.45
"""So long a face is shown that is only followed: no detection has found it since."""
SURE_SCORE = 0.7
"""A face as sure as this is shown at once, a weaker one when it is found a second time."""
CANDIDATE_S = 0.25
"""The second time must come within this."""
REACH, REACH_PER_S = 0.5, 1.5
"""How far from where it was expected a face may turn up, in its widths, and how much more a second unseen."""
MOST_SIZE_RATIO = 2.0
HIDDEN_COST = 0.25
"""Between a face just seen and one unseen for a while, that are equally near and alike, the first is meant."""
MOST_COST = 4.0
TOUCH = 0.05
"""Boxes that overlap by this share disturb each other: their looks and speeds are not to be learned from."""
COVERED, TOUCHED = 0.4, 0.1
"""A face that was not found is hidden behind one that was and covers this share of it; missed twice in a row, a smaller share will do."""


class Tracker:
    """Gives each face an id that stays while the person stays in view, hidden for up to a second or not."""

    def __init__(self) -> None:
        self._tracks: list[Track] = []
        self._last_id = 0
        self._size_wh = (0, 0)
        self._time_s = self._found_s = -np.inf

    @property
    def tracks(self) -> list[Track]:
        """All that is remembered, hidden ones and candidates included."""
        return self._tracks

    def begin(self, time_s: float, size_wh: tuple[int, int]) -> bool:
        """Forget who is gone for good; a change of the frames' size, or a time before the last one, starts anew.

        Returns:
            Whether it started anew.
        """
        anew = size_wh != self._size_wh or time_s < self._time_s
        if anew:
            self._tracks, self._found_s, self._time_s = [], -np.inf, time_s
        self._size_wh = size_wh
        self._tracks = [track for track in self._tracks if time_s - track.seen_s <= SURVIVES_S]
        self._tracks = [track for track in self._tracks if track.id or time_s - track.born_s <= CANDIDATE_S]
        return anew

    def advance(self, motions: dict[Track, Motion], time_s: float) -> None:
        """Let all faces go on to ``time_s``: as they were followed, those without a motion as they went."""
        passed_s, self._time_s = time_s - self._time_s, time_s
        alone = self._alone()
        for track, free in zip(self._tracks, alone, strict=True):
            track.advance(motions.get(track), passed_s, time_s, free)

    def followable(self) -> list[Track]:
        """Give the faces that are in sight: those shown, and those that may soon be."""
        return [track for track in self._tracks if self._in_sight(track)]

    def find(self, found: Detections, looks: np.ndarray) -> None:
        """Take in what a detector sees now, after ``advance``.

        Args:
            found: n faces.
            looks: (n, d) of ``describe_faces``.
        """
        time_s, passed_s = self._time_s, min(self._time_s - self._found_s, SURVIVES_S)
        alone = self._alone()
        pairs = dict(assign(self._costs(found.frames, looks), MOST_COST))
        apart = (overlap(found.frames, found.frames) > TOUCH).sum(axis=1) <= 1
        for row, column in pairs.items():
            track, free = self._tracks[row], bool(alone[row] and apart[column])
            again = track.found_s < time_s
            track.find(found.frames[column], found.keypoints[column], float(found.scores[column]), time_s, free)
            if free:
                track.remember(looks[column], passed_s)
            if not track.id and (again or track.score >= SURE_SCORE):
                self._name(track)
        for column in sorted(set(range(len(found))) - set(pairs.values())):
            self._add(found, looks, column)
        self._cover()
        self._found_s = time_s

    def visible(self) -> list[Track]:
        """Give the faces to show in this frame, the longest known first."""
        return sorted((track for track in self._tracks if track.id and self._in_sight(track)), key=lambda track: track.id)

    def _in_sight(self, track: Track) -> bool:
        confirmed = self._time_s - track.found_s <= UNCONFIRMED_S and self._time_s - track.seen_s <= COAST_S
        return confirmed and not track.covered

    def _costs(self, frames: np.ndarray, looks: np.ndarray) -> np.ndarray:
        """Cost of each known face (rows) being each one found (columns): (n, m), inf where that cannot be."""
        if not (self._tracks and len(frames)):
            return np.empty((len(self._tracks), len(frames)))
        known = np.array([track.frame for track in self._tracks])
        unseen_s = np.array([self._time_s - track.seen_s for track in self._tracks])[:, None]
        widths, found_widths = (
            np.array([track.width for track in self._tracks])[:, None],
            frames[None, :, 2] - frames[None, :, 0],
        )
        between = np.linalg.norm(_centres(known)[:, None] - _centres(frames)[None], axis=-1)
        away = between / (np.maximum(widths, found_widths) * (REACH + REACH_PER_S * unseen_s))
        grown = np.abs(np.log(np.maximum(found_widths, 1) / widths)) / np.log(MOST_SIZE_RATIO)
        differ = look_distances(np.array([track.look for track in self._tracks]), looks)
        costs: np.ndarray = away + grown + differ + HIDDEN_COST * (unseen_s > COAST_S)
        costs[(away > 1) | (grown > 1)] = np.inf
        return costs

    def _add(self, found: Detections, looks: np.ndarray, column: int) -> None:
        frame, keypoints = found.frames[column].astype(np.float64), found.keypoints[column].astype(np.float64)
        time_s = self._time_s
        track = Track(frame, keypoints, float(found.scores[column]), looks[column], time_s, time_s, time_s)
        self._tracks.append(track)
        if track.score >= SURE_SCORE:
            self._name(track)

    def _name(self, track: Track) -> None:
        self._last_id += 1
        track.id = self._last_id

    def _cover(self) -> None:
        """Hide whoever was not found where someone else was."""
        front = np.array([track.frame for track in self._tracks if track.found_s == self._time_s]).reshape(-1, 4)
        for track in self._tracks:
            track.missed += track.found_s < self._time_s
            share = (intersect(track.frame[None], front) / area_of(track.frame[None])).max(initial=0)
            track.covered = bool(track.missed and share > (COVERED if track.missed == 1 else TOUCHED))

    def _alone(self) -> np.ndarray:
        """Say of each face whether no other is near: (n,) bool."""
        frames = np.array([track.frame for track in self._tracks]).reshape(-1, 4)
        alone: np.ndarray = (overlap(frames, frames) > TOUCH).sum(axis=1) <= 1
        return alone


def _centres(frames: np.ndarray) -> np.ndarray:
    """Give the (n, 2) centres of (n, 4) xyxy boxes."""
    centres: np.ndarray = (frames[:, :2] + frames[:, 2:]) / 2
    return centres
