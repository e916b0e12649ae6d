"""Validation held out of train: by emotion, seeded, equal pixels together."""

from pathlib import Path

import numpy as np

from fer_core.dataset import load_dataset
from fer_core.dataset.holdout import hold_out_validation
from fer_core.dataset.table import Table
from fer_core.labels import EMOTIONS
from tests.dataset.files import write_picture


def make_table(images: np.ndarray, labels: np.ndarray, split: int = 0) -> Table:
    n = len(labels)
    return Table(images, labels.astype(np.uint8), np.full(n, split, np.uint8), np.arange(n, dtype=np.int32))


def noise(n: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(256, size=(n, 48, 48), dtype=np.uint8)


def test_hold_out_validation_takes_a_tenth_of_each_emotion_and_says_so() -> None:
    labels = np.repeat(np.arange(7), [100, 20, 60, 50, 40, 30, 10])
    held = hold_out_validation(make_table(noise(310), labels))
    assert np.bincount(labels[held.splits == 1], minlength=7).tolist() == [10, 2, 6, 5, 4, 3, 1]
    assert held.notes[0].startswith("The source has no validation split: 31 of its 310 training images were held out")


def test_hold_out_validation_keeps_equal_pixels_together_even_under_two_labels() -> None:
    images = np.repeat(noise(100), 3, axis=0)
    labels = np.tile([0, 0, 4], 100)
    held = hold_out_validation(make_table(images, labels))
    by_image = held.splits.reshape(100, 3)
    assert (by_image == by_image[:, :1]).all()
    assert 0 < (by_image[:, 0] == 1).sum() <= 10


def test_hold_out_validation_takes_the_same_images_whatever_their_order() -> None:
    images, labels = noise(140), np.arange(140) % 7
    shuffled = np.random.default_rng(1).permutation(140)
    first = hold_out_validation(make_table(images, labels)).splits
    second = hold_out_validation(make_table(images[shuffled], labels[shuffled])).splits
    assert np.array_equal(first[shuffled], second)


def test_hold_out_validation_changes_nothing_where_there_is_validation_or_no_train() -> None:
    for split in (1, 2):
        table = make_table(noise(8), np.arange(8) % 7, split)
        assert hold_out_validation(table) is table


def test_hold_out_validation_leaves_single_images_in_train() -> None:
    held = hold_out_validation(make_table(noise(7), np.arange(7)))
    assert held.splits.tolist() == [0] * 7
    assert held.notes == ("There is no validation split: train is too small to hold one out.",)


def test_load_dataset_holds_validation_out_of_folders_with_train_and_test(tmp_path: Path) -> None:
    images = iter(noise(84))
    for folder, n in (("train", 10), ("test", 2)):
        for emotion in EMOTIONS:
            for number in range(n):
                write_picture(tmp_path / "d" / folder / emotion / f"im{number}.png", next(images))
    dataset = load_dataset(tmp_path / "d")
    assert {name: split.counts().tolist() for name, split in dataset.splits.items()} == {
        "train": [9] * 7,
        "validation": [1] * 7,
        "test": [2] * 7,
    }
    assert "held out" in dataset.notes[0]
    assert sorted(np.concatenate([split.rows for split in dataset.splits.values()]).tolist()) == list(range(84))
