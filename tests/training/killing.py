"""Trainings that are killed at bad moments, and whether folder and MLflow agree afterwards."""

import os
import signal
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fer_core.files import read_json_lines
from fer_core.model import Classifier, load_model
from fer_core.runs import Run, load_run, read_log, resume_run
from fer_core.runs.folder import CHECKPOINTS, HISTORY_FILE, LOCK_FILE, read_document
from fer_core.runs.lock import is_locked
from fer_core.training.copier import MIRROR_FILE, Copier, to_points
from fer_core.training.store import EXPERIMENT, RUN_TAG, database_path, open_store, prepare_environment, tracking_uri
from tests.training.waiting import SECONDS, finish, pid_of, wait_for

STATUS = {"done": "FINISHED", "stopped": "KILLED"}
SETTINGS = {"batch_size": 16}
UNSENT = "the next training sends the rest"


@dataclass(frozen=True)
class Stored:
    """A run as MLflow has it: every point of every metric as (step, value), duplicates included."""

    status: str
    tags: dict[str, str]
    params: dict[str, str]
    points: dict[str, list[tuple[int, float]]]


def read_stored(uri: str, run_id: str) -> list[Stored]:
    """Read all copies of a run from the store, through MLflow's own client."""
    prepare_environment()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from mlflow import MlflowClient

        client = MlflowClient(tracking_uri=uri)
        experiment = client.get_experiment_by_name(EXPERIMENT)
        found = client.search_runs([experiment.experiment_id], f"tags.{RUN_TAG} = '{run_id}'") if experiment else []
        return [
            Stored(
                run.info.status,
                dict(run.data.tags),
                dict(run.data.params),
                {
                    key: sorted((metric.step, metric.value) for metric in client.get_metric_history(run.info.run_id, key))
                    for key in run.data.metrics
                },
            )
            for run in found
        ]


def disagreements(run: Run, uri: str) -> list[str]:
    """Say what is wrong with a run's folder and its copy in MLflow; nothing where all is well."""
    lines = read_json_lines(run.path / HISTORY_FILE)
    epochs = [line["epoch"] for line in lines]
    faults = [] if epochs == list(range(1, len(lines) + 1)) else [f"epochs in the folder: {epochs}"]
    copies = read_stored(uri, run.id)
    if len(copies) != 1:
        return [*faults, f"copies in MLflow: {len(copies)}"]
    expected: dict[str, list[tuple[int, float]]] = {}
    for point in (point for line in lines for point in to_points(line, run)):
        expected.setdefault(point.key, []).append((point.step, point.value))
    if copies[0].points != expected:
        faults.append(f"points differ: {copies[0].points} instead of {expected}")
    if copies[0].status != STATUS[run.state]:
        faults.append(f"status is {copies[0].status}, the run is {run.state}")
    if (copies[0].tags["state"], copies[0].tags["message"]) != (run.state, run.message):
        faults.append(f"tags: {copies[0].tags}")
    images = np.zeros((2, 48, 48), np.uint8)
    if not np.isfinite(Classifier(load_model(run.id)).predict_logits(images)).all():
        faults.append("the model's logits are not finite")
    return faults


def until_draft(run: Run) -> Callable[[], object]:
    """MLflow's tables are being made for the first time."""
    path = database_path()
    return lambda: any(path.parent.glob(f".{path.name}.*"))


def until_checkpoint(run: Run) -> Callable[[], object]:
    """One more checkpoint is written, its line may not be."""
    names = {path.name for path in (run.path / CHECKPOINTS).glob("epoch-*")}
    return lambda: not names >= {path.name for path in (run.path / CHECKPOINTS).glob("epoch-*")}


def until_line(run: Run) -> Callable[[], object]:
    """One more line of history is written."""
    size = _size(run.path / HISTORY_FILE)
    return lambda: _size(run.path / HISTORY_FILE) != size


def until_acknowledged(run: Run) -> Callable[[], object]:
    """MLflow has acknowledged something more."""
    path = run.path / MIRROR_FILE
    before = path.stat().st_mtime_ns if path.exists() else 0
    return lambda: path.exists() and path.stat().st_mtime_ns != before


def after(seconds: float) -> Callable[[Run], Callable[[], object]]:
    """Some time has passed since the run began to work."""

    def until(run: Run) -> Callable[[], object]:
        end = time.monotonic() + seconds
        return lambda: time.monotonic() > end

    return until


def after_line(seconds: float) -> Callable[[Run], Callable[[], object]]:
    """Some time has passed since one more line of history was written."""

    def until(run: Run) -> Callable[[], object]:
        written, ends = until_line(run), [float("inf")]

        def come() -> bool:
            if written():
                ends[0] = min(ends[0], time.monotonic() + seconds)
            return time.monotonic() > ends[0]

        return come

    return until


def kill_at(run_id: str, moment: Callable[[Run], Callable[[], object]]) -> bool:
    """Kill the process that works on a run when a moment has come; False where the run was over before."""
    run = load_run(run_id)
    wait_for(lambda: read_document(run.path)["state"] != "queued", every_s=0.02)
    come = moment(run)
    wait_for(lambda: come() or not is_locked(run.path / LOCK_FILE), every_s=0.005)
    if not load_run(run_id).is_active:
        return False
    os.kill(pid_of(run_id), signal.SIGKILL)
    finish(run_id)
    return load_run(run_id).state == "interrupted"


def resume_to_the_end(run_id: str, *, within_s: float = SECONDS) -> Run:
    """Go on with a run until it is over."""
    if load_run(run_id).state == "interrupted":
        resume_run(run_id)
    finish(run_id, within_s=within_s)
    return load_run(run_id)


def leave_mirrored(*run_ids: str) -> None:
    """Wait until the processes have left; where MLflow was too slow for one, send the rest as the next training would."""
    for run_id in run_ids:
        run = load_run(run_id)
        wait_for(lambda run=run: not is_locked(run.path / LOCK_FILE))
    if any(UNSENT in read_log(run_id) for run_id in run_ids):
        prepare_environment()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            copier = Copier(open_store(), tracking_uri())
            for run_id in run_ids:
                copier.send(load_run(run_id))


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
