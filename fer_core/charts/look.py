"""What all charts share: transparent ground, quiet grid, margins for a small screen."""

from typing import Any

import plotly.graph_objects as go

from fer_core.labels import EMOTION_COLOURS, EMOTIONS

ACCENT = "#5B4DC9"
"""The colour of what is no emotion's; seen on white and on near-black, and bears white text."""
GRID = "rgba(128,128,128,0.22)"
NEUTRAL = "#8C8C8C"
RUN_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C8C8C")
RUN_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "star")


def new_figure(*, height: int, x_title: str, y_title: str, **layout: Any) -> go.Figure:
    """Make an empty figure with titled axes.

    Args:
        height: in pixels; the width is the place's.
        x_title: with the unit, where there is one.
        y_title: likewise.
        layout: what differs for this chart.
    """
    figure = go.Figure()
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 24, "t": 8, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "title": None},
        dragmode=False,
    )
    figure.update_layout(layout)
    axis = {"gridcolor": GRID, "zeroline": False, "automargin": True, "fixedrange": True}
    figure.update_xaxes(title=x_title, **axis)
    figure.update_yaxes(title=y_title, **axis)
    return figure


def emotion_colours() -> list[str]:
    """Give the seven colours in label order, RGB hex."""
    return [EMOTION_COLOURS[emotion] for emotion in EMOTIONS]


def fade(colour: str, opacity: float) -> str:
    """Give an RGB hex colour an opacity of 0..1, as CSS."""
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"
