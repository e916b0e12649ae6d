"""Charts of a dataset's quality."""

import numpy as np
import plotly.graph_objects as go

from fer_core.charts.look import ACCENT, NEUTRAL, new_figure

_MOST_POINTS = 600


def confirmed(first: np.ndarray, share: np.ndarray, base: float) -> go.Figure:
    """Draw which share of the first findings is confirmed.

    Args:
        first: (k,) how many findings, ascending.
        share: (k,) of them that are confirmed, 0..1.
        base: the same share among all rows.
    """
    figure = new_figure(height=300, x_title="findings, the likeliest first", y_title="confirmed (%)")
    drawn = np.unique(np.linspace(0, len(first) - 1, min(len(first), _MOST_POINTS)).astype(int))
    figure.add_hline(y=100 * base, line={"color": NEUTRAL, "dash": "dot", "width": 1}, annotation_text="all images")
    figure.add_scatter(
        x=first[drawn],
        y=100 * share[drawn],
        mode="lines",
        line={"color": ACCENT, "width": 2},
        hovertemplate="of the first %{x:,}<br>%{y:.1f} % confirmed<extra></extra>",
    )
    figure.update_yaxes(range=[0, 102])
    return figure
