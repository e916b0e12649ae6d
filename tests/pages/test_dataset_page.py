"""The dataset page: figures for everybody, images for whom they are meant, and links that say what they cannot open."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from fer_core.dataset import Dataset
from fer_core.ui import load, show_gallery, sources, words
from tests.builders import make_csv, make_dataset, make_split

OpenPage = Callable[..., AppTest]
LABELS = [3] * 60 + [1] * 10 + [0] * 2


def make_faces(source: str) -> Dataset:
    """72 train, 7 validation and 3 test images; no surprise in test."""
    train = make_split(name="train", labels=LABELS)
    return make_dataset(
        train,
        make_split(7, name="validation", first_row=72),
        make_split(name="test", labels=[3, 3, 6], first_row=79),
        source=source,
    )


@pytest.fixture
def faces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every dataset is a small one."""
    monkeypatch.setattr(load, "load_dataset", lambda source, **_: make_faces(str(source)))


@pytest.fixture
def fer2013(faces: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FER2013 is configured."""
    monkeypatch.setenv("FER2013_CSV", str(tmp_path / "fer2013.csv"))


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


def shown_of(app: AppTest) -> str:
    return " ".join(element.value for kind in ("markdown", "caption", "info", "error") for element in app.get(kind))


def html_of(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def test_dataset_page_shows_sizes_imbalance_and_counts(open_page: OpenPage, faces: None, tables: dict):
    app = open_page("dataset")
    assert [(metric.label, metric.value) for metric in app.metric] == [
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


def test_dataset_page_offers_to_leave_bad_rows_out(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: None
):
    path = make_csv(tmp_path / "fer2013.csv")
    path.write_text(path.read_text() + "9,1 2 3,Training\n")
    monkeypatch.setenv("FER2013_CSV", str(path))
    app = open_page("dataset")
    assert "expected an emotion 0..6, received '9'. Choose \"Leave bad rows out\"" in app.error[0].value
    press(app, "Leave bad rows out")
    assert app.metric[0].value == "28"
    assert "1 rows or files could not be used" in shown_of(app)
    press(app, "Read all rows strictly")
    assert app.error


def test_dataset_page_goes_on_to_another_dataset_where_the_configured_one_is_missing(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FER2013_CSV", str(tmp_path / "gone.csv"))
    app = open_page("dataset")
    assert "FER2013: expected a dataset, found nothing" in app.error[0].value
    assert str(tmp_path) not in shown_of(app)
    monkeypatch.setattr(load, "load_dataset", lambda source, **_: make_faces("sample"))
    app.selectbox(key="data").set_value("sample").run()
    assert not app.error
    assert app.metric[0].value == "82"


def test_dataset_page_lets_only_the_owner_bring_data(open_page: OpenPage, faces: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FER_DATA_DIRS", "/")
    app = open_page("dataset")
    assert "Only the owner of this app brings data" in shown_of(app)
    assert not app.get("file_uploader")
    assert not app.text_input


def test_dataset_page_keeps_an_upload_and_goes_on_with_it(open_page: OpenPage, tmp_path: Path, owner: None):
    content = make_csv(tmp_path / "made.csv").read_bytes()
    app = open_page("dataset")
    app.get("file_uploader")[0].upload("mine.csv", content, "text/csv").run()
    press(app, "Read and keep it")
    assert app.selectbox(key="data").value.startswith("mine-")
    assert app.metric[0].value == "28"
    press(app, "Yes, remove it")
    assert app.selectbox(key="data").value == "sample"
    assert [source.id for source in sources.list_sources()] == ["sample"]


def test_dataset_page_opens_a_server_path_of_the_owners(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: None
):
    monkeypatch.setenv("FER_DATA_DIRS", str(tmp_path))
    app = open_page("dataset")
    app.text_input[0].set_value("/etc/passwd")
    press(app, "Open it")
    assert "below FER_DATA_DIRS" in app.error[0].value
    app.text_input[0].set_value(str(make_csv(tmp_path / "mine.csv")))
    press(app, "Open it")
    assert app.selectbox(key="data").value.startswith("mine-")
    assert app.metric[0].value == "28"


def test_dataset_page_keeps_the_choice_of_data_on_other_pages(open_page: OpenPage, fer2013: None, owner: None):
    app = open_page("dataset", data="sample")
    app.switch_page("pages/training.py").run()
    app.switch_page("pages/dataset.py").run()
    assert app.selectbox(key="data").value == "sample"


def test_split_of_finds_the_split_that_holds_a_row():
    assert [show_gallery.split_of(make_faces("x"), row).name for row in (0, 72, 81)] == ["train", "validation", "test"]


@pytest.mark.real_data
def test_dataset_page_shows_the_published_counts_of_fer2013(
    open_page: OpenPage, fer2013_csv: str, owner: None, tables: dict, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FER2013_CSV", fer2013_csv)
    app = open_page("dataset")
    assert [metric.value for metric in app.metric] == ["35,887", "28,709", "3,589", "3,589", "16.4 : 1"]
    assert sum(row[2] for row in tables["FER2013-counts"] if row[1] == "disgust") == 547


def press(app: AppTest, label: str) -> None:
    """Click a button by what it says."""
    next(button for button in app.button if button.label == label).click().run()
    st.cache_data.clear()
