"""Temperature scaling: the temperature that makes the labels most likely."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from fer_core.evaluation import brier_score, calibrated_band, calibration_error, fit_temperature, log_loss
from fer_core.model import softmax


@pytest.fixture
def drawn():
    """Logits whose softmax is the truth, times three, and labels drawn from that truth."""
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 1.5, (4000, 7))
    labels = np.array([rng.choice(7, p=row) for row in softmax(logits)])
    return 3 * logits, labels


def test_fit_temperature_undoes_a_known_scale(drawn):
    logits, labels = drawn
    assert fit_temperature(logits, labels) == pytest.approx(3, rel=0.05)
    assert (
        calibration_error(softmax(logits, fit_temperature(logits, labels)), labels)
        < 0.02
        < calibration_error(softmax(logits), labels)
    )


def test_fit_temperature_finds_the_minimum_that_scipy_finds(drawn):
    logits, labels = drawn
    found = minimize_scalar(lambda t: log_loss(softmax(logits, np.exp(t)), labels), bounds=(-2, 3), method="bounded")
    assert fit_temperature(logits, labels) == pytest.approx(float(np.exp(found.x)), rel=1e-3)


def test_fit_temperature_stays_finite_at_the_edges():
    logits = np.eye(7)[[0, 1, 2]]
    assert fit_temperature(np.empty((0, 7)), np.empty(0, int)) == 1.0
    assert fit_temperature(logits, np.array([0, 1, 2])) == pytest.approx(0.05)
    assert fit_temperature(logits, np.array([3, 3, 3])) == pytest.approx(20)
    assert fit_temperature(logits * 1e30, np.array([3, 3, 3])) == pytest.approx(20)


def test_brier_score_is_the_mean_squared_distance_to_the_label():
    assert brier_score(np.array([[1.0, 0.0], [0.5, 0.5]]), np.array([0, 1])) == pytest.approx((0 + 0.5) / 2)
    assert np.isnan(brier_score(np.empty((0, 7)), np.empty(0, int)))


def test_calibrated_band_holds_the_error_of_a_calibrated_model_and_not_of_one_too_sure(drawn):
    logits, labels = drawn
    for temperature, inside in ((3.0, True), (1.0, False)):
        probabilities = softmax(logits, temperature)
        low, high = calibrated_band(probabilities, draws=300)
        assert (low <= calibration_error(probabilities, labels) <= high) == inside
    assert calibrated_band(probabilities, draws=20) == calibrated_band(probabilities, draws=20)
