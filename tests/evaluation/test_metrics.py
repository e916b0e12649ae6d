"""Metrics equal scikit-learn's, and normal edges give what their docstrings say."""

import time

import numpy as np
import pytest
from sklearn import metrics as reference

from fer_core.evaluation import metrics
from fer_core.model import softmax
from tests.builders import logits_for


def answers(n=500, seed=0, classes=range(7), sure=2.0):
    random = np.random.default_rng(seed)
    labels = random.choice(list(classes), size=n).astype(np.uint8)
    logits = random.normal(size=(n, 7)) * sure
    logits[np.arange(n), labels] += 1
    return labels, softmax(logits)


CASES = {
    "all classes": answers(),
    "one row": answers(n=1),
    "one class": answers(n=50, classes=[3]),
    "absent class": answers(n=80, classes=[0, 2, 3, 4, 5, 6], seed=5),
    "very sure": answers(sure=400.0),
    "float32": (answers(seed=3)[0], answers(seed=3)[1].astype(np.float32)),
}


@pytest.mark.parametrize(("labels", "probabilities"), CASES.values(), ids=CASES)
def test_metrics_equal_scikit_learns(labels, probabilities):
    predicted = probabilities.argmax(axis=1)
    confusion = metrics.confusion_matrix(labels, predicted)
    np.testing.assert_array_equal(confusion, reference.confusion_matrix(labels, predicted, labels=range(7)))
    assert confusion.dtype == np.int64
    assert metrics.accuracy(labels, predicted) == reference.accuracy_score(labels, predicted)
    assert metrics.macro_f1(confusion) == pytest.approx(
        reference.f1_score(labels, predicted, average="macro", zero_division=0), abs=1e-12
    )
    expected = reference.precision_recall_fscore_support(labels, predicted, labels=range(7), zero_division=0)
    for ours, theirs in zip(metrics.per_class(confusion), expected, strict=False):
        np.testing.assert_allclose(ours, theirs, atol=1e-12)
    assert metrics.log_loss(probabilities, labels) == pytest.approx(
        reference.log_loss(labels, probabilities, labels=range(7)), rel=1e-6
    )


def test_macro_f1_counts_a_missed_class_as_zero_and_leaves_out_one_that_never_occurs():
    confusion = np.zeros((7, 7), int)
    confusion[3, 3], confusion[1, 3] = 8, 2
    assert metrics.macro_f1(confusion) == pytest.approx((16 / 18 + 0) / 2)


def test_metrics_of_no_rows_are_defined():
    labels, probabilities = np.empty(0, np.uint8), np.empty((0, 7))
    confusion = metrics.confusion_matrix(labels, labels)
    assert confusion.sum() == 0
    assert metrics.macro_f1(confusion) == 0
    assert metrics.per_class(confusion).f1.tolist() == [0.0] * 7
    assert np.isnan([metrics.accuracy(labels, labels), metrics.log_loss(probabilities, labels)]).all()
    assert np.isnan(metrics.calibration_error(probabilities, labels))


@pytest.mark.parametrize(("labels", "predicted"), [([0, 7], [0, 0]), ([0, 1], [0, -1]), ([0, 1], [0])])
def test_confusion_matrix_refuses_what_is_no_label(labels, predicted):
    with pytest.raises(ValueError, match="Expected"):
        metrics.confusion_matrix(np.array(labels), np.array(predicted))


def test_log_loss_refuses_probabilities_of_other_rows():
    with pytest.raises(ValueError, match=r"received \(2, 7\)"):
        metrics.log_loss(np.full((2, 7), 1 / 7), np.array([0, 1, 2]))


def test_log_loss_of_extreme_logits_is_finite():
    logits = np.array([[1e4, -1e4, 0, 0, 0, 0, 0], [-1e4, 1e4, 0, 0, 0, 0, 0]])
    assert metrics.log_loss(softmax(logits), np.array([0, 0])) == pytest.approx(-np.log(np.finfo(float).eps) / 2, rel=1e-6)


def calibration_error_by_loops(probabilities, labels, bins=15):
    total = 0.0
    confidence, correct = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    for k in range(bins):
        inside = (confidence > k / bins) & (confidence <= (k + 1) / bins)
        if inside.any():
            total += inside.mean() * abs(correct[inside].mean() - confidence[inside].mean())
    return total


@pytest.mark.parametrize(("labels", "probabilities"), CASES.values(), ids=CASES)
def test_calibration_error_equals_its_definition(labels, probabilities):
    expected = calibration_error_by_loops(probabilities.astype(float), labels)
    assert metrics.calibration_error(probabilities, labels) == pytest.approx(expected, abs=1e-12)


def test_calibration_error_of_a_sure_model_is_its_error_rate():
    assert metrics.calibration_error(softmax(logits_for([0, 1, 2, 3], sure=500)), np.array([0, 1, 2, 0])) == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (0, 0, 0, 1),
        (0, 10, 0, 0.2775328),
        (10, 10, 0.7224672, 1),
        (1, 10, 0.0178762, 0.4041500),
        (1823, 3589, 0.4915830, 0.5242740),
    ],
)
def test_wilson_interval_equals_the_published_formula(k, n, low, high):
    assert metrics.wilson_interval(k, n) == pytest.approx((low, high), abs=1e-5)


def test_wilson_interval_refuses_more_hits_than_trials():
    with pytest.raises(ValueError, match="k=3, n=2"):
        metrics.wilson_interval(3, 2)


def test_bootstrap_interval_equals_a_plain_loop_whatever_its_blocks(monkeypatch):
    values = np.random.default_rng(3).normal(size=40)
    random = np.random.default_rng(7)
    means = [values[row].mean() for row in random.integers(40, size=(300, 40), dtype=np.int32)]
    expected = np.percentile(means, [2.5, 97.5])
    for rows in (40, 900, 10**6):
        monkeypatch.setattr(metrics, "_ROWS_PER_BLOCK", rows)
        interval = metrics.bootstrap_interval(lambda drawn: values[drawn].mean(axis=1), 40, draws=300, seed=7)
        np.testing.assert_allclose(interval, expected)


def test_bootstrap_interval_agrees_with_the_normal_approximation():
    values = np.random.default_rng(1).normal(size=2000)
    low, high = metrics.bootstrap_interval(lambda drawn: values[drawn].mean(axis=1), 2000)
    half = 1.96 * values.std() / np.sqrt(2000)
    assert (low, high) == pytest.approx((values.mean() - half, values.mean() + half), abs=0.004)


def test_bootstrap_interval_reports_its_progress_to_the_end():
    shares = []
    metrics.bootstrap_interval(lambda drawn: drawn.mean(axis=1), 500_000, draws=5, progress=shares.append)
    assert shares == pytest.approx([0.4, 0.8, 1.0])


def test_bootstrap_interval_refuses_no_rows():
    with pytest.raises(ValueError, match="n=0"):
        metrics.bootstrap_interval(lambda drawn: drawn.mean(axis=1), 0)


def test_sum_by_group_keeps_draws_apart():
    groups = np.array([[0, 2, 2], [1, 1, 0]])
    assert metrics.sum_by_group(groups, 3).tolist() == [[1, 0, 2], [1, 2, 0]]
    assert metrics.sum_by_group(groups, 3, np.array([[1.0, 2, 3], [4, 5, 6]])).tolist() == [[1, 0, 5], [6, 9, 0]]


def test_bootstrap_of_a_test_split_takes_seconds():
    labels, _ = answers(n=3589)
    started = time.process_time()
    metrics.bootstrap_interval(lambda drawn: metrics.sum_by_group(labels[drawn], 7).max(axis=1), len(labels))
    assert time.process_time() - started < 3
