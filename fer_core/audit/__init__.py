"""What is wrong with data and figures: flags on rows, and the protocol check."""

from fer_core.audit.finding import Finding
from fer_core.audit.predictions import Predictions, read_predictions
from fer_core.audit.protocol import check_model, check_predictions
from fer_core.audit.quality import Flag, count_agreement, find_flags

__all__ = [
    "Finding",
    "Flag",
    "Predictions",
    "check_model",
    "check_predictions",
    "count_agreement",
    "find_flags",
    "read_predictions",
]
