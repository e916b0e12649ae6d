"""The evaluation page's score card: for everybody, of the split that the page shows, and with no image on it."""

import numpy as np
import pytest

from fer_core.dataset import Votes
from fer_core.evaluation import read_ledger
from fer_core.ui import load
from tests.builders import make_dataset, make_split
from tests.pages.evaluation_page import AlwaysFear, make_data, rooms, text_of  # noqa: F401

pytestmark = pytest.mark.usefixtures("rooms")


def offers(app):
    return [item.proto.label for item in app.get("download_button") if "Score card" in item.proto.label]


def test_viewer_sees_the_score_card_and_may_take_it_along(open_page):
    app = open_page("evaluation")
    assert not app.exception
    assert "Score card" in [header.value for header in app.header]
    assert offers(app) == ["Score card as PNG", "Score card as Markdown"]
    text = text_of(app)
    assert "| Accuracy, as published | **31.7\u00a0%** | 21.6 to 44.0\u00a0% | 63 |" in text
    assert "**Not given:** accuracy, against the crowd, because there are no FER+ votes on this dataset." in text
    assert "because the dataset has no training images to compare with." in text
    assert "**Not compared with, as of other images:** Notebook project" in text
    (picture,) = app.get("imgs") or app.get("image")
    assert picture.proto.imgs[0].alt.startswith("Score card of tiny: 31.7 % of 63 test images")


def test_score_card_is_of_the_split_that_the_page_shows(open_page):
    app = open_page("evaluation", split="validation")
    assert not app.exception
    assert "| On validation | | 95 % interval | n |" in text_of(app)
    assert "| Macro-F1 | " in text_of(app)
    assert read_ledger() == []


def test_score_card_holds_the_labels_and_the_crowd_whatever_the_page_is_held_against(open_page, tmp_path, monkeypatch):
    train = make_split(14, name="train", seed=3, first_row=70)
    data = make_dataset(*make_data("x").splits.values(), train, source="x")
    counts = np.zeros((84, 10), np.uint8)
    counts[:60, 2] = 10
    path = tmp_path / "fer2013.csv"
    path.write_text("")
    monkeypatch.setenv("FER2013_CSV", str(path))
    monkeypatch.setattr(load, "load_dataset", lambda source, **_: data)
    monkeypatch.setattr(load, "votes", lambda data: Votes("votes.csv", "v", counts))
    for against in ("label", "crowd"):
        text = text_of(open_page("evaluation", against=against))
        assert "| Accuracy, as published | **31.7\u00a0%** | 21.6 to 44.0\u00a0% | 63 |" in text
        assert "| Accuracy, against the crowd | **100.0\u00a0%** | 94.0 to 100.0\u00a0% | 60 |" in text
        assert "| Accuracy, without copies of training images | **31.7\u00a0%** |" in text
    assert len(read_ledger()) == 1
