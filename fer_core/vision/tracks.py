"""Keeps one id a person: through hidden seconds, crossing paths and missed detections.

Why no tracker library: ByteTrack and its kin (supervision, trackers) and norfair count in frames, expect a detection in each,
and bring SciPy or more into the video's process; none looks at the faces. What is needed here is small: at most some tens of
faces, seconds instead of frames, and looks that decide where places cannot.
"""

from collections.abc import Sequence

import numpy as np

from fer_core.vision.assignment import assign
from fer_core.vision.boxes import Box, area_of, intersect
from fer_core.vision.detection import Detections
from fer_core.vision.flow import Motion
from fer_core.vision.looks import look_distances
from fer_core.vision.track import COAST_S, Track

SURVIVES_S = 2.0
"""A face unseen for longer is a new one when it comes back: a second behind somebody, half of one to go there and come out."""
UNCONFIRMED_S, MOST_LOOKS = 0.45, 3
"""So long a face is shown that is only followed, and longer until this many looks in a row have missed it."""
SURE_SCORE, NEW_SCORE = 0.7, 0.48
"""A face as sure as the first is shown at once; else when it is found again and both scores in the mean reach the second."""
LEAST_BELIEF = 0.46
"""What is found with less, in the mean of some looks, and was never sure, was no face."""
CANDIDATE_S = 0.35
"""The second time must come within this ..."""
MOST_MISSED = 2
"""... and before so many looks that should have found it."""
REACH, REACH_PER_S = 0.5, 1.5
"""How far from where it was expected a face may turn up, in its widths; and how much more a second unseen, if found surely."""
MOST_SIZE_RATIO = 2.0
HIDDEN_COST = 0.25
"""Of a face found the last time and one missed, equally near and alike, the first is meant."""
MOST_COST = 4.0
APART = 1.1
"""Faces whose centres are nearer, in widths of the larger, disturb each other: nothing is learned of their looks and speeds."""
OTHER_PACE = 0.6
"""Two faces go differently if their paces differ by so many widths a second."""
COVERED, TOUCHED = 0.4, 0.1
"""A face that was missed is hidden if one that was found covers this share of it; missed twice in a row, less will do."""


class Tracker:
    """Gives each face an id that stays while the person stays in view, hidden for up to a second or not."""

    def __init__(self) -> None:
        self._tracks: list[Track] = []
        self._dropped: list[Track] = []
        """Had an id, and were taken for no face a short while ago: a face found there now is the same one."""
        self._last_id = 0
        self._size_wh = (0, 0)
        self._time_s = self._found_s = -np.inf

    @property
    def tracks(self) -> list[Track]:
        """All that is remembered, hidden ones and candidates included."""
        return self._tracks

    @property
    def ids(self) -> list[int]:
        """Give all ids that may be seen again."""
        return [track.id for track in (*self._tracks, *self._dropped) if track.id]

    def begin(self, time_s: float, size_wh: tuple[int, int]) -> bool:
        """Forget who is gone for good; a change of the frames' size, or a time before the last one, starts anew.

        Returns:
            Whether it started anew.
        """
        anew = size_wh != self._size_wh or time_s < self._time_s
        if anew:
            self._tracks, self._dropped, self._found_s, self._time_s = [], [], -np.inf, time_s
        self._size_wh = size_wh
        self._tracks = [track for track in self._tracks if time_s - track.seen_s <= SURVIVES_S]
        self._dropped = [track for track in self._dropped if time_s - track.seen_s <= SURVIVES_S]
        self._tracks = [t for t in self._tracks if t.id or (time_s - t.born_s <= CANDIDATE_S and t.missed < MOST_MISSED)]
        return anew

    def advance(self, motions: dict[Track, Motion], time_s: float) -> None:
        """Let all faces go on to ``time_s``: as they were followed, those without a motion as they went."""
        passed_s, self._time_s = time_s - self._time_s, time_s
        near = _are_near(self._frames())
        borrowed = self._borrowed(motions, near, passed_s)
        for track, others in zip(self._tracks, near.sum(axis=1).tolist(), strict=True):
            track.advance(None if track in borrowed else motions.get(track), passed_s, time_s, others == 0)

    def _borrowed(self, motions: dict[Track, Motion], near: np.ndarray, passed_s: float) -> set[Track]:
        """Give those that went as a face near them does, and not as they did: what was followed is that face, before them."""
        if passed_s <= 0 or not near.any():
            return set()
        paces = np.array([track.pace for track in self._tracks]).reshape(-1, 2)
        borrowed = set()
        for row, track in enumerate(self._tracks):
            if track in motions and near[row].any():
                shift = motions[track].shift / passed_s
                away = np.linalg.norm(paces - shift, axis=1)
                differ = np.linalg.norm(paces - paces[row], axis=1) > OTHER_PACE * track.width
                if (near[row] & differ & (away < away[row])).any():
                    borrowed.add(track)
        return borrowed

    def followable(self) -> list[Track]:
        """Give the faces that are in sight: those shown, and those that may soon be."""
        return [track for track in self._tracks if self._in_sight(track)]

    def find(
        self, found: Detections, looks: np.ndarray, *, should_find: Sequence[Track] | None = None, part: Box | None = None
    ) -> None:
        """Take in what a detector sees now, after ``advance``.

        Args:
            found: n faces.
            looks: (n, d) of ``describe_faces``.
            should_find: the faces that were missed unless they were found; all of them unless given.
            part: what of the frame was looked at, where that was not all of it, nor about one face.
        """
        time_s, passed_s = self._time_s, min(self._time_s - self._found_s, SURVIVES_S)
        alone = _are_alone(self._frames())
        expected = self._tracks if should_find is None else [track for track in should_find if track in self._tracks]
        pairs = dict(assign(self._costs(found, looks), MOST_COST))
        apart = _are_alone(found.frames)
        for row, column in pairs.items():
            track, free = self._tracks[row], bool(alone[row] and apart[column])
            track.part = part or track.part
            if track.followed and not track.missed and track not in expected:
                continue  # its place is known; other looks frame a face somewhat differently
            track.find(found.frames[column], found.keypoints[column], float(found.scores[column]), time_s, free)
            if free:
                track.remember(looks[column], passed_s)
            if not track.id and (track.belief >= NEW_SCORE or track.score >= SURE_SCORE):
                self._name(track)
        for column in sorted(set(range(len(found))) - set(pairs.values())):
            if found.scores[column] >= NEW_SCORE or self._is_far(found.frames[column]):
                self._add(found, looks, column)
        self._dropped += [track for track in self._tracks if not _is_believed(track)]
        self._tracks = [track for track in self._tracks if _is_believed(track)]
        self._cover(expected)
        self._found_s = time_s

    def visible(self) -> list[Track]:
        """Give the faces to show in this frame, the longest known first."""
        return sorted((track for track in self._tracks if track.id and self._in_sight(track)), key=lambda track: track.id)

    def _in_sight(self, track: Track) -> bool:
        confirmed = track.missed <= MOST_LOOKS or self._time_s - track.found_s <= UNCONFIRMED_S
        return confirmed and self._time_s - track.seen_s <= COAST_S and not track.covered

    def _costs(self, found: Detections, looks: np.ndarray) -> np.ndarray:
        """Cost of each known face (rows) being each one found (columns): (n, m), inf where that cannot be."""
        frames = found.frames
        if not (self._tracks and len(frames)):
            return np.empty((len(self._tracks), len(frames)))
        unseen_s = np.array([self._time_s - track.seen_s for track in self._tracks])[:, None]
        missed = np.array([track.missed for track in self._tracks])[:, None]
        widths, found_widths = (
            np.array([track.width for track in self._tracks])[:, None],
            frames[None, :, 2] - frames[None, :, 0],
        )
        reach = np.maximum(widths, found_widths) * (REACH + REACH_PER_S * unseen_s * (found.scores >= NEW_SCORE))
        away = _distances(self._frames(), frames) / reach
        grown = np.abs(np.log(np.maximum(found_widths, 1) / widths)) / np.log(MOST_SIZE_RATIO)
        differ = look_distances(np.array([track.look for track in self._tracks]), looks)
        costs: np.ndarray = away + grown + differ + HIDDEN_COST * (missed > 0)
        costs[np.hypot(away, grown) > 1] = np.inf
        return costs

    def _add(self, found: Detections, looks: np.ndarray, column: int) -> None:
        frame, keypoints = found.frames[column].astype(np.float64), found.keypoints[column].astype(np.float64)
        time_s = self._time_s
        track = Track(frame, keypoints, float(found.scores[column]), looks[column], time_s, time_s, time_s)
        self._tracks.append(track)
        if track.score >= SURE_SCORE:
            self._name(track)

    def _name(self, track: Track) -> None:
        """Give a face its id: that of one dropped where it is, else a new one."""
        same = [other for other in self._dropped if _are_alike(other, track)]
        if same:
            before = max(same, key=lambda other: other.seen_s)
            self._dropped.remove(before)
            track.id = before.id
        else:
            self._last_id += 1
            track.id = self._last_id

    def _is_far(self, frame: np.ndarray) -> bool:
        """Say whether a face is far from all that are known: beside one, weak likenesses are nothing new."""
        known = np.array([track.frame for track in self._tracks if track.id]).reshape(-1, 4)
        return bool(_are_alone(np.concatenate([frame[None], known]))[0])

    def _cover(self, expected: Sequence[Track]) -> None:
        """Hide whoever was expected and not found where someone else was."""
        front = np.array([track.frame for track in self._tracks if track.found_s == self._time_s]).reshape(-1, 4)
        for track in expected:
            track.missed += track.found_s < self._time_s
            share = (intersect(track.frame[None], front) / area_of(track.frame[None])).max(initial=0)
            track.covered = bool(track.missed and share > (COVERED if track.missed == 1 else TOUCHED))

    def _frames(self) -> np.ndarray:
        return np.array([track.frame for track in self._tracks]).reshape(-1, 4)


def _are_alike(one: Track, other: Track) -> bool:
    """Say whether two faces are about in the same place and of the same size."""
    larger, smaller = max(one.width, other.width), min(one.width, other.width)
    away = float(np.linalg.norm(one.centre - other.centre))
    return away <= REACH * larger and larger <= MOST_SIZE_RATIO * smaller


def _is_believed(track: Track) -> bool:
    return not track.id or track.best >= SURE_SCORE or track.belief >= LEAST_BELIEF


def _are_alone(frames: np.ndarray) -> np.ndarray:
    """Say of each of (n, 4) boxes whether no other is near: (n,) bool."""
    alone: np.ndarray = _are_near(frames).sum(axis=1) == 0
    return alone


def _are_near(frames: np.ndarray) -> np.ndarray:
    """Say which of (n, 4) boxes are near to each other: (n, n) bool, none to itself."""
    if len(frames) < 2:
        return np.zeros((len(frames), len(frames)), bool)
    widths = frames[:, 2] - frames[:, 0]
    near: np.ndarray = _distances(frames, frames) < APART * np.maximum(widths[:, None], widths[None])
    np.fill_diagonal(near, False)
    return near


def _distances(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Give how far the centres of (n, 4) and (m, 4) xyxy boxes are apart: (n, m)."""
    centres, others = (left[:, :2] + left[:, 2:]) / 2, (right[:, :2] + right[:, 2:]) / 2
    distances: np.ndarray = np.linalg.norm(centres[:, None] - others[None], axis=-1)
    return distances
