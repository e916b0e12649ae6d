"""Metrics with intervals; evaluations of a model on a split, and the ledger of what was looked at on test."""

from fer_core.evaluation.calibration import brier_score, calibrated_band, fit_temperature
from fer_core.evaluation.comparison import Comparison, compare, mcnemar
from fer_core.evaluation.confidence import Confidence, confused_sets, measure_confidence
from fer_core.evaluation.conformal import COVERAGE, conformal_sets, fit_conformal
from fer_core.evaluation.evaluations import evaluate
from fer_core.evaluation.ledger import LedgerLine, enter_test_evaluation, ledger_path, read_ledger, times_tested
from fer_core.evaluation.metrics import (
    accuracy,
    bootstrap_interval,
    calibration_error,
    confusion_matrix,
    log_loss,
    macro_f1,
    per_class,
    wilson_interval,
)
from fer_core.evaluation.references import REFERENCES, Reference
from fer_core.evaluation.reliability import Reliability, measure_reliability
from fer_core.evaluation.result import EmotionFigures, Evaluation, Figure, figure_json, proportion
from fer_core.evaluation.saliency import fade_curve, find_saliency, order_pixels
from fer_core.evaluation.selective import TARGETS, accuracy_by_share, choose_threshold, count_answered
from fer_core.evaluation.slices import (
    FEW,
    Slice,
    cell_positions,
    cut_classes,
    cut_slices,
    margins,
    measure_features,
    most_uncertain,
    worst_errors,
)

__all__ = [
    "COVERAGE",
    "FEW",
    "REFERENCES",
    "TARGETS",
    "Comparison",
    "Confidence",
    "EmotionFigures",
    "Evaluation",
    "Figure",
    "LedgerLine",
    "Reference",
    "Reliability",
    "Slice",
    "accuracy",
    "accuracy_by_share",
    "bootstrap_interval",
    "brier_score",
    "calibrated_band",
    "calibration_error",
    "cell_positions",
    "choose_threshold",
    "compare",
    "conformal_sets",
    "confused_sets",
    "confusion_matrix",
    "count_answered",
    "cut_classes",
    "cut_slices",
    "enter_test_evaluation",
    "evaluate",
    "fade_curve",
    "figure_json",
    "find_saliency",
    "fit_conformal",
    "fit_temperature",
    "ledger_path",
    "log_loss",
    "macro_f1",
    "margins",
    "mcnemar",
    "measure_confidence",
    "measure_features",
    "measure_reliability",
    "most_uncertain",
    "order_pixels",
    "per_class",
    "proportion",
    "read_ledger",
    "times_tested",
    "wilson_interval",
    "worst_errors",
]
