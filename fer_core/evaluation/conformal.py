"""Split conformal prediction (Sadinle et al. 2019, arXiv:1609.00451): sets that hold the true emotion as often as promised."""

import numpy as np

COVERAGE = 0.9


def fit_conformal(probabilities: np.ndarray, labels: np.ndarray, coverage: float = COVERAGE) -> float:
    """Find the probability from which on an emotion belongs in the set.

    Args:
        probabilities: (n, k) floats, of rows that the model was not trained on.
        labels: (n,) ints 0..k-1.
        coverage: share of rows whose set shall hold the label, 0..1.

    Returns:
        0..1: of the labels' probabilities, the floor((n + 1) (1 - coverage))-th lowest; 0 where there are too few rows to
        promise anything.
    """
    own = np.sort(probabilities[np.arange(len(labels)), labels].astype(np.float64))
    at = int(np.floor((len(own) + 1) * (1 - coverage) + 1e-9))
    return float(own[at - 1]) if at >= 1 else 0.0


def conformal_sets(probabilities: np.ndarray, cut: float) -> np.ndarray:
    """Say (n, k) bool which emotions are in each row's set: those of at least ``cut``, and the most probable one."""
    inside = probabilities >= cut
    inside[np.arange(len(probabilities)), probabilities.argmax(axis=1)] = True
    return np.asarray(inside)
