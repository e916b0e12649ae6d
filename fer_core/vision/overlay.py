"""Draws what was recognised onto an image: boxes, labels, and the bars of the face in focus."""

import cv2
import numpy as np

from fer_core.labels import EMOTION_COLOURS, EMOTIONS
from fer_core.vision.boxes import area_of, intersect
from fer_core.vision.faces import Faces
from fer_core.vision.ink import BLACK, WHITE, Colour, parse_colour, rounded_mask, stamp, text_colour, text_mask

COLOURS = {name: parse_colour(colour) for name, colour in EMOTION_COLOURS.items()}
UNSURE: Colour = parse_colour("#5F6B7A")
PANEL: Colour = parse_colour("#10151C")
PANEL_ALPHA = 0.72
TRACK: Colour = parse_colour("#3A424E")
MOST_COVERED = 0.05
"""Share of the panel that may lie on the face in focus; with more in every corner it is left out."""


def draw_faces(image: np.ndarray, faces: Faces, *, bars: bool = True) -> np.ndarray:
    """Draw boxes and labels, and bars for the face in focus, in sizes that suit the image.

    Args:
        image: (h, w, 3) BGR uint8; left as it is.
        faces: what was recognised in it.
        bars: whether to draw the seven probabilities of the face in focus, where there is room beside it.

    Returns:
        A new (h, w, 3) BGR uint8.
    """
    drawn = np.array(image, order="C")
    unit = _unit(image)
    order = np.argsort(area_of(faces.boxes), kind="stable")
    looks = [_look(faces, index) for index in range(len(faces))]
    for index in order:
        _draw_box(drawn, faces.boxes[index], looks[index][1], unit)
    for index in order:
        _draw_label(drawn, faces.boxes, int(index), looks[index], unit)
    if bars and faces.focus is not None:
        _draw_bars(drawn, faces, faces.focus, unit)
    return drawn


def _unit(image: np.ndarray) -> float:
    """Give the size of everything relative to a 640 x 480 frame."""
    return float(np.clip(min(image.shape[0] / 480, image.shape[1] / 640), 0.6, 6))


def _look(faces: Faces, index: int) -> tuple[str, Colour]:
    emotion, share = faces.emotions[index], f"{100 * faces.confidences[index]:.0f} %"
    if faces.unsure[index]:
        return f"unsure · {emotion} {share}", UNSURE
    return f"{emotion} {share}", COLOURS[emotion]


def _draw_box(image: np.ndarray, box: np.ndarray, colour: Colour, unit: float) -> None:
    """Draw a thin rounded box with strong corners, on a dark line that keeps it visible on any background."""
    left, top, right, bottom = (int(value) for value in box)
    right, bottom = max(right - 1, left), max(bottom - 1, top)
    side = min(right - left, bottom - top)
    radius = int(min(10 * unit, side / 4))
    arm = int(min(22 * unit, side / 3))
    thin, thick = max(round(1.4 * unit), 1), max(round(3.2 * unit), 2)
    for extra, tone in ((2, BLACK), (0, colour)):
        _draw_outline(image, (left, top, right, bottom), radius, tone, thin + extra)
        _draw_corners(image, (left, top, right, bottom), radius, arm, (tone, thick + extra))


def _draw_outline(image: np.ndarray, box: tuple[int, int, int, int], radius: int, colour: Colour, line: int) -> None:
    left, top, right, bottom = box
    for y in (top, bottom):
        cv2.line(image, (left + radius, y), (right - radius, y), colour, line, cv2.LINE_AA)
    for x in (left, right):
        cv2.line(image, (x, top + radius), (x, bottom - radius), colour, line, cv2.LINE_AA)


def _draw_corners(image: np.ndarray, box: tuple[int, int, int, int], radius: int, arm: int, pen: tuple[Colour, int]) -> None:
    colour, line = pen
    left, top, right, bottom = box
    for x, y, angle in ((left, top, 180), (right, top, 270), (right, bottom, 0), (left, bottom, 90)):
        across, down = (1 if x == left else -1), (1 if y == top else -1)
        centre = (x + across * radius, y + down * radius)
        cv2.ellipse(image, centre, (radius, radius), angle, 0, 90, colour, line, cv2.LINE_AA)
        cv2.line(image, (centre[0], y), (x + across * arm, y), colour, line, cv2.LINE_AA)
        cv2.line(image, (x, centre[1]), (x, y + down * arm), colour, line, cv2.LINE_AA)


def _draw_label(image: np.ndarray, boxes: np.ndarray, index: int, look: tuple[str, Colour], unit: float) -> None:
    """Draw a filled label above or below the box, wherever it hides less of other faces; always inside the image."""
    text, colour = look
    left, top, right, bottom = (int(value) for value in boxes[index])
    size = round(min(max(0.17 * (right - left), 11 * unit), 17 * unit))
    ink = _fitting_text(text, max(size, 9), image.shape[1])
    size = ink.shape[0]
    pad_x, pad_y, gap = round(0.6 * size), round(0.34 * size), round(0.45 * size)
    label_wh = (ink.shape[1] + 2 * pad_x, ink.shape[0] + 2 * pad_y)
    limits = np.maximum(np.array(image.shape[1::-1]) - label_wh, 0)
    starts = np.clip([(left, top - gap - label_wh[1]), (left, bottom + gap), (left, top + gap)], 0, limits)
    hidden = intersect(np.hstack([starts, starts + label_wh]), boxes).sum(axis=1)
    x, y = (int(value) for value in starts[hidden.argmin()])
    stamp(image, rounded_mask(*label_wh, round(0.5 * size)), (x, y), colour)
    stamp(image, ink, (x + pad_x, y + pad_y), text_colour(colour))


def _fitting_text(text: str, size: int, width: int) -> np.ndarray:
    ink = text_mask(text, size)
    while ink.shape[1] + size > width and size > 6:
        size -= 1
        ink = text_mask(text, size)
    return ink


def _draw_bars(image: np.ndarray, faces: Faces, index: int, unit: float) -> None:
    """Draw the seven probabilities in the corner that hides least of the faces."""
    size = max(round(12 * unit), 9)
    pad, row = round(0.8 * size), round(1.5 * size)
    names = [text_mask(name, size) for name in EMOTIONS]
    name_width, bar_width = max(mask.shape[1] for mask in names), round(5.5 * size)
    figure_width = text_mask("100 %", size).shape[1]
    panel_wh = (name_width + bar_width + figure_width + 4 * pad, len(EMOTIONS) * row + 2 * pad - (row - size))
    corner = _free_corner(image, faces, index, panel_wh)
    if corner is None:
        return
    stamp(image, rounded_mask(*panel_wh, pad), corner, PANEL, PANEL_ALPHA)
    leading = int(faces.probabilities[index].argmax())
    for label, probability in enumerate(faces.probabilities[index]):
        top = corner[1] + pad + label * row
        left = corner[0] + pad
        tone = WHITE if label == leading else parse_colour("#C4CBD4")
        figure = text_mask(f"{100 * probability:.0f} %", size)
        bar_left = left + name_width + pad
        _stamp_middle(image, names[label], (left, top), size, tone)
        _draw_bar(
            image,
            (bar_left, top + size // 2),
            (bar_width, max(round(0.45 * size), 3)),
            float(probability),
            COLOURS[EMOTIONS[label]],
        )
        _stamp_middle(image, figure, (bar_left + bar_width + pad + figure_width - figure.shape[1], top), size, tone)


def _draw_bar(image: np.ndarray, start: tuple[int, int], size_wh: tuple[int, int], share: float, colour: Colour) -> None:
    width, height = size_wh
    corner = (start[0], start[1] - height // 2)
    stamp(image, rounded_mask(width, height, height // 2), corner, TRACK)
    filled = round(share * width)
    if filled:
        stamp(image, rounded_mask(width, height, height // 2)[:, :filled], corner, colour)


def _stamp_middle(image: np.ndarray, ink: np.ndarray, corner: tuple[int, int], height: int, colour: Colour) -> None:
    stamp(image, ink, (corner[0], corner[1] + (height - ink.shape[0]) // 2), colour)


def _free_corner(image: np.ndarray, faces: Faces, index: int, panel_wh: tuple[int, int]) -> tuple[int, int] | None:
    """Choose the corner where the panel hides least; None where it is too large or would hide the face in focus."""
    height, width = image.shape[:2]
    margin = max(round(0.02 * width), 2)
    free_wh = (width - panel_wh[0] - margin, height - panel_wh[1] - margin)
    if min(free_wh) < margin or panel_wh[0] > 0.5 * width:
        return None
    corners = [(margin, free_wh[1]), (free_wh[0], free_wh[1]), (margin, margin), (free_wh[0], margin)]
    panels = np.array([(x, y, x + panel_wh[0], y + panel_wh[1]) for x, y in corners])
    hidden = intersect(panels, faces.boxes) / (panel_wh[0] * panel_wh[1])
    best = int((hidden[:, index] * len(EMOTIONS) + hidden.sum(axis=1)).argmin())
    return corners[best] if hidden[best, index] <= MOST_COVERED else None
