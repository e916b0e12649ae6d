import numpy as np
import pytest

from fer_core.vision.calm import CalmBox, OneEuro

WIDTH = 100.0


def film(rate: float, seconds: float, speed: float = 0.0, noise: float = 0.0) -> np.ndarray:
    """How far the calmed box of a face 100 px wide is from the true one, frame by frame: (frames, 4) pixels."""
    random, calm, errors = np.random.default_rng(0), CalmBox(), []
    for number in range(round(rate * seconds)):
        x = speed * WIDTH * max(number / rate - 1, 0)
        true = np.array([x, 50, x + WIDTH, 150])
        errors.append(calm.update(true + random.normal(0, noise, 4), number / rate) - true)
    return np.array(errors)


@pytest.mark.parametrize("rate", [10, 15, 20, 30])
def test_calm_box_of_a_still_face_shakes_less_than_a_third_of_the_detectors_noise(rate: int) -> None:
    errors = film(rate, 60, noise=1.0)[2 * rate :]
    assert np.sqrt((errors**2).mean()) < 0.31


@pytest.mark.parametrize("rate", [5, 10, 15, 20, 30])
@pytest.mark.parametrize(("speed", "steady", "worst"), [(0.25, 0.045, 0.05), (1.0, 0.035, 0.06), (3.0, 0.035, 0.08)])
def test_calm_box_lags_less_than_six_hundredths_of_a_width(rate: int, speed: float, steady: float, worst: float) -> None:
    lags = -film(rate, 6, speed=speed)[:, 0] / WIDTH
    assert lags[-1] < steady
    assert lags.max() < worst


def test_calm_box_is_as_calm_about_small_faces_as_about_large_ones() -> None:
    small, large = CalmBox(), CalmBox()
    for number, shift in enumerate(np.random.default_rng(1).normal(0, 0.02, (40, 4))):
        box = np.array([0, 0, 1, 1]) + shift
        near, far = large.update(200 * box, number / 20), small.update(40 * box, number / 20)
    np.testing.assert_allclose(near / 200, far / 40, atol=1e-9)


def test_one_euro_moves_only_with_time_and_leaves_its_input() -> None:
    calm, values = OneEuro(), np.array([3.0, 4.0])
    np.testing.assert_array_equal(calm.update(values, 1.0), [3, 4])
    for time_s in (1.0, 0.5):
        np.testing.assert_array_equal(calm.update(np.array([9.0, 9.0]), time_s), [3, 4])
    moved = calm.update(np.array([9.0, 9.0]), 1.1)
    assert (moved > np.array([3, 4])).all()
    assert (moved < 9).all()
    np.testing.assert_array_equal(values, [3, 4])
