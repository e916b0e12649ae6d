"""Metrics with intervals; evaluations of a model on a split, and the ledger of what was looked at on test."""

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

__all__ = [
    "accuracy",
    "bootstrap_interval",
    "calibration_error",
    "confusion_matrix",
    "log_loss",
    "macro_f1",
    "per_class",
    "wilson_interval",
]
