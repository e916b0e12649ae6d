"""Arrays to Plotly figures, readable on light and dark ground, and the score card's picture; pure."""

from fer_core.charts.confidence import answered, reliability
from fer_core.charts.counts import distribution
from fer_core.charts.intervals import per_class, slices
from fer_core.charts.matrix import confusion, normalised
from fer_core.charts.quality import confirmed
from fer_core.charts.scorecard_png import scorecard_png
from fer_core.charts.spread import spread
from fer_core.charts.training import learning_rate, throughput, training_curves

__all__ = [
    "answered",
    "confirmed",
    "confusion",
    "distribution",
    "learning_rate",
    "normalised",
    "per_class",
    "reliability",
    "scorecard_png",
    "slices",
    "spread",
    "throughput",
    "training_curves",
]
