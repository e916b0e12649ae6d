"""Parts of a picture that are looked at one by one, so that what is small in it is large enough to be found."""

from collections.abc import Sequence

import numpy as np

from fer_core.vision.boxes import Box
from fer_core.vision.detection import INPUT_SIDE

TILE_STEP = 0.6
"""From a tile to the next, over its side, at most."""


def tile_boxes(size_wh: tuple[int, int], shares: Sequence[float]) -> list[Box]:
    """Cover a picture with overlapping square tiles.

    Args:
        size_wh: of the picture.
        shares: sides of the tiles over the picture's longest side, descending; tiles smaller than the detector's input would
            show nothing new, and are left out.

    Returns:
        Their boxes, cut at the picture's edges, in the order of ``shares``.
    """
    boxes = []
    for share in shares:
        side = round(share * max(size_wh))
        if side < INPUT_SIDE:
            break
        columns, rows = (_starts(length, side) for length in size_wh)
        boxes += [(x, y, min(x + side, size_wh[0]), min(y + side, size_wh[1])) for y in rows for x in columns]
    return boxes


def are_uncut(frames: np.ndarray, box: Box, size_wh: tuple[int, int]) -> np.ndarray:
    """Say which of (n, 4) faces found in a part of a picture are not cut by an edge that is the part's alone: (n,) bool."""
    begin, end = np.array(box[:2]), np.array(box[2:])
    inside = ((frames[:, :2] > begin) | (begin <= 0)) & ((frames[:, 2:] < end) | (end >= size_wh))
    return np.asarray(inside.all(axis=1))


def _starts(length: int, side: int) -> list[int]:
    if length <= side:
        return [0]
    steps = int(np.ceil((length - side) / (TILE_STEP * side)))
    starts: list[int] = np.rint(np.linspace(0, length - side, steps + 1)).astype(int).tolist()
    return starts
