"""The images beside the matrix: filtered by flag, listed over all cells, and to viewers only their rows."""

import json
import re

import numpy as np
import pytest

from fer_core.audit.store import write_part
from fer_core.dataset import Votes
from fer_core.ui import load, roles
from tests.builders import make_dataset, make_split
from tests.pages.evaluation_page import AlwaysFear, make_data, rooms, text_of  # noqa: F401

pytestmark = pytest.mark.usefixtures("rooms")


@pytest.fixture
def copied(configured, owner, monkeypatch):
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


def test_worst_errors_are_listed_over_all_cells_most_confident_first(open_page, owner, configured):
    app = open_page("evaluation", data="fer2013", images="worst errors")
    assert not app.exception
    assert rows_shown(app) == [62, 61, 60, *range(39, 26, -1)]
    assert "**43** of 63 answers are wrong, most confident first" in text_of(app)


def test_most_uncertain_are_listed_over_all_cells_with_their_first_two_answers(open_page, owner, configured):
    app = open_page("evaluation", data="fer2013", images="most uncertain", page="2")
    assert rows_shown(app) == list(range(16, 32))
    assert "**63** images, smallest margin between the two most probable emotions first" in text_of(app)
    tile = next(json.loads(item.proto.json) for item in app.get("bidi_component") if "tiles" in item.proto.json)["tiles"][0]
    assert tile["lines"] == ["sad", "row 16", "fear 34.7 %", "angry 10.9 %"]


def test_list_opens_its_images_in_the_same_dialog_and_a_filter_narrows_it(open_page, copied, monkeypatch):
    monkeypatch.setattr(load, "classifier", AlwaysFear)
    app = open_page("evaluation", data="fer2013", images="worst errors", row="62", only="Two labels")
    assert not app.exception
    assert rows_shown(app) == [62]
    assert "**1** of these 43 images has the flag **Two labels**." in text_of(app)
    assert "Where hiding the face speaks against angry" in text_of(app)


def test_images_are_filtered_by_what_the_long_audit_found(open_page, owner, configured):
    data = make_data("x")
    rows = np.concatenate([split.rows for split in data.splits.values()])
    write_part(data.digest, "faces", rows=rows, scores=np.where(rows == 61, 0.1, 0.9).astype(np.float32))
    app = open_page("evaluation", data="fer2013", images="worst errors", only="Not framed")
    assert not app.exception
    assert rows_shown(app) == [61]


@pytest.mark.parametrize("name", ["worst errors", "most uncertain"])
def test_viewer_sees_the_lists_as_rows_and_opens_no_image(open_page, configured, name):
    app = open_page("evaluation", data="fer2013", images=name, row="62")
    assert not app.exception
    assert rows_shown(app) == []
    assert "data:image" not in text_of(app)
    assert "FER_SHARE_DATA=1" in app.info[0].value
    table = app.dataframe[0].value
    assert table["row"].tolist()[:2] == ([62, 61] if name == "worst errors" else [0, 1])
    assert table["margin"].tolist()[0] == ("36.7 %" if name == "worst errors" else "19.7 %")


def everything(block):
    """The protos of all that a page shows, dialogs included, as text."""
    children = getattr(block, "children", {}).values()
    return "\n".join([str(getattr(block, "proto", "")), *(everything(child) for child in children)])


@pytest.mark.parametrize(
    "link",
    [{"cell": "angry-fear"}, {"images": "worst errors"}, {"images": "most uncertain"}],
    ids=["cell", "worst", "uncertain"],
)
def test_viewer_has_every_figure_and_no_image_of_the_dataset(open_page, configured, monkeypatch, link):
    monkeypatch.setattr(load, "classifier", AlwaysFear)
    viewers = open_page("evaluation", data="fer2013", row="62", **link)
    monkeypatch.setattr(roles, "may_see_images", lambda data: True)
    owners = open_page("evaluation", data="fer2013", row="62", **link)
    assert not viewers.exception
    assert not owners.exception
    for kind in ("metric", "plotly_chart", "download_button"):
        assert len(viewers.get(kind)) == len(owners.get(kind)) > 0
    assert "Where does it look?" in everything(owners._tree)
    assert "data:image" in everything(owners._tree)
    assert "Where does it look?" not in everything(viewers._tree)
    assert "data:image" not in everything(viewers._tree)
    assert re.findall(r'imgs {\s+url: "[^"]*"\s+alt: "(.{13})', everything(viewers._tree)) == ["Score card of"]
