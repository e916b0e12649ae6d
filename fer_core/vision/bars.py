"""The panel with the seven probabilities of the face in focus."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from fer_core.labels import EMOTIONS
from fer_core.vision.ink import WHITE, rounded_mask, text_mask
from fer_core.vision.marks import COLOURS, DIM, PANEL, PANEL_ALPHA, TRACK, WIDEST_SHARE, text_sprite
from fer_core.vision.planes import Planes
from fer_core.vision.sprites import Layer, Sprite, even


@dataclass(frozen=True)
class Panel:
    """Where things stand in a panel whose text has this size; pixels, all even."""

    size: int

    @cached_property
    def pad(self) -> int:
        """Free space around and between columns."""
        return even(0.75 * self.size)

    @cached_property
    def row(self) -> int:
        """From one row to the next."""
        return even(1.5 * self.size)

    @cached_property
    def bar_left(self) -> int:
        """Where bars begin."""
        return self.pad + even(max(text_mask(name, self.size).shape[1] for name in EMOTIONS)) + self.pad

    @cached_property
    def bar_wh(self) -> tuple[int, int]:
        """Of a full bar."""
        return even(5.2 * self.size), max(even(0.45 * self.size), 4)

    @cached_property
    def share_right(self) -> int:
        """Where the shares end."""
        return self.bar_left + self.bar_wh[0] + even(text_mask(WIDEST_SHARE, self.size).shape[1] + 0.5 * self.size)

    @cached_property
    def size_wh(self) -> tuple[int, int]:
        """Of the whole."""
        return self.share_right + self.pad, len(EMOTIONS) * self.row + self.pad

    def top(self, label: int, height: int) -> int:
        """Where something of this height begins in the row of a label."""
        return self.pad // 4 * 2 + label * self.row + (self.row - height) // 4 * 2


def draw_bars(picture: np.ndarray | Planes, panel: Panel, corner: tuple[int, int], shares: np.ndarray, shown: int) -> None:
    """Draw the seven probabilities.

    Args:
        picture: BGR or planes, writable.
        panel: the sizes.
        corner: even xy of the panel's upper left corner.
        shares: (7,) within 0..1, in FER2013's order.
        shown: the label that is named at the face, the brighter row.
    """
    x, y = corner
    _background(panel).stamp(picture, corner)
    for label, share in enumerate(shares):
        tone = WHITE if label == shown else DIM
        figure = text_sprite(f"{100 * share:.0f} %", panel.size, tone)
        figure.stamp(picture, (x + panel.share_right - figure.size_wh[0], y + panel.top(label, figure.size_wh[1])))
        filled = 2 * round(float(share) * panel.bar_wh[0] / 2)
        if filled:
            bar = _bar(EMOTIONS[label], max(filled, panel.bar_wh[1]), panel.bar_wh[1])
            bar.stamp(picture, (x + panel.bar_left, y + panel.top(label, panel.bar_wh[1])))
    name = text_sprite(EMOTIONS[shown], panel.size, WHITE)
    name.stamp(picture, (x + panel.pad, y + panel.top(shown, name.size_wh[1])))


@lru_cache(maxsize=16)
def _background(panel: Panel) -> Sprite:
    layer = Layer(*panel.size_wh)
    layer.paint(rounded_mask(*panel.size_wh, panel.pad), (0, 0), PANEL, PANEL_ALPHA)
    for label, name in enumerate(EMOTIONS):
        ink = text_mask(name, panel.size)
        layer.paint(ink, (panel.pad, panel.top(label, even(ink.shape[0]))), DIM)
        track = rounded_mask(*panel.bar_wh, panel.bar_wh[1] // 2)
        layer.paint(track, (panel.bar_left, panel.top(label, panel.bar_wh[1])), TRACK)
    return layer.sprite()


@lru_cache(maxsize=512)
def _bar(name: str, width: int, height: int) -> Sprite:
    layer = Layer(width, height)
    layer.paint(rounded_mask(width, height, height // 2), (0, 0), COLOURS[name])
    return layer.sprite()
