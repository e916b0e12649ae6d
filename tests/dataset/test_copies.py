"""Exact copies: within and across splits, with labels that contradict; blank images."""

from hashlib import sha256

import numpy as np
import pytest

from fer_core.dataset import find_copies, load_dataset
from tests.builders import make_dataset, make_split


def with_images(split, pairs):
    images = split.images.copy()
    for at, image in pairs.items():
        images[at] = image
    return type(split)(split.name, images, split.labels, split.rows, split.digest)


def test_find_copies_groups_equal_images_over_splits_by_row():
    train, test = make_split(5, name="train"), make_split(3, name="test", first_row=5, seed=1)
    train = with_images(train, {3: train.images[1]})
    test = with_images(test, {0: train.images[1], 2: np.zeros((48, 48)), 1: test.images[1]})
    copies = find_copies(make_dataset(train, test))
    assert [group.tolist() for group in copies.groups] == [[1, 3, 5]]
    assert [group.tolist() for group in copies.cross_split] == [[1, 3, 5]]
    assert [group.tolist() for group in copies.contradicting] == [[1, 3, 5]]
    assert copies.test_in_train.tolist() == [5]
    assert copies.train_in_others.tolist() == [1, 3]
    assert copies.blank.tolist() == [7]
    assert copies.to_json() == {
        "groups": 1,
        "images": 3,
        "cross_split_groups": 1,
        "test_in_train": 1,
        "validation_in_train": 0,
        "contradicting_groups": 1,
        "blank": 1,
    }


def test_find_copies_finds_none_among_different_images():
    copies = find_copies(make_dataset(make_split(6, name="train")))
    assert set(copies.to_json().values()) == {0}
    assert copies.train_in_others.tolist() == []


@pytest.mark.real_data
def test_find_copies_of_fer2013_are_those_that_hashing_gives(fer2013_csv, home):
    dataset = load_dataset(fer2013_csv)
    groups = {}
    for name, split in dataset.splits.items():
        for image, label in zip(np.asarray(split.images), split.labels.tolist(), strict=True):
            groups.setdefault(sha256(image.tobytes()).digest(), []).append((name, label))
    several = [members for members in groups.values() if len(members) > 1]
    in_train = [members for members in several if "train" in dict(members)]
    found = find_copies(dataset).to_json()
    assert found["groups"] == len(several)
    assert found["images"] == sum(map(len, several))
    assert found["cross_split_groups"] == sum(len(dict(members)) > 1 for members in several)
    assert found["contradicting_groups"] == sum(len({label for _, label in members}) > 1 for members in several)
    assert found["test_in_train"] == sum(name == "test" for members in in_train for name, _ in members)
    assert found["validation_in_train"] == sum(name == "validation" for members in in_train for name, _ in members)
    assert found["blank"] == 12
