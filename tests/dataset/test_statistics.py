"""Statistics: equal to NumPy's own in float64, on any number of rows."""

import math

import numpy as np
import pytest

from fer_core.dataset.statistics import average_faces, imbalance_factor, measure_light
from tests.builders import make_split


@pytest.mark.parametrize("n", [1, 255, 256, 257, 600])
def test_measure_light_equals_mean_and_standard_deviation(n: int) -> None:
    images = make_split(n).images
    brightness, contrast = measure_light(images)
    pixels = images.reshape(n, -1).astype(float)
    assert brightness == pytest.approx(pixels.mean(axis=1), abs=1e-4)
    assert contrast == pytest.approx(pixels.std(axis=1), abs=1e-4)


def test_measure_light_finds_no_contrast_in_a_plain_image() -> None:
    images = np.repeat(np.array([0, 77, 255], np.uint8), 48 * 48).reshape(3, 48, 48)
    brightness, contrast = measure_light(images)
    assert brightness.tolist() == [0, 77, 255]
    assert contrast.tolist() == [0, 0, 0]


def test_average_faces_equals_mean_and_standard_deviation_of_each_emotion() -> None:
    split = make_split(700, labels=[k % 5 for k in range(700)])
    mean, variation = average_faces(split.images, split.labels)
    for label in range(5):
        chosen = split.images[split.labels == label].astype(float)
        assert mean[label] == pytest.approx(chosen.mean(axis=0), abs=1e-4)
        assert variation[label] == pytest.approx(chosen.std(axis=0), abs=1e-4)
    assert np.isnan(mean[5:]).all()
    assert np.isnan(variation[5:]).all()


def test_statistics_take_no_rows() -> None:
    images = np.empty((0, 48, 48), np.uint8)
    assert [len(values) for values in measure_light(images)] == [0, 0]
    assert np.isnan(average_faces(images, np.empty(0, np.uint8))[0]).all()


def test_imbalance_factor_divides_the_most_frequent_by_the_rarest() -> None:
    assert imbalance_factor(np.array([10, 2, 5, 5, 5, 5, 5])) == 5
    assert imbalance_factor(np.array([[5, 1, 5, 5, 5, 5, 5], [5, 1, 0, 0, 0, 0, 0]])) == 5
    assert imbalance_factor(np.array([1, 0, 1, 1, 1, 1, 1])) == math.inf
    assert math.isnan(imbalance_factor(np.zeros(7, int)))
