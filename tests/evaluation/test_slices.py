"""Slices: images that are alike in one respect, and the accuracy there."""

import numpy as np
import pytest

from fer_core.evaluation import cut_classes, cut_slices, measure_features, metrics


def test_slices_hold_about_as_many_rows_each_and_keep_equal_values_together():
    values = np.array([5.0, 1, 2, 3, 4, 6, 7, 8, 9, 10])
    parts = cut_slices(values, values > 4)
    assert [(part.low, part.high, part.n, part.accuracy.value) for part in parts] == [
        (1, 2, 2, 0),
        (3, 4, 2, 0),
        (5, 6, 2, 1),
        (7, 8, 2, 1),
        (9, 10, 2, 1),
    ]
    assert [(part.low, part.n) for part in cut_slices(np.array([1.0] * 9 + [2]), np.ones(10, bool))] == [(1, 9), (2, 1)]
    assert cut_slices(np.empty(0), np.empty(0, bool)) == []
    assert parts[0].accuracy.high == pytest.approx(metrics.wilson_interval(0, 2)[1])


def test_classes_are_one_slice_each_with_count_accuracy_and_interval():
    parts = cut_classes(np.array([6, 1, 1, 6, 1], np.uint8), np.array([True, True, False, True, False]))
    assert [(part.low, part.high, part.n, part.accuracy.value) for part in parts] == [
        (1, 1, 3, pytest.approx(1 / 3)),
        (6, 6, 2, 1),
    ]
    assert (parts[0].accuracy.low, parts[0].accuracy.high) == metrics.wilson_interval(1, 3)
    assert cut_classes(np.empty(0), np.empty(0, bool)) == []


def test_features_tell_bright_from_dark_and_sharp_from_flat():
    images = np.stack([np.full((48, 48), 200), np.tile([0, 100], (48, 24))]).astype(np.uint8)
    found = measure_features(images)
    assert found["brightness"].tolist() == [200, 50]
    assert found["contrast"].tolist() == [0, 50]
    assert found["sharpness"][0] == 0 < found["sharpness"][1]
