"""The protocol check and the score card on the real FER2013."""

from dataclasses import replace

import pytest

from fer_core.audit import check_model, score_model
from fer_core.audit.published import find_published
from fer_core.model import load_model
from tests.builders import make_dataset

pytestmark = pytest.mark.real_data


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
