"""Rows of an evaluation that belong together."""

import numpy as np

from fer_core.evaluation.result import Evaluation
from fer_core.labels import EMOTIONS


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
    positions = np.flatnonzero(inside)
    confidence = evaluation.probabilities[positions].max(axis=1)
    return positions[np.lexsort((evaluation.rows[positions], -confidence))]
