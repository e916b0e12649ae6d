"""The dataset page: figures for everybody, images for whom they are meant, and links that say what they cannot open."""

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fer_core.dataset import Dataset, read_exclusion
from fer_core.ui import load, words
from tests.builders import make_dataset, make_split
from tests.pages.dataset_page import make_faces, shown_of

OpenPage = Callable[..., AppTest]


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[tuple[object, ...]]]:
    """What the page offers as CSV, by file name."""
    offered: dict[str, list[tuple[object, ...]]] = {}
    monkeypatch.setattr(words, "download_csv", lambda label, name, header, rows: offered.update({name: list(rows)}))
    return offered


def pictures_in(app: AppTest) -> int:
    """How many pictures the page sent."""
    sent = [str(element.proto) for kind in ("html", "bidi_component", "imgs") for element in app.get(kind)]
    return sum(text.count("data:image/") + text.count("/media/") for text in sent)


def warnings_of(app: AppTest) -> str:
    return " ".join(warning.value for warning in app.warning)


def html_of(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def test_dataset_page_shows_sizes_imbalance_and_counts(open_page: OpenPage, faces: None, tables: dict):
    app = open_page("dataset")
    assert [(metric.label, metric.value) for metric in app.metric[:5]] == [
        ("Images", "82"),
        ("Train", "72"),
        ("Validation", "7"),
        ("Test", "3"),
        ("Imbalance", "63.0 : 1"),
    ]
    assert tables["tiny-counts"][3] == ("train", "happy", 60, 0.83333)
    assert tables["tiny-counts"][7 + 1] == ("validation", "disgust", 1, 0.14286)
    assert "Most frequent: happy (76.8 %); rarest: fear (1.2 %)" in shown_of(app)


def test_dataset_page_measures_light_by_emotion(open_page: OpenPage, faces: None, tables: dict):
    open_page("dataset", split="test")
    rows = {(name, emotion): quantiles for name, emotion, *quantiles in tables["test-light"]}
    neutral = make_faces("sample").split("test").images[2]
    assert rows["brightness", "neutral"] == [round(float(neutral.mean()), 2)] * 5
    assert rows["contrast", "neutral"] == [round(float(neutral.std()), 2)] * 5
    assert np.isnan(rows["brightness", "surprise"]).all()


def test_dataset_page_marks_the_drawn_sample(open_page: OpenPage, faces: None):
    assert "Drawn by code" in shown_of(open_page("dataset"))


def test_dataset_page_says_how_a_dataset_was_read(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch):
    data = make_dataset(make_split(), source="sample")
    described = Dataset(data.name, data.source, data.digest, data.splits, skipped=2, converted=3, notes=("Held out by us.",))
    monkeypatch.setattr(load, "load_dataset", lambda source, **_: described)
    shown = shown_of(open_page("dataset"))
    assert "2 rows or files could not be used and were left out" in shown
    assert "3 pictures were converted to 48 × 48 gray" in shown
    assert "Held out by us." in shown


def test_dataset_page_shows_a_viewer_the_samples_images(open_page: OpenPage, faces: None):
    assert pictures_in(open_page("dataset")) == 48 + 2 * 3


@pytest.mark.parametrize("link", [{}, {"row": "3"}, {"split": "test", "emotion": "happy"}, {"data": "fer2013", "page": "2"}])
def test_dataset_page_shows_a_viewer_figures_but_no_image_of_fer2013(
    link: dict[str, str], open_page: OpenPage, fer2013: None, tables: dict
):
    app = open_page("dataset", **link)
    assert pictures_in(app) == 0
    assert "not shown to viewers" in shown_of(app)
    assert app.metric[0].value == "82"
    assert "tiny-counts" in tables
    assert not app.exception


def test_dataset_page_shows_fer2013_to_the_owner(open_page: OpenPage, fer2013: None, owner: None):
    assert pictures_in(open_page("dataset")) == 48 + 2 * 3


def test_dataset_page_shows_fer2013_to_viewers_where_the_host_shares_it(
    open_page: OpenPage, fer2013: None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FER_SHARE_DATA", "1")
    assert pictures_in(open_page("dataset")) == 48 + 2 * 3


def test_dataset_page_says_where_a_split_lacks_an_emotion(open_page: OpenPage, faces: None):
    assert "The test split has no surprise face" in shown_of(open_page("dataset", split="test", emotion="surprise"))


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ({"data": "/etc/passwd"}, 'asks for dataset "etcpasswd", which is not here. It is one of fer2013, sample.'),
        ({"data": "../sample"}, "which is not here"),
        ({"data": ""}, "asks for dataset with no name"),
        ({"split": "nope"}, 'asks for split "nope", which is not here. It is one of train, validation, test.'),
        ({"emotion": "<script>alert(1)</script>"}, 'asks for emotion "scriptalert1script"'),
        ({"page": "0"}, 'asks for page "0"; there are pages 1 to 2. This is page 1.'),
        ({"page": "3"}, "there are pages 1 to 2"),
        ({"page": "1e3"}, "there are pages 1 to 2"),
        ({"page": "9" * 400}, "there are pages 1 to 2"),
        ({"split": "test", "page": "2"}, "there is one page"),
        ({"row": "82"}, 'asks for row "82", which tiny does not have'),
        ({"row": "-1"}, "asks for row"),
        ({"row": "٣"}, "asks for row"),
        ({"bars": "pie"}, "It is one of count, share."),
    ],
)
def test_dataset_page_says_what_a_wrong_link_asks_for_and_goes_on(
    link: dict[str, str], said: str, open_page: OpenPage, fer2013: None, owner: None
):
    app = open_page("dataset", **link)
    assert said in warnings_of(app)
    assert not app.exception
    assert app.metric[0].value == "82"


@pytest.mark.parametrize(
    "link", [{}, {"data": "sample", "split": "test"}, {"emotion": "happy", "page": "2", "bars": "share", "row": "5"}]
)
def test_dataset_page_opens_a_right_link_without_a_word(link: dict[str, str], open_page: OpenPage, faces: None):
    assert not open_page("dataset", **link).warning


def test_dataset_page_opens_the_row_of_a_link_large_with_its_label_and_split(open_page: OpenPage, faces: None):
    app = open_page("dataset", row="61")
    large = html_of(app)
    assert "row 61, train split" in large
    assert re.search(r"Label <span.*?disgust", large)


def test_dataset_page_goes_back_to_page_one_for_another_emotion(open_page: OpenPage, faces: None):
    app = open_page("dataset", emotion="happy", page="2")
    assert app.session_state["page"] == 2
    app.button_group(key="emotion").set_value("all").run()
    assert app.session_state["page"] == 1


def test_split_of_finds_the_split_that_holds_a_row():
    assert [make_faces("x").split_of(row).name for row in (0, 72, 81)] == ["train", "validation", "test"]


@pytest.mark.real_data
def test_dataset_page_shows_the_published_counts_of_fer2013(
    open_page: OpenPage, fer2013_csv: str, owner: None, tables: dict, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FER2013_CSV", fer2013_csv)
    app = open_page("dataset")
    assert [metric.value for metric in app.metric[:5]] == ["35,887", "28,709", "3,589", "3,589", "16.4 : 1"]
    assert [metric.value for metric in app.metric[5:]] == ["1,323", "164", "3,373", "12"]
    assert sum(row[2] for row in tables["FER2013-counts"] if row[1] == "disgust") == 547


def test_dataset_page_shows_flagged_rows_and_keeps_them_as_a_list(open_page: OpenPage, faces: None, owner: None, monkeypatch):
    data = make_faces("x")
    images = data.split("train").images.copy()
    images[7], images[9] = data.split("test").images[0], images[8]
    train = replace(data.split("train"), images=images)
    flawed = make_dataset(train, data.split("validation"), data.split("test"), source="x")
    monkeypatch.setattr(load, "load_dataset", lambda source, **_: flawed)
    app = open_page("dataset", flag="Copies across splits")
    assert not app.exception
    assert {metric.label: metric.value for metric in app.metric}["Across splits"] == "2"
    assert "**2 images in 1 groups.** The same picture in two splits" in shown_of(app)
    app.text_input(key="list-leaks").set_value("my-leaks").run()
    app.button(key="save-leaks").click().run()
    assert read_exclusion("my-leaks", flawed).tolist() == [7]


def test_viewer_of_the_dataset_page_gets_figures_of_flags_but_no_list(open_page: OpenPage, faces: None):
    app = open_page("dataset", flag="Blank images")
    assert not app.exception
    assert "**0 images.** Every pixel has the same gray." in shown_of(app)
    assert not [button for button in app.button if button.label == "Save the list"]
