"""The confusion matrix and the cell that is picked in it."""

import numpy as np
import streamlit as st

from fer_core import charts
from fer_core.dataset import Dataset
from fer_core.evaluation import Evaluation, cell_positions
from fer_core.labels import EMOTIONS
from fer_core.model import Model
from fer_core.ui import pick, show, show_images, words

Cell = tuple[str, str]
_CHART_KEY = "confusion"
_TRUE, _PREDICTED = "cell_true", "cell_predicted"
_EXPLAIN = {
    "counts": "How many images of each true emotion got each answer.",
    "true": "Of each true emotion (a row), the share that got each answer: the diagonal is recall.",
    "predicted": "Of each answer (a column), the share that truly was each emotion: the diagonal is precision.",
}


def confusion_matrix(result: Evaluation, *, pick_cell: bool = True) -> Cell | None:
    """Show the matrix; a click on a cell, a link or two lists pick one.

    Args:
        result: whose matrix.
        pick_cell: whether a picked cell's images are what is shown beside.

    Returns:
        The picked (true, predicted), or None.
    """
    by = pick.choice(
        "by", "Show", tuple(_EXPLAIN), look="buttons", help="Counts, or percent of the true or the predicted emotion"
    )
    cell = _linked_cell() if pick_cell else None
    st.plotly_chart(
        charts.confusion(result.confusion, normalise=by, selected=cell, ink=show.ink()),  # type: ignore[arg-type]
        key=_CHART_KEY,
        on_select=_take_click,
        selection_mode="points",
        config={"displayModeBar": False},
        alt=_alt(result),
    )
    st.caption(f"{_EXPLAIN[by]} n = {len(result):,}, {result.split}. Click on a cell to see its images.")
    words.download_csv(
        "Matrix as CSV",
        words.file_name(result, "confusion"),
        ("true", "predicted", "images", "percent_of_true", "percent_of_predicted"),
        _matrix_rows(result.confusion),
    )
    return cell


def cell_images(result: Evaluation, model: Model, data: Dataset, cell: Cell | None) -> None:
    """Show the picked cell's images, most confident first; without one, what is confused most often."""
    _pick_by_lists(cell)
    if cell is None:
        st.write("Click on a cell of the matrix, or choose the two emotions above. Most frequent mistakes:")
        for mistake in frequent_mistakes(result.confusion):
            _mistake_button(result, mistake)
        return
    positions = cell_positions(result, *cell)
    true, predicted = cell
    said = f"**{len(positions):,}** {'image' if len(positions) == 1 else 'images'} labelled {true} and named {predicted}"
    st.markdown(said + (", most confident first" if len(positions) > 1 else ""))
    if len(positions):
        show_images.images(result, model, data, positions, "-".join(cell))
    st.button("Close", icon=":material/close:", type="tertiary", on_click=_close)


def frequent_mistakes(confusion: np.ndarray, most: int = 5) -> list[Cell]:
    """Find the cells off the diagonal with most images, largest first; empty ones are left out.

    Args:
        confusion: (7, 7) counts, rows true.
        most: how many at most.
    """
    errors = confusion - np.diag(np.diag(confusion))
    order = np.argsort(-errors, axis=None, kind="stable")[:most]
    return [(EMOTIONS[k // 7], EMOTIONS[k % 7]) for k in order.tolist() if errors.flat[k] > 0]


def _linked_cell() -> Cell | None:
    text = st.query_params.get("cell")
    if text is None:
        return None
    true, _, predicted = text.partition("-")
    if true in EMOTIONS and predicted in EMOTIONS:
        return true, predicted
    st.warning("The link asks for a cell that is not one of the matrix: expected two emotions, such as cell=fear-sad.")
    return None


def _set_cell(cell: Cell | None) -> None:
    if cell is None:
        st.query_params.pop("cell", None)
    else:
        st.query_params["cell"] = "-".join(cell)
    st.query_params.pop("row", None)
    if "page" in st.session_state:
        st.session_state["page"] = 1


def _take_click() -> None:
    points = st.session_state[_CHART_KEY]["selection"]["points"]
    if points:
        true, predicted = points[-1]["customdata"][:2]
        show_images.choose_cell()
        _set_cell((true, predicted))


def _take_lists() -> None:
    true, predicted = st.session_state[_TRUE], st.session_state[_PREDICTED]
    _set_cell((true, predicted) if true and predicted else None)


def _close() -> None:
    _set_cell(None)
    st.session_state[_TRUE] = st.session_state[_PREDICTED] = None


def _pick_by_lists(cell: Cell | None) -> None:
    if cell:
        st.session_state[_TRUE], st.session_state[_PREDICTED] = cell
    columns: list[tuple[str, str]] = [("True emotion", _TRUE), ("Predicted emotion", _PREDICTED)]
    for place, (label, key) in zip(st.columns(2), columns, strict=True):
        place.selectbox(label, EMOTIONS, index=None, placeholder="Choose", key=key, on_change=_take_lists)


def _mistake_button(result: Evaluation, mistake: Cell) -> None:
    true, predicted = mistake
    row, column = EMOTIONS.index(true), EMOTIONS.index(predicted)
    count = int(result.confusion[row, column])
    share = words.percent(count / int(result.confusion[row].sum()), 0)
    label = f"{true} taken for {predicted}: {count:,}, {share} of {true}"
    st.button(label, key=f"mistake-{true}-{predicted}", on_click=_set_cell, args=(mistake,), width="stretch")


def _matrix_rows(confusion: np.ndarray) -> list[tuple[object, ...]]:
    by_true, by_predicted = charts.normalised(confusion, "true"), charts.normalised(confusion, "predicted")
    return [
        (true, predicted, int(confusion[r, c]), round(float(by_true[r, c]), 4), round(float(by_predicted[r, c]), 4))
        for r, true in enumerate(EMOTIONS)
        for c, predicted in enumerate(EMOTIONS)
    ]


def _alt(result: Evaluation) -> str:
    right = int(np.trace(result.confusion))
    mistakes = frequent_mistakes(result.confusion, 1)
    often = f" Most frequent mistake: {mistakes[0][0]} taken for {mistakes[0][1]}." if mistakes else ""
    return f"Confusion matrix of {result.model_name}: {right:,} of {len(result):,} images on the diagonal.{often}"
