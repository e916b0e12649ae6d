"""Two models on the same rows."""

from math import exp, lgamma, log

import numpy as np


def mcnemar(first: np.ndarray, second: np.ndarray) -> tuple[int, int, float]:
    """Compare two models by the rows that only one of them gets right (McNemar 1947, exact binomial).

    Args:
        first: (n,) bool, where the first model is right.
        second: (n,) bool, where the second is.

    Returns:
        Rows that only the first gets right, rows that only the second does, and the two-sided p of so unequal a pair
        if both were equally good.
    """
    only_first, only_second = int((first & ~second).sum()), int((second & ~first).sum())
    n, fewer = only_first + only_second, min(only_first, only_second)
    terms = [lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) - n * log(2) for k in range(fewer + 1)]
    return only_first, only_second, min(1.0, 2 * sum(exp(term) for term in terms))
