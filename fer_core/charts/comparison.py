"""One model's figure beside those of others."""

from collections.abc import Sequence

import plotly.graph_objects as go

from fer_core.charts.look import ACCENT, NEUTRAL, new_figure

Row = tuple[str, float, float, float]


def comparison(own: Row | None, others: Sequence[Row], *, claims: Sequence[tuple[str, float]] = (), x_title: str) -> go.Figure:
    """Draw figures in percent as points on one axis, lowest first, the own one filled and larger.

    Args:
        own: name, value, low and high, each in 0..1; None where it cannot be compared.
        others: likewise; low and high equal the value where no interval is known.
        claims: names among ``others`` and what was claimed for them, 0..1, drawn hollow.
        x_title: what is compared.
    """
    rows = [*([own] if own else []), *others]
    names = [row[0] for row in sorted(rows, key=lambda row: row[1])]
    figure = new_figure(height=90 + 32 * len(names), x_title=x_title, y_title="")
    if own:
        figure.add_trace(_points([own], own[0], colour=ACCENT, symbol="diamond", size=13))
    figure.add_trace(_points(others, "others", colour=NEUTRAL, symbol="circle", size=9))
    if claims:
        marker = {"color": "#D55E00", "symbol": "x-thin", "size": 9, "line": {"width": 2, "color": "#D55E00"}}
        hover = "%{y}: %{x:.2f} % claimed, not measured<extra></extra>"
        x, y = [100 * value for _, value in claims], [name for name, _ in claims]
        figure.add_trace(go.Scatter(x=x, y=y, name="claimed only", mode="markers", marker=marker, hovertemplate=hover))
    figure.update_xaxes(range=[_lowest(rows), 101], ticksuffix=" %", showgrid=True)
    figure.update_yaxes(type="category", categoryorder="array", categoryarray=names, showgrid=False)
    return figure


def _lowest(rows: Sequence[Row]) -> float:
    return max(0.0, 10 * (min(100 * low for _, _, low, _ in rows) // 10))


def _points(rows: Sequence[Row], name: str, *, colour: str, symbol: str, size: int) -> go.Scatter:
    return go.Scatter(
        x=[100 * value for _, value, _, _ in rows],
        y=[label for label, _, _, _ in rows],
        name=name,
        mode="markers",
        marker={"color": colour, "symbol": symbol, "size": size},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [100 * (high - value) for _, value, _, high in rows],
            "arrayminus": [100 * (value - low) for _, value, low, _ in rows],
            "thickness": 1.5,
            "width": 4,
        },
        hovertemplate="%{y}: %{x:.2f} %<extra></extra>",
    )
