"""When a model is sure enough, and which emotions it cannot tell apart."""

import numpy as np
import pytest

from fer_core.evaluation import (
    accuracy_by_share,
    calibration_error,
    choose_threshold,
    conformal_sets,
    confused_sets,
    count_answered,
    fit_conformal,
    measure_reliability,
)
from fer_core.model import softmax

EMPTY, NONE = np.empty((0, 7)), np.empty(0, int)


def sure_of(confidences):
    """Rows that name emotion 0 with these confidences; the rest is shared out evenly."""
    rest = (1 - np.asarray(confidences)) / 6
    return np.column_stack([confidences, *[rest] * 6])


@pytest.fixture
def drawn():
    """Probabilities, and labels drawn from them."""
    rng = np.random.default_rng(0)
    probabilities = softmax(rng.normal(0, 1.5, (6000, 7)))
    return probabilities, (rng.random((6000, 1)) > probabilities.cumsum(axis=1)).sum(axis=1).clip(0, 6)


def test_accuracy_by_share_answers_the_surest_first_and_equal_ones_together():
    confidence, share, accuracy = accuracy_by_share(sure_of([0.5, 0.9, 0.5, 0.8]), np.array([0, 0, 1, 1]))
    assert confidence.tolist() == [0.9, 0.8, 0.5]
    assert share.tolist() == [0.25, 0.5, 1]
    assert accuracy.tolist() == [1, 0.5, 0.5]


@pytest.mark.parametrize(("asked", "threshold"), [(0.5, 0.4), (0.6, 0.5), (0.75, 0.6), (0.8, 0.9), (1.0, 0.9)], ids=str)
def test_choose_threshold_answers_as_many_as_the_accuracy_asked_allows(asked, threshold):
    probabilities, labels = sure_of([0.9, 0.8, 0.7, 0.6, 0.5, 0.4]), np.array([0, 1, 0, 0, 1, 1])
    assert choose_threshold(probabilities, labels, asked) == pytest.approx(threshold)
    n, sure, right = count_answered(probabilities, labels, threshold)
    assert (n, right / sure >= asked) == (6, True)


def test_choose_threshold_that_nothing_reaches_is_1():
    assert choose_threshold(sure_of([0.9, 0.8]), np.array([1, 1]), 0.5) == 1.0
    assert choose_threshold(EMPTY, NONE, 0.5) == 1.0
    assert count_answered(EMPTY, NONE, 0.5) == (0, 0, 0)


def test_conformal_sets_hold_the_label_as_often_as_promised_on_other_rows(drawn):
    probabilities, labels = drawn
    cut = fit_conformal(probabilities[:3000], labels[:3000], 0.9)
    sets = conformal_sets(probabilities[3000:], cut)
    assert sets[np.arange(3000), labels[3000:]].mean() == pytest.approx(0.9, abs=0.02)
    assert sets.sum(axis=1).min() == 1


def test_fit_conformal_takes_the_row_that_the_promise_needs():
    probabilities = sure_of(np.linspace(0.2, 0.9, 19))
    assert fit_conformal(probabilities, np.zeros(19, int), 0.9) == pytest.approx(np.linspace(0.2, 0.9, 19)[1])
    assert fit_conformal(probabilities[:5], np.zeros(5, int), 0.9) == 0.0
    assert conformal_sets(probabilities[:1], 0.0).all()


def test_confused_sets_count_what_cannot_be_told_apart():
    sets = np.zeros((5, 7), bool)
    sets[:3, [2, 4]] = sets[3, [4, 6]] = sets[4, 0] = True
    assert confused_sets(sets) == [(("fear", "sad"), 3), (("sad", "neutral"), 1)]
    assert confused_sets(sets[4:]) == []


def test_reliability_bins_add_up_to_the_calibration_error_and_lie_in_the_band(drawn):
    probabilities, labels = drawn
    found = measure_reliability(probabilities, labels)
    filled = found.n > 0
    gaps = np.abs(found.accuracy - found.confidence)[filled] * found.n[filled]
    assert gaps.sum() / 6000 == pytest.approx(calibration_error(probabilities, labels))
    assert found.n.sum() == 6000
    inside = (found.accuracy >= found.band_low) & (found.accuracy <= found.band_high)
    assert inside[filled].mean() >= 0.8
    assert np.isnan(found.accuracy[~filled]).all()
