"""Targets: labels smoothed, votes as shares, teachers mixed in."""

import numpy as np
import pytest

from fer_core.dataset import Votes
from fer_core.runs import RECIPES, with_settings
from fer_core.training.targets import build_targets, mix_in
from tests.builders import make_split

COUNTS = np.array([[8, 2, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 1, 0, 9], [0, 0, 0, 0, 0, 0, 5, 5, 0, 0]], np.uint8)


@pytest.fixture
def targets():
    recipe = with_settings(RECIPES["studio"], {"label_smoothing": 0.07})
    return build_targets(make_split(labels=[0, 1, 6]), recipe, Votes("votes", "", COUNTS))


def test_label_targets_are_smoothed_rows(targets):
    labels = targets.shares["logits"]
    assert labels[1].tolist() == pytest.approx([0.01, 0.94, *[0.01] * 5])
    assert targets.weights["logits"].tolist() == [1, 1, 1]


def test_crowd_targets_are_shares_and_rows_without_votes_weigh_nothing(targets):
    crowd = targets.shares["crowd_logits"]
    assert crowd[0].tolist() == pytest.approx([0.8, 0.2, 0, 0, 0, 0, 0])
    assert crowd[1].tolist() == [0] * 7
    assert crowd[2].tolist() == [0, 0, 0, 0, 0, 0, 1]
    assert targets.weights["crowd_logits"].tolist() == [1, 0, 1]


def test_targets_of_a_recipe_without_crowd_head_have_labels_only():
    assert list(build_targets(make_split(3), RECIPES["seed"], None).shares) == ["logits"]


def test_mix_in_blends_teachers_and_gives_them_the_rows_without_votes(targets):
    said = np.full((3, 7), 1 / 7, np.float32)
    mixed = mix_in(targets, {"logits": said, "crowd_logits": said}, 0.5)
    assert mixed.shares["logits"][1, 1] == pytest.approx((0.94 + 1 / 7) / 2)
    assert mixed.shares["crowd_logits"][1].tolist() == pytest.approx([1 / 7] * 7)
    assert mixed.weights["crowd_logits"].tolist() == [1, 1, 1]
    assert targets.weights["crowd_logits"].tolist() == [1, 0, 1]
    assert mix_in(targets, {"logits": said}, 1.0).shares["crowd_logits"][0, 0] == pytest.approx(0.8)


def test_targets_of_a_batch_are_those_rows(targets):
    shares, weights = targets.of(np.array([2, 0]))
    assert shares["crowd_logits"].argmax(axis=1).tolist() == [6, 0]
    assert weights["crowd_logits"].tolist() == [1, 1]
