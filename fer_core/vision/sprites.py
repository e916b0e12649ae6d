"""Small pictures with soft edges, made once and stamped onto many frames, be they BGR or planes.

A picture below is kept in part and the sprite's own colours are added: two whole-number operations a plane and stamp. All
sizes and places are even, so that one chroma pixel of a frame belongs to four pixels of brightness, at any place.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from fer_core.vision.ink import Colour
from fer_core.vision.planes import Planes

_LUMA = np.array([0.098, 0.504, 0.257], np.float32)
_BLUE = np.array([0.439, -0.291, -0.148], np.float32)
_RED = np.array([-0.071, -0.368, 0.439], np.float32)
"""BT.601, limited range, of BGR: what ``cv2.COLOR_BGR2YUV_I420`` does."""
_LUMA_OFFSET, _CHROMA_OFFSET = 16, 128

Place = tuple[int, int, int, int]
"""x, y, width and height."""
Cut = tuple[tuple[slice, slice], tuple[slice, slice]]


@dataclass(frozen=True, eq=False)
class Sprite:
    """A picture with soft edges; of even width and height, in bytes, as many are kept."""

    keep: np.ndarray
    """(h, w) uint8: how much stays of what is below, of 255."""
    colours: np.ndarray
    """(h, w, 3) uint8 BGR that is added to it."""
    luma: np.ndarray
    """(h, w) uint8, the same in brightness."""
    keep_halved: np.ndarray
    """(h / 2, w / 2) uint8."""
    chroma: tuple[np.ndarray, np.ndarray]
    """Blue and red, each (h / 2, w / 2) uint8."""

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.keep.shape[1], self.keep.shape[0]

    def part(self, rows: slice, columns: slice) -> "Sprite":
        """Cut out a part that begins and ends at even pixels."""
        half = tuple(slice(edge.start // 2, edge.stop // 2) for edge in (rows, columns))
        return self._each(lambda plane: plane[rows, columns], lambda plane: plane[half])

    def transposed(self) -> "Sprite":
        """Swap rows and columns."""
        return self._each(lambda plane: plane.swapaxes(0, 1), lambda plane: plane.T)

    def stamp(self, picture: np.ndarray | Planes, corner: tuple[int, int], size_wh: tuple[int, int] | None = None) -> None:
        """Draw onto a picture, in place; what lies outside is left out.

        Args:
            picture: (h, w, 3) BGR uint8 or planes, writable.
            corner: even xy of the sprite's upper left corner in the picture.
            size_wh: even; draws no more than this much of it from its upper left corner.
        """
        (x, y), (width, height) = corner, size_wh or self.size_wh
        if not isinstance(picture, Planes):
            _blend(picture, cv2.cvtColor(self.keep, cv2.COLOR_GRAY2BGR), self.colours, (x, y, width, height))
            return
        _blend(picture.y, self.keep, self.luma, (x, y, width, height))
        half = (x // 2, y // 2, width // 2, height // 2)
        _blend(picture.u, self.keep_halved, self.chroma[0], half)
        _blend(picture.v, self.keep_halved, self.chroma[1], half)

    def _each(self, whole: Callable[[np.ndarray], np.ndarray], half: Callable[[np.ndarray], np.ndarray]) -> "Sprite":
        keep, colours, luma = (np.ascontiguousarray(whole(plane)) for plane in (self.keep, self.colours, self.luma))
        keep_halved, blue, red = (np.ascontiguousarray(half(plane)) for plane in (self.keep_halved, *self.chroma))
        return Sprite(keep, colours, luma, keep_halved, (blue, red))


def stack(sprites: Sequence[Sprite]) -> Sprite:
    """Put sprites of one width below each other: one is stamped in less time than many."""
    planes = zip(*((one.keep, one.colours, one.luma, one.keep_halved, *one.chroma) for one in sprites), strict=True)
    keep, colours, luma, keep_halved, blue, red = (np.concatenate(parts) for parts in planes)
    return Sprite(keep, colours, luma, keep_halved, (blue, red))


class Layer:
    """Where a sprite is painted: transparent at first."""

    def __init__(self, width: int, height: int) -> None:
        """Begin with a size, rounded up to even numbers of at least 2."""
        self._alpha = np.zeros((even(max(height, 1)), even(max(width, 1))), np.float32)
        self._colours = np.zeros((*self._alpha.shape, 3), np.float32)

    def paint(self, mask: np.ndarray, corner: tuple[int, int], colour: Colour, alpha: float = 1.0) -> None:
        """Lay a colour over what is there.

        Args:
            mask: (h, w) uint8, 255 where there is ink.
            corner: xy of its upper left corner; what lies outside the layer is left out.
            colour: of the ink.
            alpha: of full ink, 0..1.
        """
        cut = _cut(self._alpha.shape, (*corner, mask.shape[1], mask.shape[0]))
        if cut is None:
            return
        here, there = cut
        ink = mask[there].astype(np.float32) * (alpha / 255)
        self._alpha[here] += (1 - self._alpha[here]) * ink
        self._colours[here] += (np.array(colour, np.float32) - self._colours[here]) * ink[..., None]

    def sprite(self) -> Sprite:
        """Give what was painted."""
        luma = self._colours @ _LUMA + _LUMA_OFFSET * self._alpha
        colours, alpha = _halved(self._colours), _halved(self._alpha)
        blue, red = (_bytes(colours @ row + _CHROMA_OFFSET * alpha) for row in (_BLUE, _RED))
        keep, keep_halved = (_bytes(255 * (1 - part)) for part in (self._alpha, alpha))
        return Sprite(keep, _bytes(self._colours), _bytes(luma), keep_halved, (blue, red))


def even(value: float) -> int:
    """Round up to an even number."""
    return 2 * math.ceil(value / 2)


def _blend(plane: np.ndarray, keep: np.ndarray, add: np.ndarray, place: Place) -> None:
    cut = _cut(plane.shape, place)
    if cut is None:
        return
    here, there = cut
    part = plane[here]
    if part.shape != keep.shape:
        keep, add = keep[there], add[there]
    cv2.multiply(part, keep, dst=part, scale=1 / 255)
    cv2.add(part, add, dst=part)


def _cut(shape: tuple[int, ...], place: Place) -> Cut | None:
    """Give where a rectangle lies in an array of this shape, and which part of it does; None if none."""
    x, y, width, height = place
    left, top = (x if x > 0 else 0), (y if y > 0 else 0)
    right, bottom = min(x + width, shape[1]), min(y + height, shape[0])
    if right <= left or bottom <= top:
        return None
    return (slice(top, bottom), slice(left, right)), (slice(top - y, bottom - y), slice(left - x, right - x))


def _bytes(values: np.ndarray) -> np.ndarray:
    rounded: np.ndarray = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return rounded


def _halved(values: np.ndarray) -> np.ndarray:
    """Average each two by two."""
    averages: np.ndarray = (values[::2, ::2] + values[1::2, ::2] + values[::2, 1::2] + values[1::2, 1::2]) / 4
    return averages
