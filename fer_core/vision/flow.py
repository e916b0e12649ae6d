"""Follows faces from one frame to the next by their texture, for a tenth of what finding them costs.

Median flow (Kalal, Mikolajczyk and Matas 2010, "Forward-Backward Error"): a grid of points on each face is followed by
Lucas-Kanade in a reduced gray picture, there and back; the medians of what came back to its place are the face's motion.
"""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

FLOW_SIDE = 320
"""About the longest side of the reduced picture. The detector itself looks at 192."""
MOST_FOLLOWED = 8
"""The largest faces of a frame are followed, so that a crowd costs no more."""
GRID = 4
"""Each face gets 4 x 4 points."""
INNER = 0.7
"""Side of the grid over the face's: what lies nearer to the edge may be background."""
WINDOW, LEVELS = 11, 2
MARGIN = 0.4
"""Picture about the faces that is looked at, in widths of each."""
RETURN_PX = 0.7
"""A point that comes back farther from where it started was lost (pixels of the reduced picture)."""
LEAST_RETURNED = 0.4
"""Share of a face's points that must come back."""
MOST_SPREAD = 0.05
"""Median distance of a face's points from where its motion puts them, over its width."""
MOST_CHANGE = 16.0
"""Median difference of brightness about the points between both frames: more means that something came in between."""
MOST_SCALE = 1.25
MOST_SHIFT = 1.0
"""In widths of the face: what moved farther in one frame was not followed."""
_STEPS = (np.linspace(-INNER, INNER, GRID) + 1) / 2
_SHARES = np.stack(np.meshgrid(_STEPS, _STEPS), axis=-1).reshape(-1, 2)


@dataclass(frozen=True, eq=False)
class Motion:
    """How one face moved from the last frame to this one, about its centre."""

    shift: np.ndarray
    """(2,) float64 xy pixels."""
    scale: float
    turn: float
    """Degrees clockwise."""

    def move(self, points: np.ndarray, centre: np.ndarray) -> np.ndarray:
        """Move (..., 2) points of the face, whose centre was at ``centre``, turned and scaled about it."""
        angle = np.radians(self.turn)
        turned = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        moved: np.ndarray = (points - centre) @ turned * self.scale + centre + self.shift
        return moved


class Flow:
    """Remembers the last frame, much reduced."""

    def __init__(self) -> None:
        self._last: np.ndarray | None = None

    def follow(self, luma: np.ndarray, frames: np.ndarray) -> list[Motion | None]:
        """Follow faces into the next frame, and remember it.

        Args:
            luma: (h, w) uint8, brightness of any range; read only.
            frames: (n, 4) xyxy pixels in the last frame.

        Returns:
            How each moved; None for one that could not be followed, and for all after no frame or one of another size.
        """
        small, factor = reduce(luma)
        last, self._last = self._last, small
        motions: list[Motion | None] = [None] * len(frames)
        if last is None or last.shape != small.shape or not len(frames):
            return motions
        widths = frames[:, 2] - frames[:, 0]
        chosen = np.argsort(-widths, kind="stable")[:MOST_FOLLOWED]
        scaled = frames[chosen] / factor
        points = (scaled[:, None, :2] + _SHARES * (scaled[:, None, 2:] - scaled[:, None, :2])).astype(np.float32)
        ahead, back, change = _track(last, small, points, _surroundings(scaled, small.shape))
        returned = np.linalg.norm(back - points, axis=-1) <= RETURN_PX
        for row, index in enumerate(chosen):
            kept = returned[row]
            if kept.mean() >= LEAST_RETURNED and _middle(change[row, kept]) <= MOST_CHANGE:
                motions[index] = _motion(points[row, kept] * factor, ahead[row, kept] * factor, frames[index])
        return motions


def reduce(luma: np.ndarray) -> tuple[np.ndarray, int]:
    """Shrink a picture by a whole factor to about ``FLOW_SIDE``: a new (h, w) uint8, and the factor."""
    height, width = luma.shape
    factor = max(1, round(max(height, width) / FLOW_SIDE))
    size = (max(width // factor, 1), max(height // factor, 1))
    whole = luma[: size[1] * factor, : size[0] * factor]
    if factor == 1:
        return whole.copy(), 1
    if factor > 2:  # the mean of four points of each block: all of a 4K picture's would cost more than the following
        whole = cv2.resize(whole, (2 * size[0], 2 * size[1]), interpolation=cv2.INTER_NEAREST)
    return cv2.resize(whole, size, interpolation=cv2.INTER_AREA), factor


def _surroundings(frames: np.ndarray, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    """Give what of a picture of ``shape`` must be looked at: left, top, right, bottom; at least one pixel."""
    margin = MARGIN * (frames[:, 2:] - frames[:, :2])
    left, top = np.clip((frames[:, :2] - margin).min(axis=0), 0, [shape[1] - 1, shape[0] - 1]).astype(int).tolist()
    right, bottom = np.clip((frames[:, 2:] + margin).max(axis=0) + 1, 1, [shape[1], shape[0]]).astype(int).tolist()
    return left, top, max(right, left + 1), max(bottom, top + 1)


def _track(
    last: np.ndarray, this: np.ndarray, points: np.ndarray, part: tuple[int, int, int, int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Follow (n, k, 2) points there and back within a part of both pictures; lost ones come back at infinity."""
    left, top, right, bottom = part
    offset = np.array([left, top], np.float32)
    start = (points - offset).reshape(-1, 1, 2)
    pictures = last[top:bottom, left:right], this[top:bottom, left:right]
    ahead, found, change = _lucas_kanade(pictures[0], pictures[1], start)
    back, found_back, _ = _lucas_kanade(pictures[1], pictures[0], ahead)
    size = np.array([right - left, bottom - top])
    inside = ((start >= 0) & (start < size)).all(axis=-1)
    back[(found & found_back == 0) | ~inside] = np.inf
    return (
        (ahead + offset.reshape(1, 1, 2)).reshape(points.shape),
        (back + offset).reshape(points.shape),
        change.reshape(points.shape[:2]),
    )


def _lucas_kanade(last: np.ndarray, this: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Follow (n, 1, 2) float32 points: where they went, whether they were found, and how their surroundings changed."""
    empty = np.empty_like(points)
    return cv2.calcOpticalFlowPyrLK(  # arrays in, arrays out
        last, this, points, empty, winSize=(WINDOW, WINDOW), maxLevel=LEVELS, criteria=(3, 10, 0.03)
    )


def _motion(old: np.ndarray, new: np.ndarray, frame: np.ndarray) -> Motion | None:
    """Find the motion that most of (k, 2) points share; None where they disagree or the motion is beyond belief."""
    before, after = (points[:, 0] + 1j * points[:, 1] for points in (old, new))
    first, second = _pairs(len(old))
    apart = before[first] - before[second]
    ratios = (after[first] - after[second]) / apart
    scale, turn = _middle(np.abs(ratios)), _middle(np.angle(ratios))
    centre = complex(frame[0] + frame[2], frame[1] + frame[3]) / 2
    rest = after - (before - centre) * scale * np.exp(1j * turn) - centre
    shift = complex(_middle(rest.real), _middle(rest.imag))
    width = frame[2] - frame[0]
    believed = 1 / MOST_SCALE <= scale <= MOST_SCALE and abs(shift) <= MOST_SHIFT * width
    if not believed or _middle(np.abs(rest - shift)) > max(MOST_SPREAD * width, 1.0):
        return None
    return Motion(np.array([shift.real, shift.imag]), scale, float(np.degrees(turn)))


@cache
def _pairs(n: int) -> tuple[np.ndarray, np.ndarray]:
    return np.triu_indices(n, 1)


def _middle(values: np.ndarray) -> float:
    """Give the (upper) median, faster than ``np.median``."""
    half = len(values) // 2
    return float(np.partition(values, half)[half])
