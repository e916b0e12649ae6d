"""What a run needs to go on as if nothing had happened: one file an epoch, the last two kept."""

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from fer_core.files import replace_file

KEEP = 2


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """State after a whole epoch.

    Attributes:
        epoch: whole epochs done.
        terms: settings, data and rows left out that it was made with; empty in files of before they were kept.
        model: values of all of the model's variables, random states included.
        optimizer: values of all of the optimiser's variables.
        average: the averaged weights; empty where the recipe keeps none.
        kept: weights that the recipe keeps so far, as the exported model takes them.
        kept_epoch: whose they are.
        kept_accuracy: validation accuracy of them, 0 to 1.
        line: the epoch's line of the history; empty in a checkpoint of before it was kept there.
        confusion: of validation after the epoch, (7, 7) int64, rows true; empty likewise.
    """

    epoch: int
    terms: Mapping[str, Any]
    model: Sequence[np.ndarray]
    optimizer: Sequence[np.ndarray]
    average: Sequence[np.ndarray]
    kept: Sequence[np.ndarray]
    kept_epoch: int
    kept_accuracy: float
    line: Mapping[str, Any] = field(default_factory=dict)
    confusion: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), np.int64))


def save_checkpoint(folder: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint, and remove those older than the last two."""
    arrays = {f"{group}_{index:04d}": value for group in _GROUPS for index, value in enumerate(getattr(checkpoint, group))}
    with replace_file(folder / f"epoch-{checkpoint.epoch:05d}.npz") as path, path.open("wb") as file:
        np.savez(
            file,
            epoch=checkpoint.epoch,
            terms=json.dumps(checkpoint.terms),
            kept_epoch=checkpoint.kept_epoch,
            kept_accuracy=checkpoint.kept_accuracy,
            line=json.dumps(checkpoint.line, allow_nan=False),
            confusion=checkpoint.confusion,
            **arrays,
        )
    for old in _files(folder)[KEEP:]:
        old.unlink()


def load_checkpoint(folder: Path) -> tuple[Checkpoint | None, list[str]]:
    """Read the newest checkpoint that is whole; what a kill left half written goes.

    Returns:
        The checkpoint, None where there is none; and a sentence on each damaged one that was passed over.
    """
    passed: list[str] = []
    for draft in folder.glob(".epoch-*"):
        draft.unlink()
    for path in _files(folder):
        try:
            return _read(path), passed
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            passed.append(f"{path.name} is damaged ({error}); using the one before it.")
    return None, passed


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("epoch-*.npz"), reverse=True)


def _read(path: Path) -> Checkpoint:
    with path.open("rb") as opened, np.load(opened) as file:
        groups = {group: [file[name] for name in sorted(file.files) if name.startswith(group + "_0")] for group in _GROUPS}
        return Checkpoint(
            epoch=int(file["epoch"]),
            terms=json.loads(str(file["terms"])) if "terms" in file.files else {},
            kept_epoch=int(file["kept_epoch"]),
            kept_accuracy=float(file["kept_accuracy"]),
            line=json.loads(str(file["line"])) if "line" in file else {},
            confusion=file["confusion"] if "confusion" in file else np.zeros((0, 0), np.int64),
            **groups,
        )


_GROUPS = ("model", "optimizer", "average", "kept")
