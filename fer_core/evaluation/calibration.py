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
