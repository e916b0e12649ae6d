"""The evaluation page: figures with intervals, a matrix whose cells open, and nothing to viewers that is not theirs."""

import json

import numpy as np
import pytest

from fer_core.audit import find_cautions
from fer_core.dataset import Votes
from fer_core.evaluation import read_ledger
from fer_core.ui import load, show_cell
from tests.builders import make_dataset, make_model, make_split
from tests.pages.evaluation_page import AlwaysFear, make_data, rooms, text_of  # noqa: F401

pytestmark = pytest.mark.usefixtures("rooms")


def galleries(app):
    return [json.loads(item.proto.json) for item in app.get("bidi_component") if "tiles" in item.proto.json]


def test_page_shows_each_figure_with_its_interval_n_and_split(open_page):
    app = open_page("evaluation")
    assert not app.exception
    assert [(metric.label, metric.value) for metric in app.metric] == [
        ("Accuracy", "31.7 %"),
        ("Macro-F1", "16.1 %"),
        ("Log loss", "1.802 nats"),
        ("Calibration error", "37.3 %"),
    ]
    text = text_of(app)
    assert "63 test images" in text
    assert "95 %: 21.6 to 44.0 %" in text
    assert "So far 1 model of this recipe met this test split." in text
    assert "No split chose the epoch" in text
    assert len(read_ledger()) == 1


def test_page_offers_the_most_frequent_mistakes_and_opens_them(open_page):
    app = open_page("evaluation")
    assert [button.label for button in app.button] == [
        "sad taken for fear: 40, 100 % of sad",
        "angry taken for fear: 3, 100 % of angry",
    ]
    app.button[0].click().run()
    assert app.query_params["cell"] in ("sad-fear", ["sad-fear"])
    assert "**40** images labelled sad and named fear, most confident first" in text_of(app)


def test_page_reopens_the_cell_of_a_link_and_keeps_it_when_the_lists_change_it(open_page):
    app = open_page("evaluation", cell="sad-fear", by="true")
    true, predicted = app.selectbox("cell_true"), app.selectbox("cell_predicted")
    assert (true.value, predicted.value) == ("sad", "fear")
    true.set_value("angry").run()
    assert app.query_params["cell"] in ("angry-fear", ["angry-fear"])
    assert "**3** images labelled angry and named fear" in text_of(app)
    next(button for button in app.button if button.label == "Close").click().run()
    assert "cell" not in app.query_params
    assert app.selectbox("cell_true").value is None


def test_page_says_what_is_wrong_with_a_link(open_page):
    app = open_page("evaluation", cell="joy-fear")
    assert not app.exception
    assert any("expected two emotions" in warning.value for warning in app.warning)


@pytest.mark.parametrize("cell", ["fear", "fear-fear-fear", "-", "fear-<b>"])
def test_page_survives_any_cell_in_the_link(open_page, cell):
    app = open_page("evaluation", cell=cell)
    assert not app.exception
    assert len(app.warning) >= 1


def test_page_goes_back_to_the_first_images_when_the_cell_changes(open_page):
    app = open_page("evaluation", cell="sad-fear")
    app.query_params["page"] = "3"
    app.run()
    assert not [warning for warning in app.warning if "page" in warning.value]
    app.selectbox("cell_true").set_value("fear").run()
    assert not app.exception
    assert not [warning for warning in app.warning if "page" in warning.value]


def test_page_of_an_empty_cell_says_so(open_page):
    app = open_page("evaluation", cell="happy-sad")
    assert "**0** images labelled happy and named sad" in text_of(app)
    assert not app.exception


def test_owner_sees_the_cells_images_with_row_label_answer_and_confidence(open_page, owner, configured):
    app = open_page("evaluation", data="fer2013", cell="angry-fear")
    tiles = galleries(app)[0]["tiles"]
    assert [tile["row"] for tile in tiles] == [62, 61, 60]
    assert tiles[0]["lines"] == ["angry", "row 62", "named fear", "45.7 %"]
    assert tiles[0]["source"].startswith("data:image/png;base64,")


def test_image_opens_large_with_votes_copies_and_where_the_model_looks(open_page, owner, configured, monkeypatch, tmp_path):
    twin = make_split(1, name="train", first_row=70)
    twin.images[0] = make_data("x").image(62)
    data = make_dataset(*make_data("x").splits.values(), twin, source="x")
    monkeypatch.setattr(load, "load_dataset", lambda source, **_: data)
    counts = np.zeros((71, 10), np.uint8)
    counts[62, [4, 9]] = 7, 3
    monkeypatch.setattr(load, "votes", lambda data: Votes("votes.csv", "v", counts))
    monkeypatch.setattr(load, "classifier", AlwaysFear)
    app = open_page("evaluation", data="fer2013", cell="angry-fear", row="62")
    assert not app.exception
    text = text_of(app)
    assert "10 voters saw: sad 7, no face 3." in text
    assert "The same picture: row 70 (train, angry)." in text
    assert "Where hiding the face speaks against fear" in text
    assert "Where hiding the face speaks against angry" in text


def test_viewer_sees_rows_but_no_image_of_a_dataset(open_page, configured):
    app = open_page("evaluation", data="fer2013", cell="angry-fear", row="62")
    assert galleries(app) == []
    assert "data:image" not in text_of(app)
    assert "FER_SHARE_DATA=1" in app.info[0].value
    assert app.dataframe[0].value["row"].tolist() == [62, 61, 60]


def test_viewer_sees_images_of_the_sample_and_of_shared_data(open_page, configured, monkeypatch):
    assert len(galleries(open_page("evaluation", data="sample", cell="angry-fear"))) == 1
    monkeypatch.setenv("FER_SHARE_DATA", "1")
    assert len(galleries(open_page("evaluation", data="fer2013", cell="angry-fear"))) == 1


def test_page_without_any_model_says_how_to_get_one(open_page, home):
    (home / "models" / "tiny" / "model.json").unlink()
    app = open_page("evaluation")
    assert not app.exception
    assert len(app.error) == 1


def test_page_says_when_a_model_cannot_answer(open_page, monkeypatch):
    monkeypatch.setattr(
        AlwaysFear, "predict_logits", lambda self, images, head="label": np.full((len(images), 7), np.nan, np.float32)
    )
    app = open_page("evaluation")
    assert not app.exception
    assert "expected finite logits" in app.error[0].value


def evaluated_on(tmp_path, model_changes, split="test"):
    from fer_core.evaluation import evaluate

    data = make_data("sample")
    splits = {name: {"n": len(part), "digest": part.digest} for name, part in data.splits.items()}
    known = {"name": "tiny", "digest": data.digest, "splits": splits} | model_changes.pop("data", {})
    model = make_model(tmp_path / "m", data=known, **model_changes)
    return evaluate(model, data, split), model


CAUTIONS = {
    "none": ({}, "test", []),
    "chosen on it": ({"selected_on": "test"}, "test", ["chose the model or its epoch"]),
    "chosen elsewhere": ({"selected_on": "validation"}, "test", []),
    "other data": ({"data": {"digest": "x", "splits": {}, "name": "FER2013"}}, "test", ["another dataset (FER2013)"]),
}


@pytest.mark.parametrize(("changes", "split", "said"), CAUTIONS.values(), ids=CAUTIONS)
def test_cautions_say_what_flatters_the_figures(tmp_path, changes, split, said):
    found = find_cautions(*evaluated_on(tmp_path, dict(changes), split))
    assert len(found) == len(said)
    assert all(words in sentence for words, sentence in zip(said, found, strict=True))


def test_cautions_say_that_a_model_learned_from_these_rows_whatever_the_split_is_called(tmp_path):
    result, model = evaluated_on(tmp_path, {})
    model.info.data["splits"] = {"train": {"n": 63, "digest": result.split_digest}}
    assert "learned from these very images" in find_cautions(result, model)[0]


def test_a_click_on_the_matrix_writes_its_cell_into_the_link(monkeypatch):
    link = {"row": "5"}
    points = [{"customdata": ["sad", "fear", "40", "100 %"]}]
    monkeypatch.setattr(show_cell.st, "session_state", {"confusion": {"selection": {"points": points}}, "page": 3})
    monkeypatch.setattr(show_cell.st, "query_params", link)
    show_cell._take_click()
    assert link == {"cell": "sad-fear"}
    assert show_cell.st.session_state["page"] == 1
    assert show_cell.st.session_state["wanted_choices"] == {"images": "one cell"}


def test_a_click_beside_the_cells_changes_nothing(monkeypatch):
    link = {"cell": "sad-fear"}
    monkeypatch.setattr(show_cell.st, "session_state", {"confusion": {"selection": {"points": []}}})
    monkeypatch.setattr(show_cell.st, "query_params", link)
    show_cell._take_click()
    assert link == {"cell": "sad-fear"}


def test_frequent_mistakes_are_the_largest_cells_off_the_diagonal():
    confusion = np.diag([9] * 7)
    confusion[4, 2], confusion[0, 1] = 5, 7
    assert show_cell.frequent_mistakes(confusion) == [("angry", "disgust"), ("sad", "fear")]
