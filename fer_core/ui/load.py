"""Cached loaders: each gives the same object to every session until what lies on disk changes."""

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import streamlit as st

from fer_core.audit import Finding, Flag, check_model, find_flags
from fer_core.dataset import SAMPLE, Copies, Dataset, Progress, Split, Votes, find_copies, find_votes, load_dataset, read_votes
from fer_core.errors import DatasetError
from fer_core.evaluation import Evaluation, evaluate, find_saliency, measure_features, read_ledger
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
        return _keep(_datasets(), _KEPT_DATASETS, key, f"Reading {source.title}", lambda report: read_dataset(source, report))
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

    return _keep(_evaluations(), _KEPT_EVALUATIONS, key, title, find)


def findings(of: Model, data: Dataset, split: str) -> list[Finding]:
    """Check the protocol of a model's figure on a split, behind a progress bar where it was not done before.

    Raises:
        DatasetError: the dataset lacks train or the split.
        ModelError: the model cannot be read.
    """
    tested = len(read_ledger()) if split == "test" else 0
    key = (str(of.path), of.digest, str(of.info.temperature), data.digest, split, str(tested))

    def find(report: Progress) -> list[Finding]:
        return check_model(of, data, claimed_split=split, progress=report)

    return _keep(_findings(), _KEPT_EVALUATIONS, key, f"Checking {of.name} on {split}", find)


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


def saliency(of: Model, image: np.ndarray, digest: str, head: str) -> np.ndarray:
    """Say of every pixel how much each emotion depends on it; remembered like ``probabilities``.

    Returns:
        (7, 48, 48) float32.
    """
    return _saliency((of.digest, digest, head), of, image)


def copies(data: Dataset) -> Copies:
    """Find a dataset's exact copies; remembered by its digest."""
    return _copies(data.digest, data)


def flags(data: Dataset) -> list[Flag]:
    """Find what to look at in a dataset; remembered by its digest and that of the votes."""
    counted = votes(data)
    return _flags(data.digest, counted.digest if counted else "", data, counted)


def features(split: Split) -> dict[str, np.ndarray]:
    """Measure what a split's images may be sliced by; remembered by the split's digest."""
    return _features(split.digest, split)


def stamp(path: Path) -> Stamp:
    """Tell one state of a file or folder from another without reading it.

    Returns:
        name, size in bytes, modification time in ns and inode: of the file, or of a folder and those below it.
    """
    return tuple(_stamps(path, _FOLDER_DEPTH))


_KEPT_DATASETS = 3
_KEPT_EVALUATIONS = 8


@st.cache_resource(max_entries=1, show_spinner=False)
def _datasets() -> dict[tuple[str, bool, Stamp], Dataset]:
    return {}


@st.cache_resource(max_entries=1, show_spinner=False)
def _evaluations() -> dict[tuple[str, ...], Evaluation]:
    return {}


@st.cache_resource(max_entries=1, show_spinner=False)
def _findings() -> dict[tuple[str, ...], list[Finding]]:
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


@st.cache_data(max_entries=256, show_spinner=False)
def _saliency(key: tuple[str, str, str], _model: Model, _image: np.ndarray) -> np.ndarray:
    return find_saliency(classifier(_model), _image, key[2])


@st.cache_resource(max_entries=3, show_spinner="Looking for copies")
def _flags(digest: str, votes_digest: str, _data: Dataset, _votes: Votes | None) -> list[Flag]:
    return find_flags(_data, copies(_data), _votes)


@st.cache_data(max_entries=6, show_spinner="Measuring the images")
def _features(digest: str, _split: Split) -> dict[str, np.ndarray]:
    return measure_features(_split.images)


@st.cache_resource(max_entries=3, show_spinner="Looking for copies")
def _copies(digest: str, _data: Dataset) -> Copies:
    return find_copies(_data)


def _keep(kept: dict[K, V], most: int, key: K, title: str, find: Callable[[Progress], V]) -> V:
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
