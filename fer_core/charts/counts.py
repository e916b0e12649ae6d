"""How many images of each emotion a dataset holds."""

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go

from fer_core.charts.look import GRID, NEUTRAL, emotion_colours, fade, new_figure
from fer_core.labels import EMOTIONS

_LOOKS: dict[str, tuple[float, str]] = {"train": (1.0, ""), "validation": (0.7, "/"), "test": (0.45, ".")}


def distribution(counts: Mapping[str, np.ndarray], *, by: Literal["count", "share"] = "count") -> go.Figure:
    """Draw the images of each emotion and split: stacked counts, or each split's shares side by side.

    Args:
        counts: split -> (7,) ints in label order.
        by: "count", or "share" of the split in percent.
    """
    share = by == "share"
    figure = new_figure(
        height=340,
        x_title="emotion",
        y_title="share of the split (%)" if share else "images",
        barmode="group" if share else "stack",
        bargap=0.25,
    )
    for split, values in counts.items():
        figure.add_trace(_bars(split, np.asarray(values), share=share))
        figure.add_trace(_legend_entry(split))
    figure.update_xaxes(gridcolor="rgba(0,0,0,0)")
    figure.update_yaxes(gridcolor=GRID, ticksuffix=" %" if share else "", tickformat="" if share else ",")
    return figure


def _bars(split: str, values: np.ndarray, *, share: bool) -> go.Bar:
    total = max(int(values.sum()), 1)
    percent = 100 * values / total
    return go.Bar(
        x=list(EMOTIONS),
        y=percent if share else values,
        name=split,
        legendgroup=split,
        showlegend=False,
        marker=_marker(split, emotion_colours()),
        customdata=np.column_stack([values, percent]),
        hovertemplate=f"%{{x}}, {split}: %{{customdata[0]:,}} images, %{{customdata[1]:.1f}} % of {split}<extra></extra>",
    )


def _legend_entry(split: str) -> go.Bar:
    return go.Bar(x=[None], y=[None], name=split, legendgroup=split, marker=_marker(split, NEUTRAL))


def _marker(split: str, colours: list[str] | str) -> dict[str, Any]:
    opacity, pattern = _LOOKS.get(split, (1.0, ""))
    filled = fade(colours, opacity) if isinstance(colours, str) else [fade(colour, opacity) for colour in colours]
    lines = {"color": colours, "width": 1}
    return {"color": filled, "line": lines, "pattern": {"shape": pattern, "fillmode": "overlay", "size": 5, "solidity": 0.2}}
