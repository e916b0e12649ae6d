"""Distillation (Hinton et al. 2015, arXiv:1503.02531): what other models say of the training images, as targets."""

import os
from pathlib import Path

import numpy as np

from fer_core.dataset import Split
from fer_core.errors import RunError
from fer_core.files import replace_file
from fer_core.labels import EMOTIONS
from fer_core.model import OUTPUTS, Classifier, load_model, softmax
from fer_core.runs import Recipe
from fer_core.training.augment import augment_images
from fer_core.training.record import Record

VIEWS = 4
"""The image itself, and random changes of it: flips, turns, zooms and shifts, the same for every teacher."""
FILE = "teachers.npz"


def ask_teachers(recipe: Recipe, train: Split, record: Record) -> dict[str, np.ndarray] | None:
    """Average what a recipe's teachers say of the training images, over teachers and views; kept in the run's folder.

    Args:
        recipe: names the teachers; their probabilities are taken at a temperature of 1.
        train: n rows.
        record: its folder keeps the answers, so that a resumed run need not ask again; it may ask to stop.

    Returns:
        Probabilities (n, 7) float32 by output that every teacher has; None where the run shall stop.

    Raises:
        ModelError: there is no such model.
        RunError: the teachers changed since the run began.
    """
    models = [load_model(ref) for ref in recipe.teachers]
    path, digests = record.folder / FILE, [model.digest for model in models]
    if path.is_file():
        return _read(path, digests)
    heads = [head for head in recipe.heads if all(head in model.info.heads for model in models)]
    sums = {head: np.zeros((len(train), len(EMOTIONS)), np.float32) for head in heads}
    for model in models:
        classifier = Classifier(model, threads=os.cpu_count() or 1)
        for view in range(VIEWS):
            if record.stop_asked:
                return None
            record.say(f"asking {model.name}, view {view + 1} of {VIEWS}")
            answered = classifier.predict_heads(_change(train.images, view))
            for head in heads:
                sums[head] += softmax(answered[head])
    said = {OUTPUTS[head]: total / (VIEWS * len(models)) for head, total in sums.items()}
    with replace_file(path) as temporary, temporary.open("wb") as file:
        np.savez(file, digests=np.array(digests), **said)  # type: ignore[arg-type]
    return said


def _read(path: Path, digests: list[str]) -> dict[str, np.ndarray]:
    with np.load(path) as file:
        if file["digests"].tolist() != digests:
            raise RunError(f"{path}: expected the teachers that the run began with, received others. Start a new run.")
        return {name: file[name] for name in file.files if name != "digests"}


def _change(images: np.ndarray, view: int) -> np.ndarray:
    return augment_images(images, ("flip", "affine"), np.random.default_rng([view])) if view else images
