"""A split in numbers, computed once for all sessions."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from fer_core.dataset import Split
from fer_core.dataset.statistics import average_faces, measure_light
from fer_core.labels import EMOTIONS

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, eq=False)
class Statistics:
    """What a split looks like.

    Attributes:
        brightness: (7, 5) gray levels 0..255, QUANTILES of the images' means, by emotion; NaN where it has no image.
        contrast: (7, 5) gray levels, QUANTILES of the images' standard deviations.
        mean: (7, 48, 48) float32, gray levels.
        variation: (7, 48, 48) float32, standard deviation of each pixel in gray levels.
    """

    brightness: np.ndarray
    contrast: np.ndarray
    mean: np.ndarray
    variation: np.ndarray


def measure(split: Split) -> Statistics:
    """Measure a split's images; remembered by its digest."""
    return _measure(split.digest, split)


@st.cache_resource(max_entries=12, show_spinner=False)
def _measure(digest: str, _split: Split) -> Statistics:
    brightness, contrast = measure_light(_split.images)
    mean, variation = average_faces(_split.images, _split.labels)
    return Statistics(_by_emotion(brightness, _split.labels), _by_emotion(contrast, _split.labels), mean, variation)


def _by_emotion(values: np.ndarray, labels: np.ndarray) -> np.ndarray:
    found = np.full((len(EMOTIONS), len(QUANTILES)), np.nan)
    for label in np.unique(labels):
        found[label] = np.quantile(values[labels == label], QUANTILES)
    return found
