"""A model's logits for the rows that are asked about: found on disk where that can be trusted, else computed."""

import os
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fer_core.dataset import Split
from fer_core.errors import ModelError
from fer_core.files import replace_file
from fer_core.labels import EMOTIONS
from fer_core.model import OUTPUTS, Classifier, Model
from fer_core.settings import load_settings

EVALUATION_FILE = "evaluation.npz"
CACHE_VERSION = 2
_ROWS_PER_STEP = 256
_PROBE_ROWS = 32
_PROBE_TOLERANCE = 1e-2


@dataclass(frozen=True, eq=False)
class Question:
    """What a model is asked.

    Attributes:
        split: the rows, all of a split's or some, with the labels that are held to be true; its digest is the whole split's.
        against: "label", or "crowd" where the labels are the votes' majority.
        head: the model's head that answers.
    """

    split: Split
    against: str = "label"
    head: str = "label"


@dataclass(frozen=True, eq=False)
class Answers:
    """Logits (n, 7) float32 in the rows' order, and the intervals (2, k) float64 once computed, for a temperature."""

    logits: np.ndarray
    intervals: np.ndarray | None = None
    temperature: float = float("nan")


def find_answers(model: Model, question: Question, *, progress: Callable[[float], None]) -> Answers:
    """Give the model's logits for the rows asked about.

    What lies on disk is used only when its rows and labels are those asked about and the model, run on some of these rows,
    gives the same logits; otherwise the model runs on all of them.

    Args:
        model: whose logits.
        question: which images, and which head.
        progress: called with the share of the images done.

    Raises:
        ModelError: the model cannot run, or gives numbers that are not finite.
    """
    classifier = Classifier(model, threads=os.cpu_count() or 1)
    for stored in (_read_cache(model, question), _read_model_file(model, question)):
        if stored is not None and _agrees(stored.logits, question, classifier):
            return stored
    return Answers(_run(classifier, question, progress))


def write_answers(model: Model, question: Question, answers: Answers) -> None:
    """Keep ``answers`` for the next time; where the disk refuses, they are computed again instead."""
    path = cache_path(model, question)
    try:
        with replace_file(path) as temporary, temporary.open("wb") as file:
            np.savez(
                file,
                version=CACHE_VERSION,
                row=question.split.rows,
                label=question.split.labels,
                logits=answers.logits,
                intervals=np.empty(0) if answers.intervals is None else answers.intervals,
                temperature=answers.temperature,
            )
    except OSError:
        return


def cache_path(model: Model, question: Question) -> Path:
    """Where a model's answers are kept, below FER_HOME."""
    name = f"{model.digest[:24]}-{question.split.digest[:24]}-{question.head}-{question.against}.npz"
    return load_settings().home / "evaluations" / name


def _read_cache(model: Model, question: Question) -> Answers | None:
    arrays = _read_arrays(cache_path(model, question), ("version", "row", "label", "logits", "intervals", "temperature"))
    if arrays is None or arrays[0] != CACHE_VERSION or not _belongs(question.split, *arrays[1:4]):
        return None
    return Answers(arrays[3], arrays[4] if arrays[4].size else None, float(arrays[5]))


def _read_model_file(model: Model, question: Question) -> Answers | None:
    split = question.split
    known = model.info.data.get("splits", {}).get(split.name, {}).get("digest")
    if known != split.digest:
        return None
    keys = tuple(f"{split.name}_{part}" for part in ("row", "label", OUTPUTS[question.head]))
    arrays = _read_arrays(model.path / EVALUATION_FILE, keys)
    if arrays is None or len({len(array) for array in arrays}) > 1:
        return None
    if question.against == "crowd":
        rows, _, logits = arrays
        asked = np.isin(rows, split.rows)
        arrays = [rows[asked], split.labels, logits[asked]]
    return Answers(arrays[2]) if _belongs(split, *arrays) else None


def _read_arrays(path: Path, keys: tuple[str, ...]) -> list[np.ndarray] | None:
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            return [file[key] for key in keys]
    except (OSError, ValueError, TypeError, KeyError, EOFError, NotImplementedError, zipfile.BadZipFile, zlib.error):
        return None


def _belongs(split: Split, rows: np.ndarray, labels: np.ndarray, logits: np.ndarray) -> bool:
    return (
        np.array_equal(rows, split.rows)
        and np.array_equal(labels, split.labels)
        and logits.shape == (len(split), len(EMOTIONS))
        and logits.dtype == np.float32
        and bool(np.isfinite(logits).all())
    )


def _agrees(logits: np.ndarray, question: Question, classifier: Classifier) -> bool:
    split = question.split
    probe = np.unique(np.linspace(0, len(split) - 1, min(_PROBE_ROWS, len(split)), dtype=np.int64))
    answered = classifier.predict_logits(split.images[probe], question.head)
    return bool(np.allclose(answered, logits[probe], atol=_PROBE_TOLERANCE, rtol=1e-3))


def _run(classifier: Classifier, question: Question, progress: Callable[[float], None]) -> np.ndarray:
    split = question.split
    logits = np.empty((len(split), len(EMOTIONS)), np.float32)
    for start in range(0, len(split), _ROWS_PER_STEP):
        stop = min(start + _ROWS_PER_STEP, len(split))
        logits[start:stop] = classifier.predict_logits(split.images[start:stop], question.head)
        progress(stop / len(split))
    wrong = np.flatnonzero(~np.isfinite(logits).all(axis=1))
    if len(wrong):
        raise ModelError(
            f"{classifier.model.tflite_path}: expected finite logits, received {logits[wrong[0]].tolist()} for dataset row "
            f"{split.rows[wrong[0]]} and {len(wrong) - 1} more. Train or export the model again."
        )
    return logits
