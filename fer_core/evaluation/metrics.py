"""Figures of a classifier, in NumPy alone; labels are 0..6 in the order of ``EMOTIONS``."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from fer_core.labels import EMOTIONS

CLASSES = len(EMOTIONS)
DRAWS = 2000
NORMAL_975 = 1.959963984540054
_ROWS_PER_BLOCK = 1_000_000


class PerClass(NamedTuple):
    """Precision, recall and F1 of each emotion, each (..., 7) float64 in 0..1."""

    precision: np.ndarray
    recall: np.ndarray
    f1: np.ndarray


def confusion_matrix(labels: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Count each pair of true and predicted emotion.

    Args:
        labels: (n,) ints 0..6; n may be 0.
        predicted: (n,) ints 0..6.

    Returns:
        (7, 7) int64; rows are true, columns predicted.

    Raises:
        ValueError: lengths differ, or a value lies outside 0..6.
    """
    true, guess = _class_indices(labels, "labels"), _class_indices(predicted, "predicted")
    if len(true) != len(guess):
        raise ValueError(f"Expected as many predictions as labels, received {len(guess)} and {len(true)}.")
    return np.bincount(true * CLASSES + guess, minlength=CLASSES**2).reshape(CLASSES, CLASSES).astype(np.int64)


def accuracy(labels: np.ndarray, predicted: np.ndarray) -> float:
    """Share of rows whose prediction equals the label; NaN of no rows.

    Args:
        labels: (n,) ints 0..6.
        predicted: (n,) ints 0..6.

    Raises:
        ValueError: as ``confusion_matrix``.
    """
    confusion = confusion_matrix(labels, predicted)
    return float(_ratio(np.trace(confusion), confusion.sum(), empty=np.nan))


def per_class(confusion: np.ndarray) -> PerClass:
    """Precision, recall and F1 of each emotion; 0 where nothing is to be divided, as scikit-learn's ``zero_division=0``.

    Args:
        confusion: (..., 7, 7) counts, rows true.
    """
    hits = np.diagonal(confusion, axis1=-2, axis2=-1)
    true, guessed = confusion.sum(axis=-1), confusion.sum(axis=-2)
    return PerClass(_ratio(hits, guessed), _ratio(hits, true), _ratio(2 * hits, true + guessed))


def macro_f1(confusion: np.ndarray) -> np.ndarray:
    """Mean F1 over the emotions that occur in the labels or the predictions, as scikit-learn's ``average="macro"``.

    An emotion that is labelled but never predicted, or the reverse, counts with 0; one that is neither is left out.

    Args:
        confusion: (..., 7, 7) counts, rows true.

    Returns:
        (...) float64 in 0..1; 0 where there are no rows.
    """
    present = (confusion.sum(axis=-1) + confusion.sum(axis=-2)) > 0
    return _ratio(per_class(confusion).f1.sum(axis=-1), present.sum(axis=-1))


def row_log_loss(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Negative natural logarithm of the probability given to each row's label, in nats.

    Args:
        probabilities: (n, 7) floats, rows sum to 1; clipped away from 0 and 1 by their type's epsilon, as scikit-learn does.
        labels: (n,) ints 0..6.

    Returns:
        (n,) float64.

    Raises:
        ValueError: shapes do not belong together, or a label lies outside 0..6.
    """
    probabilities, true = _check_probabilities(probabilities, labels)
    epsilon = np.finfo(probabilities.dtype).eps
    chosen = probabilities[np.arange(len(true)), true]
    losses: np.ndarray = -np.log(np.clip(chosen, epsilon, 1 - epsilon), dtype=np.float64)
    return losses


def log_loss(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Mean of ``row_log_loss``; NaN of no rows."""
    losses = row_log_loss(probabilities, labels)
    return float(losses.mean()) if len(losses) else float("nan")


def confidence_gaps(probabilities: np.ndarray, labels: np.ndarray, bins: int = 15) -> tuple[np.ndarray, np.ndarray]:
    """Bin each row by its confidence and say how far that is from being right.

    Args:
        probabilities: (n, 7) floats, rows sum to 1.
        labels: (n,) ints 0..6.
        bins: number of equal-width bins of 0..1; each holds its upper edge.

    Returns:
        The bin (n,) int64 in 0..bins-1, and confidence minus correctness (n,) float64 in -1..1.
    """
    probabilities, true = _check_probabilities(probabilities, labels)
    confidence = probabilities.max(axis=1).astype(np.float64)
    edges = np.arange(1, bins) / bins
    correct = probabilities.argmax(axis=1) == true
    return np.searchsorted(edges, confidence, side="left"), confidence - correct


def calibration_error(probabilities: np.ndarray, labels: np.ndarray, bins: int = 15) -> float:
    """Expected calibration error (Guo et al. 2017): mean distance of confidence and accuracy in equal-width bins.

    Args:
        probabilities: (n, 7) floats, rows sum to 1.
        labels: (n,) ints 0..6.
        bins: number of bins of confidence.

    Returns:
        0..1; NaN of no rows.
    """
    index, gap = confidence_gaps(probabilities, labels, bins)
    if not len(gap):
        return float("nan")
    return float(np.abs(np.bincount(index, weights=gap, minlength=bins)).sum() / len(gap))


def wilson_interval(k: int, n: int) -> tuple[float, float]:
    """95 % interval of a proportion (Wilson 1927); (0, 1) where ``n`` is 0.

    Args:
        k: hits, 0..n.
        n: trials.

    Raises:
        ValueError: ``k`` lies outside 0..n.
    """
    if not 0 <= k <= n:
        raise ValueError(f"Expected 0 <= k <= n, received k={k}, n={n}.")
    if n == 0:
        return 0.0, 1.0
    share, z2 = k / n, NORMAL_975**2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = NORMAL_975 * np.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return (0.0 if k == 0 else float(centre - half)), (1.0 if k == n else float(centre + half))


def bootstrap_interval(
    statistic: Callable[[np.ndarray], np.ndarray],
    n: int,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """95 % percentile bootstrap of rows; equal seeds give equal intervals.

    Args:
        statistic: gets a block of draws as row numbers (b, n) int32 in 0..n-1, returns (b,) or (b, k) floats.
        n: number of rows, at least 1.
        draws: number of resamples.
        seed: of the random generator.
        progress: called with the share of draws done.

    Returns:
        The 2.5th and 97.5th percentile, each () or (k,) float64.

    Raises:
        ValueError: ``n`` or ``draws`` is below 1.
    """
    if n < 1 or draws < 1:
        raise ValueError(f"Expected at least one row and one draw, received n={n}, draws={draws}.")
    random = np.random.default_rng(seed)
    block = max(1, _ROWS_PER_BLOCK // n)
    values = []
    for start in range(0, draws, block):
        size = min(block, draws - start)
        values.append(statistic(random.integers(n, size=(size, n), dtype=np.int32)))
        if progress:
            progress((start + size) / draws)
    low, high = np.percentile(np.concatenate(values), [2.5, 97.5], axis=0)
    return low, high


def sum_by_group(groups: np.ndarray, size: int, weights: np.ndarray | None = None) -> np.ndarray:
    """Count, or sum ``weights``, by group within each row.

    Args:
        groups: (b, n) ints 0..size-1.
        size: number of groups.
        weights: (b, n) floats or None.

    Returns:
        (b, size) int64, or float64 with weights.
    """
    offsets = np.arange(len(groups), dtype=np.int64)[:, None] * size
    flat = None if weights is None else weights.ravel()
    return np.bincount((groups + offsets).ravel(), weights=flat, minlength=len(groups) * size).reshape(len(groups), size)


def _class_indices(values: np.ndarray, name: str) -> np.ndarray:
    indices = np.asarray(values).astype(np.int64).ravel()
    if len(indices) and (indices.min() < 0 or indices.max() >= CLASSES):
        raise ValueError(f"Expected {name} in 0..{CLASSES - 1}, received {indices.min()}..{indices.max()}.")
    return indices


def _check_probabilities(probabilities: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    probabilities, true = np.asarray(probabilities), _class_indices(labels, "labels")
    if probabilities.shape != (len(true), CLASSES):
        raise ValueError(f"Expected probabilities of shape ({len(true)}, {CLASSES}), received {probabilities.shape}.")
    if not np.issubdtype(probabilities.dtype, np.floating):
        probabilities = probabilities.astype(np.float64)
    return probabilities, true


def _ratio(part: np.ndarray, whole: np.ndarray, empty: float = 0.0) -> np.ndarray:
    part, whole = np.asarray(part, np.float64), np.asarray(whole)
    ratio = np.full(part.shape, empty)
    np.divide(part, whole, out=ratio, where=whole > 0)
    return ratio
