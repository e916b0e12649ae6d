"""Curves of one or several trainings."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import plotly.graph_objects as go

from fer_core.charts.look import NEUTRAL, RUN_COLOURS, RUN_SYMBOLS, new_figure

History = Sequence[Mapping[str, Any]]
Measure = Literal["loss", "accuracy"]
_MANY_EPOCHS = 60


def training_curves(
    histories: Mapping[str, History],
    *,
    measure: Measure,
    steps: Mapping[str, History] | None = None,
    epochs: int | None = None,
) -> go.Figure:
    """Draw loss or accuracy by epoch: training dashed, validation solid with markers, a colour and a marker for each run.

    Args:
        histories: run's name -> one mapping an epoch: ``epoch`` (from 1), ``loss``, ``accuracy``, ``val_loss`` and
            ``val_accuracy``.
        measure: "loss" in nats or "accuracy", 0..1 and shown in percent.
        steps: run's name -> finer points of the running training: ``epoch`` (fractional) and the measure.
        epochs: planned number, for the axis's end.
    """
    scale, unit = (100.0, " %") if measure == "accuracy" else (1.0, "")
    title = "accuracy (%)" if measure == "accuracy" else "loss (nats)"
    figure = new_figure(height=320, x_title="epoch", y_title=title, hovermode="x unified" if len(histories) == 1 else "closest")
    for place, (name, history) in enumerate(histories.items()):
        label = f"{name}, " if len(histories) > 1 else ""
        fine = (steps or {}).get(name) or []
        train_points = fine if fine else history
        figure.add_trace(_line(train_points, measure, f"{label}train", place, scale, unit, train=True))
        figure.add_trace(_line(history, f"val_{measure}", f"{label}validation", place, scale, unit, train=False))
    figure.update_xaxes(rangemode="tozero", range=[0, epochs] if epochs else None)
    figure.update_yaxes(ticksuffix=unit)
    return figure


def learning_rate(histories: Mapping[str, History]) -> go.Figure:
    """Draw the learning rate by epoch.

    Args:
        histories: run's name -> one mapping an epoch or step: ``epoch`` and ``learning_rate``.
    """
    figure = new_figure(height=220, x_title="epoch", y_title="learning rate", showlegend=len(histories) > 1)
    for place, (name, history) in enumerate(histories.items()):
        figure.add_trace(_line(history, "learning_rate", name, place, 1.0, "", train=False, digits="~g"))
    figure.update_xaxes(rangemode="tozero")
    figure.update_yaxes(rangemode="tozero", exponentformat="power")
    return figure


def throughput(histories: Mapping[str, History]) -> go.Figure:
    """Draw images a second by epoch.

    Args:
        histories: run's name -> one mapping an epoch or step: ``epoch`` and ``images_per_s``.
    """
    figure = new_figure(height=220, x_title="epoch", y_title="images a second", showlegend=len(histories) > 1)
    for place, (name, history) in enumerate(histories.items()):
        figure.add_trace(_line(history, "images_per_s", name, place, 1.0, "", train=False, digits=",.0f"))
    figure.update_xaxes(rangemode="tozero")
    figure.update_yaxes(rangemode="tozero")
    return figure


def _line(
    points: History, key: str, name: str, place: int, scale: float, unit: str, *, train: bool, digits: str = ".3~f"
) -> go.Scatter:
    known = [point for point in points if point.get(key) is not None]
    marked = not train and len(known) <= _MANY_EPOCHS
    colour = RUN_COLOURS[place % len(RUN_COLOURS)] if place < len(RUN_COLOURS) else NEUTRAL
    return go.Scatter(
        x=[point["epoch"] for point in known],
        y=[scale * point[key] for point in known],
        name=name,
        mode="lines+markers" if marked else "lines",
        line={"color": colour, "width": 2, "dash": "dot" if train else "solid"},
        marker={"symbol": RUN_SYMBOLS[place % len(RUN_SYMBOLS)], "size": 6},
        hovertemplate=f"%{{y:{digits}}}{unit}<extra>{name}, epoch %{{x:.3~f}}</extra>",
    )
