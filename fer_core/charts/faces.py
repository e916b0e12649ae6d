"""The seven probabilities of a face: now, and over time."""

import numpy as np
import plotly.graph_objects as go

from fer_core.charts.look import EMOTION_DASHES, emotion_colours, new_figure
from fer_core.labels import EMOTION_COLOURS, EMOTIONS


def probabilities(values: np.ndarray) -> go.Figure:
    """Draw one face's probabilities as bars.

    Args:
        values: (7,) floats in 0..1, in label order.
    """
    percent = 100 * np.asarray(values, np.float64)
    figure = new_figure(height=260, x_title="probability (%)", y_title="", showlegend=False, bargap=0.25)
    figure.add_trace(
        go.Bar(
            x=percent,
            y=list(EMOTIONS),
            orientation="h",
            marker={"color": emotion_colours()},
            text=[f"{value:.0f} %" for value in percent],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{x:.1f} %<extra></extra>",
        )
    )
    figure.update_xaxes(range=[0, 112], tickvals=[0, 25, 50, 75, 100], ticksuffix=" %")
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure


def timeline(times_s: np.ndarray, values: np.ndarray, *, seconds: float = 60.0) -> go.Figure:
    """Draw probabilities over the last seconds.

    Args:
        times_s: (t,) floats, ascending seconds; t may be 0. The last one is now.
        values: (t, 7) floats in 0..1; NaN rows break the lines.
        seconds: how far the axis reaches back.
    """
    times = np.asarray(times_s, np.float64)
    ago = times - times[-1] if len(times) else times
    percent = 100 * np.asarray(values, np.float64).reshape(len(times), len(EMOTIONS))
    figure = new_figure(height=280, x_title="seconds ago", y_title="probability (%)", hovermode="x unified")
    for place, emotion in enumerate(EMOTIONS):
        line = {"color": EMOTION_COLOURS[emotion], "width": 2, "dash": EMOTION_DASHES[emotion]}
        hover = f"{emotion} %{{y:.0f}} %<extra></extra>"
        figure.add_trace(go.Scatter(x=ago, y=percent[:, place], name=emotion, mode="lines", line=line, hovertemplate=hover))
    ticks = np.linspace(0, seconds, 5)
    figure.update_xaxes(range=[-seconds, 0], tickvals=-ticks[::-1], ticktext=[f"{tick:g}" for tick in ticks[::-1]])
    figure.update_yaxes(range=[0, 100], ticksuffix=" %")
    return figure
