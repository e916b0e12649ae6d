"""How much accuracy small changes of the face cost a model, on validation only: `python -m benchmarks.bench_robustness MODEL`.

Every image of validation is changed, by one change at a time (changes.py); the label head is judged against FER2013's labels,
a crowd head against the majority of FER+'s votes (FERPLUS_CSV), over the rows that have one.
Loss is the accuracy unchanged less the accuracy changed, in points; its 95 % interval is paired: a percentile bootstrap of rows
(2,000 draws, seed 0), each drawn with its answers before and after. --data PATH is the dataset, without it FER2013_CSV.
"""

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.changes import CHANGES, Change
from fer_core.dataset import Dataset, Split, find_majority, find_source, find_votes, load_dataset, read_votes
from fer_core.evaluation import bootstrap_interval
from fer_core.model import Classifier, load_model

SPLIT = "validation"
MEAN_GOAL, WORST_GOAL = 2.0, 4.0


@dataclass(frozen=True)
class Loss:
    """Points of accuracy lost, 95 % interval included; negative where accuracy rose."""

    points: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.points:5.2f} ({self.low:5.2f} to {self.high:5.2f})"


def measure_losses(plain: np.ndarray, changed: np.ndarray) -> list[Loss]:
    """Judge each change, and last their mean.

    Args:
        plain: (n,) bool, whether each row is answered right unchanged; n at least 1.
        changed: (k, n) float64 0..1, the share of a change's variants after which it is answered right.

    Returns:
        k + 1 losses.
    """
    lost = 100 * (plain - changed).T
    lost = np.column_stack([lost, lost.mean(axis=1)])
    low, high = bootstrap_interval(lambda drawn: lost[drawn].mean(axis=1), len(lost))
    return [Loss(*figures) for figures in zip(lost.mean(axis=0).tolist(), low.tolist(), high.tolist(), strict=True)]


def judge_change(classifier: Classifier, split: Split, head: str, variants: Sequence[Change]) -> np.ndarray:
    """Give the share of a change's variants after which each row is answered right: (n,) float64 0..1."""
    images = np.asarray(split.images)
    right = [classifier.predict_logits(change(images), head).argmax(axis=1) == split.labels for change in variants]
    return np.mean(right, axis=0)


def judged_rows(dataset: Dataset, head: str) -> Split:
    """Give validation with what a head is judged against in place of its labels."""
    split = dataset.split(SPLIT)
    if head == "label":
        return split
    majority = find_majority(read_votes(find_votes(None) or "", dataset).of(split.rows))
    known = majority >= 0
    return replace(split, images=split.images[known], labels=majority[known], rows=split.rows[known])


def bench_head(classifier: Classifier, split: Split, head: str) -> None:
    """Print the table of one head."""
    plain = judge_change(classifier, split, head, [lambda images: images])
    changed = np.stack([judge_change(classifier, split, head, variants) for variants in CHANGES.values()])
    *losses, mean = measure_losses(plain, changed)
    print(f"{classifier.model.name}, {head} head, {split.name}, n {len(split):,}")
    print(f"  {'change':26} {'accuracy':>8}   loss in points (95 %)")
    print(f"  {'none':26} {plain.mean():8.2%}")
    for name, share, loss in zip(CHANGES, changed.mean(axis=1), losses, strict=True):
        print(f"  {name:26} {share:8.2%}   {loss}")
    worst = max(losses, key=lambda loss: loss.points)
    print(f"  {'mean loss':26} {'':8}   {mean}   {_judge(mean, MEAN_GOAL)}")
    print(f"  {'worst loss':26} {'':8}   {worst}   {_judge(worst, WORST_GOAL)}")


def _judge(loss: Loss, goal: float) -> str:
    return f"goal at most {goal:g}: {'met' if loss.points <= goal else 'missed'}"


def main() -> None:
    """Bench each head of the model named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", metavar="MODEL", help="a name, a run's id or a folder")
    parser.add_argument("--data", metavar="PATH")
    options = parser.parse_args()
    model = load_model(options.model)
    dataset = load_dataset(find_source(options.data))
    print(f"dataset: {dataset.name}")
    classifier = Classifier(model, threads=os.cpu_count() or 1)
    for head in model.info.heads:
        bench_head(classifier, judged_rows(dataset, head), head)


if __name__ == "__main__":
    main()
