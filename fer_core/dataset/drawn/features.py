"""The features of a face as polygons, in painting order."""

from typing import NamedTuple

import numpy as np

from fer_core.dataset.drawn.curves import column, ellipse, points, ribbon
from fer_core.dataset.drawn.people import Values

_T = np.linspace(-1, 1, 17)
"""From one end of a feature to the other."""
_S = np.linspace(0, 1, 11)


class Part(NamedTuple):
    """One polygon a face.

    Attributes:
        outline: (n, k, 2) float32, frame pixels before the pose; x from the middle of the face.
        tone: (n,) gray levels.
        depth: how far it lies before the surface of the head, frame pixels.
        shown: (n,) bool.
    """

    outline: np.ndarray
    tone: np.ndarray
    depth: float = 0.0
    shown: np.ndarray | None = None


def draw_eyes(face: Values) -> list[Part]:
    """Both eyes: white, iris, pupil, glint, lids, crease and the bag below."""
    return [part for side in (-1, 1) for part in _draw_eye(face, side)]


def _draw_eye(face: Values, side: int) -> list[Part]:
    outer = _T * side
    x = column(side * face["eye_x"]) + column(face["eye_width"]) * _T
    tilt = -column(face["eye_tilt"]) * outer
    middle = column(face["eye_y"]) + tilt
    arch = 1 - np.abs(_T) ** 2.3
    droop = column(face["lid_droop"]) * np.clip(outer, -0.2, 1)
    upper = middle - column(face["lid_upper"]) * arch * (1 - 0.12 * outer) + droop * arch
    lower = np.maximum(middle + column(face["lid_lower"]) * arch * (1 + 0.1 * outer), upper)
    white = np.concatenate((points(x, upper), points(x, lower)[:, ::-1]), axis=1)
    center_x = side * face["eye_x"] + face["gaze_x"]
    center_y = face["eye_y"] + face["gaze_y"] - 0.1
    skin, lashes = face["skin"], 0.75 + 0.75 * face["lashes"]
    taper = 1 - 0.55 * np.abs(_T) ** 3
    bag = points(x, middle + column(face["lid_lower"]) * arch + 1.2 + 0.5 * arch)
    crease = points(x, upper - 1.0 - 0.25 * arch)
    parts = [
        Part(ribbon(bag, column(0.2 + 0.5 * face["bag"]) * taper), skin * (0.93 - 0.2 * face["bag"])),
        Part(white, np.minimum(skin * 0.3 + 165, 232)),
    ]
    for radius, tone in ((2.15, face["iris"]), (1.05, np.full_like(skin, 14))):
        circle = ellipse((center_x, center_y), (radius, radius), 20)
        parts.append(Part(_clip_between(circle, x, upper, lower), tone))
    glint = ellipse((center_x - 0.75, center_y - 0.7), (0.5, 0.5), 8)
    parts += [
        Part(_clip_between(glint, x, upper, lower), np.full_like(skin, 245)),
        Part(ribbon(points(x, lower), 0.4 * taper), skin * 0.66),
        Part(ribbon(points(x, upper - 0.1), column(lashes) * taper), skin * 0.22),
        Part(ribbon(crease, 0.5 * taper), skin * 0.76),
    ]
    return parts


def _clip_between(outline: np.ndarray, x: np.ndarray, upper: np.ndarray, lower: np.ndarray) -> np.ndarray:
    """Press an outline between two curves over the same x."""
    share = (outline[..., 0] - x[:, :1]) / (x[:, -1:] - x[:, :1])
    at = np.clip(share, 0, 1) * (x.shape[1] - 1)
    index = np.minimum(at.astype(int), x.shape[1] - 2)
    rest = at - index

    def height(curve: np.ndarray) -> np.ndarray:
        left = np.take_along_axis(curve, index, axis=1)
        return np.asarray(left + rest * (np.take_along_axis(curve, index + 1, axis=1) - left))

    return points(outline[..., 0], np.clip(outline[..., 1], height(upper), height(lower)))


def draw_brows(face: Values) -> list[Part]:
    """Both brows, thick inside and thin outside."""
    parts = []
    controls = np.stack((face["brow_inner_y"], face["brow_middle_y"], face["brow_outer_y"]), axis=1)
    a, b, c = (controls[:, i : i + 1] for i in range(3))
    y = a * (1 - _S) * (1 - _S / 0.6) + b * _S * (1 - _S) / 0.24 + c * _S * (_S - 0.6) / 0.4
    width = column(face["brow_width"]) * (0.8 + 0.45 * np.sin(np.pi * np.minimum(_S * 1.4, 1))) * (1 - 0.75 * _S**2)
    tone = np.minimum(face["hair"] * 0.6, face["skin"] * 0.5)
    for side in (-1, 1):
        x = side * (column(face["brow_inner_x"]) + column(face["brow_length"]) * _S)
        parts.append(Part(ribbon(points(x, y), width), tone))
    return parts


def draw_nose(face: Values) -> list[Part]:
    """Wings, nostrils and the wrinkles over the bridge."""
    skin, y, wrinkle = face["skin"], face["nose_y"], face["nose_wrinkle"]
    wide = face["nose_width"] * (0.75 + 0.25 * face["nostril"])
    parts = []
    for side in (-1, 1):
        wing = points(
            side * (column(wide) * (0.92 + 0.22 * np.sin(np.pi * _S))), column(y) - 2.6 + 2.9 * _S + 0.2 * np.sin(np.pi * _S)
        )
        nostril = ellipse((side * wide * 0.47, y + 0.3), (0.95 * face["nostril"], 0.42 + 0.12 * face["nostril"]), 12)
        parts.append(Part(ribbon(wing, 0.75 * np.sin(np.pi * np.clip(_S, 0.08, 0.95))), skin * 0.62, 2.0))
        parts.append(Part(nostril, skin * 0.34, 3.5))
        for at in range(3):
            top = column(face["eye_y"]) + 0.6 + 1.9 * at
            fold = points(side * (0.5 + (2.0 + 0.45 * at) * _S) + 0 * top, top - 0.2 - 1.15 * _S + 0.8 * _S**2)
            parts.append(
                Part(
                    ribbon(fold, column(1.1 * wrinkle) * np.sin(np.pi * np.clip(_S, 0.1, 0.9))),
                    skin * (1 - 0.5 * np.clip(wrinkle, 0, 1)),
                    2.0,
                    wrinkle > 0.15,
                )
            )
    base = points(column(wide) * 0.62 * _T, column(y) + 0.95 - 0.25 * np.abs(_T))
    return [Part(ribbon(base, 0.6 * (1 - _T**2)), skin * 0.66, 3.0), *parts]


def draw_mouth(face: Values) -> list[Part]:
    """Cavity, tongue, teeth, lips and the line between them."""
    t = np.linspace(-1, 1, 21)
    skin, lips = face["skin"], face["skin"] * face["lips"]
    x = column(face["mouth_width"]) * t
    power = column(2.0 + 2.6 * np.clip(face["gap_square"], 0, 1))
    arch = 1 - np.abs(t) ** power
    middle = column(face["mouth_y"]) + column(face["corner_y"]) * (np.abs(t) ** 1.7 - 0.35)
    upper = middle - column(face["gap_upper"]) * arch
    lower = np.maximum(middle + column(face["gap_lower"]) * arch, upper)
    cupid = (1 - np.abs(t) ** 2.2) * (0.86 + 0.3 * np.exp(-(((np.abs(t) - 0.28) / 0.16) ** 2)))
    top = upper - column(face["lip_upper"]) * cupid
    bottom = lower + column(face["lip_lower"]) * (1 - np.abs(t) ** 2.4)

    def between(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return np.concatenate((points(x, a), points(x, b)[:, ::-1]), axis=1)

    is_open = (lower - upper).max(axis=1) > 0.35
    height = lower - upper
    upper_teeth = np.minimum(upper + column(0.4 + 1.9 * face["teeth_upper"]) * arch, lower)
    lower_teeth = np.maximum(lower - column(0.2 + 1.5 * face["teeth_lower"]) * arch, upper_teeth)
    tongue = np.maximum(lower - 0.42 * height * (1 - t**2), upper_teeth)
    white = np.minimum(skin * 0.2 + 185, 235)
    return [
        Part(between(top, upper + 0.2), lips * 0.93),
        Part(between(lower - 0.2, bottom), np.minimum(lips * 1.12, 235)),
        Part(between(upper, lower), np.minimum(skin * 0.2, 34), 0, is_open),
        Part(between(tongue, lower), np.minimum(skin * 0.42, 84), 0, is_open & (height.max(axis=1) > 2.8)),
        Part(between(lower_teeth, lower), white * 0.9, 0, is_open & (face["teeth_lower"] > 0.2)),
        Part(between(upper, upper_teeth), white, 0, is_open & (face["teeth_upper"] > 0.2)),
        Part(ribbon(points(x * 1.03, upper), 0.55 - 0.25 * t**2), skin * 0.3),
        Part(ribbon(points(x, bottom + 0.5), 0.5 * (1 - t**2)), skin * 0.74),
    ]
