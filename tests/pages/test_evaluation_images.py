"""The images beside the matrix: filtered by flag, listed over all cells, and to viewers only their rows."""

import json

import numpy as np
import pytest

from fer_core.dataset import Votes
from fer_core.ui import load
from tests.builders import make_dataset, make_split
from tests.pages.evaluation_page import make_data, rooms, text_of  # noqa: F401

pytestmark = pytest.mark.usefixtures("rooms")


@pytest.fixture
def fer2013(tmp_path, monkeypatch):
    path = tmp_path / "fer2013.csv"
    path.write_text("")
    monkeypatch.setenv("FER2013_CSV", str(path))


@pytest.fixture
def copied(fer2013, owner, monkeypatch):
    """Rows 60 and 62 of test are in train again, 62 under another label; the owner looks."""
    twins = make_split(labels=[0, 3], name="train", first_row=70)
    twins.images[:] = make_data("x").splits["test"].images[[60, 62]]
    data = make_dataset(*make_data("x").splits.values(), twins, source="x")
    monkeypatch.setattr(load, "load_dataset", lambda source, **_: data)


def rows_shown(app):
    """Rows of the gallery's tiles in order; none where there is no gallery."""
    galleries = [json.loads(item.proto.json) for item in app.get("bidi_component") if "tiles" in item.proto.json]
    return [tile["row"] for gallery in galleries for tile in gallery["tiles"]]


@pytest.mark.parametrize(
    ("flag", "rows", "said"),
    [
        ("all", [62, 61, 60], "**3** images labelled angry and named fear, most confident first"),
        ("Exact copies", [62, 60], "**2** of these 3 images have the flag **Exact copies**."),
        ("Across splits", [62, 60], "**2** of these 3 images have the flag **Across splits**."),
        ("Two labels", [62], "**1** of these 3 images has the flag **Two labels**."),
        ("Blank", [], "None of these 3 images has the flag **Blank**."),
    ],
)
def test_cell_shows_only_images_with_the_flag_of_the_link_most_confident_first(open_page, copied, flag, rows, said):
    app = open_page("evaluation", data="fer2013", cell="angry-fear", only=flag)
    assert not app.exception
    assert rows_shown(app) == rows
    assert said in text_of(app)


def test_cell_can_be_filtered_by_what_voters_saw(open_page, copied, monkeypatch):
    counts = np.zeros((72, 10), np.uint8)
    counts[60, 9], counts[61, 4], counts[62, 0] = 10, 10, 10
    counts[62, 3] = 10
    monkeypatch.setattr(load, "votes", lambda data: Votes("votes.csv", "v", counts))
    app = open_page("evaluation", data="fer2013", cell="angry-fear")
    shown = {}
    for flag in ("No face", "Doubted label", "Undecided"):
        app.selectbox(key="only").set_value(flag).run()
        shown[flag] = rows_shown(app)
    assert shown == {"No face": [60], "Doubted label": [61, 60], "Undecided": [62]}


def test_filter_by_votes_is_not_offered_where_there_are_none(open_page):
    app = open_page("evaluation", cell="angry-fear", only="Undecided")
    assert app.selectbox(key="only").options == ["all", "Across splits", "Two labels", "Exact copies", "Blank"]
    said = [warning.value for warning in app.warning]
    assert any('The link asks for only images with the flag "Undecided", which is not here.' in words for words in said)


def test_filter_begins_at_the_first_page(open_page, copied):
    app = open_page("evaluation", data="fer2013", cell="sad-fear", page="3")
    assert rows_shown(app) == list(range(7, -1, -1))
    app.selectbox(key="only").set_value("Blank").run()
    app.selectbox(key="only").set_value("all").run()
    assert rows_shown(app) == list(range(39, 23, -1))
