"""The protocol check, the score card and near copies on the real FER2013."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from fer_core.audit import check_model, find_near_copies, score_model
from fer_core.audit.published import find_published
from fer_core.model import load_model
from tests.builders import make_dataset, make_split

pytestmark = pytest.mark.real_data

NEAR_COPIES = (
    lambda image: image[:, ::-1],
    lambda image: np.roll(image, (3, -4), axis=(0, 1)),
    lambda image: cv2.resize(image[4:-4, 4:-4], image.shape),
    lambda image: np.rint(255 * (image / 255) ** 1.5).astype(np.uint8),
)
"""Mirrored, shifted, cropped, darkened."""


def test_check_of_the_reports_network_explains_98_percent(fer2013, home):
    findings = {found.check: found for found in check_model(load_model("seed"), fer2013)}
    assert [name for name, found in findings.items() if not found.ok] == ["notebook"]
    figures = findings["notebook"].figures
    assert figures["as_computed"] == pytest.approx(0.988, abs=0.001)
    assert figures["honest"] == pytest.approx(load_model("seed").info.metrics["test"]["accuracy"])
    assert figures["honest_ci95"][0] < 0.52 < figures["honest_ci95"][1]
    assert "getXY(df) reads train_df whatever it is given" in findings["notebook"].summary
    assert findings["copies"].figures["copies"] == 288


def test_splits_under_each_others_names_are_recognised_by_their_content(fer2013):
    assert find_published(fer2013) == {"train": "train", "validation": "validation", "test": "test"}
    swapped = make_dataset(
        fer2013.split("train"),
        replace(fer2013.split("test"), name="validation"),
        replace(fer2013.split("validation"), name="test"),
    )
    assert find_published(swapped) == {"train": "train", "validation": "test", "test": "validation"}


def test_scorecard_stands_beside_figures_of_the_same_split_only(fer2013, home):
    card = score_model(load_model("compact"), fer2013, "test")
    assert (card.published, card.n, card.cautions) == ("PrivateTest", 3589, ())
    assert [(line.n, round(line.figure.value, 4)) for line in card.lines[:2]] == [(3589, 0.6673), (3301, 0.6577)]
    relations = {other.reference.name.split()[0].rstrip(","): other.relation for other in card.beside}
    assert relations == {
        "Notebook": "above",
        "deepface": "above",
        "People": "includes",
        "fer": "includes",
        "2013": "below",
        "VGG": "other",
        "ResMaskingNet": "below",
        "ResEmoteNet": "below",
    }


def test_near_copies_planted_in_validation_are_found(fer2013):
    split = fer2013.split("validation")
    rows = np.random.default_rng(0).choice(len(split), 40, replace=False)
    copies = [change(split.images[at]) for at, change in zip(rows, 10 * list(NEAR_COPIES), strict=True)]
    images = np.concatenate([split.images, copies])
    found = find_near_copies(make_dataset(replace(make_split(len(images), name="validation"), images=images)))
    pairs = set(map(tuple, found.rows.tolist()))
    assert sum((at, len(split) + number) in pairs for number, at in enumerate(rows.tolist())) >= 38
    nobody_planted = int((found.rows[:, 1] < len(split)).sum())
    assert 50 < nobody_planted < 500
