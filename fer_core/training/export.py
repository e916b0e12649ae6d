"""From weights to a model's folder: model.keras, model.tflite, model.json, evaluation.npz, history.csv."""

import csv
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from fer_core.dataset import Dataset, Split
from fer_core.errors import RunError
from fer_core.labels import IMAGE_SIZE
from fer_core.model import TFLITE_FILE, Classifier, Model, ModelInfo, softmax, write_info
from fer_core.runs import Recipe
from fer_core.training.networks import build_network

TOLERANCE = 1e-4
CHECK_BATCHES = (1, 64)
CHECK_IMAGES = 256
EVALUATED = ("train", "validation")
"""Splits that training may look at; test is for ``evaluate`` and its ledger."""


def export_model(
    folder: Path,
    weights: Sequence[np.ndarray],
    recipe: Recipe,
    info: Mapping[str, Any],
    dataset: Dataset,
    history: list[dict[str, Any]],
) -> None:
    """Write the whole model folder beside ``folder``, check it, and put it in its place.

    Args:
        folder: where it shall be; what is there is replaced.
        weights: of the plain network, in Keras's order.
        recipe: what was trained.
        info: the fields of model.json that the training process knows.
        dataset: trained on; train and validation are evaluated.
        history: of all epochs, for history.csv.

    Raises:
        RunError: model.tflite answers otherwise than Keras.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".model."))
    try:
        network = build_network(recipe.network, dropout=recipe.dropout)
        network.set_weights(list(weights))
        network.save(draft / "model.keras")
        write_tflite(network, draft / TFLITE_FILE)
        described = ModelInfo(**info, parameters=network.count_params())
        write_info(draft, described)
        model = Model(name=described.name, path=draft, info=described, origin="folder")
        check_same(network, Classifier(model), dataset.split(EVALUATED[0]).images)
        metrics = write_evaluation(draft, model, dataset)
        write_info(draft, ModelInfo(**info, parameters=network.count_params(), metrics=metrics))
        write_history(draft / "history.csv", history)
        draft.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def write_tflite(network: keras.Model, path: Path) -> None:
    """Convert to LiteRT with signature ``serve``: image uint8 (n, 48, 48, 1) to logits float32 (n, 7), any n."""
    import tensorflow as tf

    archive = keras.export.ExportArchive()
    archive.track(network)
    archive.add_endpoint(
        "serve",
        lambda image: {"logits": network(image, training=False)},
        input_signature=[tf.TensorSpec([None, IMAGE_SIZE, IMAGE_SIZE, 1], tf.uint8, name="image")],
    )
    with tempfile.TemporaryDirectory() as saved:
        archive.write_out(saved, verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(saved, signature_keys=["serve"])
        path.write_bytes(converter.convert())


def check_same(network: keras.Model, classifier: Classifier, images: np.ndarray) -> float:
    """Compare LiteRT with Keras on up to 256 images, in batches of 1 and 64; gives the largest difference of logits.

    Raises:
        RunError: it is over 1e-4.
    """
    chosen = np.asarray(images[np.linspace(0, len(images) - 1, min(len(images), CHECK_IMAGES)).astype(int)])
    expected = np.asarray(network.predict_on_batch(chosen[..., None]))
    worst = 0.0
    for size in CHECK_BATCHES:
        for start in range(0, len(chosen), size):
            got = classifier.predict_logits(chosen[start : start + size])
            worst = max(worst, float(np.abs(got - expected[start : start + size]).max()))
    if not worst <= TOLERANCE:
        raise RunError(f"{TFLITE_FILE}: expected Keras's logits within {TOLERANCE}, received a difference of {worst:.3g}.")
    return worst


def write_evaluation(folder: Path, model: Model, dataset: Dataset) -> dict[str, dict[str, Any]]:
    """Run model.tflite on train and validation, write evaluation.npz, and give n, accuracy and log loss of each."""
    classifier = Classifier(model, threads=os.cpu_count() or 1)
    arrays: dict[str, np.ndarray] = {}
    metrics = {}
    for name in EVALUATED:
        if name not in dataset.splits:
            continue
        split = dataset.split(name)
        logits = classifier.predict_logits(split.images)
        arrays |= {f"{name}_row": split.rows, f"{name}_label": split.labels, f"{name}_logits": logits}
        metrics[name] = {"n": len(split), **judge_logits(logits, split)}
    np.savez_compressed(folder / "evaluation.npz", **arrays)  # type: ignore[arg-type]
    return metrics


def judge_logits(logits: np.ndarray, split: Split) -> dict[str, float]:
    """Give accuracy and mean log loss (nats) of logits (n, 7) on a split."""
    from fer_core.evaluation import accuracy, log_loss

    return {
        "accuracy": float(accuracy(split.labels, logits.argmax(axis=1))),
        "log_loss": float(log_loss(softmax(logits), split.labels)),
    }


def write_history(path: Path, history: list[dict[str, Any]]) -> None:
    """Write one line an epoch."""
    with path.open("w", newline="", encoding="utf-8") as file:
        names = {key: None for line in history for key in line}
        writer = csv.DictWriter(file, fieldnames=list(names) or ["epoch"])
        writer.writeheader()
        writer.writerows(history)
