"""The confusion matrix, with cells that can be clicked."""

from typing import Literal

import numpy as np
import plotly.graph_objects as go

from fer_core.charts.look import ACCENT, fade, new_figure
from fer_core.labels import EMOTIONS

Normalise = Literal["counts", "true", "predicted"]
_WHITE_TEXT_FROM = 0.8
_TITLES = {"counts": "images", "true": "% of the true emotion", "predicted": "% of the predicted emotion"}


def normalised(confusion: np.ndarray, normalise: Normalise) -> np.ndarray:
    """Give the matrix as shown.

    Args:
        confusion: (7, 7) counts, rows true.
        normalise: "counts" as they are; "true" or "predicted": percent of the row or column, 0 where that is empty.

    Returns:
        (7, 7) float64.

    Raises:
        ValueError: another ``normalise``.
    """
    counts = np.asarray(confusion, np.float64)
    if normalise == "counts":
        return counts
    if normalise not in _TITLES:
        raise ValueError(f"Expected normalise to be one of {', '.join(_TITLES)}, received {normalise!r}.")
    totals = counts.sum(axis=1 if normalise == "true" else 0, keepdims=True)
    percent = np.zeros_like(counts)
    np.divide(100 * counts, totals, out=percent, where=totals > 0)
    return percent


def confusion(
    confusion: np.ndarray,
    *,
    normalise: Normalise = "counts",
    selected: tuple[str, str] | None = None,
    ink: str | None = None,
    titles: tuple[str, str] = ("predicted emotion", "true emotion"),
) -> go.Figure:
    """Draw a confusion matrix whose cells carry (true, predicted) as customdata of the points that a click selects.

    A heatmap selects nothing in Streamlit, so square transparent markers that bear the numbers lie over it.

    Args:
        confusion: (7, 7) counts, rows true.
        normalise: what a cell says: "counts", or percent by "true" (rows) or "predicted" (columns).
        selected: (true, predicted) of the cell to frame.
        titles: of columns and of rows.
        ink: colour of names and of numbers on weak cells, for the ground that the chart lies on; the theme's where None.
    """
    values = normalised(confusion, normalise)
    strength = values / max(values.max(), 1e-9)
    figure = new_figure(height=430, x_title=titles[0], y_title=titles[1], showlegend=False)
    figure.add_trace(_ground(strength))
    strong = strength >= _WHITE_TEXT_FROM
    for shown, colour in ((~strong, ink), (strong, "#FFFFFF")):
        figure.add_trace(_cells(np.asarray(confusion), values, normalise, shown, colour))
    ticks = {"tickvals": list(range(7)), "range": [-0.5, 6.5], "showgrid": False, "tickfont": {"size": 13, "color": ink}}
    figure.update_xaxes(ticktext=list(EMOTIONS), tickangle=-40, **ticks)
    figure.update_yaxes(ticktext=list(EMOTIONS), **(ticks | {"range": [6.5, -0.5]}))
    if selected:
        _frame(figure, *selected)
    return figure


def _ground(strength: np.ndarray) -> go.Heatmap:
    return go.Heatmap(
        z=strength,
        zmin=0,
        zmax=1,
        colorscale=[[0, fade(ACCENT, 0.03)], [1, fade(ACCENT, 1)]],
        showscale=False,
        hoverinfo="skip",
        xgap=2,
        ygap=2,
    )


def _cells(counts: np.ndarray, values: np.ndarray, normalise: Normalise, shown: np.ndarray, colour: str | None) -> go.Scatter:
    cells = [(int(true), int(predicted)) for true, predicted in np.argwhere(shown)]
    font = {"color": colour} if colour else {}
    as_before = {"marker": {"opacity": 0}, "textfont": font}
    return go.Scatter(
        x=[predicted for _, predicted in cells],
        y=[true for true, _ in cells],
        mode="markers+text",
        text=[_text(values[cell], normalise) for cell in cells],
        textfont={"size": 13} | font,
        marker={"symbol": "square", "size": 40, "color": "rgba(0,0,0,0)", "line": {"width": 0}},
        selected=as_before,
        unselected=as_before,
        customdata=[(EMOTIONS[cell[0]], EMOTIONS[cell[1]], f"{counts[cell]:,}", _shares(counts, cell)) for cell in cells],
        hovertemplate="true %{customdata[0]}, predicted %{customdata[1]}<br>"
        "%{customdata[2]} images<br>%{customdata[3]}<extra></extra>",
    )


def _shares(counts: np.ndarray, cell: tuple[int, int]) -> str:
    by_true, by_predicted = normalised(counts, "true")[cell], normalised(counts, "predicted")[cell]
    return f"{by_true:.1f} % of true {EMOTIONS[cell[0]]}, {by_predicted:.1f} % of predicted {EMOTIONS[cell[1]]}"


def _text(value: float, normalise: Normalise) -> str:
    return f"{value:,.0f}" if normalise == "counts" else f"{value:.0f} %"


def _frame(figure: go.Figure, true: str, predicted: str) -> None:
    row, column = EMOTIONS.index(true), EMOTIONS.index(predicted)
    corners = {"x0": column - 0.47, "x1": column + 0.47, "y0": row - 0.47, "y1": row + 0.47}
    figure.add_shape(type="rect", line={"color": "#D55E00", "width": 3}, **corners)
