import io
import os
import time
import zipfile
from pathlib import Path

import pytest
import streamlit as st

from fer_core.dataset import load_dataset
from fer_core.errors import DatasetError, NotAllowedError
from fer_core.settings import load_settings
from fer_core.ui import actions, uploads
from fer_core.ui.sources import find_source, list_sources
from tests.builders import make_csv

pytestmark = pytest.mark.usefixtures("owner")


@pytest.fixture
def csv(tmp_path: Path) -> bytes:
    return make_csv(tmp_path / "made.csv").read_bytes()


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder below which server paths may be named."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    monkeypatch.setenv("FER_DATA_DIRS", str(folder))
    return folder


def left_behind(home: Path) -> list[str]:
    return sorted(str(path.relative_to(home)) for path in (home / "uploads").rglob("*"))


def test_upload_dataset_offers_a_csv_under_an_id_of_its_name_and_content(csv: bytes, home: Path):
    source = actions.upload_dataset(io.BytesIO(csv), "My Faces (1).csv")
    assert source == find_source(source.id)
    assert source.id.startswith("myfaces1-")
    assert source.title == "My Faces 1.csv"
    assert load_dataset(source.path).n == 28
    assert Path(source.path).is_relative_to(home / "uploads" / source.id)


def test_upload_dataset_takes_a_zip_by_its_content_whatever_its_name(csv: bytes):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("fer2013.csv", csv)
    source = actions.upload_dataset(packed, "faces.csv")
    assert Path(source.path).name == "data.zip"
    assert load_dataset(source.path).n == 28


def test_upload_dataset_keeps_equal_content_once(csv: bytes, home: Path):
    first = actions.upload_dataset(io.BytesIO(csv), "a.csv")
    before = left_behind(home)
    assert actions.upload_dataset(io.BytesIO(csv), "a.csv").id == first.id
    assert left_behind(home) == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "bad.csv.*empty"),
        (b"hello, world\n1,2\n", "emotion"),
        (b"PK\x03\x04 and no zip", "bad"),
        (b"emotion,pixels,Usage\n9,1 2 3,Training\n", "bad"),
        (b"\xff\xfe\x00", "bad"),
    ],
)
def test_upload_dataset_leaves_nothing_of_a_file_that_is_no_dataset(content: bytes, said: str, home: Path):
    with pytest.raises(DatasetError, match=said) as refused:
        actions.upload_dataset(io.BytesIO(content), "bad.csv")
    assert str(home) not in str(refused.value)
    assert left_behind(home) == []
    assert [source.id for source in list_sources()] == ["sample"]


def test_upload_dataset_that_fails_keeps_the_older_one_of_the_same_content(csv: bytes, monkeypatch: pytest.MonkeyPatch):
    source = actions.upload_dataset(io.BytesIO(csv), "a.csv")

    def fail(*args: object, **kwargs: object) -> None:
        raise DatasetError("disk trouble")

    monkeypatch.setattr(uploads.load, "read_dataset", fail)
    with pytest.raises(DatasetError):
        actions.upload_dataset(io.BytesIO(csv), "a.csv")
    assert find_source(source.id) == source


def test_upload_dataset_with_bad_rows_left_out_says_so_to_whoever_loads_it(csv: bytes):
    bad = csv + b"9,1 2 3,Training\n"
    with pytest.raises(DatasetError):
        actions.upload_dataset(io.BytesIO(bad), "a.csv")
    source = actions.upload_dataset(io.BytesIO(bad), "a.csv", skip_bad_rows=True)
    assert find_source(source.id).skip_bad_rows
    assert load_dataset(source.path, skip_bad_rows=True).skipped == 1


def test_upload_dataset_refuses_more_than_is_taken(csv: bytes, home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(uploads, "UPLOAD_BYTES", 1 << 20)
    with pytest.raises(DatasetError, match="at most 1 MB, received 2 MB"):
        actions.upload_dataset(io.BytesIO(bytes(2 << 20)), "a.csv")
    assert left_behind(home) == []


def test_upload_dataset_refuses_what_goes_beyond_the_sum_of_uploads(csv: bytes, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(uploads, "STORED_BYTES", len(csv) + 10)
    source = actions.upload_dataset(io.BytesIO(csv), "a.csv")
    with pytest.raises(DatasetError, match="Remove an upload"):
        actions.upload_dataset(io.BytesIO(csv + csv.split(b"\n", 1)[1]), "b.csv")
    actions.forget_dataset(source)
    actions.upload_dataset(io.BytesIO(csv), "b.csv")


@pytest.mark.parametrize(
    "name", ["../../evil.csv", "/etc/passwd", "", "....", "名前.csv", "a/b\\c.csv", "x" * 400 + ".csv", "[a](b)*.csv"]
)
def test_upload_dataset_writes_below_uploads_whatever_the_name(name: str, csv: bytes, home: Path):
    source = actions.upload_dataset(io.BytesIO(csv), name)
    assert Path(source.path).resolve().is_relative_to(home.resolve() / "uploads")
    assert find_source(source.id) == source
    assert len(source.id) <= 37
    assert not set(source.title) & set("[]()*/\\")


def test_upload_dataset_drops_what_a_kill_left_an_hour_ago(csv: bytes, home: Path):
    for name, age_s in ((".incoming-old", 7200), ("half-0123456789ab", 7200), (".incoming-new", 0)):
        folder = home / "uploads" / name
        folder.mkdir(parents=True)
        os.utime(folder, (time.time() - age_s,) * 2)
    actions.upload_dataset(io.BytesIO(csv), "a.csv")
    assert [path.name for path in (home / "uploads").glob(".*")] == [".incoming-new"]
    assert not (home / "uploads" / "half-0123456789ab").exists()


def test_upload_dataset_reports_its_progress_up_to_the_end(csv: bytes):
    shares: list[float] = []
    actions.upload_dataset(io.BytesIO(csv), "a.csv", progress=lambda share, what: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_forget_dataset_deletes_an_upload_but_never_the_sample(csv: bytes, home: Path):
    source = actions.upload_dataset(io.BytesIO(csv), "a.csv")
    actions.forget_dataset(source)
    assert left_behind(home) == []
    with pytest.raises(DatasetError, match="It stays"):
        actions.forget_dataset(find_source("sample"))


def test_open_server_path_offers_a_dataset_below_the_named_folders(shelf: Path):
    path = make_csv(shelf / "faces.csv")
    source = actions.open_server_path(str(path))
    assert (source.kind, source.path) == ("server", str(path))
    assert find_source(source.id) == source
    actions.forget_dataset(source)
    assert path.exists()
    assert [source.id for source in list_sources()] == ["sample"]


@pytest.mark.parametrize(
    "text", ["{elsewhere}", "{shelf}/../faces.csv", "{shelf}/link.csv", "/etc/passwd", "relative.csv", "~"]
)
def test_open_server_path_refuses_what_lies_elsewhere_links_followed(text: str, shelf: Path, tmp_path: Path):
    elsewhere = make_csv(tmp_path / "faces.csv")
    (shelf / "link.csv").symlink_to(elsewhere)
    with pytest.raises(NotAllowedError, match="below FER_DATA_DIRS"):
        actions.open_server_path(text.format(elsewhere=elsewhere, shelf=shelf))


def test_open_server_path_refuses_everything_where_no_folder_is_named(tmp_path: Path):
    with pytest.raises(NotAllowedError, match="FER_DATA_DIRS is not set"):
        actions.open_server_path(str(make_csv(tmp_path / "faces.csv")))


@pytest.mark.parametrize("text", ["", "  ", "a\0b"])
def test_open_server_path_asks_for_a_path_where_none_is_given(text: str, shelf: Path):
    with pytest.raises(DatasetError, match="received none"):
        actions.open_server_path(text)


def test_open_server_path_is_forgotten_once_its_folder_is_no_longer_named(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    actions.open_server_path(str(make_csv(shelf / "faces.csv")))
    monkeypatch.setenv("FER_DATA_DIRS", str(tmp_path / "other"))
    assert [source.id for source in list_sources()] == ["sample"]


def test_list_sources_puts_the_configured_dataset_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FER2013_CSV", str(tmp_path / "fer2013.csv"))
    assert [(source.id, source.kind) for source in list_sources()] == [("fer2013", "configured"), ("sample", "sample")]


@pytest.mark.parametrize(
    "record", ["", "{", "[]", '{"title": "x"}', '{"title": "x", "file": "../../secret.csv", "skip_bad_rows": false}']
)
def test_list_sources_passes_over_a_broken_record_and_never_leaves_its_folder(record: str, home: Path):
    folder = home / "uploads" / "faces-0123456789ab"
    folder.mkdir(parents=True)
    (folder / "record.json").write_text(record)
    others = [source for source in list_sources() if source.id != "sample"]
    assert all(Path(source.path).parent == folder for source in others)


@pytest.mark.parametrize("source_id", ["/etc/passwd", "../uploads", "", "nope", "faces-0123456789ab"])
def test_find_source_knows_ids_only(source_id: str, home: Path):
    with pytest.raises(DatasetError, match="expected one of the datasets sample"):
        find_source(source_id)


def test_find_source_leaves_bad_rows_out_where_this_person_chose_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("FER2013_CSV", str(tmp_path / "fer2013.csv"))
    monkeypatch.setattr(st, "session_state", {"leave_bad_rows_out": frozenset({"fer2013"})})
    assert find_source("fer2013").skip_bad_rows
    assert load_settings().fer2013_csv == tmp_path / "fer2013.csv"
