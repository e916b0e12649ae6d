"""What is wrong with data and figures: the protocol check."""

from fer_core.audit.finding import Finding
from fer_core.audit.predictions import Predictions, read_predictions
from fer_core.audit.protocol import check_model, check_predictions

__all__ = ["Finding", "Predictions", "check_model", "check_predictions", "read_predictions"]
