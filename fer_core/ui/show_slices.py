"""The evaluation page's part on which images a model is worse at."""

import numpy as np
import streamlit as st

from fer_core import charts
from fer_core.dataset import Dataset
from fer_core.evaluation import FEW, Evaluation, Slice, cut_classes, cut_slices
from fer_core.labels import EMOTIONS
from fer_core.ui import find, load, words

_CHART = {"displayModeBar": False}
_WIDE = 20
_EMOTION = "emotion"
_UNITS = {
    _EMOTION: "emotion (as labelled)",
    "brightness": "brightness (mean gray level)",
    "contrast": "contrast (standard deviation of gray levels)",
    "sharpness": "sharpness (variance of the Laplacian)",
    "certainty": "crowd certainty (% of its votes for one answer)",
}


def slices(result: Evaluation, data: Dataset) -> None:
    """Show accuracy by emotion, brightness, contrast, sharpness and, where there are votes, the crowd's certainty."""
    st.header("On which images is it worse?", anchor="slices")
    if not len(result):
        return
    right = result.predicted == result.labels
    cut = {_EMOTION: cut_classes(result.labels, right)}
    cut |= {name: cut_slices(values, right) for name, values in _features(result, data).items()}
    with st.grid(2, min_column_width=340, gap="medium"):
        for name, parts in cut.items():
            _chart(name, parts, result)
    st.caption(_caption(result, cut))
    rows = [
        (name, *_ends(name, part), part.n, part.accuracy.value, part.accuracy.low, part.accuracy.high, part.n < FEW)
        for name, parts in cut.items()
        for part in parts
    ]
    header = ("measure", "from", "to", "n", "accuracy", "low95", "high95", f"fewer_than_{FEW}")
    words.download_csv("Slices as CSV", words.file_name(result, "slices"), header, rows)


def _caption(result: Evaluation, cut: dict[str, list[Slice]]) -> str:
    few = sum(part.n < FEW for parts in cut.values() for part in parts)
    n = sum(len(parts) for parts in cut.values())
    small = f" Hollow: {few} of the {n} slices have fewer than {FEW} images, too few to say much." if few else ""
    unvoted = "" if "certainty" in cut else " With FER+'s votes, also by how certain the crowd is."
    return (
        f"Up to five parts of about equal size by each measure, {result.split}, n = {len(result):,}; bars are 95 % intervals "
        f"(Wilson), the dotted line is all images ({words.percent(result.accuracy.value)}).{small}{unvoted}"
    )


def _features(result: Evaluation, data: Dataset) -> dict[str, np.ndarray]:
    split = data.split(result.split)
    at = np.searchsorted(split.rows, result.rows)
    found = {name: values[at] for name, values in find.features(split).items()}
    votes = load.votes(data)
    if votes is not None:
        counts = votes.of(result.rows).astype(float)
        found["certainty"] = 100 * counts.max(axis=1) / np.maximum(counts.sum(axis=1), 1)
    return found


def _ends(name: str, part: Slice) -> tuple[object, object]:
    return (EMOTIONS[int(part.low)],) * 2 if name == _EMOTION else (part.low, part.high)


def _labels(name: str, parts: list[Slice]) -> list[str]:
    if name == _EMOTION:
        return [EMOTIONS[int(part.low)] for part in parts]
    digits = 0 if parts[-1].high - parts[0].low >= _WIDE else 2
    return [_between(part.low, part.high, digits) for part in parts]


def _between(low: float, high: float, digits: int) -> str:
    return f"{low:.{digits}f} to {high:.{digits}f}" if low < high else f"{low:.{digits}f}"


def _chart(name: str, parts: list[Slice], result: Evaluation) -> None:
    labels = _labels(name, parts)
    figures = np.array([[part.accuracy.value, part.accuracy.low, part.accuracy.high] for part in parts])
    unit = "emotion (as most voters saw it)" if name == _EMOTION and result.against == "crowd" else _UNITS[name]
    st.plotly_chart(
        charts.slices(labels, figures, [part.n for part in parts], x_title=unit, overall=result.accuracy.value, few=FEW),
        key=f"slices-{name}",
        config=_CHART,
        alt=f"Accuracy by {name}: {_lowest(labels, parts)}.",
    )


def _lowest(labels: list[str], parts: list[Slice]) -> str:
    enough = [k for k, part in enumerate(parts) if part.n >= FEW]
    if not enough:
        return f"each slice has fewer than {FEW} images"
    worst = min(enough, key=lambda k: parts[k].accuracy.value)
    return f"lowest, {words.percent(parts[worst].accuracy.value)}, at {labels[worst]}"
