"""Answering only when sure (selective classification, Geifman & El-Yaniv 2017, arXiv:1705.08500)."""

from typing import NamedTuple

import numpy as np

TARGETS = {"label": 0.85, "crowd": 0.90}
"""By head, the accuracy that sure answers shall have on validation; 0.85 is what a crowd head's answers have, sure or not."""


class Answered(NamedTuple):
    """What is answered at a threshold: ``n`` rows asked, ``sure`` of them answered, ``right`` of these right."""

    n: int
    sure: int
    right: int


def accuracy_by_share(probabilities: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Say how accurate the surest answers are, for every threshold that makes a difference.

    Args:
        probabilities: (n, k) floats, rows sum to 1.
        labels: (n,) ints 0..k-1.

    Returns:
        For each different confidence, the highest first, each (m,) float64: the confidence, the share of rows that are at
        least that sure, and their accuracy.
    """
    confidence = probabilities.max(axis=1).astype(np.float64)
    order = np.argsort(-confidence, kind="stable")
    right = (probabilities.argmax(axis=1) == labels)[order]
    counts = np.arange(1, len(order) + 1)
    # Equal confidences are answered together, or not at all.
    last = np.append(confidence[order][1:] != confidence[order][:-1], True)[: len(order)]
    return confidence[order][last], (counts / max(len(order), 1))[last], (np.cumsum(right) / counts)[last]


def choose_threshold(probabilities: np.ndarray, labels: np.ndarray, accuracy: float) -> float:
    """Find the lowest confidence at which the answers given are as accurate as asked.

    Args:
        probabilities: (n, k) floats, rows sum to 1.
        labels: (n,) ints 0..k-1.
        accuracy: that the rows of at least this confidence shall have, 0..1.

    Returns:
        0..1; 1.0 where no threshold reaches it, or there are no rows.
    """
    confidence, _, reached = accuracy_by_share(probabilities, labels)
    enough = np.flatnonzero(reached >= accuracy)
    return float(confidence[enough[-1]]) if len(enough) else 1.0


def count_answered(probabilities: np.ndarray, labels: np.ndarray, threshold: float) -> Answered:
    """Count what is answered, and how much of it is right, where a confidence below ``threshold`` is called unsure."""
    sure = probabilities.max(axis=1) >= threshold
    right = sure & (probabilities.argmax(axis=1) == labels)
    return Answered(len(labels), int(sure.sum()), int(right.sum()))
