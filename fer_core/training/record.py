"""What the training process writes into its run's folder while it works."""

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from fer_core.errors import RunError
from fer_core.files import append_json_line, drop_cut_line, write_json
from fer_core.runs import read_history
from fer_core.runs.folder import (
    CHECKPOINTS,
    CONFUSION_FILE,
    HISTORY_FILE,
    LOG_FILE,
    PROGRESS_FILE,
    RUN_FILE,
    STEPS_FILE,
    STOP_FILE,
    read_document,
)

PROGRESS_EVERY_S = 1.0
STEP_EVERY_S = 2.0
RESERVE_FILE = ".reserve"
RESERVE_BYTES = 64 * 1024


class Record:
    """Writes one run's folder; the process that uses it holds the run's lock.

    Args:
        folder: the run's.
        echo: whether what goes to the log is also shown on standard error.
    """

    def __init__(self, folder: Path, *, echo: bool = False) -> None:
        self.folder = folder
        self.echo = echo
        self.checkpoints = folder / CHECKPOINTS
        self._progress_s = 0.0
        self._step_s = 0.0

    def keep_reserve(self) -> None:
        """Keep a little room on the disk for what must be said when it is full."""
        (self.folder / RESERVE_FILE).write_bytes(bytes(RESERVE_BYTES))

    def free_reserve(self) -> None:
        """Give that room back."""
        (self.folder / RESERVE_FILE).unlink(missing_ok=True)

    @property
    def exists(self) -> bool:
        """Whether the run is still there."""
        return (self.folder / RUN_FILE).is_file()

    @property
    def stop_asked(self) -> bool:
        """Whether somebody wants the run to stop.

        Raises:
            RunError: the folder was deleted, so that there is nobody to train for.
        """
        if not self.exists:
            raise RunError(f"{self.folder}: expected the run's folder, found none: it was deleted. Start a new training.")
        return (self.folder / STOP_FILE).exists()

    def change(self, **fields: Any) -> None:
        """Change fields of run.json."""
        write_json(self.folder / RUN_FILE, {**read_document(self.folder), **fields})

    def say(self, text: str) -> None:
        """Add a line to the log, with the time of day."""
        line = f"{time.strftime('%H:%M:%S')} {text}\n"
        with (self.folder / LOG_FILE).open("a", encoding="utf-8") as log:
            log.write(line)
        if self.echo:
            sys.stderr.write(line)

    def step(self, *, epoch: float, batch: int, batches: int, figures: dict[str, float], left_s: float) -> None:
        """Note the progress within an epoch; writes at most once a second.

        Args:
            epoch: epochs done, with a fraction.
            batch: of the current epoch, from 1.
            batches: in an epoch.
            figures: loss and accuracy of the epoch so far, learning_rate, images_per_s.
            left_s: estimated seconds to the end.
        """
        now = time.time()
        if now - self._progress_s < PROGRESS_EVERY_S and batch < batches:
            return
        self._progress_s = now
        progress = {"epoch": epoch, "batch": batch, "batches": batches, "left_s": left_s, "time_s": now, **figures}
        write_json(self.folder / PROGRESS_FILE, progress)
        if now - self._step_s >= STEP_EVERY_S or batch == batches:
            self._step_s = now
            append_json_line(self.folder / STEPS_FILE, {"epoch": epoch, **figures, "time_s": now})

    def epoch(self, line: Mapping[str, Any], confusion: np.ndarray) -> None:
        """Note what a whole epoch gave; its checkpoint is written before, so that ``recover`` can make up for a kill."""
        append_json_line(self.folder / HISTORY_FILE, line)
        self._write_confusion(line, confusion)
        self.say(
            f"epoch {line['epoch']}: loss {line['loss']:.4f}, accuracy {line['accuracy']:.4f}; validation loss "
            f"{line['val_loss']:.4f}, accuracy {line['val_accuracy']:.4f}; {line['images_per_s']:.0f} images/s"
        )

    def recover(self, line: Mapping[str, Any], confusion: np.ndarray) -> None:
        """Agree with the checkpoint that the run goes on from, wherever a kill came; its line may be empty."""
        for name in (HISTORY_FILE, STEPS_FILE):
            drop_cut_line(self.folder / name)
        if not line:
            return
        if any(known["epoch"] == line["epoch"] for known in read_history(self.folder.name)):
            self._write_confusion(line, confusion)
        else:
            self.epoch(line, confusion)

    def _write_confusion(self, line: Mapping[str, Any], confusion: np.ndarray) -> None:
        write_json(self.folder / CONFUSION_FILE, {"epoch": line["epoch"], "counts": confusion.tolist()})

    def history(self, *, up_to: int) -> list[dict[str, Any]]:
        """Give the lines of the epochs from 1 to ``up_to``."""
        return [line for line in read_history(self.folder.name) if line["epoch"] <= up_to]
