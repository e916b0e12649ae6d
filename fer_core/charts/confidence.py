"""Charts of confidence: the reliability diagram, and accuracy against the share answered."""

import numpy as np
import plotly.graph_objects as go

from fer_core.charts.look import ACCENT, NEUTRAL, fade, new_figure

Points = tuple[np.ndarray, np.ndarray]


def reliability(
    before: Points, after: Points, *, interval: Points, band: tuple[np.ndarray, np.ndarray, np.ndarray], n: np.ndarray
) -> go.Figure:
    """Draw accuracy against confidence in bins.

    Args:
        before: mean confidence and accuracy of each bin, (bins,) each in 0..1, at a temperature of 1; NaN where empty.
        after: the same at the model's temperature.
        interval: low and high of ``after``'s accuracy.
        band: confidence, low and high of a perfectly calibrated model.
        n: rows in each bin after.
    """
    figure = new_figure(height=380, x_title="confidence (%)", y_title="accuracy (%)")
    filled = ~np.isnan(band[0])
    x, low, high = (100 * values[filled] for values in band)
    figure.add_scatter(
        x=np.concatenate([x, x[::-1]]),
        y=np.concatenate([high, low[::-1]]),
        fill="toself",
        fillcolor=fade(NEUTRAL, 0.25),
        line={"width": 0},
        hoverinfo="skip",
        name="calibrated (95 %)",
    )
    figure.add_scatter(
        x=[0, 100],
        y=[0, 100],
        mode="lines",
        line={"color": NEUTRAL, "dash": "dot", "width": 1},
        hoverinfo="skip",
        showlegend=False,
    )
    figure.add_scatter(
        x=100 * before[0],
        y=100 * before[1],
        mode="markers+lines",
        name="temperature 1",
        marker={"symbol": "circle-open", "size": 8, "color": "#D55E00"},
        line={"width": 1, "dash": "dash", "color": "#D55E00"},
        hovertemplate="temperature 1<br>confidence %{x:.1f} %<br>accuracy %{y:.1f} %<extra></extra>",
    )
    figure.add_scatter(
        x=100 * after[0],
        y=100 * after[1],
        mode="markers+lines",
        name="as shown",
        marker={"size": 8, "color": ACCENT},
        line={"width": 2, "color": ACCENT},
        error_y={
            "array": 100 * (interval[1] - after[1]),
            "arrayminus": 100 * (after[1] - interval[0]),
            "thickness": 1,
            "width": 3,
        },
        customdata=n,
        hovertemplate="confidence %{x:.1f} %<br>accuracy %{y:.1f} %<br>%{customdata:,} images<extra></extra>",
    )
    figure.update_xaxes(range=[0, 100])
    figure.update_yaxes(range=[0, 102])
    return figure


def answered(share: np.ndarray, accuracy: np.ndarray, *, chosen: tuple[float, float], asked: float) -> go.Figure:
    """Draw how accurate the surest answers are, by how many they are.

    Args:
        share: (m,) of images answered, 0..1, ascending.
        accuracy: (m,) of these, 0..1.
        chosen: share and accuracy at the threshold.
        asked: the accuracy asked for on validation.
    """
    figure = new_figure(height=380, x_title="share answered (%)", y_title="accuracy of the answers (%)")
    figure.add_hline(y=100 * asked, line={"color": NEUTRAL, "dash": "dot", "width": 1})
    figure.add_scatter(
        x=100 * share,
        y=100 * accuracy,
        mode="lines",
        line={"color": ACCENT, "width": 2},
        name="surest first",
        hovertemplate="the surest %{x:.0f} %<br>are right to %{y:.1f} %<extra></extra>",
    )
    figure.add_scatter(
        x=[100 * chosen[0]],
        y=[100 * chosen[1]],
        mode="markers",
        marker={"size": 12, "color": "#D55E00", "symbol": "diamond"},
        name="threshold",
        hovertemplate="threshold<br>answers %{x:.1f} %<br>right %{y:.1f} %<extra></extra>",
    )
    figure.update_xaxes(range=[0, 101])
    return figure
