"""All rows of a dataset together, whatever their splits."""

import numpy as np

from fer_core.dataset import Dataset, Split


def all_rows(dataset: Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Give all rows (n,) int32, ascending, and their labels (n,) uint8."""
    rows = np.concatenate([split.rows for split in dataset.splits.values()])
    labels = np.concatenate([split.labels for split in dataset.splits.values()])
    order = np.argsort(rows, kind="stable")
    return rows[order], labels[order]


def whole(dataset: Dataset) -> Split:
    """Give all rows, ascending, as one split; its digest is empty."""
    rows = np.concatenate([split.rows for split in dataset.splits.values()])
    images = np.concatenate([np.asarray(split.images) for split in dataset.splits.values()])
    return Split("all", images[np.argsort(rows, kind="stable")], all_rows(dataset)[1], np.sort(rows), "")
