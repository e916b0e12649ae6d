"""Labels that are likely wrong: confident learning (Northcutt et al. 2021) by models that never saw the row."""

from dataclasses import dataclass

import numpy as np

from fer_core.dataset import Votes

DOUBTED_VOTES = 1
"""A label that so many voters or fewer chose is doubted; votes for unknown and for no face count against it."""
MIN_PER_LABEL = 2
"""A label with fewer images can be in one fold only."""


@dataclass(frozen=True, eq=False)
class LabelErrors:
    """Rows whose label is likely wrong, the likeliest first.

    Attributes:
        rows: (n,) int32.
        labels: (n,) uint8, as the dataset has them.
        suggested: (n,) uint8, what the models would say instead.
        scores: (n,) float32 within 0..1, how probable it is that the label is right.
    """

    rows: np.ndarray
    labels: np.ndarray
    suggested: np.ndarray
    scores: np.ndarray

    def __len__(self) -> int:
        return len(self.rows)


def find_label_errors(rows: np.ndarray, labels: np.ndarray, probabilities: np.ndarray) -> LabelErrors:
    """Find the labels that confident learning takes for wrong, and that another one is more probable than.

    It also estimates how often each label is given to each true one. By Bayes' rule that turns the models' probabilities
    into how probable a label is, given that it is the one that was given; the least probable come first.

    Args:
        rows: (n,) int32.
        labels: (n,) uint8.
        probabilities: (n, 7), of models that were not trained on the row.
    """
    from cleanlab.count import compute_confident_joint

    present, classes = np.unique(labels, return_inverse=True)
    if len(present) < 2:
        return LabelErrors(rows[:0], labels[:0], labels[:0], np.empty(0, np.float32))
    known = probabilities[:, present].astype(np.float64)
    known /= known.sum(axis=1, keepdims=True)
    joint, found = compute_confident_joint(classes, known, return_indices_of_off_diagonals=True)
    found = np.array(found, np.int64)
    given = joint / np.maximum(joint.sum(axis=0), 1)
    true = known[found] * given[classes[found]]
    scores = true[np.arange(len(found)), classes[found]] / np.maximum(true.sum(axis=1), 1e-12)
    best = true.argmax(axis=1)
    order = np.argsort(scores, kind="stable")
    order = order[best[order] != classes[found[order]]]
    at = found[order]
    return LabelErrors(rows[at], labels[at], present[best[order]].astype(np.uint8), scores[order].astype(np.float32))


@dataclass(frozen=True, eq=False)
class Judgement:
    """What independent voters say of the rows that were found.

    Attributes:
        first: (k,) int64, how many of the first rows each share is of.
        confirmed: (k,) float64, the share of them whose label hardly a voter chose.
        base: the same share among all rows with votes.
        n: rows with votes among those found.
    """

    first: np.ndarray
    confirmed: np.ndarray
    base: float
    n: int

    def at(self, k: int) -> float:
        """Give the share confirmed among the first ``k``, or among all where there are fewer."""
        return float(self.confirmed[min(k, self.n) - 1]) if self.n else float("nan")


def judge_label_errors(errors: LabelErrors, votes: Votes, rows: np.ndarray, labels: np.ndarray) -> Judgement:
    """Ask FER+'s voters: a label that at most one of them chose is confirmed to be wrong. Rows without votes do not count.

    Args:
        errors: what was found.
        votes: on the dataset.
        rows: (n,) int32, all rows.
        labels: (n,) uint8, theirs.
    """
    found = _doubted(votes, errors.rows, errors.labels)
    everywhere = _doubted(votes, rows, labels)
    count = np.arange(1, len(found) + 1)
    return Judgement(count, np.cumsum(found) / count, float(everywhere.mean()) if len(everywhere) else 0.0, len(found))


def _doubted(votes: Votes, rows: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Say of the rows that have votes whether hardly a voter chose the label: (m,) bool."""
    return np.asarray((votes.for_labels(rows, labels) <= DOUBTED_VOTES)[votes.of(rows).sum(axis=1) > 0])
