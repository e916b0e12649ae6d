"""A dataset in memory (or memory-mapped): labelled faces in up to three splits."""

from dataclasses import dataclass

import numpy as np

from fer_core.errors import DatasetError
from fer_core.labels import EMOTIONS

SAMPLE = "sample"
"""The source that names the drawn sample."""


@dataclass(frozen=True, eq=False)
class Split:
    """The rows of one split, in file order.

    Attributes:
        name: train, validation or test.
        images: (n, 48, 48) uint8, read-only, maybe memory-mapped.
        labels: (n,) uint8 in 0..6, read-only.
        rows: (n,) int32, ascending, read-only; numbers from 0 in file order over the whole dataset.
        digest: hex SHA-256, equal for equal splits whatever the layout (see digest.py).
    """

    name: str
    images: np.ndarray
    labels: np.ndarray
    rows: np.ndarray
    digest: str

    def __len__(self) -> int:
        return len(self.labels)

    def without(self, rows: np.ndarray) -> "Split":
        """Give the split less some rows (k,), which need not all be in it; its digest is empty."""
        kept = ~np.isin(self.rows, rows)
        return Split(self.name, self.images[kept], self.labels[kept], self.rows[kept], "")

    def counts(self) -> np.ndarray:
        """Images of each emotion: (7,) int64, in label order."""
        return np.bincount(self.labels, minlength=len(EMOTIONS)).astype(np.int64)


@dataclass(frozen=True, eq=False)
class Dataset:
    """All splits of one source.

    Attributes:
        name: what a person calls it.
        source: ``sample``, or the path it was read from.
        digest: hex SHA-256 over all rows (see digest.py).
        splits: the splits that have rows, in the order train, validation, test.
        skipped: rows or files left out as unreadable (0 unless asked for).
        converted: pictures brought to 48 x 48 gray from another size, colour or depth.
        notes: sentences a page should show with the dataset.
    """

    name: str
    source: str
    digest: str
    splits: dict[str, Split]
    skipped: int = 0
    converted: int = 0
    notes: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        """Rows in all splits together."""
        return sum(len(split) for split in self.splits.values())

    @property
    def is_sample(self) -> bool:
        """Whether these are the drawn faces."""
        return self.source == SAMPLE

    def split(self, name: str) -> Split:
        """Return one split.

        Raises:
            DatasetError: the dataset has no such split.
        """
        if name not in self.splits:
            present = ", ".join(self.splits)
            raise DatasetError(f"{self.name}: expected one of the splits {present}, received {name!r}. Choose one of these.")
        return self.splits[name]

    def counts(self) -> dict[str, np.ndarray]:
        """Images of each emotion in each split: (7,) int64, in label order."""
        return {name: split.counts() for name, split in self.splits.items()}

    def image(self, row: int) -> np.ndarray:
        """The (48, 48) uint8 image of a row.

        Raises:
            DatasetError: the dataset has no such row.
        """
        split, at = self._find(row)
        return np.asarray(split.images[at])

    def label(self, row: int) -> int:
        """The label (0..6) of a row.

        Raises:
            DatasetError: the dataset has no such row.
        """
        split, at = self._find(row)
        return int(split.labels[at])

    def split_of(self, row: int) -> Split:
        """Return the split that a row is in.

        Raises:
            DatasetError: the dataset has no such row.
        """
        return self._find(row)[0]

    def _find(self, row: int) -> tuple[Split, int]:
        for split in self.splits.values():
            at = int(np.searchsorted(split.rows, row))
            if at < len(split) and split.rows[at] == row:
                return split, at
        raise DatasetError(f"{self.name}: expected the number of one of its {self.n} rows, received {row}. Choose another row.")
