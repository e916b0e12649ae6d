"""The only place where pages change something; each action refuses a viewer before it looks at anything else."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import numpy as np

from fer_core import audit, model, runs
from fer_core.dataset import Dataset, exclusions, find_votes
from fer_core.errors import DatasetError
from fer_core.ui import roles, uploads
from fer_core.ui.sources import DataSource, uploads_dir


def start_training(
    recipe: str,
    source: DataSource,
    *,
    epochs: int | None = None,
    settings: dict[str, Any] | None = None,
    deterministic: bool = False,
    exclude: str | None = None,
) -> runs.Run:
    """Start a training on a dataset, or queue it behind the one that runs.

    Raises:
        NotAllowedError: the person is a viewer.
        RunError: it cannot be started.
    """
    roles.require_owner("start a training")
    return runs.start_run(
        recipe,
        source.path,
        epochs=epochs,
        settings=settings,
        deterministic=deterministic,
        skip_bad_rows=source.skip_bad_rows,
        votes=find_votes(None),
        exclude=exclude,
    )


def measure_speed(recipe: runs.Recipe) -> float:
    """Measure how fast this machine trains a recipe, in images/s; takes about 15 s of it.

    Raises:
        NotAllowedError: the person is a viewer.
        RunError: it cannot be measured.
    """
    roles.require_owner("measure the speed of training")
    return runs.measure_speed(recipe)


def stop_training(run_id: str) -> None:
    """Stop a training; it keeps what its recipe keeps.

    Raises:
        NotAllowedError: the person is a viewer.
        RunError: there is no such run.
    """
    roles.require_owner("stop a training")
    runs.stop_run(run_id)


def resume_training(run_id: str) -> None:
    """Go on with a training that was stopped or interrupted.

    Raises:
        NotAllowedError: the person is a viewer.
        RunError: it cannot be resumed.
    """
    roles.require_owner("resume a training")
    runs.resume_run(run_id)


def delete_run(run_id: str) -> None:
    """Delete a run and its model.

    Raises:
        NotAllowedError: the person is a viewer.
        RunError: there is no such run, or it is running.
    """
    roles.require_owner("delete a run")
    runs.delete_run(run_id)


def promote_run(run_id: str, name: str) -> model.Model:
    """Keep a run's model under a name of its own.

    Raises:
        NotAllowedError: the person is a viewer.
        ModelError: the name cannot be used, or the run has no model.
    """
    roles.require_owner("promote a run's model")
    return model.promote(run_id, name)


def serve_model(name: str) -> None:
    """Make a promoted or shipped model the serving one.

    Raises:
        NotAllowedError: the person is a viewer.
        ModelError: there is no such model.
    """
    roles.require_owner("choose the serving model")
    model.serve(name)


def upload_dataset(
    file: IO[bytes], name: str, *, skip_bad_rows: bool = False, progress: Callable[[float, str], None] | None = None
) -> DataSource:
    """Keep a CSV or zip below FER_HOME once it was read as a dataset; a file that cannot be leaves nothing.

    Raises:
        NotAllowedError: the person is a viewer.
        DatasetError: the file is too large, or not a dataset.
    """
    roles.require_owner("upload a dataset")
    return uploads.keep_upload(file, name, skip_bad_rows=skip_bad_rows, progress=progress)


def start_audit(digest: str, source: DataSource) -> None:
    """Start the long part of a dataset's audit, or go on with it.

    Raises:
        NotAllowedError: the person is a viewer.
        RunError: it runs already.
    """
    roles.require_owner("search a dataset")
    audit.start_audit(digest, source.path, skip_bad_rows=source.skip_bad_rows)


def stop_audit(digest: str) -> None:
    """Stop the long part of a dataset's audit; what is finished stays.

    Raises:
        NotAllowedError: the person is a viewer.
        RunError: it does not run.
    """
    roles.require_owner("stop the search of a dataset")
    audit.stop_audit(digest)


def check_predictions(
    file: IO[bytes], name: str, data: Dataset, *, claimed_split: str = "test", claimed_accuracy: float | None = None
) -> list[audit.Finding]:
    """Check somebody's predictions on a dataset; the file is kept no longer than that takes.

    Raises:
        NotAllowedError: the person is a viewer.
        DatasetError: the file or the dataset cannot be used.
    """
    roles.require_owner("check a file of predictions")
    return uploads.check_predictions(file, name, data, claimed_split=claimed_split, claimed_accuracy=claimed_accuracy)


def save_exclusion(name: str, data: Dataset, rows: np.ndarray, *, note: str = "") -> None:
    """Keep rows as a named list that a training can leave out.

    Raises:
        NotAllowedError: the person is a viewer.
        DatasetError: the name cannot be used, or the dataset has no such row.
    """
    roles.require_owner("save a list of rows")
    exclusions.save_exclusion(name, data, rows, note=note)


def open_server_path(
    path: str, *, skip_bad_rows: bool = False, progress: Callable[[float, str], None] | None = None
) -> DataSource:
    """Offer a dataset that lies on the machine that runs the app, below FER_DATA_DIRS.

    Raises:
        NotAllowedError: the person is a viewer, or the path lies elsewhere.
        DatasetError: there is no dataset.
    """
    roles.require_owner("open a path of the server")
    return uploads.keep_path(path, skip_bad_rows=skip_bad_rows, progress=progress)


def forget_dataset(source: DataSource) -> None:
    """Delete an upload, or forget an opened server path (whose files stay).

    Raises:
        NotAllowedError: the person is a viewer.
        DatasetError: it is neither.
    """
    roles.require_owner("remove a dataset")
    if source.kind not in ("upload", "server"):
        raise DatasetError(f"expected an upload or an opened path, received {source.title}. It stays.")
    shutil.rmtree(uploads_dir() / Path(source.id).name, ignore_errors=True)
