"""Likely label errors on planted ones, and what voters say of them."""

import numpy as np
import pytest

from fer_core.audit.folds import FOLDS, split_folds
from fer_core.audit.label_errors import find_label_errors, judge_label_errors
from fer_core.dataset import Votes, find_copies
from tests.builders import make_dataset, make_split


def make_probabilities(labels, *, sure=0.85):
    probabilities = np.full((len(labels), 7), (1 - sure) / 6)
    probabilities[np.arange(len(labels)), labels] = sure
    return probabilities


@pytest.fixture
def planted():
    """700 rows of which 20 have another label than what a good model sees."""
    rng = np.random.default_rng(0)
    true = np.arange(700) % 7
    wrong = rng.choice(700, 20, replace=False)
    labels = true.copy()
    labels[wrong] = (true[wrong] + 3) % 7
    probabilities = make_probabilities(true) + rng.uniform(0, 0.05, (700, 7))
    probabilities[wrong] = make_probabilities(true[wrong], sure=0.95)
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    return labels.astype(np.uint8), true, np.sort(wrong), probabilities


def test_planted_errors_are_found_with_what_they_should_be(planted):
    labels, true, wrong, probabilities = planted
    found = find_label_errors(np.arange(700, dtype=np.int32) + 1000, labels, probabilities)
    assert np.sort(found.rows - 1000).tolist() == wrong.tolist()
    assert found.suggested.tolist() == true[found.rows - 1000].tolist()
    assert found.labels.tolist() == labels[found.rows - 1000].tolist()
    assert np.all(np.diff(found.scores) >= 0)
    assert found.scores.max() < 0.5


def test_labels_that_are_right_are_no_errors():
    labels = (np.arange(70) % 7).astype(np.uint8)
    assert len(find_label_errors(np.arange(70, dtype=np.int32), labels, make_probabilities(labels))) == 0


@pytest.mark.parametrize("labels", [[], [3], [2, 2, 2]])
def test_one_label_alone_has_no_errors(labels):
    labels = np.array(labels, np.uint8)
    found = find_label_errors(np.arange(len(labels), dtype=np.int32), labels, np.full((len(labels), 7), 1 / 7))
    assert len(found) == 0


def test_a_label_that_nobody_has_is_never_suggested():
    labels = np.array([0, 1] * 50, np.uint8)
    probabilities = make_probabilities(labels)
    probabilities[0] = [0.001, 0.199, 0, 0.8, 0, 0, 0]
    found = find_label_errors(np.arange(100, dtype=np.int32), labels, probabilities)
    assert (found.rows.tolist(), found.suggested.tolist()) == ([0], [1])


def test_voters_confirm_a_label_that_at_most_one_chose(planted):
    labels, _, _, probabilities = planted
    rows = np.arange(700, dtype=np.int32)
    found = find_label_errors(rows, labels, probabilities)
    counts = np.zeros((700, 10), np.uint8)
    counts[rows, labels] = 10
    counts[found.rows[:15]] = 0
    counts[found.rows[:15], 9] = 9
    counts[found.rows[:15], found.labels[:15]] = 1
    judged = judge_label_errors(found, Votes("v", "d", counts), rows, labels)
    assert judged.n == 20
    assert (judged.at(15), judged.at(20), judged.at(1000)) == (1.0, 0.75, 0.75)
    assert judged.base == pytest.approx(15 / 700)
    assert judged.confirmed.tolist() == pytest.approx([1.0] * 15 + [15 / n for n in range(16, 21)])


def test_rows_without_votes_do_not_count(planted):
    labels, _, _, probabilities = planted
    rows = np.arange(700, dtype=np.int32)
    found = find_label_errors(rows, labels, probabilities)
    counts = np.zeros((700, 10), np.uint8)
    counts[found.rows[0], found.labels[0]] = 10
    judged = judge_label_errors(found, Votes("v", "d", counts), rows, labels)
    assert (judged.n, judged.at(1000), judged.base) == (1, 0.0, 0.0)


def test_folds_keep_copies_together_and_labels_even():
    split = make_split(210, name="train")
    images = split.images.copy()
    images[200], images[201] = images[3], images[3]
    dataset = make_dataset(type(split)("train", images, split.labels, split.rows, "d"))
    near = np.array([[10, 201], [11, 12]], np.int32)
    folds = split_folds(dataset.splits["train"], find_copies(dataset), near)
    assert len({int(folds[row]) for row in (3, 200, 201, 10)}) == 1
    assert folds[11] == folds[12]
    counts = np.array([np.bincount(split.labels[folds == fold], minlength=7) for fold in range(FOLDS)])
    assert counts.sum() == 210
    assert counts.min() >= 7
    assert split_folds(dataset.splits["train"], find_copies(dataset), near).tolist() == folds.tolist()


@pytest.mark.parametrize("n", [1, 2, 7, 14])
def test_folds_of_hardly_any_images_are_one(n):
    dataset = make_dataset(make_split(n, name="train"))
    assert split_folds(dataset.splits["train"], find_copies(dataset), np.empty((0, 2), np.int32)).tolist() == [0] * n
