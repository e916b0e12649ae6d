"""Temperature scaling (Guo et al. 2017, arXiv:1706.04599): one number by which logits are divided, fitted on validation."""

import numpy as np

_RANGE = (0.05, 20.0)
_STEPS = 60
_GOLDEN = (5**0.5 - 1) / 2


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """Find the temperature at which the labels are most likely: mean log loss is lowest.

    The mean log loss is convex in 1 / temperature, so that a golden section over log temperature finds its one minimum.

    Args:
        logits: (n, k) floats.
        labels: (n,) ints 0..k-1.

    Returns:
        0.05 to 20; 1.0 of no rows.
    """
    if not len(labels):
        return 1.0
    values = np.asarray(logits, np.float64)
    chosen = values[np.arange(len(values)), np.asarray(labels, np.int64)]

    def loss(log_temperature: float) -> float:
        scale = np.exp(-log_temperature)
        scaled = values * scale
        top = scaled.max(axis=1)
        return float((top + np.log(np.exp(scaled - top[:, None]).sum(axis=1)) - chosen * scale).mean())

    low, high = np.log(_RANGE)
    for _ in range(_STEPS):
        left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        if loss(left) <= loss(right):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


def brier_score(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Mean squared distance between a row and its one-hot label (Brier 1950), 0..2; NaN of no rows.

    Args:
        probabilities: (n, k) floats, rows sum to 1.
        labels: (n,) ints 0..k-1.
    """
    if not len(labels):
        return float("nan")
    return float(((probabilities - np.eye(probabilities.shape[1])[labels]) ** 2).sum(axis=1).mean())


def calibrated_band(probabilities: np.ndarray, *, bins: int = 15, draws: int = 2000, seed: int = 0) -> tuple[float, float]:
    """Say what calibration error a model with these confidences would show if it were perfectly calibrated.

    Each draw makes every row right with a probability that equals its confidence.

    Args:
        probabilities: (n, k) floats, rows sum to 1; at least one row.
        bins: equal-width bins of confidence, as of ``calibration_error``.
        draws: number of draws.
        seed: of the random generator.

    Returns:
        The 2.5th and the 97.5th percentile of the calibration error, 0..1.
    """
    confidence = probabilities.max(axis=1).astype(np.float64)
    index = np.searchsorted(np.arange(1, bins) / bins, confidence, side="left")
    random = np.random.default_rng(seed)
    errors = np.empty(draws)
    for draw in range(draws):
        gaps = confidence - (random.random(len(confidence)) < confidence)
        errors[draw] = np.abs(np.bincount(index, weights=gaps, minlength=bins)).sum() / len(confidence)
    low, high = np.percentile(errors, [2.5, 97.5])
    return float(low), float(high)
