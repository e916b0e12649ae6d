"""What is checked: answers on rows of a dataset, whoever gave them, and what is claimed of them."""

from dataclasses import dataclass

import numpy as np

from fer_core.dataset import Dataset, Split


@dataclass(frozen=True, eq=False)
class Subject:
    """Answers under a claim.

    Attributes:
        dataset: whose rows they are of.
        claimed: the split that they are said to be of.
        rows: (n,) int64, in the order given; a row may stand twice.
        labels: (n,) int64, the dataset's labels of these rows.
        predicted: (n,) int64 0..6.
        scores: (n, 7) float64 that are said to be probabilities; None where only labels were given.
        true: (n,) int64, labels that came with the answers; None where none did.
        claimed_accuracy: 0..1, or None.
    """

    dataset: Dataset
    claimed: Split
    rows: np.ndarray
    labels: np.ndarray
    predicted: np.ndarray
    scores: np.ndarray | None = None
    true: np.ndarray | None = None
    claimed_accuracy: float | None = None

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def right(self) -> np.ndarray:
        """Where the prediction is the dataset's label: (n,) bool."""
        return np.asarray(self.predicted == self.labels)


def labels_of(dataset: Dataset, rows: np.ndarray) -> np.ndarray:
    """Give the labels (n,) int64 of rows (n,); -1 where the dataset left a row out as unreadable."""
    labels = np.full(dataset.n + dataset.skipped, -1, np.int64)
    for split in dataset.splits.values():
        labels[split.rows] = split.labels
    return np.asarray(labels[rows])
