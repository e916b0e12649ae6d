"""The evaluation page's part that sets two models side by side on the same images."""

import numpy as np
import streamlit as st

from fer_core.dataset import Dataset
from fer_core.evaluation import Comparison, Evaluation, compare
from fer_core.labels import EMOTIONS
from fer_core.model import Model
from fer_core.ui import load, pick, roles, show_image, words
from fer_core.ui.gallery import make_tile, show_gallery

_NONE = "none"
_SHOWN = 8
_CELLS = 6
_CHANCE = (
    (0.01, "a difference that chance hardly makes"),
    (0.05, "a difference that chance makes now and then"),
    (2.0, "a difference that may well be chance"),
)
"""Words by what p is below."""


def comparison(result: Evaluation, model: Model, data: Dataset) -> None:
    """Let a second model be picked, and show on which images the two differ."""
    st.header("Beside another model", anchor="comparison")
    names = [model.name for model in load.models() if model.name != result.model_name]
    if not names or not len(result):
        st.write("There is no second model yet: train one and promote it.")
        return
    name = pick.choice("beside", "Second model", [_NONE, *names])
    if name == _NONE:
        st.caption("Choose one to see on which of these images the two differ.")
        return
    other = load.model(name)
    second = load.evaluation(other, data, result.split, result.against)
    found = compare(result, second)
    st.markdown(verdict(result, second, found))
    left, right = st.columns(2, gap="large")
    with left:
        _images(result, model, second, data, found.only_first)
    with right:
        _images(second, other, result, data, found.only_second)
    _cells(result, second, found)


def verdict(first: Evaluation, second: Evaluation, found: Comparison) -> str:
    """Say who is better, by how much and how surely."""
    a, b = len(found.only_first), len(found.only_second)
    gain = f"{100 * found.gain.value:+.1f} points (95 %: {100 * found.gain.low:+.1f} to {100 * found.gain.high:+.1f})"
    sure = "p < 0.0001" if found.p < 1e-4 else f"p = {found.p:.2g}"
    said = next(words for below, words in _CHANCE if found.p < below)
    return (
        f"**{first.model_name}** against **{second.model_name}** on the same {len(first):,} {first.split} images: {gain}. "
        f"{a:,} only {first.model_name} gets right, {b:,} only {second.model_name} does; McNemar's exact {sure}, {said}."
    )


def _images(winner: Evaluation, model: Model, loser: Evaluation, data: Dataset, positions: np.ndarray) -> None:
    """Show what only one of the two gets right, the surest first; a click opens an image as that one answered it."""
    st.subheader(f"Only {winner.model_name}: {len(positions):,}", anchor=False)
    if not len(positions):
        return
    if roles.may_see_images(data):
        tiles = (
            make_tile(
                data.image(int(winner.rows[at])),
                int(winner.rows[at]),
                int(winner.labels[at]),
                f"not {EMOTIONS[int(loser.predicted[at])]}",
                show_image.row_words(winner, int(at))[3],
            )
            for at in positions[:_SHOWN]
        )
        clicked = show_gallery(tiles, f"only-{winner.model_name}")
        if clicked is not None:
            at = int(np.flatnonzero(winner.rows == clicked)[0])
            st.dialog(f"Row {clicked}")(show_image.answered)(winner, model, data, at)
    header = ("row", "label", winner.model_name, loser.model_name, "confidence")
    rows = [
        (
            int(winner.rows[at]),
            *(EMOTIONS[int(k)] for k in (winner.labels[at], winner.predicted[at], loser.predicted[at])),
            f"{winner.probabilities[at].max():.6f}",
        )
        for at in positions
    ]
    words.download_csv("These rows as CSV", f"{winner.model_name}-not-{loser.model_name}-{winner.split}", header, rows)


def _cells(first: Evaluation, second: Evaluation, found: Comparison) -> None:
    order = np.argsort(-np.abs(found.cells), axis=None, kind="stable")[:_CELLS]
    rows = [(EMOTIONS[k // 7], EMOTIONS[k % 7], int(found.cells.flat[k])) for k in order.tolist() if found.cells.flat[k]]
    if rows:
        st.subheader("Cells that changed most", anchor=False)
        table = {
            "true": [true for true, _, _ in rows],
            "named": [named for _, named, _ in rows],
            f"more with {first.model_name}": [f"{change:+d}" for _, _, change in rows],
        }
        st.dataframe(table, hide_index=True, width="content")
        st.caption(
            f"Images of {first.model_name}'s matrix less those of {second.model_name}'s; on the diagonal, more is better."
        )
