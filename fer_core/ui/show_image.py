"""One image large: what it is labelled, what voters and the model see in it, where the model looks, and its copies."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from fer_core.dataset import VOTE_NAMES, Dataset
from fer_core.evaluation import Evaluation
from fer_core.labels import EMOTIONS
from fer_core.model import Model
from fer_core.ui import find, load, pictures, words
from fer_core.ui.live_html import bars_html

_MOST_COPIES = 4


def answered(result: Evaluation, model: Model, data: Dataset, position: int) -> None:
    """Show an image of an evaluation, by its position there."""
    row, true, predicted, confidence = row_words(result, position)
    left, right = st.columns(2, gap="medium")
    left.html(pictures.face(data.image(row), f"row {row}, {result.split} split", f"Face of row {row}, labelled {true}"))
    right.html(f'<p class="fer-line">Label {pictures.chip(true)}</p>{bars_html(result.probabilities[position])}')
    right.caption(f"{result.model_name} names it {predicted} ({confidence}).")
    others(data, row)
    _saliency(result, model, data, position)


def _saliency(result: Evaluation, model: Model, data: Dataset, position: int) -> None:
    """Show where hiding the face speaks against what was named, and against the label."""
    row, true, predicted, _ = row_words(result, position)
    image = data.image(row)
    maps = find.saliency(model, image, f"{data.digest}-{row}", result.head)
    asked = list(dict.fromkeys((predicted, true)))
    most = float(max(maps[EMOTIONS.index(emotion)].max() for emotion in asked))
    st.markdown("**Where does it look?**")
    for place, emotion in zip(st.columns(2, gap="medium"), asked, strict=False):
        place.html(pictures.saliency(image, maps[EMOTIONS.index(emotion)], emotion, most, f"for {emotion}"))
    st.caption("Coloured: hide this part, and the emotion becomes less probable. A model's reasons, not a face's.")


def others(data: Dataset, row: int) -> None:
    """Say what the crowd saw in a row, and where its picture is once more."""
    for sentence in (voters_words(data, row), copies_words(data, row), near_copies_words(data, row)):
        if sentence:
            st.caption(sentence)


def voters_words(data: Dataset, row: int) -> str:
    """Say what the crowd saw in a row; nothing where there are no votes."""
    votes = load.votes(data)
    if votes is None:
        return ""
    counts = votes.of(np.array([row]))[0]
    seen = [f"{VOTE_NAMES[k]} {counts[k]}" for k in np.argsort(-counts.astype(int), kind="stable") if counts[k]]
    return f"{counts.sum()} voters saw: {', '.join(seen)}."


def copies_words(data: Dataset, row: int) -> str:
    """Name the rows whose pixels are the same; nothing where there are none."""
    group = next((group for group in find.copies(data).groups if row in group), ())
    others = _name_rows(data, [other for other in group if other != row])
    return f"The same picture: {others}." if others else ""


def near_copies_words(data: Dataset, row: int) -> str:
    """Name the rows that the audit found to show the same photograph; nothing where there are none, or no audit yet."""
    near = find.audit(data).near_copies
    if near is None:
        return ""
    pairs = near.rows[(near.rows == row).any(axis=1)]
    others = _name_rows(data, pairs[pairs != row].tolist())
    return f"Nearly the same picture: {others}." if others else ""


def _name_rows(data: Dataset, rows: Sequence[int]) -> str:
    """Name rows with split and label, the first few."""
    named = [f"{row} ({data.split_of(row).name}, {EMOTIONS[data.label(row)]})" for row in rows[:_MOST_COPIES]]
    more = f" and {len(rows) - _MOST_COPIES} more" if len(rows) > _MOST_COPIES else ""
    return f"row {', row '.join(named)}{more}" if named else ""


def row_words(result: Evaluation, position: int) -> tuple[int, str, str, str]:
    """Give the row at a position, its label, what it is named, and how confidently."""
    confidence = words.percent(float(result.probabilities[position].max()))
    true, predicted = int(result.labels[position]), int(result.predicted[position])
    return int(result.rows[position]), EMOTIONS[true], EMOTIONS[predicted], confidence
