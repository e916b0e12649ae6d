"""The head around the features: hair, ears, neck, outline, glasses."""

import numpy as np

from fer_core.dataset.drawn.curves import column, ellipse, points, ribbon, smooth
from fer_core.dataset.drawn.features import Part
from fer_core.dataset.drawn.people import Values

_HEIGHTS = np.array([-2.0, 3.0, 10.0, 18.0, 27.0, 35.0, 41.0])
_WIDTHS = np.array([0.55, 0.80, 0.96, 1.0, 0.965, 0.83, 0.60])
_S = np.linspace(0, 1, 11)
_T = np.linspace(-1, 1, 17)
RIGID = -99.0
"""Depth of what keeps its place when the head turns: the outline and what lies behind it."""


def draw_back(face: Values) -> list[Part]:
    """What lies behind the face: hair, neck, ears; then the outline of the face."""
    skin, hair = face["skin"], face["hair"]
    parts = [Part(_hair_outline(face), hair * 0.8, RIGID)]
    wide = face["face_width"] * 0.62
    neck = points(column(wide) * np.array([-1, 1, 1.25, -1.25]), np.array([36.0, 36, 62, 62]))
    parts.append(Part(neck, skin * 0.62, RIGID))
    for side in (-1, 1):
        x = side * (face["face_width"] + 0.7)
        shown = face["ear"] > 0.5
        ear = ellipse((x, 22.0), (2.0, 4.6), 16)
        inner = ellipse((x + side * 0.2, 22.0), (1.0, 3.0), 14)
        parts += [Part(ear, skin * 0.86, RIGID, shown), Part(inner, skin * 0.66, RIGID, shown)]
    return [*parts, Part(outline_face(face), skin, RIGID)]


def outline_face(face: Values) -> np.ndarray:
    """The contour of forehead, cheeks, jaw and chin: (n, k, 2)."""
    chin = face["chin_y"] + face["jaw"]
    stretch = (chin - 18.0) / (46.6 - 18.0)
    heights = np.where(_HEIGHTS < 18, _HEIGHTS, 18 + (_HEIGHTS - 18) * column(stretch))
    narrow = 1 + (column(face["jaw_width"]) - 1) * np.clip((_HEIGHTS - 18) / 15, 0, 1.6)
    widths = _WIDTHS * narrow * column(face["face_width"])
    n = len(chin)
    y = smooth(np.concatenate((heights, column(chin - 0.9), column(chin)), axis=1), 25)
    x = smooth(np.concatenate((widths, column(face["face_width"] * 0.3 * face["jaw_width"]), np.zeros((n, 1))), axis=1), 25)
    return np.concatenate((points(x, y), points(-x, y)[:, ::-1]), axis=1)


def outline_head(face: Values) -> list[np.ndarray]:
    """What the light models as a head: hair, neck and face."""
    return [part.outline for part in draw_back(face) if part.shown is None]


def _hair_outline(face: Values) -> np.ndarray:
    wide, long = column(face["hair_width"]), column(face["hair_length"])
    angle = np.linspace(np.pi, 2 * np.pi, 17)
    x = np.concatenate((wide * np.cos(angle), wide * np.array([1.02, 0.98, 0.9]), -wide * np.array([0.9, 0.98, 1.02])), axis=1)
    down = 14 + (long - 14) * np.array([0.5, 0.85, 1.0])
    y = np.concatenate((14 + 21 * np.sin(angle) + 0 * wide, down, down[:, ::-1]), axis=1)
    return points(x, y)


def draw_hair(face: Values) -> list[Part]:
    """Hair before the forehead: a rounded hairline, sideburns, and strands from the parting."""
    half, parting = column(face["face_width"] * 1.02), column(face["parting"])
    x = half * _T
    away = (x - parting) / half
    line = column(face["hairline_y"]) + column(face["fringe"]) * away**2 + column(face["temple"]) * np.abs(_T) ** 4
    line = line + column(face["wave"]) * np.sin(7 * _T + parting)
    line[:, [0, -1]] = np.maximum(line[:, [0, -1]], column(np.minimum(face["hair_length"] - 2, 19)))
    crown = points(x * column(face["hair_width"]) / half, 14 - 21.5 * np.sqrt(1 - _T**2) + 0 * x)
    parts = [Part(np.concatenate((points(x, line), crown[:, ::-1]), axis=1), face["hair"], RIGID)]
    for number in range(1, len(_T) - 1):
        root, end = parting * 0.5, line[:, number : number + 1]
        bend = points(root + (x[:, number : number + 1] - root) * _S**0.7, -5 + (end + 5.4) * _S**1.6)
        tone = face["hair"] * (0.78 if number % 2 else 1.0) + (0 if number % 2 else 16)
        parts.append(Part(ribbon(bend, 0.9 * _S * (1.25 - _S)), tone, RIGID))
    return parts


def draw_glasses(face: Values) -> list[Part]:
    """Two rims, a bridge and the temples."""
    shown, tone = face["glasses"] > 0.5, np.minimum(face["hair"] * 0.5, 50)
    n = len(tone)
    angle = np.linspace(0, 2 * np.pi, 25)
    parts = []
    for side in (-1, 1):
        x = column(side * (face["eye_x"] + 0.2)) + 6.1 * np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** 0.7
        y = column(face["eye_y"] + 0.7) + 4.9 * np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** 0.7
        parts.append(Part(ribbon(points(x, y), np.full(25, 0.85)), tone, 2.0, shown))
        temple = points(side * (face["eye_x"][:, None] + 6.2 + 5 * _S), column(face["eye_y"] - 0.4) - 0.5 * _S)
        parts.append(Part(ribbon(temple, np.full(11, 0.8)), tone, 0.0, shown))
    bridge = points(
        3.0 * np.linspace(-1, 1, 7) + np.zeros((n, 1)), column(face["eye_y"]) - 0.2 + 0.8 * np.linspace(-1, 1, 7) ** 2
    )
    return [*parts, Part(ribbon(bridge, np.full(7, 0.9)), tone, 3.0, shown)]
