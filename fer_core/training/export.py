"""From weights to a model's folder: model.keras, both .tflite, model.json, evaluation.npz, history.csv."""

import csv
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np

from fer_core.dataset import Dataset
from fer_core.errors import RunError
from fer_core.evaluation import TARGETS, accuracy, choose_threshold, fit_temperature, log_loss
from fer_core.model import BROWSER_FILE, OUTPUTS, TFLITE_FILE, Classifier, Model, ModelInfo, softmax, write_info
from fer_core.runs import Recipe
from fer_core.training.browser_file import write_browser_file
from fer_core.training.litert import to_litert
from fer_core.training.material import Material
from fer_core.training.networks import build_network
from fer_core.training.statistics import measure_statistics

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
    material: Material,
    history: list[dict[str, Any]],
) -> None:
    """Write the whole model folder beside ``folder``, check it, and put it in its place.

    Args:
        folder: where it shall be; what is there is replaced.
        weights: of the plain network, in Keras's order.
        recipe: what was trained.
        info: the fields of model.json that the training process knows.
        material: trained on; train and validation are evaluated, and temperatures fitted on validation.
        history: of all epochs, for history.csv.

    Raises:
        RunError: model.tflite answers otherwise than Keras.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".model."))
    try:
        network = build_network(recipe)
        network.set_weights(list(weights))
        if recipe.statistics == "plain":
            measure_statistics(network, material.train.images)
        network.save(draft / "model.keras")
        (draft / TFLITE_FILE).write_bytes(to_litert(network))
        heads: dict[str, Any] = {"heads": list(recipe.heads), "temperature": dict.fromkeys(recipe.heads, 1.0)}
        described = ModelInfo(**info, **heads, parameters=network.count_params())
        write_info(draft, described)
        model = Model(name=described.name, path=draft, info=described, origin="folder")
        check_same(network, Classifier(model), material.dataset.split(EVALUATED[0]).images)
        answers = run_model(model, material.dataset)
        write_answers(draft, material.dataset, answers)
        write_info(draft, replace(described, **judge_answers(answers, material)))
        validation, majority = material.validation, material.majority(material.validation)
        truths = {head: validation.labels.astype(np.int64) if head == "label" else majority for head in recipe.heads}
        write_browser_file(network, draft / BROWSER_FILE, validation.images, truths)
        write_history(draft / "history.csv", history)
        draft.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def check_same(network: keras.Model, classifier: Classifier, images: np.ndarray) -> float:
    """Compare LiteRT with Keras on up to 256 images, in batches of 1 and 64.

    Returns:
        The largest difference of logits, in units of the largest logit where that is over 1: float32 keeps so many digits, and
        a network of few steps may answer in the hundreds.

    Raises:
        RunError: it is over 1e-4.
    """
    chosen = np.asarray(images[np.linspace(0, len(images) - 1, min(len(images), CHECK_IMAGES)).astype(int)])
    expected = network.predict_on_batch(chosen[..., None])
    worst = 0.0
    for head in classifier.model.info.heads:
        for size in CHECK_BATCHES:
            got = np.concatenate(
                [classifier.predict_logits(chosen[start : start + size], head) for start in range(0, len(chosen), size)]
            )
            wanted = np.asarray(expected[OUTPUTS[head]])
            worst = max(worst, float((np.abs(got - wanted) / np.maximum(np.abs(wanted).max(), 1)).max()))
    if not worst <= TOLERANCE:
        raise RunError(f"{TFLITE_FILE}: expected Keras's logits within {TOLERANCE}, received a difference of {worst:.3g}.")
    return worst


def run_model(model: Model, dataset: Dataset) -> dict[str, dict[str, np.ndarray]]:
    """Run model.tflite on train and validation, rows left out of training included; logits (n, 7) by split and head."""
    classifier = Classifier(model, threads=os.cpu_count() or 1)
    return {name: classifier.predict_heads(dataset.split(name).images) for name in EVALUATED}


def write_answers(folder: Path, dataset: Dataset, answers: Mapping[str, Mapping[str, np.ndarray]]) -> None:
    """Write evaluation.npz: for each split its rows, labels and each head's logits."""
    arrays: dict[str, np.ndarray] = {}
    for name, logits in answers.items():
        split = dataset.split(name)
        arrays |= {f"{name}_row": split.rows.astype(np.int32), f"{name}_label": split.labels.astype(np.uint8)}
        arrays |= {f"{name}_{OUTPUTS[head]}": values for head, values in logits.items()}
    np.savez_compressed(folder / "evaluation.npz", **arrays)  # type: ignore[arg-type]


def judge_answers(answers: Mapping[str, Mapping[str, np.ndarray]], material: Material) -> dict[str, Any]:
    """Give the fields of model.json that follow from what the model answered.

    Those are the metrics of each split, each head's temperature, the head for live use (the crowd's, where it names the
    crowd's majority on validation more often than the label head does), and the threshold below which that head is unsure.
    """
    validation, answered = material.validation, answers["validation"]
    majority = material.majority(validation)
    known = majority >= 0
    temperature = {"label": fit_temperature(answered["label"], validation.labels)}
    live = "label"
    if "crowd" in answered:
        temperature["crowd"] = fit_temperature(answered["crowd"][known], majority[known])
        hits = {head: int((logits.argmax(axis=1) == majority)[known].sum()) for head, logits in answered.items()}
        live = "crowd" if hits["crowd"] > hits["label"] else "label"
    truth = validation.labels.astype(np.int64) if live == "label" else majority
    asked = truth >= 0
    threshold = choose_threshold(
        softmax(answered[live][asked].astype(np.float64), temperature[live]), truth[asked], TARGETS[live]
    )
    return {
        "metrics": _measure(answers, material, temperature),
        "temperature": temperature,
        "live_head": live,
        "threshold": threshold,
    }


def _measure(
    answers: Mapping[str, Mapping[str, np.ndarray]], material: Material, temperature: Mapping[str, float]
) -> dict[str, dict[str, Any]]:
    metrics: dict[str, dict[str, Any]] = {}
    for name, logits in answers.items():
        split = material.dataset.split(name)
        metrics[name] = {"n": len(split), **judge_logits(logits["label"] / temperature["label"], split.labels)}
        if "crowd" in logits:
            majority = material.majority(split)
            judged = judge_crowd(logits["crowd"] / temperature["crowd"], majority)
            metrics[name] |= {"crowd_n": int((majority >= 0).sum())} | {f"crowd_{key}": value for key, value in judged.items()}
    return metrics


def judge_logits(logits: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """Give accuracy and mean log loss (nats) of logits (n, 7) against labels (n,)."""
    return {
        "accuracy": float(accuracy(labels, logits.argmax(axis=1))),
        "log_loss": float(log_loss(softmax(logits), labels)),
    }


def judge_crowd(logits: np.ndarray, majority: np.ndarray) -> dict[str, float | None]:
    """Give the same against the crowd's majority (n,), over the rows that have one; None where no row has."""
    known = majority >= 0
    return dict(judge_logits(logits[known], majority[known])) if known.any() else {"accuracy": None, "log_loss": None}


def write_history(path: Path, history: list[dict[str, Any]]) -> None:
    """Write one line an epoch."""
    with path.open("w", newline="", encoding="utf-8") as file:
        names = {key: None for line in history for key in line}
        writer = csv.DictWriter(file, fieldnames=list(names) or ["epoch"])
        writer.writeheader()
        writer.writerows(history)
