"""The score card: its figures, and words that claim no more than the intervals say."""

from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest

from fer_core.audit import build_scorecard, score_model, set_beside
from fer_core.audit.scorecard_text import write_markdown
from fer_core.dataset import Votes, find_copies
from fer_core.errors import DatasetError
from fer_core.evaluation import REFERENCES, Figure, answers, read_ledger, wilson_interval
from tests.builders import logits_for, make_dataset, make_model, make_split

LABELS = [3] * 6 + [4] * 3 + [0]


class Happy:
    """Says happy with the label head, sad with the crowd's, and remembers what it was shown."""

    shown: ClassVar[list] = []

    def __init__(self, model, *, threads=1):
        self.model = model

    def predict_logits(self, images, head="label"):
        self.shown.append((head, len(images)))
        return logits_for([3 if head == "label" else 4] * len(images))


@pytest.fixture
def model(tmp_path, monkeypatch):
    monkeypatch.setattr(answers, "Classifier", Happy)
    monkeypatch.setattr("fer_core.model.folders.shipped_dir", lambda: tmp_path / "shipped")
    Happy.shown.clear()
    return make_model(tmp_path / "m")


def make_data(*, copied=0, labels=LABELS):
    train, test = make_split(20, name="train", seed=1), make_split(labels=labels, first_row=20)
    test.images[:copied] = train.images[:copied]
    return make_dataset(train, test)


def vote(dataset, emotions):
    """Ten votes for one emotion of each row of test; -1: half for each of two."""
    counts = np.zeros((dataset.n, 10), np.uint8)
    for row, emotion in zip(dataset.split("test").rows, emotions, strict=True):
        counts[row, [emotion] if emotion >= 0 else [0, 1]] = 10
    return Votes("votes.csv", "v", counts)


def line(card, words):
    return next(found for found in card.lines if words in found.name)


def test_scorecard_counts_all_without_copies_and_against_the_crowd(model):
    data = make_data(copied=4)
    card = score_model(model, data, "test", votes=vote(data, [3, 3, 4, 4, 4, -1, 4, 4, 4, 0]))
    assert (line(card, "published").figure, line(card, "published").n) == (Figure(0.6, *wilson_interval(6, 10)), 10)
    assert (line(card, "copies").figure, line(card, "copies").n) == (Figure(2 / 6, *wilson_interval(2, 6)), 6)
    assert line(card, "copies").detail == "label head; 4 exact copies left out"
    assert (line(card, "crowd").figure, line(card, "crowd").n) == (Figure(2 / 9, *wilson_interval(2, 9)), 9)
    assert line(card, "crowd").detail.startswith("label head, as there is no crowd head; ")
    assert line(card, "Macro-F1").figure.value == pytest.approx(0.75 / 3)
    error = line(card, "Calibration").figure
    assert error.low <= error.value <= error.high
    assert card.missing == ()


def test_scorecard_asks_the_crowd_head_where_there_is_one(tmp_path, model):
    two = make_model(tmp_path / "two", weights=b"two", heads=["label", "crowd"], temperature={"label": 1.0, "crowd": 1.0})
    data = make_data()
    card = score_model(two, data, "test", votes=vote(data, [4] * 10))
    assert line(card, "crowd").figure.value == 1.0
    assert line(card, "crowd").detail == "crowd head; images whose single largest FER+ vote is one of the seven emotions"
    assert line(card, "published").figure.value == 0.6


MISSING = {
    "no votes": (make_data(), "test", None, {"crowd": "there are no FER+ votes on this dataset"}),
    "no majority": (make_data(), "test", [-1] * 10, {"crowd": "of no image has one of the seven emotions the single largest"}),
    "no train": (make_dataset(make_split(labels=LABELS)), "test", [4] * 10, {"copies": "no training images to compare"}),
    "train": (make_data(), "train", None, {"copies": "these are the training images", "crowd": "no FER+ votes"}),
    "all copies": (make_data(copied=10), "test", [4] * 10, {"copies": "every image has an exact copy"}),
}


@pytest.mark.parametrize(("data", "split", "votes", "said"), MISSING.values(), ids=MISSING)
def test_scorecard_leaves_out_a_line_and_says_why(model, data, split, votes, said):
    card = score_model(model, data, split, votes=votes and vote(data, votes))
    assert len(card.missing) == len(said)
    for (name, reason), (wanted, words) in zip(card.missing, said.items(), strict=True):
        assert wanted in name
        assert words in reason
        assert f"Not given: a{name[1:]}, because {reason}.\n" in card.to_markdown()


def test_scorecard_looks_at_test_only_where_asked_and_says_how_often(model):
    assert score_model(model, make_data(), "train").times_tested is None
    assert read_ledger() == []
    card = score_model(model, make_data(), "test")
    assert card.times_tested == 1
    assert len(read_ledger()) == 1
    assert "- This test split was shown to: 1 model of this recipe so far\n" in card.to_markdown()


def test_scorecard_of_one_image_and_one_emotion_stands_and_warns(model):
    card = score_model(model, make_data(labels=[3]), "test")
    assert line(card, "published").figure == Figure(1.0, *wilson_interval(1, 1))
    assert "Only 1 image: the intervals of macro-F1 and calibration error are narrower than they should be." in card.cautions
    assert any("Every image is labelled happy" in caution for caution in card.cautions)


def test_scorecard_of_no_image_says_so(model):
    data = make_data()
    empty = make_dataset(data.split("train"), make_split(labels=[], first_row=20))
    with pytest.raises(DatasetError, match="expected images in test, found none"):
        score_model(model, empty, "test")
    with pytest.raises(DatasetError, match="received 'validation'"):
        score_model(model, data, "validation")


def test_scorecard_of_other_data_or_another_split_is_compared_with_nobody(model):
    card = score_model(model, make_data(), "train")
    assert {other.relation for other in card.beside} == {"other"}
    assert card.cautions[:2] == (
        "This is the train split, not test.",
        "These are not FER2013's images as published, so that nobody else's figure is of them.",
    )
    assert card.to_words()[0].startswith("Not compared with, as of other images: Notebook project")


BESIDE = {
    (0.6673, "PrivateTest", "fer"): ("includes", "not told apart: the interval includes it"),
    (0.6673, "PrivateTest", "People"): ("includes", "not told apart: the interval overlaps 60 % to 70 %"),
    (0.72, "PrivateTest", "fer"): ("above", "6.1 points above; all of the interval lies above it"),
    (0.60, "PrivateTest", "fer"): ("below", "5.9 points below; all of the interval lies below it"),
    (0.55, "PrivateTest", "People"): ("below", "10.0 points below; all of the interval lies below 60 % to 70 %"),
    (0.72, "PrivateTest", "VGG"): ("other", "not compared: measured on PublicTest"),
    (0.72, "PublicTest", "VGG"): ("includes", "not told apart: the interval includes it"),
    (0.72, "PublicTest", "fer"): ("other", "not compared: measured on PrivateTest"),
    (0.90, "Training", "fer"): ("other", "not compared: other images"),
    (0.90, None, "ResEmoteNet"): ("other", "not compared: other images"),
}


@pytest.mark.parametrize(("key", "said"), BESIDE.items())
def test_set_beside_says_what_the_interval_says(key, said):
    accuracy, published, name = key
    own = Figure(accuracy, accuracy - 0.0155, accuracy + 0.0155)
    found = next(other for other in set_beside(own, published) if other.reference.name.startswith(name))
    assert (found.relation, found.words) == said


@pytest.mark.parametrize("accuracy", np.linspace(0.45, 0.85, 41))
def test_nobody_is_called_above_or_below_whom_the_interval_includes(accuracy):
    own = Figure(accuracy, accuracy - 0.0155, accuracy + 0.0155)
    for other in set_beside(own, "PrivateTest"):
        margin = other.reference.margin or 0.0
        inside = own.low <= other.reference.accuracy + margin and other.reference.accuracy - margin <= own.high
        assert "better" not in other.words
        if inside and other.relation != "other":
            assert "above" not in other.words
            assert "below" not in other.words


def test_references_name_source_and_fault_and_what_was_not_reproduced():
    known = {found.name.split()[0].rstrip(","): found for found in REFERENCES}
    assert known["People"].margin == 0.05
    assert [known[name].accuracy for name in ("fer", "2013", "VGG", "ResMaskingNet", "ResEmoteNet")] == [
        *(0.6587, 0.7116, 0.7328, 0.7414, 0.7979)
    ]
    assert all(found.source for found in REFERENCES)
    assert "swaps the two splits" in known["VGG"].fault
    assert [name for name, found in known.items() if not found.reproduced] == ["ResMaskingNet", "ResEmoteNet"]


MARKDOWN = """# Score card: tiny on my\\_\\|data, test

- Model: tiny, 551,687 parameters, recipe seed
- Model or epoch chosen on: nothing: the last epoch is kept
- Data: my\\_\\|data, digest `{digest}`
- Split: test (FER2013's PrivateTest), 10 images
- This test split was shown to: 1 model of this recipe so far
- **Caution**: Only 10 images: beware.

| figure | value | 95 % interval | n | of what |
|---|---:|---|---:|---|
| Accuracy, as published | 60.0 % | 31.3 to 83.2 % | 10 | label head; all images, their own labels |
| Accuracy, without copies of training images | 60.0 % | 31.3 to 83.2 % | 10 | label head; none has an exact copy in train |
| Macro-F1 | 25.0 % | """


def test_markdown_has_the_figures_the_reasons_and_the_others_each_in_a_line(model):
    data = replace(make_data(), name="my_|data")
    card = score_model(model, data, "test")
    compared = set_beside(card.lines[0].figure, "PrivateTest")
    card = replace(card, published="PrivateTest", cautions=("Only 10 images: beware.",), beside=compared)
    text = write_markdown(card)
    assert text.startswith(MARKDOWN.format(digest=data.digest[:12]))
    assert "\nNot given: accuracy, against the crowd, because there are no FER+ votes on this dataset.\n" in text
    table = text.partition("| who | accuracy | of | this model, as published | source | known fault |\n")[2].splitlines()
    assert len(table) == 1 + len(REFERENCES)
    assert {row.count("|") for row in table} == {7}
    assert table[-1] == (
        "| ResEmoteNet, Roy et al. 2024 | 79.79 % (not reproduced) | PrivateTest | not told apart: the interval includes it | "
        "arXiv:2409.10545 | claimed and not reproduced: users get 60 to 71.6 % |"
    )
    assert text.endswith("|\n")


def test_json_has_each_figure_with_its_interval(model):
    document = score_model(model, make_data(), "test").to_json()
    assert document["lines"][0] == {
        "name": "Accuracy, as published",
        "value": 0.6,
        "value_ci95": list(wilson_interval(6, 10)),
        "n": 10,
        "detail": "label head; all images, their own labels",
    }
    assert (document["split"], document["n"], document["times_tested"]) == ("test", 10, 1)
    assert [other["name"] for other in document["beside"]] == [found.name for found in REFERENCES]


def test_build_scorecard_runs_no_model(model):
    from fer_core.evaluation import evaluate

    data = make_data()
    result = evaluate(model, data, "test")
    shown = list(Happy.shown)
    build_scorecard(result, None, model=model, dataset=data, copies=find_copies(data))
    assert Happy.shown == shown
