"""Cached loaders: each gives the same object to every session until what lies on disk changes."""

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import streamlit as st

from fer_core.dataset import SAMPLE, Dataset, Progress, Votes, find_votes, load_dataset, read_votes
from fer_core.errors import DatasetError
from fer_core.evaluation import Evaluation, evaluate
from fer_core.model import Classifier, Model, list_models, load_model
from fer_core.ui.frame import enter_app
from fer_core.ui.roles import is_owner
from fer_core.ui.sources import DataSource

_log = logging.getLogger(__name__)
K = TypeVar("K")
V = TypeVar("V")
Stamp = tuple[tuple[str, int, int, int], ...]
_FOLDER_DEPTH = 3
_READING = threading.Lock()
_WAIT_S = 0.2


def dataset(source: DataSource) -> Dataset:
    """Load a dataset; the first time with a progress bar, which goes away at the end.

    Raises:
        DatasetError: the source is not there or is not as it should be; a viewer does not read where it lies.
    """
    enter_app()
    key = (source.path, source.skip_bad_rows, stamp(Path(source.path)) if source.path != SAMPLE else ())
    try:
        return keep(_datasets(), _KEPT_DATASETS, key, f"Reading {source.title}", lambda report: read_dataset(source, report))
    except DatasetError as error:
        if is_owner():
            raise
        raise DatasetError(str(error).replace(source.path, source.title)) from None


def read_dataset(source: DataSource, progress: Progress) -> Dataset:
    """Load a dataset past the cache in memory; one at a time, so that two sessions don't read a large one twice at once.

    Raises:
        DatasetError: the source is not there or is not as it should be.
    """
    while not _READING.acquire(timeout=_WAIT_S):
        progress(0.0, "Waiting for another dataset to be read")
    try:
        return load_dataset(source.path, skip_bad_rows=source.skip_bad_rows, progress=progress)
    finally:
        _READING.release()


def models() -> list[Model]:
    """List the promoted and shipped models."""
    return list_models()


def model(name: str | None = None) -> Model:
    """Load a model by name or by its run's id; the serving one where None.

    Raises:
        ModelError: there is none, or it cannot be read.
    """
    enter_app()
    return load_model(name)


def classifier(of: Model) -> Classifier:
    """Load what runs a model, for pages; a video thread makes its own.

    Raises:
        ModelError: the model cannot be read.
    """
    return _classifier(str(of.path), of.digest, of)


def votes(data: Dataset) -> Votes | None:
    """Read the crowd's votes on a dataset; None where the server has none, or they are another dataset's."""
    path = find_votes(None)
    return _votes(path, stamp(Path(path)), data.digest, data) if path and not data.is_sample else None


def evaluation(of: Model, data: Dataset, split: str, against: str = "label") -> Evaluation:
    """Evaluate a model on a split; with a progress bar where it was not done before.

    Args:
        of: the model.
        data: what it is evaluated on.
        split: a split's name.
        against: "label", or "crowd" where ``votes`` are there.

    Raises:
        DatasetError: the dataset has no such split.
        ModelError: the model cannot be read.
    """
    counted = votes(data) if against == "crowd" else None
    key = (str(of.path), of.digest, str(of.info.temperature), data.digest, data.split(split).digest, against)
    title = f"Evaluating {of.name} on {split}"

    def find(report: Progress) -> Evaluation:
        return evaluate(of, data, split, votes=counted, progress=report)

    return keep(_evaluations(), KEPT_EVALUATIONS, key, title, find)


def probabilities(of: Model, image: Any, digest: str) -> Any:
    """Classify one image; remembered by the model and the image's own digest.

    Args:
        of: the model.
        image: (48, 48) uint8.
        digest: differs when the image does.

    Returns:
        (7,) float32 that sum to 1.
    """
    return _probabilities((of.digest, digest), of, image)


def stamp(path: Path) -> Stamp:
    """Tell one state of a file or folder from another without reading it.

    Returns:
        name, size in bytes, modification time in ns and inode: of the file, or of a folder and those below it.
    """
    return tuple(_stamps(path, _FOLDER_DEPTH))


_KEPT_DATASETS = 3
KEPT_EVALUATIONS = 8


@st.cache_resource(max_entries=1, show_spinner=False)
def _datasets() -> dict[tuple[str, bool, Stamp], Dataset]:
    return {}


@st.cache_resource(max_entries=1, show_spinner=False)
def _evaluations() -> dict[tuple[str, ...], Evaluation]:
    return {}


@st.cache_resource(max_entries=2, show_spinner="Reading the crowd's votes")
def _votes(path: str, stamp: Stamp, digest: str, _data: Dataset) -> Votes | None:
    try:
        return read_votes(path, _data)
    except DatasetError as error:
        _log.warning("no votes on %s: %s", _data.name, error)
        return None


@st.cache_resource(max_entries=4, show_spinner=False)
def _classifier(path: str, digest: str, _model: Model) -> Classifier:
    return Classifier(_model)


@st.cache_data(max_entries=256, show_spinner=False)
def _probabilities(key: tuple[str, str], _model: Model, _image: Any) -> Any:
    return classifier(_model).predict_probabilities(_image[None])[0]


def keep(kept: dict[K, V], most: int, key: K, title: str, find: Callable[[Progress], V]) -> V:
    """Give what is kept under a key; else find it behind a progress bar, keep it, and let go of the oldest."""
    found = kept.get(key)
    if found is None:
        place = st.empty()
        bar = place.progress(0.0, title)

        def report(share: float, what: str) -> None:
            bar.progress(min(max(share, 0.0), 1.0), what)

        try:
            found = kept[key] = find(report)
        finally:
            place.empty()
        for old in list(kept)[:-most]:
            kept.pop(old, None)
    return found


def _stamps(path: Path, depth: int) -> Iterator[tuple[str, int, int, int]]:
    try:
        status = path.stat()
        yield path.name, status.st_size, status.st_mtime_ns, status.st_ino
        if depth and path.is_dir():
            for child in sorted(path.iterdir()):
                if child.is_dir():
                    yield from _stamps(child, depth - 1)
    except OSError:
        return
