"""What every reader returns before splits are made of it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from fer_core.labels import IMAGE_SIZE

Progress = Callable[[float, str], None]
"""Called with the share done (0..1) and a short sentence."""


@dataclass(frozen=True, eq=False)
class Table:
    """Rows in file order.

    Attributes:
        images: (n, 48, 48) uint8.
        labels: (n,) uint8 in 0..6.
        splits: (n,) uint8, index into SPLITS.
        rows: (n,) int32, ascending; left-out rows keep their number, so that row k is the source's k-th.
        skipped: rows left out.
        converted: pictures brought to 48 x 48 gray.
        notes: sentences for the page.
    """

    images: np.ndarray
    labels: np.ndarray
    splits: np.ndarray
    rows: np.ndarray
    skipped: int = 0
    converted: int = 0
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.labels)


def join_images(parts: list[np.ndarray]) -> np.ndarray:
    """Join blocks of images to (n, 48, 48) uint8; there may be none."""
    empty = np.empty((0, IMAGE_SIZE, IMAGE_SIZE), np.uint8)
    return np.concatenate([part.reshape(-1, IMAGE_SIZE, IMAGE_SIZE) for part in parts]) if parts else empty
