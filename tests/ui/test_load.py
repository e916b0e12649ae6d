import os
from pathlib import Path

import numpy as np
import pytest
import streamlit as st

from fer_core.errors import DatasetError
from fer_core.ui import load
from fer_core.ui.sources import SAMPLE_SOURCE, DataSource
from tests.builders import make_csv, make_dataset, make_model, make_split


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources that were read, in order."""
    seen: list[str] = []

    def read(source: str, *, skip_bad_rows: bool, progress: object) -> object:
        seen.append(Path(source).name)
        return make_dataset(make_split(), source=source)

    monkeypatch.setattr(load, "load_dataset", read)
    return seen


def source_of(path: Path, *, skip_bad_rows: bool = False) -> DataSource:
    return DataSource("id", "My data", str(path), "server", skip_bad_rows)


def test_dataset_is_read_once_until_its_file_changes(tmp_path: Path, reads: list[str]):
    path = make_csv(tmp_path / "a.csv")
    first = load.dataset(source_of(path))
    assert load.dataset(source_of(path)) is first
    os.utime(path, ns=(1, 1))
    load.dataset(source_of(path))
    assert reads == ["a.csv", "a.csv"]


def test_dataset_is_read_again_where_bad_rows_are_left_out(tmp_path: Path, reads: list[str]):
    path = make_csv(tmp_path / "a.csv")
    load.dataset(source_of(path))
    load.dataset(source_of(path, skip_bad_rows=True))
    assert len(reads) == 2


def test_dataset_keeps_the_newest_three(tmp_path: Path, reads: list[str]):
    for name in "abcd":
        load.dataset(source_of(make_csv(tmp_path / f"{name}.csv")))
    load.dataset(source_of(tmp_path / "d.csv"))
    assert reads == ["a.csv", "b.csv", "c.csv", "d.csv"]
    load.dataset(source_of(tmp_path / "a.csv"))
    assert reads[-1] == "a.csv"


def test_dataset_that_fails_is_tried_again(tmp_path: Path, reads: list[str]):
    path = tmp_path / "a.csv"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "load_dataset", lambda *args, **kwargs: (_ for _ in ()).throw(DatasetError("half a file")))
        with pytest.raises(DatasetError, match="half a file"):
            load.dataset(source_of(path))
    load.dataset(source_of(path))
    assert reads == ["a.csv"]


def test_dataset_tells_a_viewer_no_path(tmp_path: Path):
    with pytest.raises(DatasetError, match="My data: expected a dataset, found nothing") as refused:
        load.dataset(source_of(tmp_path / "gone.csv"))
    assert str(tmp_path) not in str(refused.value)


def test_dataset_tells_the_owner_the_path(tmp_path: Path, owner: None):
    with pytest.raises(DatasetError, match=str(tmp_path)):
        load.dataset(source_of(tmp_path / "gone.csv"))


def test_read_dataset_waits_for_another_session_and_says_so(reads: list[str]):
    said: list[str] = []

    def progress(share: float, what: str) -> None:
        said.append(what)
        load._READING.release()

    load._READING.acquire()
    load.read_dataset(SAMPLE_SOURCE, progress)
    assert said == ["Waiting for another dataset to be read"]
    assert reads == ["sample"]
    assert not load._READING.locked()


@pytest.mark.parametrize("inside", ["train/happy/new.png", "data/train/happy/new.png"])
def test_stamp_of_a_folder_changes_with_its_pictures(inside: str, tmp_path: Path):
    picture = tmp_path / inside
    picture.parent.mkdir(parents=True)
    os.utime(picture.parent, ns=(1, 1))
    before = load.stamp(tmp_path)
    picture.touch()
    assert load.stamp(tmp_path) != before


def test_stamp_of_nothing_is_empty(tmp_path: Path):
    assert load.stamp(tmp_path / "gone") == ()


def test_probabilities_are_computed_once_an_image_and_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    seen: list[tuple[int, ...]] = []

    class Counting:
        def __init__(self, model: object) -> None:
            self.model = model

        def predict_probabilities(self, images: np.ndarray) -> np.ndarray:
            seen.append(images.shape)
            return np.full((len(images), 7), 1 / 7, np.float32)

    monkeypatch.setattr(load, "Classifier", Counting)
    one, other = make_model(tmp_path / "one"), make_model(tmp_path / "two", weights=b"two")
    image = np.zeros((48, 48), np.uint8)
    for model, row in ((one, "d-1"), (one, "d-1"), (one, "d-2"), (other, "d-1")):
        assert load.probabilities(model, image, row).shape == (7,)
    assert seen == [(1, 48, 48)] * 3
