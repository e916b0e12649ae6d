"""What a model's confidence is worth on a split, by what validation says of it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fer_core.evaluation.calibration import brier_score, calibrated_band
from fer_core.evaluation.conformal import COVERAGE, conformal_sets, fit_conformal
from fer_core.evaluation.metrics import calibration_error, log_loss, wilson_interval
from fer_core.evaluation.result import Evaluation, Figure, figure_json
from fer_core.evaluation.selective import choose_threshold, count_answered
from fer_core.labels import EMOTIONS
from fer_core.model import softmax


@dataclass(frozen=True, eq=False, kw_only=True)
class Confidence:
    """Figures of a split; pairs are before (temperature 1) and after.

    Attributes:
        ece: calibration error over 15 bins.
        band: 95 % band of the calibration error of a perfectly calibrated model with these confidences.
        asked: accuracy that the threshold was chosen for on validation.
        threshold: a lower confidence is called unsure.
        accuracy: of what is answered.
        share: answered.
        coverage: share of rows whose conformal set holds the label; promised is ``COVERAGE``.
        cut: the probability from which on an emotion is in the set.
        sets: (n, 7) bool.
    """

    temperature: float
    ece: tuple[float, float]
    band: tuple[float, float]
    brier: tuple[float, float]
    log_loss: tuple[float, float]
    asked: float
    threshold: float
    accuracy: Figure
    share: Figure
    coverage: Figure
    cut: float
    sets: np.ndarray

    def to_json(self) -> dict[str, Any]:
        """Give what ``fer-studio evaluate --json`` prints of it."""
        pairs = {
            name: dict(zip(("before", "after"), getattr(self, name), strict=True)) for name in ("ece", "brier", "log_loss")
        }
        sizes = np.bincount(self.sets.sum(axis=1), minlength=len(EMOTIONS) + 1)[1:]
        return {
            "temperature": self.temperature,
            **pairs,
            "ece_calibrated_band95": list(self.band),
            "asked": self.asked,
            "threshold": self.threshold,
            **figure_json("answered_accuracy", self.accuracy),
            **figure_json("answered_share", self.share),
            "conformal_promised": COVERAGE,
            "conformal_cut": self.cut,
            **figure_json("conformal_coverage", self.coverage),
            "conformal_sizes": sizes.tolist(),
        }


def measure_confidence(result: Evaluation, validation: Evaluation, temperature: float, asked: float) -> Confidence:
    """Choose threshold and sets on validation, and measure them on a split.

    Args:
        result: the split, at least one row.
        validation: the same model, head and truth on validation, at least one row.
        temperature: of the head.
        asked: accuracy of the answers called sure, 0..1.
    """
    labels, after = result.labels.astype(np.int64), result.probabilities
    before = softmax(result.logits.astype(np.float64))
    truth = validation.labels.astype(np.int64)
    threshold = choose_threshold(validation.probabilities, truth, asked)
    cut = fit_conformal(validation.probabilities, truth)
    sets = conformal_sets(after, cut)
    n, sure, right = count_answered(after, labels, threshold)
    return Confidence(
        temperature=temperature,
        ece=(calibration_error(before, labels), calibration_error(after, labels)),
        band=calibrated_band(after),
        brier=(brier_score(before, labels), brier_score(after, labels)),
        log_loss=(log_loss(before, labels), log_loss(after, labels)),
        asked=asked,
        threshold=threshold,
        accuracy=_proportion(right, sure),
        share=_proportion(sure, n),
        coverage=_proportion(int(sets[np.arange(n), labels].sum()), n),
        cut=cut,
        sets=sets,
    )


def confused_sets(sets: np.ndarray, most: int = 5) -> list[tuple[tuple[str, ...], int]]:
    """Count the sets of two emotions or more, the most frequent first: what the model cannot tell apart.

    Args:
        sets: (n, 7) bool.
        most: how many at most.
    """
    several = sets[sets.sum(axis=1) > 1]
    kinds, counts = np.unique(several, axis=0, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:most]
    return [(tuple(EMOTIONS[k] for k in np.flatnonzero(kinds[at])), int(counts[at])) for at in order.tolist()]


def _proportion(k: int, n: int) -> Figure:
    return Figure(k / n, *wilson_interval(k, n)) if n else Figure(float("nan"), float("nan"), float("nan"))
