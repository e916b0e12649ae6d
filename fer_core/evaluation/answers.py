"""A model's logits for a split: found on disk where that can be trusted, else computed."""

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
from fer_core.model import Classifier, Model
from fer_core.settings import load_settings

EVALUATION_FILE = "evaluation.npz"
CACHE_VERSION = 1
_ROWS_PER_STEP = 256
_PROBE_ROWS = 32
_PROBE_TOLERANCE = 1e-2


@dataclass(frozen=True, eq=False)
class Answers:
    """Logits (n, 7) float32 in the split's order, and the intervals (2, k) float64 once computed, for a temperature."""

    logits: np.ndarray
    intervals: np.ndarray | None = None
    temperature: float = float("nan")


def find_answers(model: Model, split: Split, *, progress: Callable[[float], None]) -> Answers:
    """Give the model's logits for the split.

    What lies on disk is used only when its rows and labels are the split's and the model, run on some of these rows,
    gives the same logits; otherwise the model runs on all of them.

    Args:
        model: whose logits.
        split: the images.
        progress: called with the share of the split done.

    Raises:
        ModelError: the model cannot run, or gives numbers that are not finite.
    """
    classifier = Classifier(model, threads=os.cpu_count() or 1)
    for stored in (_read_cache(model, split), _read_model_file(model, split)):
        if stored is not None and _agrees(stored.logits, split, classifier):
            return stored
    return Answers(_run(classifier, split, progress))


def write_answers(model: Model, split: Split, answers: Answers) -> None:
    """Keep ``answers`` for the next time; where the disk refuses, they are computed again instead."""
    path = cache_path(model, split)
    try:
        with replace_file(path) as temporary, temporary.open("wb") as file:
            np.savez(
                file,
                version=CACHE_VERSION,
                row=split.rows,
                label=split.labels,
                logits=answers.logits,
                intervals=np.empty(0) if answers.intervals is None else answers.intervals,
                temperature=answers.temperature,
            )
    except OSError:
        return


def cache_path(model: Model, split: Split) -> Path:
    """Where a model's answers for a split are kept, below FER_HOME."""
    return load_settings().home / "evaluations" / f"{model.digest[:24]}-{split.digest[:24]}.npz"


def _read_cache(model: Model, split: Split) -> Answers | None:
    arrays = _read_arrays(cache_path(model, split), ("version", "row", "label", "logits", "intervals", "temperature"))
    if arrays is None or arrays[0] != CACHE_VERSION or not _belongs(split, *arrays[1:4]):
        return None
    return Answers(arrays[3], arrays[4] if arrays[4].size else None, float(arrays[5]))


def _read_model_file(model: Model, split: Split) -> Answers | None:
    known = model.info.data.get("splits", {}).get(split.name, {}).get("digest")
    if known != split.digest:
        return None
    keys = tuple(f"{split.name}_{part}" for part in ("row", "label", "logits"))
    arrays = _read_arrays(model.path / EVALUATION_FILE, keys)
    return Answers(arrays[2]) if arrays is not None and _belongs(split, *arrays) else None


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


def _agrees(logits: np.ndarray, split: Split, classifier: Classifier) -> bool:
    probe = np.unique(np.linspace(0, len(split) - 1, min(_PROBE_ROWS, len(split)), dtype=np.int64))
    return bool(np.allclose(classifier.predict_logits(split.images[probe]), logits[probe], atol=_PROBE_TOLERANCE, rtol=1e-3))


def _run(classifier: Classifier, split: Split, progress: Callable[[float], None]) -> np.ndarray:
    logits = np.empty((len(split), len(EMOTIONS)), np.float32)
    for start in range(0, len(split), _ROWS_PER_STEP):
        stop = min(start + _ROWS_PER_STEP, len(split))
        logits[start:stop] = classifier.predict_logits(split.images[start:stop])
        progress(stop / len(split))
    wrong = np.flatnonzero(~np.isfinite(logits).all(axis=1))
    if len(wrong):
        raise ModelError(
            f"{classifier.model.tflite_path}: expected finite logits, received {logits[wrong[0]].tolist()} for dataset row "
            f"{split.rows[wrong[0]]} and {len(wrong) - 1} more. Train or export the model again."
        )
    return logits
