"""Two models on the same rows."""

from dataclasses import dataclass
from math import exp, lgamma, log

import numpy as np

from fer_core.evaluation.metrics import NORMAL_975
from fer_core.evaluation.result import Evaluation, Figure


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


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two models on the same rows.

    Attributes:
        only_first: (a,) int64 positions that only the first gets right, the ones it is surest of first.
        only_second: (b,) int64, likewise.
        p: of McNemar's exact test.
        gain: accuracy of the first less that of the second, with a 95 % interval (paired, normal approximation).
        cells: (7, 7) int64, the first's confusion matrix less the second's.
    """

    only_first: np.ndarray
    only_second: np.ndarray
    p: float
    gain: Figure
    cells: np.ndarray


def compare(first: Evaluation, second: Evaluation) -> Comparison:
    """Compare two models.

    Raises:
        ValueError: they were evaluated on other rows, or held against other labels.
    """
    if not (np.array_equal(first.rows, second.rows) and np.array_equal(first.labels, second.labels)):
        raise ValueError("expected two evaluations of the same rows and labels, received others")
    right, other = first.predicted == first.labels, second.predicted == second.labels
    a, b, p = mcnemar(right, other)
    n = max(len(first), 1)
    gain = (a - b) / n
    half = NORMAL_975 * max((a + b) / n - gain**2, 0.0) ** 0.5 / n**0.5
    return Comparison(
        only_first=_surest(first, right & ~other),
        only_second=_surest(second, other & ~right),
        p=p,
        gain=Figure(gain, gain - half, gain + half),
        cells=first.confusion - second.confusion,
    )


def _surest(result: Evaluation, chosen: np.ndarray) -> np.ndarray:
    positions = np.flatnonzero(chosen)
    return positions[np.argsort(-result.probabilities[positions].max(axis=1), kind="stable")]
