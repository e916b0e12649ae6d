"""Draws what was recognised onto a picture: boxes, labels, and the bars of the face in focus."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from fer_core.labels import EMOTIONS
from fer_core.vision.bars import Panel, draw_bars, panel_of
from fer_core.vision.boxes import area_of, intersect
from fer_core.vision.faces import Faces
from fer_core.vision.ink import Colour, text_colour
from fer_core.vision.marks import COLOURS, UNSURE, Pen, draw_box, label_sprite, text_sprite
from fer_core.vision.planes import Planes, size_of
from fer_core.vision.sprites import Sprite, even

Picture = TypeVar("Picture", np.ndarray, Planes)

MOST_COVERED = 0.05
"""Share of the panel that may lie on the face in focus; with more in every corner it is left out."""
MOST_HIDDEN = 0.3
"""Share of any other face that the panel may hide; with more in every corner it is left out."""
STAYS = 0.25
"""A label or panel stays where it is until another place hides less by this share of its area."""
SAME_SIZE = 2
"""A label's text keeps its size until another fits better by more pixels."""
LEAST_TEXT = 12


def draw_faces(picture: Picture, faces: Faces, *, bars: bool = True) -> Picture:
    """Draw boxes and labels, and bars for the face in focus, in sizes that suit the picture.

    Args:
        picture: (h, w, 3) BGR uint8 or the planes of a frame; left as it is.
        faces: what was recognised in it.
        bars: whether to draw the seven probabilities of the face in focus, where there is room beside it.

    Returns:
        A new picture of the same kind.
    """
    drawn = picture.copy() if isinstance(picture, Planes) else np.array(picture, order="C")
    Overlay().draw(drawn, faces, bars=bars)
    return drawn


@dataclass
class _Label:
    """Where a face's label stands, and in what size."""

    size: int
    place: int
    """0 above the box and 1 below, flush left; 2 and 3 flush right; 4 inside at the top."""


class Overlay:
    """Draws onto the pictures of one stream, and remembers where things stand, so that nothing hops about."""

    def __init__(self) -> None:
        self._labels: dict[int, _Label] = {}
        self._corner: int | None = None

    def draw(self, picture: np.ndarray | Planes, faces: Faces, *, bars: bool = True) -> None:
        """Draw boxes, labels and bars onto a picture, in place.

        Args:
            picture: (h, w, 3) BGR uint8 or planes, writable.
            faces: what was recognised in it.
            bars: whether to draw the bars, where there is room for them.
        """
        size_wh = size_of(picture)
        unit = min(max(min(size_wh[0] / 640, size_wh[1] / 480), 0.6), 6)
        self._labels = {key: label for key, label in self._labels.items() if key in faces.ids}
        small_first = [int(index) for index in np.argsort(area_of(faces.boxes), kind="stable")]
        for index in small_first:
            _draw_box(picture, faces.boxes[index], _look(faces, index)[1], unit)
        taken = np.empty((0, 4), np.int64)
        stamps = []
        for index in reversed(small_first):
            label, corner = self._place_label(faces, index, size_wh, unit, taken)
            taken = np.vstack([taken, [*corner, corner[0] + label.size_wh[0], corner[1] + label.size_wh[1]]])
            stamps.append((label, corner))
        if bars and faces.focus is not None:
            panel = panel_of(max(round(13 * unit), 11))
            free = self._free_corner(faces, faces.focus, panel, size_wh, taken)
            if free is not None:
                draw_bars(picture, panel, free, faces.probabilities[faces.focus], int(faces.labels[faces.focus]))
        for index, (label, corner) in zip(small_first, reversed(stamps), strict=True):
            self._draw_label(picture, faces, index, label, corner)

    def _place_label(
        self, faces: Faces, index: int, size_wh: tuple[int, int], unit: float, taken: np.ndarray
    ) -> tuple[Sprite, tuple[int, int]]:
        """Choose size and place: above or below the box, wherever it hides least; always inside the picture."""
        left, top, right, bottom = (int(value) for value in faces.boxes[index])
        fits = round(min(max(0.17 * (right - left), 14 * unit, LEAST_TEXT), max(24 * unit, LEAST_TEXT)))
        known = self._labels.get(int(faces.ids[index]))
        size = known.size if known and abs(known.size - fits) <= SAME_SIZE else fits
        name, colour = _look(faces, index)
        label = label_sprite(name, size, colour)[0]
        while label.size_wh[0] > size_wh[0] and size > 6:
            size -= 1
            label = label_sprite(name, size, colour)[0]
        width, height = label.size_wh
        gap = even(0.4 * size)
        limits = np.maximum(np.array(size_wh) - label.size_wh, 0)
        above, below, other = top - gap - height, bottom + gap, right - width
        places = [(left, above), (left, below), (other, above), (other, below), (left, top + gap)]
        corners = np.clip(places, 0, limits)
        corners -= corners % 2
        boxes = np.hstack([corners, corners + label.size_wh])
        hidden = intersect(boxes, faces.boxes).sum(axis=1) + 2 * intersect(boxes, taken).sum(axis=1)
        place = int(hidden.argmin())
        if known and hidden[known.place] <= hidden[place] + STAYS * width * height:
            place = known.place
        self._labels[int(faces.ids[index])] = _Label(size, place)
        return label, (int(corners[place, 0]), int(corners[place, 1]))

    def _draw_label(
        self, picture: np.ndarray | Planes, faces: Faces, index: int, label: Sprite, corner: tuple[int, int]
    ) -> None:
        name, colour = _look(faces, index)
        size = self._labels[int(faces.ids[index])].size
        right, top = label_sprite(name, size, colour)[1]
        share = text_sprite(f"{100 * faces.confidences[index]:.0f} %", size, text_colour(colour))
        label.stamp(picture, corner)
        share.stamp(picture, (corner[0] + right - share.size_wh[0], corner[1] + top))

    def _free_corner(
        self, faces: Faces, index: int, panel: Panel, size_wh: tuple[int, int], taken: np.ndarray
    ) -> tuple[int, int] | None:
        """Choose the corner where the panel hides least; None where it is too large or would hide a face."""
        (width, height), (wide, high) = panel.size_wh, size_wh
        margin = even(0.02 * wide)
        right, bottom = (wide - width - margin) // 2 * 2, (high - height - margin) // 2 * 2
        if min(right, bottom) < margin or width > 0.5 * wide:
            return None
        corners = [(margin, bottom), (right, bottom), (margin, margin), (right, margin)]
        panels = np.array([(x, y, x + width, y + height) for x, y in corners])
        common = intersect(panels, np.vstack([faces.boxes, taken]))
        hidden = common[:, : len(faces)]
        cost = (common.sum(axis=1) + len(EMOTIONS) * hidden[:, index]) / (width * height)
        free = (hidden[:, index] <= MOST_COVERED * width * height) & (hidden <= MOST_HIDDEN * area_of(faces.boxes)).all(axis=1)
        best, kept = int(np.where(free, cost, np.inf).argmin()), self._corner
        if kept is not None and free[kept] and cost[kept] <= cost[best] + STAYS:
            best = kept
        self._corner = best
        return corners[best] if free[best] else None


def _look(faces: Faces, index: int) -> tuple[str, Colour]:
    emotion = faces.emotions[index]
    return (f"unsure · {emotion}", UNSURE) if faces.unsure[index] else (emotion, COLOURS[emotion])


def _draw_box(picture: np.ndarray | Planes, box: np.ndarray, colour: Colour, unit: float) -> None:
    left, top, right, bottom = (int(value) // 2 * 2 for value in box)
    side = min(right - left, bottom - top)
    thin, thick = max(even(1.7 * unit), 2), max(even(3.6 * unit), 4)
    radius, arm = even(min(10 * unit, side / 4)), even(min(22 * unit, side / 3))
    draw_box(picture, (left, top, right, bottom), Pen(colour, radius, arm, thin, thick, max(round(unit), 1)))
