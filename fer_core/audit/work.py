"""The long part of an audit: near copies, images without a face, likely label errors. Finished parts are not done again."""

import os
import time
from collections.abc import Callable
from typing import Protocol

import numpy as np

from fer_core.audit.folds import FOLDS, split_folds
from fer_core.audit.label_errors import find_label_errors
from fer_core.audit.near_copies import find_near_copies
from fer_core.audit.no_face import score_faces
from fer_core.audit.rows import whole
from fer_core.audit.store import LOCK_FILE, STOP_FILE, audit_dir, read_part, write_part, write_state
from fer_core.dataset import Dataset, Split, find_copies
from fer_core.errors import FerError, RunError
from fer_core.labels import EMOTIONS
from fer_core.runs.background import inherited_lock
from fer_core.runs.lock import take_lock

LOCK_VARIABLE = "FER_AUDIT_LOCK"
"""Names the inherited file descriptor that holds the audit's lock."""
_SAY_EVERY_S = 0.5
_SHARES = {"near_copies": (0.0, 0.1), "faces": (0.1, 0.25), "folds": (0.25, 1.0)}
"""Where each part begins and ends, as measured on FER2013."""


class Predict(Protocol):
    """Trains a quick model on a split, and gives probabilities (m, 7) for other images (m, 48, 48)."""

    def __call__(self, train: Split, asked: np.ndarray, seed: int, progress: Callable[[float], None]) -> np.ndarray:
        """Do so; ``progress`` is told the share done, and what it raises ends the training."""
        ...


class _Stopped(Exception):
    """Somebody asked the audit to stop."""


def work_on_audit(dataset: Dataset, predict: Predict, *, progress: Callable[[float, str], None]) -> bool:
    """Do what is left of a dataset's audit, in this process.

    Args:
        dataset: whole.
        predict: trains the models that judge labels.
        progress: told the share done and what is being done.

    Returns:
        Whether it is done; False where it was asked to stop.

    Raises:
        RunError: another process works on it.
    """
    lock = hold_audit(dataset.digest)
    report = _Report(dataset.digest, progress)
    try:
        for part in (_find_near_copies, _find_faces, _find_label_errors):
            part(dataset, predict, report)
        report.end("done", "")
        return True
    except _Stopped:
        report.end("stopped", "Stopped; what is finished stays.")
        return False
    except KeyboardInterrupt:
        report.end("interrupted", "Interrupted; what is finished stays.")
        raise
    except Exception as error:
        report.end("failed", str(error) if isinstance(error, FerError) else f"{type(error).__name__}: {error}")
        raise
    finally:
        os.close(lock)


def hold_audit(digest: str) -> int:
    """Take the lock of a dataset's audit; in a process made by ``start_audit`` it is inherited.

    Returns:
        The file descriptor that holds it.

    Raises:
        RunError: another process works on it.
    """
    folder = audit_dir(digest)
    lock = inherited_lock(LOCK_VARIABLE, digest)
    if lock is None:
        lock = take_lock(folder / LOCK_FILE)
        if lock is None:
            raise RunError("the audit of this dataset: is being worked on already. Wait for its end, or stop it.")
        (folder / STOP_FILE).unlink(missing_ok=True)
    return lock


class _Report:
    """Writes the state down now and then, and looks whether to stop."""

    def __init__(self, digest: str, progress: Callable[[float, str], None]) -> None:
        self._digest, self._progress = digest, progress
        self._stop = audit_dir(digest) / STOP_FILE
        self._started, self._first, self._share, self._said = time.monotonic(), 0.0, 0.0, 0.0
        self.tell("near_copies", 0.0, "Begins")

    def tell(self, part: str, share: float, sentence: str) -> None:
        """Note the share of a part; raises ``_Stopped`` where somebody asked for it."""
        if self._stop.exists():
            raise _Stopped
        low, high = _SHARES[part]
        self._share = low + (high - low) * share
        now = time.monotonic()
        if now - self._said < _SAY_EVERY_S and share < 1:
            return
        self._said = now
        write_state(self._digest, "running", self._share, sentence, self._left_s(now))
        self._progress(self._share, sentence)

    def skip(self, part: str) -> None:
        """Note that a part was finished before, so that its time does not count."""
        self._share = self._first = _SHARES[part][1]

    def end(self, state: str, sentence: str) -> None:
        """Write down how it ended."""
        share = 1.0 if state == "done" else self._share
        write_state(self._digest, state, share, sentence)
        self._progress(share, sentence or "Done")

    def _left_s(self, now: float) -> float | None:
        done = self._share - self._first
        return (now - self._started) / done * (1 - self._share) if done > 0.01 else None


def _find_near_copies(dataset: Dataset, _: Predict, report: _Report) -> None:
    if read_part(dataset.digest, "near_copies") is not None:
        return report.skip("near_copies")
    found = find_near_copies(dataset, progress=lambda share, step: report.tell("near_copies", share, f"Near copies: {step}"))
    write_part(dataset.digest, "near_copies", rows=found.rows, kind=np.array(found.kind, str), residual=found.residual)
    return None


def _find_faces(dataset: Dataset, _: Predict, report: _Report) -> None:
    if read_part(dataset.digest, "faces") is not None:
        return report.skip("faces")
    everything = whole(dataset)
    scores = score_faces(
        everything.images, progress=lambda done, total: report.tell("faces", done / total, f"Faces: {done:,} of {total:,}")
    )
    write_part(dataset.digest, "faces", rows=everything.rows, scores=scores)
    return None


def _find_label_errors(dataset: Dataset, predict: Predict, report: _Report) -> None:
    if read_part(dataset.digest, "label_errors") is not None:
        return report.skip("folds")
    everything = whole(dataset)
    near = read_part(dataset.digest, "near_copies")
    assert near is not None
    folds = split_folds(everything, find_copies(dataset), near["rows"])
    probabilities = np.empty((len(everything), len(EMOTIONS)), np.float32)
    for fold in range(FOLDS):
        held_out = folds == fold
        kept = read_part(dataset.digest, f"fold-{fold}")
        if kept is None:
            kept = {"probabilities": _ask(everything, held_out, fold, predict, report)}
            write_part(dataset.digest, f"fold-{fold}", **kept)
        probabilities[held_out] = kept["probabilities"]
    known = ~np.isnan(probabilities).any(axis=1)
    found = find_label_errors(everything.rows[known], everything.labels[known], probabilities[known])
    right = probabilities[known].argmax(axis=1) == everything.labels[known]
    write_part(
        dataset.digest,
        "label_errors",
        rows=found.rows,
        labels=found.labels,
        suggested=found.suggested,
        scores=found.scores,
        accuracy=np.array(right.mean() if len(right) else 0.0),
    )
    return None


def _ask(everything: Split, held_out: np.ndarray, fold: int, predict: Predict, report: _Report) -> np.ndarray:
    """Train on the other folds, and ask about this one; NaN where there are none."""

    def progress(share: float) -> None:
        report.tell("folds", (fold + share) / FOLDS, f"Label errors: model {fold + 1} of {FOLDS}")

    asked = np.asarray(everything.images[held_out])
    if not len(asked) or held_out.all():
        return np.full((len(asked), len(EMOTIONS)), np.nan, np.float32)
    return predict(everything.without(everything.rows[held_out]), asked, fold, progress)
