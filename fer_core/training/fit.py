"""The training loop: epochs of batches, validation, what is kept, and a checkpoint after each epoch."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from fer_core.errors import RunError
from fer_core.evaluation import confusion_matrix
from fer_core.model import load_model
from fer_core.runs import Recipe
from fer_core.runs.folder import read_document
from fer_core.training.batches import count_batches, epoch_batches
from fer_core.training.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from fer_core.training.engine import Learner
from fer_core.training.export import judge_crowd, judge_logits
from fer_core.training.material import Material
from fer_core.training.record import Record


@dataclass(frozen=True, eq=False)
class Outcome:
    """How a training ended.

    Attributes:
        finished: all epochs are done.
        kept: weights that the recipe keeps; empty without a whole epoch.
        kept_epoch: whose they are.
        history: a line for each whole epoch.
    """

    finished: bool
    kept: Sequence[np.ndarray]
    kept_epoch: int
    history: list[dict[str, Any]]


NOTHING = Checkpoint(epoch=0, terms={}, model=(), optimizer=(), average=(), kept=(), kept_epoch=0, kept_accuracy=-1.0)


def fit(recipe: Recipe, material: Material, record: Record) -> Outcome:
    """Train from the last checkpoint, or from the start, until all epochs are done or the record says to stop.

    Raises:
        RunError: the loss is no number, or the checkpoint was made on other terms.
    """
    learner = Learner(recipe, count_batches(len(material.train), recipe.batch_size))
    terms = {**recipe.to_json(), **material.describe()}
    state, passed = load_checkpoint(record.checkpoints)
    for sentence in passed:
        record.say(sentence)
    if state is None:
        state = replace(NOTHING, terms=terms)
        if recipe.start:
            _start(learner, record)
    else:
        _check_terms(state, terms)
        learner.restore(state)
        record.say(f"going on after epoch {state.epoch}")
    record.recover(state.line, state.confusion)
    for epoch in range(state.epoch + 1, recipe.epochs + 1):
        figures = _train_epoch(learner, material, epoch, record)
        if figures is None:
            return _outcome(state, record, finished=False)
        state = _close_epoch(learner, material, epoch, figures, state, record)
    return _outcome(state, record, finished=True)


def _start(learner: Learner, record: Record) -> None:
    """Take the first weights from the models that the recipe names, as they were when the run began."""
    models = {name: load_model(name) for name in learner.recipe.starts}
    known = [source["digest"] for source in read_document(record.folder)["sources"]]
    for name, model in models.items():
        if model.digest not in known:
            raise RunError(f"{name}: expected the model that the run began with, received another one. Start a new run.")
    counts = learner.start_from(list(models.values()))
    record.say("started from {}: {} of {} layers".format(" and ".join(models), *counts))


def _outcome(state: Checkpoint, record: Record, *, finished: bool) -> Outcome:
    return Outcome(finished, state.kept, state.kept_epoch, record.history(up_to=state.epoch))


def _check_terms(state: Checkpoint, terms: dict[str, Any]) -> None:
    """Refuse to go on with anything else than what the checkpoint was made with; a recipe's words may change."""
    changed = [key for key, value in state.terms.items() if key != "summary" and terms.get(key) != value]
    if changed:
        differences = "; ".join(f"{key}: {state.terms[key]!r}, now {terms.get(key, 'no such setting')!r}" for key in changed)
        raise RunError(
            f"expected the terms that epoch {state.epoch} was trained on, received others ({differences}). "
            "Set them back to resume, or start a new run."
        )


def _train_epoch(learner: Learner, material: Material, epoch: int, record: Record) -> dict[str, float] | None:
    """Go once through the training images; None where the record says to stop."""
    recipe = learner.recipe
    batches = count_batches(len(material.train), recipe.batch_size)
    started = time.perf_counter()
    figures: dict[str, float] = {}
    totals = np.zeros(2)
    done = 0
    for number, batch in enumerate(epoch_batches(material.train.images, material.targets, recipe, epoch), start=1):
        if record.stop_asked:
            return None
        rate = learner.learning_rate
        loss, accuracy = learner.learn(batch)
        if not math.isfinite(loss):
            raise RunError(
                f"epoch {epoch}, batch {number}: expected a finite loss, received {loss}. The weights kept so far stay; "
                "start anew with a lower learning_rate."
            )
        seconds = time.perf_counter() - started
        totals += np.multiply((loss, accuracy), len(batch))
        done += len(batch)
        mean_loss, mean_accuracy = (totals / done).tolist()
        figures = {"loss": mean_loss, "accuracy": mean_accuracy, "learning_rate": rate, "images_per_s": done / seconds}
        whole = epoch - 1 + number / batches
        left_s = (recipe.epochs - whole) * batches * (seconds / number)
        record.step(epoch=whole, batch=number, batches=batches, figures=figures, left_s=left_s)
    return {**figures, "seconds": time.perf_counter() - started}


def _close_epoch(
    learner: Learner, material: Material, epoch: int, figures: dict[str, float], state: Checkpoint, record: Record
) -> Checkpoint:
    """Validate, choose what is kept, and write checkpoint and history, in this order: see ``Record.recover``."""
    started = time.perf_counter()
    weights = learner.weights()
    validation = material.validation
    logits = learner.judge_logits(weights, validation.images)
    judged = judge_logits(logits["label"], validation.labels)
    keeps = learner.recipe.selected_on == "none" or judged["accuracy"] > state.kept_accuracy
    line: dict[str, Any] = {
        "epoch": epoch,
        "loss": figures["loss"],
        "accuracy": figures["accuracy"],
        "val_loss": judged["log_loss"],
        "val_accuracy": judged["accuracy"],
        "learning_rate": figures["learning_rate"],
        "images_per_s": figures["images_per_s"],
        "seconds": figures["seconds"] + time.perf_counter() - started,
        "time_s": time.time(),
    }
    if "crowd" in logits:
        line["val_crowd_accuracy"] = judge_crowd(logits["crowd"], material.majority(validation))["accuracy"]
    confusion = confusion_matrix(validation.labels, logits["label"].argmax(axis=1))
    new = Checkpoint(
        epoch=epoch,
        terms=state.terms,
        **learner.snapshot(),
        kept=weights if keeps else state.kept,
        kept_epoch=epoch if keeps else state.kept_epoch,
        kept_accuracy=judged["accuracy"] if keeps else state.kept_accuracy,
        line=line,
        confusion=confusion,
    )
    save_checkpoint(record.checkpoints, new)
    record.epoch(line, confusion)
    return new
