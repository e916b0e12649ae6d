"""The evaluation page's part on which images a model is worse at."""

import numpy as np
import streamlit as st

from fer_core import charts
from fer_core.dataset import Dataset
from fer_core.evaluation import FEW, Evaluation, Slice, cut_slices
from fer_core.ui import find, load, words

_CHART = {"displayModeBar": False}
_WIDE = 20
_UNITS = {
    "brightness": "brightness (mean gray level)",
    "contrast": "contrast (standard deviation of gray levels)",
    "sharpness": "sharpness (variance of the Laplacian)",
    "certainty": "crowd certainty (% of its votes for one answer)",
}


def slices(result: Evaluation, data: Dataset) -> None:
    """Show accuracy by brightness, contrast, sharpness and, where there are votes, the crowd's certainty."""
    st.header("On which images is it worse?", anchor="slices")
    if not len(result):
        return
    right = result.predicted == result.labels
    cut = {name: cut_slices(values, right) for name, values in _features(result, data).items()}
    with st.grid(2, min_column_width=340, gap="medium"):
        for name, parts in cut.items():
            _chart(name, parts, result)
    few = sum(part.n < FEW for parts in cut.values() for part in parts)
    small = f" {few} of the slices have fewer than {FEW} images, which is too few to say much." if few else ""
    st.caption(
        f"Up to five parts of about equal size by each measure, {result.split}, n = {len(result):,}; "
        f"bars are 95 % intervals (Wilson), the "
        f"dotted line is all images ({words.percent(result.accuracy.value)}).{small}"
    )
    rows = [
        (name, part.low, part.high, part.n, part.accuracy.value, part.accuracy.low, part.accuracy.high)
        for name, parts in cut.items()
        for part in parts
    ]
    header = ("measure", "from", "to", "n", "accuracy", "low95", "high95")
    words.download_csv("Slices as CSV", words.file_name(result, "slices"), header, rows)


def _features(result: Evaluation, data: Dataset) -> dict[str, np.ndarray]:
    split = data.split(result.split)
    at = np.searchsorted(split.rows, result.rows)
    found = {name: values[at] for name, values in find.features(split).items()}
    votes = load.votes(data)
    if votes is not None:
        counts = votes.of(result.rows).astype(float)
        found["certainty"] = 100 * counts.max(axis=1) / np.maximum(counts.sum(axis=1), 1)
    return found


def _between(low: float, high: float, digits: int) -> str:
    return f"{low:.{digits}f} to {high:.{digits}f}" if low < high else f"{low:.{digits}f}"


def _chart(name: str, parts: list[Slice], result: Evaluation) -> None:
    digits = 0 if parts[-1].high - parts[0].low >= _WIDE else 2
    labels = [_between(part.low, part.high, digits) for part in parts]
    figures = np.array([[part.accuracy.value, part.accuracy.low, part.accuracy.high] for part in parts])
    worst = min(range(len(parts)), key=lambda k: parts[k].accuracy.value)
    st.plotly_chart(
        charts.slices(labels, figures, [part.n for part in parts], x_title=_UNITS[name], overall=result.accuracy.value),
        key=f"slices-{name}",
        config=_CHART,
        alt=f"Accuracy by {name}: lowest, {words.percent(parts[worst].accuracy.value)}, at {labels[worst]}.",
    )
