"""How a quantity of the images spreads over each emotion."""

import numpy as np
import plotly.graph_objects as go

from fer_core.charts.look import new_figure
from fer_core.labels import EMOTION_COLOURS, EMOTIONS


def spread(quantiles: np.ndarray, *, x_title: str) -> go.Figure:
    """Draw one horizontal box an emotion: its middle half, its middle 90 %, its median.

    Args:
        quantiles: (7, 5) the 5th, 25th, 50th, 75th and 95th percentile by emotion; NaN where an emotion has none.
        x_title: the quantity, with its unit.
    """
    figure = new_figure(height=300, x_title=x_title, y_title="emotion", showlegend=False, boxgap=0.4)
    for label, emotion in enumerate(EMOTIONS):
        low, lower, median, upper, high = ([float(value)] for value in quantiles[label])
        if np.isnan(median[0]):
            continue
        figure.add_trace(
            go.Box(
                y=[emotion],
                lowerfence=low,
                q1=lower,
                median=median,
                q3=upper,
                upperfence=high,
                orientation="h",
                name=emotion,
                marker={"color": EMOTION_COLOURS[emotion]},
                line={"width": 1.5},
                hoverinfo="x",
            )
        )
    figure.update_yaxes(categoryorder="array", categoryarray=list(reversed(EMOTIONS)), gridcolor="rgba(0,0,0,0)")
    return figure
