"""Decimal pixels, read from text a block at a time."""

import numpy as np

from fer_core.labels import IMAGE_SIZE

PIXELS = IMAGE_SIZE * IMAGE_SIZE
"""Pixels of a row."""
_SPACE = 32
_ROWS = 8
"""Fields at a time: their arrays stay in the processor's cache, and small enough for the allocator to use again."""


def parse_pixels(text: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Read fields of decimal numbers separated by spaces.

    A field is accepted only where it holds nothing but digits and spaces, no number has more than three digits or exceeds
    255, and there are exactly 2,304 of them.

    Args:
        text: (m,) uint8, characters.
        starts: (n,) where each field begins in ``text``.
        ends: (n,) where it ends, exclusive.

    Returns:
        images: (n, 2304) uint8, zero where not accepted.
        accepted: (n,) bool.
    """
    images, accepted = np.zeros((len(starts), PIXELS), np.uint8), np.zeros(len(starts), bool)
    for first in range(0, len(starts), _ROWS):
        rows = slice(first, first + _ROWS)
        accepted[rows] = _parse_some(*_pack(text, starts[rows], ends[rows]), images[rows])
    return images, accepted


def _parse_some(packed: np.ndarray, bounds: np.ndarray, images: np.ndarray) -> np.ndarray:
    """Fill the images whose field is accepted; returns which ones are: (n,) bool."""
    last, values, wrong = _numbers(packed)
    places = np.flatnonzero(last)
    first = np.searchsorted(places, bounds)
    accepted = np.diff(first) == PIXELS
    if wrong.any():
        accepted &= ~np.logical_or.reduceat(wrong, bounds[:-1])
    numbers = values.take(places)
    if accepted.all():
        images[:] = numbers.reshape(-1, PIXELS)
    else:
        for row in np.flatnonzero(accepted):
            images[row] = numbers[first[row] : first[row + 1]]
    return np.asarray(accepted)


def _pack(text: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Copy the fields one after the other, each with four spaces before it, and spaces at the end."""
    lengths = np.maximum(ends - starts, 0) + 4
    bounds = np.concatenate(([0], np.cumsum(lengths)))
    packed = np.full(bounds[-1] + 4, _SPACE, np.uint8)
    for at, start, length in zip(bounds.tolist(), starts.tolist(), lengths.tolist(), strict=False):
        packed[at + 4 : at + length] = text[start : start + length - 4]
    return packed, bounds


def _numbers(packed: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where a number ends, the value there (uint8), and where something is no pixel; (m,) each."""
    digits = packed - np.uint8(48)
    is_digit = digits < 10
    wrong = ~is_digit & (packed != _SPACE)
    digits *= is_digit.view(np.uint8)
    last = is_digit.copy()
    last[:-1] &= ~is_digit[1:]
    hundreds, values = np.zeros_like(digits), digits.copy()
    values[1:] += digits[:-1] * np.uint8(10)
    np.multiply(digits[:-2], is_digit[1:-1].view(np.uint8), out=hundreds[2:])
    too_large = (hundreds > 2) | ((hundreds == 2) & (values > 55))
    too_large[3:] |= is_digit[:-3] & is_digit[1:-2] & is_digit[2:-1]
    wrong |= too_large & last
    values += hundreds * np.uint8(100)
    return last, values, wrong
