"""Cached findings about data and models: computed once for all sessions, however often a page runs."""

import numpy as np
import streamlit as st

from fer_core.audit import Audit, Finding, Flag, check_model, find_audit_flags, find_flags, read_audit
from fer_core.audit.store import finished_parts
from fer_core.dataset import Copies, Dataset, Progress, Split, Votes, find_copies
from fer_core.evaluation import (
    Confidence,
    Evaluation,
    Reliability,
    find_saliency,
    measure_confidence,
    measure_features,
    measure_reliability,
    read_ledger,
)
from fer_core.model import Model, softmax
from fer_core.ui import load


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

    return load.keep(_findings(), load.KEPT_EVALUATIONS, key, f"Checking {of.name} on {split}", find)


def saliency(of: Model, image: np.ndarray, digest: str, head: str) -> np.ndarray:
    """Say of every pixel how much each emotion depends on it; remembered by the model and the image's own digest.

    Returns:
        (7, 48, 48) float32.
    """
    return _saliency((of.digest, digest, head), of, image)


def copies(data: Dataset) -> Copies:
    """Find a dataset's exact copies; remembered by its digest."""
    return _copies(data.digest, data)


def flags(data: Dataset) -> list[Flag]:
    """Find what to look at in a dataset, and what its long audit found so far; remembered by its digest and the votes'."""
    counted = load.votes(data)
    known = counted.digest if counted else ""
    found = _audit_flags(data.digest, finished_parts(data.digest), known, audit(data), counted)
    return [*_flags(data.digest, known, data, counted), *found]


def audit(data: Dataset) -> Audit:
    """Read what is finished of a dataset's audit; remembered until a part is added."""
    return _audit(data.digest, finished_parts(data.digest), data)


def features(split: Split) -> dict[str, np.ndarray]:
    """Measure what a split's images may be sliced by; remembered by the split's digest."""
    return _features(split.digest, split)


def confidence(
    result: Evaluation, validation: Evaluation, temperature: float, asked: float
) -> tuple[Confidence, Reliability, Reliability]:
    """Measure what confidence is worth on a split, and its reliability at a temperature of 1 and at the model's.

    Args:
        result: the split, at least one row.
        validation: the same model, head and truth on validation, at least one row.
        temperature: of the head.
        asked: accuracy of the answers called sure, 0..1.
    """
    key = (result.model_digest, result.split_digest, validation.split_digest, result.against, result.head)
    return _confidence(key, temperature, asked, result, validation)


@st.cache_resource(max_entries=1, show_spinner=False)
def _findings() -> dict[tuple[str, ...], list[Finding]]:
    return {}


@st.cache_data(max_entries=256, show_spinner=False)
def _saliency(key: tuple[str, str, str], _model: Model, _image: np.ndarray) -> np.ndarray:
    return find_saliency(load.classifier(_model), _image, key[2])


@st.cache_resource(max_entries=3, show_spinner="Looking for copies")
def _flags(digest: str, votes_digest: str, _data: Dataset, _votes: Votes | None) -> list[Flag]:
    return find_flags(_data, copies(_data), _votes)


@st.cache_resource(max_entries=3, show_spinner=False)
def _audit(digest: str, parts: tuple[tuple[str, int], ...], _data: Dataset) -> Audit:
    return read_audit(_data, copies(_data))


@st.cache_resource(max_entries=3, show_spinner=False)
def _audit_flags(
    digest: str, parts: tuple[tuple[str, int], ...], votes_digest: str, _audit: Audit, _votes: Votes | None
) -> list[Flag]:
    return find_audit_flags(_audit, _votes)


@st.cache_data(max_entries=6, show_spinner="Measuring the images")
def _features(digest: str, _split: Split) -> dict[str, np.ndarray]:
    return measure_features(_split.images)


@st.cache_resource(max_entries=3, show_spinner="Looking for copies")
def _copies(digest: str, _data: Dataset) -> Copies:
    return find_copies(_data)


@st.cache_resource(max_entries=16, show_spinner="Measuring confidence")
def _confidence(
    key: tuple[str, ...], temperature: float, asked: float, _result: Evaluation, _validation: Evaluation
) -> tuple[Confidence, Reliability, Reliability]:
    labels = _result.labels.astype(np.int64)
    before = measure_reliability(softmax(_result.logits.astype(np.float64)), labels)
    after = measure_reliability(_result.probabilities, labels)
    return measure_confidence(_result, _validation, temperature, asked), before, after
