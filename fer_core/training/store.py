"""MLflow as a place that takes runs: the few calls that the mirror makes, and nothing else knows MLflow."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from fer_core.files import replace_file
from fer_core.runs import Run
from fer_core.settings import load_settings

EXPERIMENT = "fer-studio"
RUN_TAG = "fer_run_id"
ENVIRONMENT = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "10",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0",
    "MLFLOW_LOGGING_LEVEL": "CRITICAL",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
}
"""Unless set otherwise: nothing is told to MLflow's makers, nobody waits long, and neither log nor output is written to."""
REFUSALS = ("BAD_REQUEST", "INVALID_PARAMETER_VALUE", "INVALID_STATE", "RESOURCE_ALREADY_EXISTS", "RESOURCE_DOES_NOT_EXIST")


class Point(NamedTuple):
    """One value of a metric; ``time_ms`` since 1970."""

    key: str
    value: float
    step: int
    time_ms: int


@dataclass(frozen=True)
class Copy:
    """A run's copy in the store.

    Attributes:
        id: the store's own name of it.
        params: what was sent of the settings.
        deleted: somebody deleted it there.
    """

    id: str
    params: Mapping[str, str]
    deleted: bool = False


class Store(Protocol):
    """What the mirror needs of a store; each call raises whatever the store raises when it is away.

    Attributes:
        is_new: it had never heard of FER Studio before it was opened.
    """

    is_new: bool

    def find(self, run_id: str) -> Copy | None:
        """Look a run's copy up, a deleted one included."""

    def create(self, run: Run) -> Copy:
        """Make a run's copy, which counts as running."""

    def points(self, copy_id: str, keys: Iterable[str]) -> set[tuple[str, int]]:
        """Give key and step of every value there is of some metrics."""

    def send(self, copy_id: str, points: Sequence[Point], params: Mapping[str, str], tags: Mapping[str, str]) -> None:
        """Add values, settings and tags in one call; a setting that is there already cannot change."""

    def set_status(self, copy_id: str, status: str, ended_s: float | None) -> None:
        """Say how it goes: RUNNING, FINISHED, FAILED or KILLED."""


def prepare_environment() -> None:
    """Set what MLflow reads from the environment, where the user has not."""
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)


def tracking_uri() -> str:
    """Give the store's address: ``MLFLOW_TRACKING_URI``, or an SQLite file below FER_HOME."""
    return os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{database_path()}"


def database_path() -> Path:
    """Where runs are mirrored to unless ``MLFLOW_TRACKING_URI`` is set."""
    return load_settings().home / "mlflow.db"


def without_secrets(text: str) -> str:
    """Take user names and passwords out of the addresses in ``text``."""
    return re.sub(r"(?<=://)[^/\s]+@", "", text)


def is_refusal(error: Exception) -> bool:
    """Whether the store answered and will not take it, as opposed to being away."""
    return getattr(error, "error_code", "") in REFUSALS


def open_store() -> Store:
    """Import MLflow, and open the store of ``tracking_uri``; the SQLite file is made where it is missing."""
    uri, artifacts = tracking_uri(), None
    if uri == f"sqlite:///{database_path()}":
        _make_database(database_path())
        artifacts = (database_path().parent / "mlflow-artifacts").as_uri()
    return MlflowStore(uri, artifacts)


def _make_database(path: Path) -> None:
    """Make MLflow's tables in a draft, since a kill among its migrations would leave a file that it never opens again."""
    if path.exists():
        return
    for old in path.parent.glob(f".{path.name}.*"):
        old.unlink()
    from mlflow import MlflowClient

    with replace_file(path) as draft:
        MlflowClient(tracking_uri=f"sqlite:///{draft}").search_experiments(max_results=1)


class MlflowStore:
    """A store of MLflow's.

    Args:
        uri: as ``MLFLOW_TRACKING_URI``.
        artifacts: address under which the experiment would keep files; None leaves it to MLflow.
    """

    def __init__(self, uri: str, artifacts: str | None = None) -> None:
        from mlflow import MlflowClient

        self._client = MlflowClient(tracking_uri=uri)
        found = self._client.get_experiment_by_name(EXPERIMENT)
        self.is_new = found is None
        self._experiment = found.experiment_id if found else self._client.create_experiment(EXPERIMENT, artifacts)

    def find(self, run_id: str) -> Copy | None:
        """Look a run's copy up by its tag; of several the one that is not deleted, then the oldest."""
        from mlflow.entities import ViewType

        found = self._client.search_runs(
            [self._experiment], f"tags.{RUN_TAG} = '{run_id}'", ViewType.ALL, order_by=["attributes.start_time ASC"]
        )
        copies = [_to_copy(run) for run in found]
        return min(copies, key=lambda copy: copy.deleted, default=None)

    def create(self, run: Run) -> Copy:
        """Make a run's copy."""
        start_ms = round((run.started_s or run.created_s) * 1000)
        return _to_copy(self._client.create_run(self._experiment, start_ms, {RUN_TAG: run.id}, run.id))

    def points(self, copy_id: str, keys: Iterable[str]) -> set[tuple[str, int]]:
        """Give key and step of every value there is of some metrics."""
        return {(key, metric.step) for key in keys for metric in self._client.get_metric_history(copy_id, key)}

    def send(self, copy_id: str, points: Sequence[Point], params: Mapping[str, str], tags: Mapping[str, str]) -> None:
        """Add values, settings and tags in one call."""
        from mlflow.entities import Metric, Param, RunTag

        self._client.log_batch(
            copy_id,
            [Metric(point.key, point.value, point.time_ms, point.step) for point in points],
            [Param(key, value) for key, value in params.items()],
            [RunTag(key, value) for key, value in tags.items()],
            synchronous=True,
        )

    def set_status(self, copy_id: str, status: str, ended_s: float | None) -> None:
        """Say how it goes."""
        if status == "RUNNING":
            self._client.update_run(copy_id, status)
        else:
            self._client.set_terminated(copy_id, status, None if ended_s is None else round(ended_s * 1000))


def _to_copy(run: Any) -> Copy:
    return Copy(run.info.run_id, dict(run.data.params), run.info.lifecycle_stage == "deleted")
