"""Checks of the answers themselves: the order of the labels, and whether probabilities are probabilities."""

from itertools import permutations

import numpy as np

from fer_core.audit.finding import Finding, percent
from fer_core.audit.subject import Subject
from fer_core.evaluation import confusion_matrix, mcnemar
from fer_core.labels import EMOTIONS

_GAIN, _P = 0.05, 1e-6
"""What another order of labels must gain in accuracy, and how surely (McNemar), to be named."""
_SUM_TOLERANCE = 0.05
_TWICE = float(np.e / (np.e + len(EMOTIONS) - 1))
"""0.31: the highest probability that the softmax of probabilities can give."""
_SURE, _SATURATED, _COLLAPSED = 0.999, 0.98, 0.98
_ALPHABETICAL = tuple(EMOTIONS.index(name) for name in sorted(EMOTIONS))


def check_label_order(subject: Subject) -> Finding:
    """Does another order of the seven labels explain the answers better?"""
    confusion = confusion_matrix(subject.labels, subject.predicted)
    orders = np.array(list(permutations(range(len(EMOTIONS)))))
    hits = confusion[orders, np.arange(len(EMOTIONS))].sum(axis=1)
    order = orders[hits.argmax()]
    n = int(confusion.sum())
    here, there = int(np.trace(confusion)), int(hits.max())
    _, _, p = mcnemar(subject.right, order[subject.predicted] == subject.labels)
    figures = {"accuracy": here / n, "best_accuracy": there / n, "p": p, "meaning": [EMOTIONS[place] for place in order]}
    if (there - here) / n < _GAIN or p > _P:
        return Finding("label_order", True, "No other order of the labels explains the answers better.", figures)
    moved = ", ".join(f"{EMOTIONS[k]} means {EMOTIONS[place]}" for k, place in enumerate(order) if k != place)
    alphabet = " (alphabetical order)" if tuple(order.tolist()) == _ALPHABETICAL else ""
    sentence = f"The labels are in another order{alphabet}: {moved}; "
    sentence += f"read so, {percent(there / n)} are right instead of {percent(here / n)}."
    return Finding("label_order", False, sentence, figures)


def check_logits(scores: np.ndarray) -> Finding:
    """Are these probabilities, of one softmax?

    Args:
        scores: (n, 7), said to be probabilities.
    """
    sums, highest = scores.sum(axis=1), scores.max(axis=1)
    figures = {"lowest": float(scores.min()), "highest": float(highest.max()), "sums": [float(sums.min()), float(sums.max())]}
    if scores.min() < 0 or np.abs(sums - 1).max() > _SUM_TOLERANCE:
        sentence = (
            f"These are no probabilities: values from {scores.min():.3g} to {scores.max():.3g}, rows sum to "
            f"{sums.min():.3g} to {sums.max():.3g}. Logits must go through a softmax once."
        )
        return Finding("logits", False, sentence, figures)
    if highest.max() <= _TWICE + 1e-3:
        sentence = (
            f"No probability is over {highest.max():.3f}; the softmax of probabilities gives at most {_TWICE:.3f}. "
            "The softmax was taken twice."
        )
        return Finding("logits", False, sentence, figures)
    return Finding("logits", True, f"Rows sum to 1, and the highest probability is {highest.max():.3f}: one softmax.", figures)


def check_outputs(logits: np.ndarray) -> Finding:
    """Are a model's outputs logits, as the app takes them, or probabilities already?

    Args:
        logits: (n, 7), said to be logits.
    """
    sums = logits.sum(axis=1)
    figures = {"lowest": float(logits.min()), "highest": float(logits.max()), "sums": [float(sums.min()), float(sums.max())]}
    if logits.min() >= 0 and np.abs(sums - 1).max() <= _SUM_TOLERANCE:
        sentence = "The model's outputs are probabilities already; the app takes a softmax of them, which is one too many."
        return Finding("logits", False, sentence, figures)
    return Finding("logits", True, "The model's outputs are logits; one softmax makes them probabilities.", figures)


def check_rescaling(subject: Subject, probabilities: np.ndarray) -> Finding:
    """Do pixels come in the range that was trained on? One answer for nearly all images, or blind certainty, says no.

    Args:
        subject: whose answers.
        probabilities: (n, 7).
    """
    n = len(subject)
    named = np.bincount(subject.predicted, minlength=len(EMOTIONS))
    share, often = float(named.max() / n), EMOTIONS[int(named.argmax())]
    sure = float((probabilities.max(axis=1) > _SURE).mean())
    accuracy = float(subject.right.mean())
    figures = {"most_frequent_share": share, "sure_share": sure, "accuracy": accuracy}
    labelled = float(np.bincount(subject.labels).max() / n)
    if share > max(_COLLAPSED, labelled):
        sentence = f"{percent(share, 0)} of the answers are {often}, as when pixels of 0..1 reach a network that knows 0..255."
        return Finding("rescaling", False, sentence, figures)
    if sure > _SATURATED and accuracy < sure - 0.2:
        said = f"{percent(sure, 0)} of the answers are {percent(_SURE)} sure, and {percent(accuracy, 0)} are right"
        sentence = f"{said}, as when pixels are 255 times too large."
        return Finding("rescaling", False, sentence, figures)
    return Finding(
        "rescaling",
        True,
        "Answers vary with the image and are not blindly sure, as they are when pixels come in the right range.",
        figures,
    )
