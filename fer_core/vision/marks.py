"""The sprites that mark a face: box, label and the bars of its seven probabilities."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from fer_core.labels import EMOTION_COLOURS
from fer_core.vision.ink import BLACK, Colour, parse_colour, rounded_mask, text_colour, text_mask
from fer_core.vision.planes import Planes
from fer_core.vision.sprites import Layer, Sprite, even

COLOURS = {name: parse_colour(colour) for name, colour in EMOTION_COLOURS.items()}
UNSURE: Colour = parse_colour("#5F6B7A")
PANEL: Colour = parse_colour("#10151C")
PANEL_ALPHA = 0.78
TRACK: Colour = parse_colour("#3A424E")
DIM: Colour = parse_colour("#C4CBD4")
EDGE_ALPHA = 0.6
"""Of the dark rim that keeps marks visible on any background."""
WIDEST_SHARE = "100 %"


@dataclass(frozen=True)
class Pen:
    """How a box is drawn, in pixels: all even but ``rim``."""

    colour: Colour
    radius: int
    arm: int
    """Of the strong corners, measured from the box's corner."""
    thin: int
    thick: int
    rim: int

    @property
    def margin(self) -> int:
        """How far it reaches outside the box."""
        return even(self.thick / 2 + self.rim)


@lru_cache(maxsize=256)
def box_sprites(pen: Pen) -> tuple[Sprite, ...]:
    """Draw what a box of any size is made of: four corners (clockwise from upper left), then its four sides in short."""
    reach = pen.arm + pen.margin
    side = 2 * reach
    layer = Layer(side, side)
    for grow, colour, alpha in ((pen.rim, BLACK, EDGE_ALPHA), (0, pen.colour, 1.0)):
        layer.paint(_ring(side, pen.margin, pen.radius, pen.thick + 2 * grow), (0, 0), colour, alpha)
    whole = layer.sprite()
    low, high = slice(0, reach), slice(reach, side)
    corners = [whole.part(*part) for part in ((low, low), (low, high), (high, high), (high, low))]
    return (*corners, *_sides(pen))


def draw_box(picture: np.ndarray | Planes, box: tuple[int, int, int, int], pen: Pen) -> None:
    """Draw a box of even xyxy: thin, with strong round corners."""
    left, top, right, bottom = box
    upper_left, upper_right, lower_right, lower_left, level, upright = box_sprites(pen)
    out, reach = pen.margin, pen.arm
    upper_left.stamp(picture, (left - out, top - out))
    upper_right.stamp(picture, (right - reach, top - out))
    lower_right.stamp(picture, (right - reach, bottom - reach))
    lower_left.stamp(picture, (left - out, bottom - reach))
    across, down = right - left - 2 * reach, bottom - top - 2 * reach
    for y in (top, bottom):
        _stamp_along(picture, level, (left + reach, y - level.size_wh[1] // 2), (across, level.size_wh[1]))
    for x in (left, right):
        _stamp_along(picture, upright, (x - upright.size_wh[0] // 2, top + reach), (upright.size_wh[0], down))


def _stamp_along(picture: np.ndarray | Planes, sprite: Sprite, corner: tuple[int, int], size_wh: tuple[int, int]) -> None:
    """Stamp a side piece by piece until it has its length."""
    (x, y), (width, height) = corner, size_wh
    level = sprite.size_wh[0] >= sprite.size_wh[1]
    step = max(sprite.size_wh)
    for start in range(0, width if level else height, step):
        if level:
            sprite.stamp(picture, (x + start, y), (min(step, width - start), height))
        else:
            sprite.stamp(picture, (x, y + start), (width, min(step, height - start)))


def _sides(pen: Pen, length: int = 512) -> tuple[Sprite, Sprite]:
    depth = 2 * even(pen.thin / 2 + pen.rim)
    layer = Layer(length, depth)
    for grow, colour, alpha in ((pen.rim, BLACK, EDGE_ALPHA), (0, pen.colour, 1.0)):
        line = pen.thin + 2 * grow
        layer.paint(np.full((line, length), 255, np.uint8), (0, (depth - line) // 2), colour, alpha)
    level = layer.sprite()
    return level, level.transposed()


def _ring(side: int, inset: int, radius: int, line: int) -> np.ndarray:
    """Draw the outline of a rounded square whose line's middle lies ``inset`` inside: (side, side) uint8."""
    half = line // 2
    outer, inner = side - 2 * inset + line, side - 2 * inset - line
    ring = np.zeros((side, side), np.uint8)
    start = inset - half
    ring[start : start + outer, start : start + outer] = rounded_mask(outer, outer, radius + half)
    if inner > 0:
        hole = rounded_mask(inner, inner, max(radius - half, 0))
        part = ring[start + line : start + line + inner, start + line : start + line + inner]
        np.minimum(part, 255 - hole, out=part)
    return ring


@lru_cache(maxsize=512)
def text_sprite(text: str, size: int, colour: Colour) -> Sprite:
    """Draw a line of text on nothing."""
    mask = text_mask(text, size)
    layer = Layer(mask.shape[1], mask.shape[0])
    layer.paint(mask, (0, 0), colour)
    return layer.sprite()


@lru_cache(maxsize=256)
def label_sprite(name: str, size: int, colour: Colour) -> tuple[Sprite, tuple[int, int]]:
    """Draw a filled label with a name, and room for a share in percent.

    Returns:
        The label; where the share's sprite ends, right and top, in it: it is as wide for any share.
    """
    ink, share = text_mask(name, size), text_mask(WIDEST_SHARE, size)
    pad_x, pad_y, gap = round(0.5 * size), even(0.32 * size), round(0.28 * size)
    width = even(ink.shape[1] + gap + share.shape[1] + 2 * pad_x)
    height = even(ink.shape[0] + 2 * pad_y)
    layer = Layer(width, height)
    radius = round(0.42 * size)
    layer.paint(rounded_mask(width, height, radius), (0, 0), BLACK, EDGE_ALPHA)
    layer.paint(rounded_mask(width - 2, height - 2, radius - 1), (1, 1), colour)
    layer.paint(ink, (pad_x, pad_y), text_colour(colour))
    return layer.sprite(), (2 * ((width - pad_x) // 2), pad_y)
