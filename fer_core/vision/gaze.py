"""Where to look for faces next. One look at 192 x 192 pixels misses some: small ones, large ones, and those that fill a part.

So a stream is looked at in turn: as a whole, from farther away, and part by part; whoever was missed, or was seen for the first
time and not surely, gets a closer look in the next frame. No frame is looked at twice.
"""

from dataclasses import dataclass

import numpy as np

from fer_core.vision.boxes import Box
from fer_core.vision.budget import BUSY_S, any_near, detection_gap, is_due
from fer_core.vision.search import FAR_MARGIN
from fer_core.vision.tiles import tile_boxes
from fer_core.vision.track import Track

CLOSE_SIDES = (3.0, 6.0)
"""Sides of closer looks, in widths of the face, in turn: some faces are seen with much around them only, some with little."""
PART_SHARE, SMALL_SHARE = 0.75, 0.5
"""Sides of the parts over the frame's longest side."""
WHOLE_EVERY = 4
"""While nobody is known, each fourth look is at the whole frame; else all but each third ..."""
JUST_S = 0.3
"""... and all while a face seen this short ago is not followed, or two overlap."""


@dataclass(frozen=True)
class Look:
    """One look at a part of a frame."""

    box: Box
    """May reach beyond the frame."""
    should_find: tuple[Track, ...]
    """Whom it would show if they were where they are thought to be."""


class Gaze:
    """Chooses the looks of one stream."""

    def __init__(self) -> None:
        self._size_wh = (0, 0)
        self._parts: list[Box] = []
        self._turn = self._part = self._closer = 0
        self._last_s = self._wide_s = -np.inf
        self._closely = False

    def choose(self, tracks: list[Track], visible: list[Track], size_wh: tuple[int, int], time_s: float) -> Look | None:
        """Choose the look that is due at this frame, if any.

        Args:
            tracks: all that are remembered, as they are in this frame.
            visible: those of them that would be shown.
            size_wh: of the frame.
            time_s: now.
        """
        doubtful = _most_doubtful(tracks, [] if self._closely else visible)
        if doubtful is not None and is_due(BUSY_S, self._last_s, time_s):
            self._closely, self._last_s, self._closer = True, time_s, self._closer + 1
            return Look(_look_again(doubtful, self._closer), (doubtful,))
        if not is_due(detection_gap(tracks, visible), self._wide_s, time_s):
            return None
        self._closely, self._last_s, self._wide_s = False, time_s, time_s
        return self._look_widely(tracks, size_wh, time_s)

    def _look_widely(self, tracks: list[Track], size_wh: tuple[int, int], time_s: float) -> Look:
        if size_wh != self._size_wh:
            self._size_wh, self._parts = size_wh, _parts_of(size_wh)
        self._turn += 1
        whole = self._turn % 3 != 0 if tracks else self._turn % WHOLE_EVERY == 1
        lost = any(not track.followed and time_s - track.seen_s < JUST_S for track in tracks if track.id)
        if whole or lost or any_near(tracks, 0):
            return Look((0, 0, *size_wh), tuple(tracks))
        self._part += 1
        return Look(self._parts[(self._part - 1) % len(self._parts)], ())


def _parts_of(size_wh: tuple[int, int]) -> list[Box]:
    """Give the looks beside the one at the whole: from far, large parts, and after each round of them one of the small ones."""
    margin = round(FAR_MARGIN * max(size_wh))
    rounds = [(-margin, -margin, size_wh[0] + margin, size_wh[1] + margin), *tile_boxes(size_wh, (PART_SHARE,))]
    small = tile_boxes(size_wh, (SMALL_SHARE,))
    return [box for tile in small for box in (*rounds, tile)] or rounds


def _look_again(track: Track, turn: int) -> Box:
    """Look at a face closely, or, where it was found in a part of the frame, in each third turn at that part."""
    if track.id and track.part and turn % 3 == 0:
        return track.part
    return _box_about(track, CLOSE_SIDES[turn % len(CLOSE_SIDES)])


def _box_about(track: Track, sides: float) -> Box:
    half = sides / 2 * track.width
    left, top, right, bottom = np.rint([*(track.centre - half), *(track.centre + half)]).astype(int).tolist()
    return left, top, right, bottom


def _most_doubtful(tracks: list[Track], visible: list[Track]) -> Track | None:
    """Give who needs a closer look most: one seen for the first time, the surest first, else the one missed for longest."""
    new = [track for track in tracks if not track.id]
    if new:
        return max(new, key=lambda track: track.score)
    return min((track for track in visible if track.missed), key=lambda track: track.found_s, default=None)
