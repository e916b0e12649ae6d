"""Images of an evaluation: filtered by flag, in a gallery where each opens large, and as CSV."""

import numpy as np
import streamlit as st

from fer_core.dataset import Dataset
from fer_core.evaluation import Evaluation
from fer_core.labels import EMOTIONS
from fer_core.model import Model
from fer_core.ui import find, pick, roles, show_image, words
from fer_core.ui.gallery import Tile, make_tile, show_gallery

PER_PAGE = 16
_NOT_SHARED = (
    "The images of this dataset are not shown to viewers. Whoever runs the app shares them with FER_SHARE_DATA=1. "
    "These are their rows:"
)
_FILTER_HELP = "What the dataset page finds in pixels and votes. Choose a flag to see only images that have it."


def images(result: Evaluation, model: Model, data: Dataset, positions: np.ndarray, name: str) -> None:
    """Show images in the order given, all or those with a flag; a click or the link opens one large.

    Args:
        result: whose images.
        model: that answered.
        data: that holds them.
        positions: (k,) in the evaluation's arrays; k > 0.
        name: of the list, for files and links.
    """
    flag, positions = _pick_flagged(result, data, positions)
    pick.begin_anew((data.digest, result.split, name, flag))
    if not len(positions):
        return
    page = pick.page(-(-len(positions) // PER_PAGE))
    shown = positions[(page - 1) * PER_PAGE : page * PER_PAGE]
    if roles.may_see_images(data):
        _gallery(result, model, data, positions, shown)
    else:
        st.info(_NOT_SHARED, icon=":material/visibility_off:")
        st.dataframe(_table(result, shown), hide_index=True, width="stretch")
    _download(result, positions, name if flag == pick.ALL else f"{name}-{flag.lower().replace(' ', '-')}")


def _pick_flagged(result: Evaluation, data: Dataset, positions: np.ndarray) -> tuple[str, np.ndarray]:
    """Let a flag be picked; give its short name, or "all", and the positions that have it, in the same order."""
    flags = {flag.short: flag for flag in find.flags(data)}
    name = pick.choice("only", "Only images with the flag", [pick.ALL, *flags], help=_FILTER_HELP)
    if name == pick.ALL:
        return name, positions
    inside = positions[np.isin(result.rows[positions], flags[name].rows)]
    many = "image" if len(positions) == 1 else "images"
    found = (
        f"**{len(inside):,}** of these {len(positions):,} {many}" if len(inside) else f"None of these {len(positions):,} {many}"
    )
    st.markdown(f"{found} {'has' if len(inside) < 2 else 'have'} the flag **{name}**.")
    st.caption(flags[name].meaning)
    return name, inside


def _gallery(result: Evaluation, model: Model, data: Dataset, positions: np.ndarray, shown: np.ndarray) -> None:
    clicked = show_gallery((_tile(result, data, int(position)) for position in shown), "cell")
    if clicked is not None:
        st.query_params["row"] = str(clicked)
    row = pick.row(data)
    inside = positions[result.rows[positions] == row]
    if len(inside):
        st.dialog(f"Row {row}", on_dismiss=_close_row)(show_image.answered)(result, model, data, int(inside[0]))


def _tile(result: Evaluation, data: Dataset, position: int) -> Tile:
    row, _, predicted, confidence = show_image.row_words(result, position)
    return make_tile(data.image(row), row, int(result.labels[position]), f"named {predicted}", confidence)


def _close_row() -> None:
    st.query_params.pop("row", None)


def _table(result: Evaluation, positions: np.ndarray) -> dict[str, list[object]]:
    rows = [show_image.row_words(result, int(position)) for position in positions]
    return {name: [row[k] for row in rows] for k, name in enumerate(("row", "true", "predicted", "confidence"))}


def _download(result: Evaluation, positions: np.ndarray, name: str) -> None:
    header = ("row", "true", "predicted", "confidence", *(f"p_{emotion}" for emotion in EMOTIONS))
    rows = [
        (
            int(result.rows[k]),
            EMOTIONS[int(result.labels[k])],
            EMOTIONS[int(result.predicted[k])],
            f"{result.probabilities[k].max():.6f}",
            *(f"{p:.6f}" for p in result.probabilities[k]),
        )
        for k in positions
    ]
    words.download_csv("These rows as CSV", words.file_name(result, name), header, rows)
