"""What lies in a run's folder, and the snapshot of it that everybody reads."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fer_core.errors import RunError
from fer_core.files import read_json_lines
from fer_core.runs.lock import is_locked
from fer_core.settings import load_settings

RUN_FILE = "run.json"
PROGRESS_FILE = "progress.json"
HISTORY_FILE = "history.jsonl"
STEPS_FILE = "steps.jsonl"
CONFUSION_FILE = "validation_confusion.json"
LOG_FILE = "log.txt"
LOCK_FILE = "lock"
STOP_FILE = "stop"
CHECKPOINTS = "checkpoints"
MODEL_DIR = "model"

ACTIVE = ("queued", "running", "stopping")
"""States in which a process works on the run."""


@dataclass(frozen=True)
class Run:
    """A run as its folder was at one moment.

    Attributes:
        state: queued, running, stopping, stopped, interrupted, failed or done.
        message: one sentence on why it is in that state; may be empty.
        epochs: planned; ``epochs_done`` are whole.
        settings: the full recipe.
        data: source of the dataset; ``data_name`` and ``data_digest`` are empty until it was read.
        created_s, started_s, ended_s: seconds since 1970.
        seconds: spent training so far, over all its starts.
        batch, batches: of the current epoch.
        left_s: estimated time to the end in seconds.
        best_validation: highest validation accuracy of an epoch, 0 to 1.
        queue_position: 1 for the next to start; 0 where it does not wait.
    """

    id: str
    path: Path
    recipe: str
    state: str
    message: str
    epochs: int
    epochs_done: int
    settings: dict[str, Any]
    data: str
    data_name: str
    data_digest: str
    skip_bad_rows: bool
    deterministic: bool
    created_s: float
    started_s: float | None
    ended_s: float | None
    seconds: float
    batch: int
    batches: int
    images_per_s: float | None
    left_s: float | None
    best_validation: float | None
    model_path: Path | None
    queue_position: int

    @property
    def is_active(self) -> bool:
        """Whether a process works on it."""
        return self.state in ACTIVE


def runs_dir() -> Path:
    """Where the runs are; it may not exist."""
    return load_settings().home / "runs"


def run_dir(run_id: str) -> Path:
    """Find a run's folder.

    Raises:
        RunError: there is none of that id.
    """
    folder = runs_dir() / run_id
    if not run_id or Path(run_id).name != run_id or not (folder / RUN_FILE).is_file():
        raise RunError(
            f"expected the id of a run, received {run_id!r}, and there is no such folder. `fer-studio runs list` shows them."
        )
    return folder


def list_runs() -> list[Run]:
    """Read all runs, the newest first; a folder that is unreadable or just being deleted is left out."""
    runs = []
    for path in runs_dir().glob(f"*/{RUN_FILE}"):
        try:
            runs.append(load_run(path.parent.name))
        except RunError:
            continue
    return sorted(runs, key=lambda run: (run.created_s, run.id), reverse=True)


def load_run(run_id: str) -> Run:
    """Read one run.

    Raises:
        RunError: it is not there, or its run.json is damaged.
    """
    folder = run_dir(run_id)
    document = read_document(folder)
    history = read_history(run_id)
    progress = read_object(folder / PROGRESS_FILE)
    state = current_state(folder, document)
    model = folder / MODEL_DIR
    return Run(
        id=run_id,
        path=folder,
        recipe=document["recipe"]["name"],
        state=state,
        message=document["message"] if state != "interrupted" else _interrupted_message(len(history)),
        epochs=document["recipe"]["epochs"],
        epochs_done=len(history),
        settings=document["recipe"],
        data=document["data"],
        data_name=document["data_name"],
        data_digest=document["data_digest"],
        skip_bad_rows=document["skip_bad_rows"],
        deterministic=document["deterministic"],
        created_s=document["created_s"],
        started_s=document["started_s"],
        ended_s=document["ended_s"],
        seconds=sum(line["seconds"] for line in history),
        batch=progress.get("batch", 0),
        batches=progress.get("batches", 0),
        images_per_s=progress.get("images_per_s"),
        left_s=progress.get("left_s") if state == "running" else None,
        best_validation=max((line["val_accuracy"] for line in history), default=None),
        model_path=model if (model / "model.json").is_file() else None,
        queue_position=_queue_position(run_id) if state == "queued" else 0,
    )


def read_document(folder: Path) -> dict[str, Any]:
    """Read run.json.

    Raises:
        RunError: it is missing or damaged.
    """
    document = read_object(folder / RUN_FILE)
    if "recipe" not in document:
        raise RunError(
            f"{folder / RUN_FILE}: expected a run's record, received something else. Delete the folder to be rid of it."
        )
    return document


def current_state(folder: Path, document: dict[str, Any]) -> str:
    """Say what the run is doing: what run.json says, checked against whether its process lives."""
    state = str(document["state"])
    if state not in ACTIVE:
        return state
    if not is_locked(folder / LOCK_FILE):
        return "interrupted"
    return "stopping" if (folder / STOP_FILE).exists() else state


def waiting_ids() -> list[str]:
    """Give the ids of the runs that wait for their turn, the next one first."""
    waiting = []
    for path in runs_dir().glob(f"*/{RUN_FILE}"):
        document = read_object(path)
        if document.get("state") == "queued" and is_locked(path.parent / LOCK_FILE):
            waiting.append((document["queued_s"], path.parent.name))
    return [run_id for _, run_id in sorted(waiting)]


def _queue_position(run_id: str) -> int:
    waiting = waiting_ids()
    return waiting.index(run_id) + 1 if run_id in waiting else 0


def read_history(run_id: str) -> list[dict[str, Any]]:
    """Read what each whole epoch gave, in order.

    Keys: epoch (from 1), loss (training's own, label smoothing included), accuracy, val_loss, val_accuracy,
    learning_rate, images_per_s, seconds, time_s (its end, since 1970). An epoch that was run again after an
    interruption is there once, as run last.
    """
    lines = read_json_lines(run_dir(run_id) / HISTORY_FILE)
    last = {line["epoch"]: line for line in lines}
    return [last[epoch] for epoch in sorted(last)]


def read_steps(run_id: str) -> list[dict[str, Any]]:
    """Read the points within epochs, at least one every 5 s of training.

    Keys: epoch (a fraction of epochs done), loss, accuracy, learning_rate, images_per_s, time_s (since 1970).
    """
    points = read_json_lines(run_dir(run_id) / STEPS_FILE)
    kept: list[dict[str, Any]] = []
    for point in points:
        while kept and kept[-1]["epoch"] >= point["epoch"]:
            kept.pop()
        kept.append(point)
    return kept


def read_confusion(run_id: str) -> np.ndarray | None:
    """Read the latest epoch's confusion on validation: (7, 7) int64, rows true; None before the first."""
    counts = read_object(run_dir(run_id) / CONFUSION_FILE).get("counts")
    return None if counts is None else np.array(counts, dtype=np.int64)


def read_log(run_id: str, *, last_bytes: int = 100_000) -> str:
    """Read the end of what the training process printed."""
    try:
        data = (run_dir(run_id) / LOG_FILE).read_bytes()
    except FileNotFoundError:
        return ""
    return data[-last_bytes:].decode("utf-8", errors="replace")


def read_object(path: Path) -> dict[str, Any]:
    """Read a JSON object; empty where it is missing, damaged or something else."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _interrupted_message(epochs_done: int) -> str:
    if not epochs_done:
        return "The training process ended before its first whole epoch. Resume starts it again."
    return f"The training process ended without a word after epoch {epochs_done}. Resume goes on from there."
