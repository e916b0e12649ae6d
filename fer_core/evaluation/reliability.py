"""The reliability diagram (DeGroot & Fienberg 1983): accuracy against confidence, in bins."""

from dataclasses import dataclass

import numpy as np

from fer_core.evaluation.metrics import confidence_gaps, wilson_interval

_DRAWS = 2000


@dataclass(frozen=True, eq=False)
class Reliability:
    """Bins of equal width, each (bins,) float64 but ``n``; NaN where a bin is empty.

    Attributes:
        edges: (bins + 1,) of confidence, 0..1.
        n: rows, int64.
        confidence: mean of the rows' confidences.
        accuracy: share of the rows that are right.
        low, high: its 95 % interval (Wilson).
        band_low, band_high: where the accuracy of a perfectly calibrated model with these confidences lies in 95 % of draws.
    """

    edges: np.ndarray
    n: np.ndarray
    confidence: np.ndarray
    accuracy: np.ndarray
    low: np.ndarray
    high: np.ndarray
    band_low: np.ndarray
    band_high: np.ndarray


def measure_reliability(probabilities: np.ndarray, labels: np.ndarray, bins: int = 15, seed: int = 0) -> Reliability:
    """Bin rows by confidence, as ``calibration_error`` does.

    Args:
        probabilities: (n, 7) floats, rows sum to 1.
        labels: (n,) ints 0..6.
        bins: of equal width; each holds its upper edge.
        seed: of the draws of the band.
    """
    index, gap = confidence_gaps(probabilities, labels, bins)
    confidence = probabilities.max(axis=1).astype(np.float64)
    n = np.bincount(index, minlength=bins)
    right = np.rint(np.bincount(index, weights=confidence - gap, minlength=bins)).astype(np.int64)
    intervals = np.array([wilson_interval(int(k), int(count)) for k, count in zip(right, n, strict=True)])
    intervals[n == 0] = np.nan
    bands = np.array([_draw_band(confidence[index == bin], np.random.default_rng([seed, bin])) for bin in range(bins)])
    return Reliability(
        edges=np.arange(bins + 1) / bins,
        n=n,
        confidence=_mean(np.bincount(index, weights=confidence, minlength=bins), n),
        accuracy=_mean(right, n),
        low=intervals[:, 0],
        high=intervals[:, 1],
        band_low=bands[:, 0],
        band_high=bands[:, 1],
    )


def _draw_band(confidence: np.ndarray, random: np.random.Generator) -> tuple[float, float]:
    """Give the 2.5th and 97.5th percentile of the accuracy of rows that are right as often as their confidence says."""
    if not len(confidence):
        return np.nan, np.nan
    # The number of right rows is nearly binomial with the mean confidence; exactly so where they are equal.
    low, high = np.percentile(
        random.binomial(len(confidence), min(confidence.mean(), 1.0), _DRAWS) / len(confidence), [2.5, 97.5]
    )
    return float(low), float(high)


def _mean(total: np.ndarray, n: np.ndarray) -> np.ndarray:
    mean = np.full(len(n), np.nan)
    np.divide(total, n, out=mean, where=n > 0)
    return mean
