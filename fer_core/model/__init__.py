"""A model on disk (load, list, promote, serve) and the Classifier that runs it."""

from fer_core.model.classifier import OUTPUTS, Classifier
from fer_core.model.folders import list_models, load_model, promoted_dir, shipped_dir
from fer_core.model.info import BROWSER_FILE, INFO_FILE, TFLITE_FILE, Model, ModelInfo, read_info, write_info
from fer_core.model.probabilities import softmax
from fer_core.model.serving import promote, serve, serving_name, serving_note

__all__ = [
    "BROWSER_FILE",
    "INFO_FILE",
    "OUTPUTS",
    "TFLITE_FILE",
    "Classifier",
    "Model",
    "ModelInfo",
    "list_models",
    "load_model",
    "promote",
    "promoted_dir",
    "read_info",
    "serve",
    "serving_name",
    "serving_note",
    "shipped_dir",
    "softmax",
    "write_info",
]
