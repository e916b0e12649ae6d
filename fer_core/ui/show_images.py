"""Images of an evaluation: of a cell or listed over all, filtered by flag, in a gallery where each opens large, and as CSV."""

import numpy as np
import streamlit as st

from fer_core.dataset import Dataset
from fer_core.evaluation import Evaluation, margins, most_uncertain, worst_errors
from fer_core.labels import EMOTIONS
from fer_core.model import Model
from fer_core.ui import find, pick, roles, show_image, words
from fer_core.ui.gallery import Tile, make_tile, show_gallery

CELL, _WORST, _UNCERTAIN = "one cell", "worst errors", "most uncertain"
PER_PAGE = 16
_MOST = {_WORST: 160, _UNCERTAIN: 160}
"""So many images of a list are shown, and are in its file."""
_KEY = "images"
_NOT_SHARED = (
    "The images of this dataset are not shown to viewers. Whoever runs the app shares them with FER_SHARE_DATA=1. "
    "These are their rows:"
)
_FILTER_HELP = "What the dataset page finds in pixels and votes. Choose a flag to see only images that have it."


def pick_list() -> str:
    """Choose between a cell's images and the two lists over all cells."""
    help = (
        "Worst errors: wrong answers, most confident first. Most uncertain: smallest margin first, which is the probability "
        "of the first answer less that of the second."
    )
    return pick.choice(_KEY, "Images", (CELL, _WORST, _UNCERTAIN), look="buttons", help=help)


def choose_cell() -> None:
    """Go back to the images of one cell, from the next run on."""
    pick.choose(_KEY, CELL)


def listed(result: Evaluation, model: Model, data: Dataset, name: str) -> None:
    """Show the worst errors or the most uncertain images, over all cells."""
    worst = name == _WORST
    positions = worst_errors(result) if worst else most_uncertain(result)
    if not len(positions):
        st.write("No answer is wrong." if worst else "There are no images.")
        return
    if worst:
        st.markdown(f"**{len(positions):,}** of {len(result):,} answers are wrong, most confident first")
    else:
        st.markdown(f"**{len(positions):,}** images, smallest margin between the two most probable emotions first")
    images(result, model, data, positions, name)


def images(result: Evaluation, model: Model, data: Dataset, positions: np.ndarray, name: str) -> None:
    """Show images in the order given, all or those with a flag; a click or the link opens one large.

    Args:
        result: whose images.
        model: that answered.
        data: that holds them.
        positions: (k,) in the evaluation's arrays; k > 0.
        name: of the list.
    """
    flag, positions = _pick_flagged(result, data, positions)
    pick.begin_anew((data.digest, result.split, name, flag))
    if not len(positions):
        return
    if len(positions) > _MOST.get(name, len(positions)):
        positions = positions[: _MOST[name]]
        st.caption(f"These are the first {len(positions)}.")
    page = pick.page(-(-len(positions) // PER_PAGE))
    shown = positions[(page - 1) * PER_PAGE : page * PER_PAGE]
    if roles.may_see_images(data):
        clicked = show_gallery((_tile(result, data, int(position), name) for position in shown), "cell")
        if clicked is not None:
            st.query_params["row"] = str(clicked)
        _open_large(result, model, data, positions)
    else:
        st.info(_NOT_SHARED, icon=":material/visibility_off:")
        st.dataframe(_table(result, shown), hide_index=True, width="stretch")
    file = name if flag == pick.ALL else f"{name}-{flag.lower()}"
    _download(result, positions, file.replace(" ", "-"))


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


def _open_large(result: Evaluation, model: Model, data: Dataset, positions: np.ndarray) -> None:
    """Show the image of the link's row in a dialog, if it is one of these."""
    row = pick.row(data)
    inside = positions[result.rows[positions] == row]
    if len(inside):
        st.dialog(f"Row {row}", on_dismiss=_close_row)(show_image.answered)(result, model, data, int(inside[0]))


def _tile(result: Evaluation, data: Dataset, position: int, name: str) -> Tile:
    row, _, predicted, confidence = show_image.row_words(result, position)
    answer: tuple[str, ...] = (f"named {predicted}", confidence)
    if name == _UNCERTAIN:
        probabilities = result.probabilities[position]
        first_two = np.argsort(-probabilities, kind="stable")[:2]
        answer = tuple(f"{EMOTIONS[k]} {words.percent(float(probabilities[k]))}" for k in first_two)
    return make_tile(data.image(row), row, int(result.labels[position]), *answer)


def _close_row() -> None:
    st.query_params.pop("row", None)


def _table(result: Evaluation, positions: np.ndarray) -> dict[str, list[object]]:
    rows = [show_image.row_words(result, int(position)) for position in positions]
    table: dict[str, list[object]] = {
        name: [row[k] for row in rows] for k, name in enumerate(("row", "true", "predicted", "confidence"))
    }
    table["margin"] = [words.percent(margin) for margin in margins(result.probabilities[positions]).tolist()]
    return table


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
