"""Rows of an evaluation that belong together: a cell of the matrix, its worst errors, or images alike in one respect."""

from dataclasses import dataclass

import cv2
import numpy as np

from fer_core.dataset.statistics import measure_light
from fer_core.evaluation.result import Evaluation, Figure, proportion
from fer_core.labels import EMOTIONS

FEW = 30
"""A slice of fewer rows says nothing reliable."""


@dataclass(frozen=True)
class Slice:
    """Rows whose value lies between two others, both included, and the accuracy there."""

    low: float
    high: float
    n: int
    accuracy: Figure


def measure_features(images: np.ndarray) -> dict[str, np.ndarray]:
    """Measure what images may be sliced by.

    Args:
        images: (n, 48, 48) uint8.

    Returns:
        By name, each (n,) floats: ``brightness`` and ``contrast`` (mean and standard deviation of the pixels, gray levels), and
        ``sharpness`` (variance of the Laplacian; Pech-Pacheco et al. 2000).
    """
    brightness, contrast = measure_light(images)
    sharpness = np.array([cv2.Laplacian(np.ascontiguousarray(image), cv2.CV_64F).var() for image in images])
    return {"brightness": brightness, "contrast": contrast, "sharpness": sharpness}


def cut_slices(values: np.ndarray, right: np.ndarray, parts: int = 5) -> list[Slice]:
    """Cut rows into parts of about equal size by a value, and give each part's accuracy; equal values stay together.

    Args:
        values: (n,) floats.
        right: (n,) bool, where the model is right.
        parts: how many at most.
    """
    edges = np.unique(np.quantile(values, np.linspace(0, 1, parts + 1)[1:-1])) if len(values) else np.empty(0)
    part = np.searchsorted(edges, values, side="left")
    return [_describe(values[part == k], right[part == k]) for k in np.unique(part)]


def cut_classes(values: np.ndarray, right: np.ndarray) -> list[Slice]:
    """Cut rows into one part for each value, ascending, and give each part's accuracy.

    Args:
        values: (n,) of a few different values, such as labels.
        right: (n,) bool, where the model is right.
    """
    return [_describe(values[values == value], right[values == value]) for value in np.unique(values)]


def _describe(values: np.ndarray, right: np.ndarray) -> Slice:
    hits, n = int(right.sum()), len(right)
    return Slice(float(values.min()), float(values.max()), n, proportion(hits, n))


def cell_positions(evaluation: Evaluation, true: str, predicted: str) -> np.ndarray:
    """Find the images of one cell of the confusion matrix.

    Args:
        evaluation: what a model answered.
        true: the emotion they are labelled with.
        predicted: the emotion that the model names.

    Returns:
        (k,) int64 positions in the evaluation's arrays, most confident first, equal ones by row.

    Raises:
        ValueError: not an emotion's name.
    """
    unknown = {true, predicted} - set(EMOTIONS)
    if unknown:
        raise ValueError(f"Expected two of {', '.join(EMOTIONS)}, received {', '.join(sorted(unknown))}.")
    inside = (evaluation.labels == EMOTIONS.index(true)) & (evaluation.predicted == EMOTIONS.index(predicted))
    return _most_confident_first(evaluation, np.flatnonzero(inside))


def worst_errors(evaluation: Evaluation) -> np.ndarray:
    """Find the wrong answers: (k,) int64 positions, most confident first, equal ones by row."""
    return _most_confident_first(evaluation, np.flatnonzero(evaluation.predicted != evaluation.labels))


def most_uncertain(evaluation: Evaluation) -> np.ndarray:
    """Sort all images by their ``margins``: (n,) int64 positions, smallest first, equal ones by row."""
    return np.lexsort((evaluation.rows, margins(evaluation.probabilities)))


def margins(probabilities: np.ndarray) -> np.ndarray:
    """Give how far the most probable emotion lies before the second: (n,) in 0..1 of (n, 7)."""
    second, first = np.sort(probabilities, axis=1)[:, -2:].T
    return np.asarray(first - second)


def _most_confident_first(evaluation: Evaluation, positions: np.ndarray) -> np.ndarray:
    confidence = evaluation.probabilities[positions].max(axis=1)
    return np.asarray(positions[np.lexsort((evaluation.rows[positions], -confidence))])
