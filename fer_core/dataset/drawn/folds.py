"""What an expression, or age, folds in the skin."""

import numpy as np

from fer_core.dataset.drawn.curves import column, points, ribbon
from fer_core.dataset.drawn.features import Part
from fer_core.dataset.drawn.people import Values

_S = np.linspace(0, 1, 9)
_T = np.linspace(-1, 1, 13)
_TAPER = np.sin(np.pi * np.clip(_S, 0.06, 0.94))


def draw_folds(face: Values) -> list[Part]:
    """Frown lines, forehead lines, cheek folds, crow's feet and the dimples of the chin."""
    return [*_draw_frown(face), *_draw_forehead(face), *_draw_cheek_folds(face), *_draw_crows_feet(face), *_draw_chin(face)]


def _fold(line: np.ndarray, amount: np.ndarray, width: float, face: Values, taper: np.ndarray = _TAPER) -> Part:
    amount = np.clip(amount, 0, 1)
    outline = ribbon(line, column(width * (0.35 + 0.65 * amount)) * taper)
    return Part(outline, face["skin"] * (1 - 0.42 * amount), 0.0, amount > 0.14)


def _draw_frown(face: Values) -> list[Part]:
    low = column(face["brow_inner_y"])
    parts = []
    for side in (-1, 1):
        x = side * (1.35 - 0.35 * np.sin(np.pi * _S)) + 0 * low
        parts.append(_fold(points(x, low + 1.4 - 4.6 * _S), face["frown"], 1.0, face))
    return parts


def _draw_forehead(face: Values) -> list[Part]:
    parts = []
    amount = face["forehead"] + 0.25 * face["age"]
    for y, wide in ((5.6, 6.0), (7.4, 7.5), (9.2, 6.5)):
        line = points(wide * _T, y + 0.6 * _T**2 + 0 * column(amount))
        parts.append(_fold(line, amount * (0.75 if y < 6 else 0.9), 0.7, face, 1 - _T**4))
    return parts


def _draw_cheek_folds(face: Values) -> list[Part]:
    amount = face["fold"] + 0.3 * face["age"]
    parts = []
    for side in (-1, 1):
        start, end = face["nose_width"] + 0.9, face["mouth_width"] + 1.9
        bow = 1.3 * np.sin(np.pi * _S) * column(0.4 + face["cheek"])
        x = side * (column(start) * (1 - _S) + column(end) * _S + bow)
        y = column(face["nose_y"] - 1.6) * (1 - _S) + column(face["mouth_y"] + 0.4 * face["corner_y"] + 0.4) * _S
        parts.append(_fold(points(x, y), amount, 1.0, face))
    return parts


def _draw_crows_feet(face: Values) -> list[Part]:
    amount = face["crow"] + 0.15 * face["age"]
    parts = []
    for side in (-1, 1):
        for slope in (-1.5, 0.1, 1.5):
            x = side * (column(face["eye_x"] + face["eye_width"] + 0.9) + 2.3 * _S)
            parts.append(_fold(points(x, column(face["eye_y"]) + 0.35 * slope + slope * _S), amount * 0.8, 0.55, face))
    return parts


def _draw_chin(face: Values) -> list[Part]:
    bottom = face["mouth_y"] + face["corner_y"] * 0.1 + face["gap_lower"] + face["lip_lower"] + 1.7
    arc = points(3.1 * _T, column(bottom) + 0.9 * _T**2)
    parts = [_fold(arc, 0.2 + 0.55 * face["chin"], 0.9, face, 1 - _T**2)]
    for side in (-1, 1):
        line = points(
            side * column(face["mouth_width"] + 0.5 + 0 * bottom) + side * 0.7 * _S,
            column(face["mouth_y"] + 0.65 * face["corner_y"]) - 0.9 + 1.8 * _S,
        )
        parts.append(_fold(line, 0.25 + 0.3 * np.abs(face["corner_y"]), 0.6, face))
    return parts
