"""Where the dataset page's data comes from: configured, uploaded, opened on the server; and what is wrong with it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from fer_core.ui import load, sources
from tests.builders import make_csv
from tests.pages.dataset_page import make_faces, press, shown_of

OpenPage = Callable[..., AppTest]


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
