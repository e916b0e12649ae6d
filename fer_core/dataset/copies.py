"""Images that are there more than once, pixel for pixel, and images that show nothing."""

from dataclasses import dataclass

import numpy as np

from fer_core.dataset.split import Dataset
from fer_core.labels import SPLITS


@dataclass(frozen=True, eq=False)
class Copies:
    """Groups of equal images, over all splits together. Blank images are equal to each other, and so form groups, too.

    Attributes:
        groups: for each, its rows (k,) int32 ascending, k at least 2; the group with the lowest row comes first.
        cross_split: the groups that lie in more than one split.
        contradicting: the groups whose labels differ.
        test_in_train: (n,) int32 rows of test that have a copy in train.
        validation_in_train: (n,) int32 rows of validation that have a copy in train.
        train_in_others: (n,) int32 rows of train that have a copy in validation or test.
        blank: (n,) int32 rows, of any split, whose pixels are all the same.
    """

    groups: tuple[np.ndarray, ...]
    cross_split: tuple[np.ndarray, ...]
    contradicting: tuple[np.ndarray, ...]
    test_in_train: np.ndarray
    validation_in_train: np.ndarray
    train_in_others: np.ndarray
    blank: np.ndarray

    def to_json(self) -> dict[str, int]:
        """Give the counts that ``fer-studio data copies`` prints."""
        return {
            "groups": len(self.groups),
            "images": sum(len(group) for group in self.groups),
            "cross_split_groups": len(self.cross_split),
            "test_in_train": len(self.test_in_train),
            "validation_in_train": len(self.validation_in_train),
            "contradicting_groups": len(self.contradicting),
            "blank": len(self.blank),
        }


def find_copies(dataset: Dataset) -> Copies:
    """Find all images that equal another one pixel for pixel, whatever their splits and labels."""
    rows = np.concatenate([split.rows for split in dataset.splits.values()])
    labels = np.concatenate([split.labels for split in dataset.splits.values()])
    splits = np.concatenate([np.full(len(split), SPLITS.index(name), np.uint8) for name, split in dataset.splits.items()])
    pixels = np.concatenate([np.asarray(split.images).reshape(len(split), -1) for split in dataset.splits.values()])
    # Viewed as one opaque value a row, so that the pixels themselves are compared: no hash, no collision.
    _, group, sizes = np.unique(pixels.view(f"V{pixels.shape[1]}").ravel(), return_inverse=True, return_counts=True)
    members = np.flatnonzero(sizes[group] > 1)
    members = members[np.lexsort((rows[members], group[members]))]
    starts = np.flatnonzero(np.diff(group[members], prepend=-1))
    groups = sorted(np.split(members, starts[1:]), key=lambda found: int(rows[found[0]])) if len(members) else []
    holds = np.zeros((len(sizes), len(SPLITS)), bool)
    holds[group, splits] = True
    train, validation, test = range(len(SPLITS))
    in_train = holds[group, train]
    return Copies(
        groups=tuple(rows[found] for found in groups),
        cross_split=tuple(rows[found] for found in groups if len(set(splits[found].tolist())) > 1),
        contradicting=tuple(rows[found] for found in groups if len(set(labels[found].tolist())) > 1),
        test_in_train=np.sort(rows[(splits == test) & in_train]),
        validation_in_train=np.sort(rows[(splits == validation) & in_train]),
        train_in_others=np.sort(rows[(splits == train) & (holds[group, validation] | holds[group, test])]),
        blank=np.sort(rows[pixels.min(axis=1) == pixels.max(axis=1)]),
    )
