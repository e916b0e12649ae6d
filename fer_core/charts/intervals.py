"""Figures with their intervals: precision, recall and F1 of each emotion, and accuracy by slice."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from fer_core.charts.look import ACCENT, NEUTRAL, new_figure
from fer_core.labels import EMOTIONS

_LOOKS = {"precision": ("#0072B2", "circle"), "recall": ("#D55E00", "square"), "f1": ("#009E73", "diamond")}
_NAMES = {"precision": "precision", "recall": "recall", "f1": "F1"}


def per_class(figures: Mapping[str, np.ndarray]) -> go.Figure:
    """Draw each emotion's figures as points with 95 % intervals.

    Args:
        figures: "precision", "recall" and "f1" -> (7, 3) of value, low, high in 0..1, in label order.
    """
    figure = new_figure(height=400, x_title="share (%)", y_title="", scattermode="group", scattergap=0.45)
    for name, values in figures.items():
        figure.add_trace(_points(name, 100 * np.asarray(values, np.float64)))
    figure.update_xaxes(range=[0, 101], tickvals=[0, 20, 40, 60, 80, 100], ticksuffix=" %", showgrid=True)
    figure.update_yaxes(autorange="reversed", type="category", categoryarray=list(EMOTIONS), showgrid=False)
    return figure


def slices(
    names: Sequence[str], figures: np.ndarray, n: Sequence[int], *, x_title: str, overall: float, few: int = 0
) -> go.Figure:
    """Draw the accuracy of slices with 95 % intervals, and the number of their rows.

    Args:
        names: of the slices, from low to high.
        figures: (k, 3) of value, low, high in 0..1.
        n: rows of each, at least 1.
        x_title: what they are cut by, and its unit.
        overall: accuracy of all rows, 0..1.
        few: a slice of fewer rows is drawn hollow, and says so.
    """
    value, low, high = 100 * np.asarray(figures, np.float64).reshape(-1, 3).T
    figure = new_figure(height=250, x_title=x_title, y_title="accuracy (%)")
    figure.add_hline(y=100 * overall, line={"color": NEUTRAL, "dash": "dot", "width": 1})
    small = [count < few for count in n]
    figure.add_scatter(
        x=[f"{name}<br>n = {count:,}" for name, count in zip(names, n, strict=True)],
        y=value,
        mode="markers",
        marker={"color": ACCENT, "size": 9, "symbol": ["circle-open" if hollow else "circle" for hollow in small]},
        error_y={"array": high - value, "arrayminus": value - low, "thickness": 1.5, "width": 3},
        customdata=np.column_stack([low, high]),
        text=[f"{name}, n = {count:,}{', too few' * hollow}" for name, count, hollow in zip(names, n, small, strict=True)],
        hovertemplate="%{text}: %{y:.1f} % (%{customdata[0]:.1f} to %{customdata[1]:.1f})<extra></extra>",
        showlegend=False,
    )
    figure.update_xaxes(type="category", showgrid=False)
    return figure


def _points(name: str, values: np.ndarray) -> go.Scatter:
    colour, symbol = _LOOKS[name]
    value, low, high = values.T
    return go.Scatter(
        x=value,
        y=list(EMOTIONS),
        name=_NAMES[name],
        mode="markers",
        orientation="h",
        offsetgroup=name,
        marker={"color": colour, "symbol": symbol, "size": 9},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": high - value,
            "arrayminus": value - low,
            "thickness": 1.5,
            "width": 3,
        },
        customdata=np.column_stack([low, high]),
        hovertemplate=f"%{{y}}, {_NAMES[name]}: %{{x:.1f}} % (%{{customdata[0]:.1f}} to %{{customdata[1]:.1f}})<extra></extra>",
    )
