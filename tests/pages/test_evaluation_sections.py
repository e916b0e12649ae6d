"""The evaluation page below the matrix: slices, confidence, another model beside, the protocol check."""

import json

import numpy as np
import pytest

from fer_core.dataset import Votes
from fer_core.evaluation import answers
from fer_core.ui import load
from tests.builders import make_dataset, make_model, make_split
from tests.pages.evaluation_page import AlwaysFear, rooms, text_of  # noqa: F401

pytestmark = pytest.mark.usefixtures("rooms")


def test_page_chooses_the_threshold_on_validation_for_the_accuracy_asked(open_page):
    app = open_page("evaluation")
    assert not app.exception
    text = text_of(app)
    assert "unsure below a confidence of **0.76**, chosen on validation for 85 % (the live page uses 0.50)" in text
    assert "On test: **0.0 %** answered (95 %: 0.0 to 5.7 %), **–** of these right" in text
    assert "chosen on validation for 95 %" in text_of(open_page("evaluation", asked="95 %"))


def test_page_sets_two_models_side_by_side(open_page, home, monkeypatch):
    class OtherFear(AlwaysFear):
        def predict_logits(self, images, head="label"):
            logits = super().predict_logits(images)
            return logits[:, [0, 1, 4, 3, 2, 5, 6]] if self.model.name == "other" else logits

    monkeypatch.setattr(answers, "Classifier", OtherFear)
    make_model(home / "models" / "other", weights=b"two", name="other")
    app = open_page("evaluation", model="tiny", beside="other")
    assert not app.exception
    text = text_of(app)
    assert "**tiny** against **other** on the same 63 test images: -31.7 points (95 %: -54.5 to -9.0)" in text
    assert (
        "20 only tiny gets right, 40 only other does; McNemar's exact p = 0.013, a difference that chance makes now and then."
        in text
    )
    assert [item.value for item in app.subheader if "Only" in item.value] == ["Only tiny: 20", "Only other: 40"]


def test_page_says_where_slices_are_too_small(open_page):
    app = open_page("evaluation")
    assert "Up to five parts of about equal size by each measure, test, n = 63" in text_of(app)
    assert "Hollow: 17 of the 18 slices have fewer than 30 images, too few to say much." in text_of(app)
    assert "With FER+'s votes, also by how certain the crowd is." in text_of(app)


def test_page_slices_by_emotion_and_by_the_crowds_certainty_with_intervals_and_counts(open_page, monkeypatch):
    counts = np.zeros((63, 10), np.uint8)
    counts[:, 0], counts[:, 1] = 10, np.arange(63) % 2 * 10
    monkeypatch.setattr(load, "votes", lambda data: Votes("votes.csv", "v", counts))
    app = open_page("evaluation")
    assert not app.exception
    shown = {item.proto.id.rpartition("slices-")[2]: json.loads(item.proto.spec) for item in app.get("plotly_chart")}
    (emotion,) = shown["emotion"]["data"]
    assert emotion["x"] == ["angry<br>n = 3", "fear<br>n = 20", "sad<br>n = 40"]
    (certainty,) = shown["certainty"]["data"]
    assert certainty["x"] == ["50<br>n = 31", "100<br>n = 32"]
    assert "With FER+'s votes" not in text_of(app)


def test_page_checks_the_protocol_when_asked_and_the_link_keeps_it(open_page, monkeypatch):
    train = make_split(14, name="train", seed=3, first_row=100)
    test = make_split(labels=[2] * 7 + [4] * 7)
    monkeypatch.setattr(load, "load_dataset", lambda source, **_: make_dataset(train, test, source=source))
    app = open_page("evaluation")
    assert "checks finds" not in text_of(app)
    next(button for button in app.button if button.label == "Check tiny on test").click().run()
    assert not app.exception
    assert app.query_params["check"] in ("1", ["1"])
    text = text_of(app)
    assert "**1 of 10 checks finds a fault.**" in text
    assert "Fault: **The range of the pixels**. 100 % of the answers are fear" in text
    assert "Fault: **The notebook's mistake**" not in text
    shown = {metric.label: metric.value for metric in app.metric}
    assert (shown["As the notebook computed it"], shown["On test itself"]) == ("14.3 %", "50.0 %")


def test_page_of_a_dataset_without_validation_says_why_no_threshold_is_there(open_page, monkeypatch):
    monkeypatch.setattr(load, "load_dataset", lambda source, **_: make_dataset(make_split(7), source=source))
    app = open_page("evaluation")
    assert not app.exception
    assert "chosen on a validation split, which this dataset does not have" in text_of(app)
