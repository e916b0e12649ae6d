"""The panel with the seven probabilities of the face in focus."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from fer_core.labels import EMOTIONS
from fer_core.vision.ink import WHITE, Colour, rounded_mask, text_mask
from fer_core.vision.marks import COLOURS, DIM, PANEL, PANEL_ALPHA, TRACK, WIDEST_SHARE
from fer_core.vision.planes import Planes
from fer_core.vision.sprites import Layer, Sprite, even, stack


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

    def edges(self, label: int) -> tuple[int, int]:
        """Where the part that belongs to a label begins and ends."""
        begin, end = (self.pad // 4 * 2 + row * self.row for row in (label, label + 1))
        return begin if label else 0, end if label < len(EMOTIONS) - 1 else self.size_wh[1]

    def top(self, label: int, height: int) -> int:
        """Where something of this height begins in the row of a label."""
        return self.pad // 4 * 2 + label * self.row + (self.row - height) // 4 * 2


@lru_cache(maxsize=16)
def panel_of(size: int) -> Panel:
    """Give the panel of a text size, measured once."""
    return Panel(size)


def draw_bars(picture: np.ndarray | Planes, panel: Panel, corner: tuple[int, int], shares: np.ndarray, shown: int) -> None:
    """Draw the seven probabilities.

    Args:
        picture: BGR or planes, writable.
        panel: the sizes.
        corner: even xy of the panel's upper left corner.
        shares: (7,) within 0..1, in FER2013's order.
        shown: the label that is named at the face, the brighter row.
    """
    _whole(panel, tuple(round(100 * share) for share in shares.tolist()), shown).stamp(picture, corner)


@lru_cache(maxsize=16)
def _whole(panel: Panel, percents: tuple[int, ...], shown: int) -> Sprite:
    """Draw the panel; the figures change less often than the frames."""
    return stack([_row(panel, label, percent, label == shown) for label, percent in enumerate(percents)])


@lru_cache(maxsize=512)
def _row(panel: Panel, label: int, percent: int, shown: bool) -> Sprite:
    """Draw what of the panel belongs to a label, over its whole width."""
    above, below = panel.edges(label)
    layer, tone = Layer(panel.size_wh[0], below - above), WHITE if shown else DIM

    def paint(mask: np.ndarray, left: int, colour: Colour) -> None:
        layer.paint(mask, (left, panel.top(label, even(mask.shape[0])) - above), colour)

    layer.paint(rounded_mask(*panel.size_wh, panel.pad)[above:below], (0, 0), PANEL, PANEL_ALPHA)
    paint(text_mask(EMOTIONS[label], panel.size), panel.pad, tone)
    width, height = panel.bar_wh
    paint(rounded_mask(width, height, height // 2), panel.bar_left, TRACK)
    filled = 2 * round(percent / 100 * width / 2)
    if filled:
        paint(rounded_mask(max(filled, height), height, height // 2), panel.bar_left, COLOURS[EMOTIONS[label]])
    figure = text_mask(f"{percent} %", panel.size)
    paint(figure, panel.share_right - even(figure.shape[1]), tone)
    return layer.sprite()
