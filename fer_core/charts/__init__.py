"""Arrays to Plotly figures; pure, and readable on light and dark ground."""

from fer_core.charts.confidence import answered, reliability
from fer_core.charts.counts import distribution
from fer_core.charts.intervals import per_class, slices
from fer_core.charts.matrix import confusion, normalised
from fer_core.charts.quality import confirmed
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
    "slices",
    "spread",
    "throughput",
    "training_curves",
]
