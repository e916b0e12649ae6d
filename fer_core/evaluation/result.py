"""What a model answered on a split, and its figures, each with a 95 % interval."""

from dataclasses import dataclass
from typing import Any, TypedDict

import numpy as np

from fer_core.evaluation.metrics import wilson_interval
from fer_core.labels import EMOTIONS


@dataclass(frozen=True)
class Figure:
    """A value and its 95 % interval; all three are NaN where there is nothing to count."""

    value: float
    low: float
    high: float


def proportion(k: int, n: int) -> Figure:
    """Give the share ``k`` of ``n`` with its Wilson interval; 0 of nothing is 0."""
    return Figure(k / n if n else 0.0, *wilson_interval(k, n))


class EmotionFigures(TypedDict):
    """One emotion's figures; ``n`` is the number of rows labelled so."""

    precision: Figure
    recall: Figure
    f1: Figure
    n: int


@dataclass(frozen=True, eq=False, kw_only=True)
class Evaluation:
    """What a model answered on a split, and how good that is.

    Attributes:
        against: "label": the dataset's labels; "crowd": the votes' majority, over the rows that have one.
        head: the model's head that answered.
        rows: (n,) int32, numbers in the dataset.
        labels: (n,) uint8 0..6.
        logits: (n, 7) float32.
        probabilities: (n, 7) float64, softmax(logits / temperature).
        predicted: (n,) int64 0..6.
        confusion: (7, 7) int64 counts, rows true.
        log_loss: in nats.
        ece: calibration error over 15 equal-width bins of confidence.
        selected_on: the split that chose the model's epoch, or the model among several, or "none".
        times_tested: models of this recipe ever evaluated on this test split; None for another split.
    """

    model_name: str
    model_digest: str
    recipe: str
    parameters: int
    dataset_name: str
    data_digest: str
    split: str
    split_digest: str
    against: str
    head: str
    rows: np.ndarray
    labels: np.ndarray
    logits: np.ndarray
    probabilities: np.ndarray
    predicted: np.ndarray
    confusion: np.ndarray
    accuracy: Figure
    macro_f1: Figure
    log_loss: Figure
    ece: Figure
    per_class: dict[str, EmotionFigures]
    selected_on: str
    times_tested: int | None

    def __len__(self) -> int:
        return len(self.rows)

    def to_json(self) -> dict[str, Any]:
        """Give what ``fer-studio evaluate --json`` prints; a figure of nothing is null."""
        figures: dict[str, Any] = {}
        for name in ("accuracy", "macro_f1", "log_loss", "ece"):
            figures |= figure_json(name, getattr(self, name))
        return {
            "model": self.model_name,
            "parameters": self.parameters,
            "split": self.split,
            "against": self.against,
            "head": self.head,
            "n": len(self),
            **figures,
            "per_class": {emotion: _emotion_json(self.per_class[emotion]) for emotion in EMOTIONS},
            "confusion": self.confusion.tolist(),
            "selected_on": self.selected_on,
            "times_tested": self.times_tested,
        }


def _emotion_json(figures: EmotionFigures) -> dict[str, Any]:
    return {
        **figure_json("precision", figures["precision"]),
        **figure_json("recall", figures["recall"]),
        **figure_json("f1", figures["f1"]),
        "n": figures["n"],
    }


def figure_json(name: str, figure: Figure) -> dict[str, Any]:
    """Give a figure under its name, and its interval; null where there is nothing to count."""
    value, low, high = (None if np.isnan(x) else x for x in (figure.value, figure.low, figure.high))
    return {name: value, f"{name}_ci95": [low, high]}
