"""Charts of confidence: the reliability diagram, and accuracy against the share answered."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from fer_core.charts.look import ACCENT, NEUTRAL, fade, new_figure

Points = tuple[np.ndarray, np.ndarray]
_BEFORE = "#D55E00"
_MOST_POINTS = 600


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
    _add_band(figure, *(100 * values[~np.isnan(band[0])] for values in band))
    diagonal = {"color": NEUTRAL, "dash": "dot", "width": 1}
    figure.add_scatter(x=[0, 100], y=[0, 100], mode="lines", line=diagonal, hoverinfo="skip", showlegend=False)
    _add_bins(figure, before, name="temperature 1", colour=_BEFORE, dash="dash", symbol="circle-open")
    low, high = interval
    error = {"array": 100 * (high - after[1]), "arrayminus": 100 * (after[1] - low), "thickness": 1, "width": 3}
    _add_bins(figure, after, name="as shown", colour=ACCENT, dash="solid", symbol="circle", error_y=error, customdata=n)
    figure.update_xaxes(range=[0, 100])
    figure.update_yaxes(range=[0, 102])
    return figure


def _add_band(figure: go.Figure, x: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
    figure.add_scatter(
        x=np.concatenate([x, x[::-1]]),
        y=np.concatenate([high, low[::-1]]),
        fill="toself",
        fillcolor=fade(NEUTRAL, 0.25),
        line={"width": 0},
        hoverinfo="skip",
        name="calibrated (95 %)",
    )


def _add_bins(figure: go.Figure, points: Points, *, name: str, colour: str, dash: str, symbol: str, **more: Any) -> None:
    images = "<br>%{customdata:,} images" if "customdata" in more else ""
    figure.add_scatter(
        x=100 * points[0],
        y=100 * points[1],
        mode="markers+lines",
        name=name,
        marker={"symbol": symbol, "size": 8, "color": colour},
        line={"width": 2 if dash == "solid" else 1, "dash": dash, "color": colour},
        hovertemplate=f"{name}<br>confidence %{{x:.1f}} %<br>accuracy %{{y:.1f}} %{images}<extra></extra>",
        **more,
    )


def answered(share: np.ndarray, accuracy: np.ndarray, *, chosen: tuple[float, float], asked: float) -> go.Figure:
    """Draw how accurate the surest answers are, by how many they are.

    Args:
        share: (m,) of images answered, 0..1, ascending.
        accuracy: (m,) of these, 0..1.
        chosen: share and accuracy at the threshold.
        asked: the accuracy asked for on validation.
    """
    figure = new_figure(height=380, x_title="share answered (%)", y_title="accuracy of the answers (%)")
    drawn = np.unique(np.linspace(0, len(share) - 1, min(len(share), _MOST_POINTS)).astype(int))
    figure.add_hline(y=100 * asked, line={"color": NEUTRAL, "dash": "dot", "width": 1})
    figure.add_scatter(
        x=100 * share[drawn],
        y=100 * accuracy[drawn],
        mode="lines",
        line={"color": ACCENT, "width": 2},
        name="surest first",
        hovertemplate="the surest %{x:.0f} %<br>are right to %{y:.1f} %<extra></extra>",
    )
    figure.add_scatter(
        x=[100 * chosen[0]],
        y=[100 * chosen[1]],
        mode="markers",
        marker={"size": 12, "color": _BEFORE, "symbol": "diamond"},
        name="threshold",
        hovertemplate="threshold<br>answers %{x:.1f} %<br>right %{y:.1f} %<extra></extra>",
    )
    figure.update_xaxes(range=[0, 101])
    return figure
