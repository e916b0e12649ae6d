"""How well a face can be read in a picture, and what troubles it: light, distance, turn, blur, grain, the picture's edge.

Every trouble is measured in a quantity of its own and grows evenly from 0, where the quantity is ``fine``, to 1, where the
face is ``lost``; half way a hint is given. The limits were chosen by what it costs the models on FER2013's validation faces
(benchmarks/bench_framing.py). Brightness is taken as it comes: the limits are those of video (black 16, white 235); in a
picture of full range (0 to 255) the same face has a sixth more contrast, and is judged that little more mildly.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from fer_core.vision.crops import cut_square, face_squares

HINTS = {
    "far": "Come closer: the face is small in the picture.",
    "dark": "It is too dark: turn a lamp or a window towards the face.",
    "backlit": "The light comes from behind: turn round, or close the curtain.",
    "pale": "The face is washed out: less light on it, or a clean lens.",
    "grainy": "The picture is grainy: more light helps the camera.",
    "blurred": "The face is blurred: hold still, or clean the lens.",
    "turned": "Look towards the camera: the face is turned away.",
    "cut": "Move to the middle: part of the face is outside the picture.",
}
"""What to tell the person, by trouble."""

FACE_SIDE = 48
"""The face is measured at the size at which the models see it."""
MIDDLE = np.s_[4:44, 6:42]
"""Its skin, eyes and mouth, without hair and what is behind."""
DARK_MEAN = 90.0
"""A face of little contrast is dark below this mean brightness, else washed out."""
BACKLIGHT = 90.0
"""By how much the bright part of what surrounds a face of little contrast is brighter where the light comes from behind."""
BRIGHT_SHARE = 0.3
"""Share of the surroundings that is their bright part."""
LEAST_SAMPLES = 60
"""The surroundings are looked at in a grid of at least so many pixels along the picture's shorter side."""
CUT_WEIGHTS = (0.4, 0.5, 0.4, 1.0)
"""How much the share of a face beyond the left, upper, right and lower edge matters: its mouth matters most."""


@dataclass(frozen=True)
class Limits:
    """Between which values of its measured quantity a trouble grows from nothing to the worst."""

    fine: float
    lost: float

    def judge(self, measured: float) -> float:
        """Give how bad it is within 0..1."""
        return float(min(max((measured - self.fine) / (self.lost - self.fine), 0.0), 1.0))

    @property
    def hint(self) -> float:
        """The value from which a hint is given."""
        return (self.fine + self.lost) / 2


TROUBLES = {
    "width": Limits(48, 20),
    "contrast": Limits(17, 5),
    "glare": Limits(180, 235),
    "grain": Limits(0.58, 0.86),
    "sharpness": Limits(0.23, 0.09),
    "detail": Limits(0.05, 0.015),
    "turn": Limits(0.5, 1.3),
    "cut": Limits(0.08, 0.36),
}
"""What is measured, and its limits:

- width: of the face's box in pixels;
- contrast: standard deviation of the face's brightness;
- glare: mean of the face's brightness;
- grain and sharpness: how much of the change from pixel to pixel is sudden: variance of the second difference over that of
  the first, in the direction where it is less (a moving face is blurred in one direction only);
- detail: variance of the second difference over the contrast's, likewise; it tells a strong blur from the camera's noise;
- turn: by how much nearer the nose is to one ear than to the other, over the distance between the ears;
- cut: share of the face outside the picture, weighed by ``CUT_WEIGHTS``.
"""


@dataclass(frozen=True)
class Quality:
    """How well one face can be read."""

    value: float
    """0 (not at all) to 1; falls with each trouble."""
    hints: tuple[str, ...]
    """Names of HINTS, the worst first."""


def measure_quality(luma: np.ndarray, frames: np.ndarray, keypoints: np.ndarray, size_wh: tuple[int, int]) -> list[Quality]:
    """Judge how well each face can be read.

    Args:
        luma: (h, w) uint8, brightness of the picture, not empty.
        frames: (n, 4) float32 xyxy pixels, not clipped; n may be 0.
        keypoints: (n, 6, 2) float32 xy pixels in BlazeFace's order.
        size_wh: the picture's.

    Returns:
        n qualities.
    """
    frames = np.asarray(frames, np.float64).reshape(-1, 4)
    if not len(frames):
        return []
    around = _light_around(luma, frames)
    squares = face_squares(frames)
    measured = zip(squares, frames[:, 2] - frames[:, 0], measure_turns(keypoints), _measure_cuts(squares, size_wh), strict=True)
    qualities = []
    for square, width, turn, cut in measured:
        troubles = _judge_look(cut_square(luma, square), around)
        troubles["far"] = TROUBLES["width"].judge(width)
        troubles["turned"] = TROUBLES["turn"].judge(turn)
        troubles["cut"] = TROUBLES["cut"].judge(cut)
        qualities.append(_to_quality(troubles))
    return qualities


def measure_turns(keypoints: np.ndarray) -> np.ndarray:
    """Measure how far faces look past the camera.

    Args:
        keypoints: (n, 6, 2) xy pixels in BlazeFace's order.

    Returns:
        (n,) float64: 0 where the nose is midway between the ears along the line of the eyes, 1 where it is at one of them.
    """
    points = np.asarray(keypoints, np.float64)
    across = points[:, 1] - points[:, 0]
    nose, left, right = ((points[:, index] * across).sum(axis=1) for index in (2, 4, 5))
    width = np.abs(right - left)
    turns: np.ndarray = np.abs(2 * nose - left - right) / np.where(width > 0, width, np.inf)
    return turns


def _light_around(luma: np.ndarray, frames: np.ndarray) -> float:
    """Give the least brightness of the bright part of what is no face; 0 where all is face."""
    step = max(min(luma.shape) // LEAST_SAMPLES, 1)
    seen = luma[::step, ::step]
    free = np.ones(seen.shape, bool)
    for left, top, right, bottom in np.maximum(frames / step, 0).astype(int):
        free[top : bottom + 1, left : right + 1] = False
    outside = seen[free]
    if not len(outside):
        return 0.0
    place = int((1 - BRIGHT_SHARE) * (len(outside) - 1))
    return float(np.partition(outside, place)[place])


def _judge_look(patch: np.ndarray, around: float) -> dict[str, float]:
    """Judge light, grain and blur of a square with one face."""
    shrink = len(patch) > FACE_SIDE
    face = cv2.resize(patch, (FACE_SIDE, FACE_SIDE), interpolation=cv2.INTER_AREA if shrink else cv2.INTER_LINEAR)[MIDDLE]
    mean, contrast = (float(value[0, 0]) for value in cv2.meanStdDev(face))
    suddenness, bend = _measure_changes(face.astype(np.float32))
    light = "backlit" if around - mean >= BACKLIGHT else "dark" if mean < DARK_MEAN else "pale"
    troubles = {"pale": TROUBLES["glare"].judge(mean)}
    troubles[light] = max(TROUBLES["contrast"].judge(contrast), troubles.get(light, 0.0))
    troubles["grainy"] = TROUBLES["grain"].judge(suddenness)
    detail = bend / max(contrast, 1.0) ** 2
    troubles["blurred"] = max(TROUBLES["sharpness"].judge(suddenness), TROUBLES["detail"].judge(detail))
    return troubles


def _measure_changes(face: np.ndarray) -> tuple[float, float]:
    """Measure how a face (h, w) float32 changes from pixel to pixel.

    Returns:
        The variance of the second difference over that of the first, and the variance of the second, each in the
        direction, along rows or columns, where it is less.
    """
    shares, bends = [], []
    for before, here, after in (
        (face[:, :-2], face[:, 1:-1], face[:, 2:]),
        (face[:-2], face[1:-1], face[2:]),
    ):
        slope, bend = (float(cv2.meanStdDev(change)[1][0, 0]) ** 2 for change in (after - before, after + before - 2 * here))
        shares.append(bend / slope if slope > 0 else 0.0)
        bends.append(bend)
    return min(shares), min(bends)


def _measure_cuts(squares: np.ndarray, size_wh: tuple[int, int]) -> np.ndarray:
    """Give the share of each square (n, 4) xyxy outside the picture, weighed by the edge: (n,) float64."""
    beyond = np.concatenate([-squares[:, :2], squares[:, 2:] - size_wh], axis=1) / (squares[:, 2:3] - squares[:, :1])
    cuts: np.ndarray = np.clip(beyond, 0, 1) @ CUT_WEIGHTS
    return cuts


def _to_quality(troubles: dict[str, float]) -> Quality:
    value = float(np.prod([1 - trouble for trouble in troubles.values()]))
    hints = sorted((name for name, trouble in troubles.items() if trouble >= 0.5), key=lambda name: -troubles[name])
    return Quality(value, tuple(hints))
