"""Zips: checked before anything is unpacked."""

import stat
import struct
import zipfile
from pathlib import Path

import pytest

from fer_core.dataset import archive, load_dataset
from fer_core.errors import DatasetError
from tests.dataset.files import write_faces_csv, write_faces_folders, write_zip


@pytest.mark.parametrize("inside", ["", "FER 2013/"])
@pytest.mark.parametrize("write", [write_faces_folders, lambda folder: write_faces_csv(folder / "fer2013.csv")])
def test_load_dataset_reads_a_zip_of_folders_or_of_a_csv(tmp_path: Path, inside: str, write) -> None:
    (tmp_path / "d").mkdir()
    write(tmp_path / "d")
    (tmp_path / "d" / "__MACOSX").mkdir()
    (tmp_path / "d" / "__MACOSX" / "._fer2013.csv").write_bytes(b"\0\5\x16\7")
    dataset = load_dataset(write_zip(tmp_path / "faces.zip", tmp_path / "d", inside=inside))
    assert dataset.digest == load_dataset(write_faces_csv(tmp_path / "a.csv")).digest
    assert (dataset.name, dataset.skipped) == ("faces", 0)


def test_load_dataset_names_the_line_of_a_csv_in_a_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("x/fer2013.csv", "emotion,pixels,Usage\n9,1 2,Training\n")
    with pytest.raises(DatasetError, match=r"a\.zip/x/fer2013\.csv:2: expected an emotion 0\.\.6, received '9'"):
        load_dataset(tmp_path / "a.zip")


@pytest.mark.parametrize(
    "name", ["../evil.png", "train/../../evil.png", "/etc/evil.png", "C:/evil.png", "..\\evil.png", "\\evil"]
)
def test_load_dataset_refuses_a_zip_that_unpacks_outside_its_folder(tmp_path: Path, name: str) -> None:
    path = write_zip(tmp_path / "a.zip", write_faces_folders(tmp_path / "d"))
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr(name, b"x")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(DatasetError, match=r"a\.zip: expected files inside the zip's own folder, received .*evil"):
        load_dataset(path, skip_bad_rows=True)
    assert sorted(tmp_path.rglob("*")) == before


def test_load_dataset_refuses_a_zip_beyond_its_limit_before_it_unpacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_zip(tmp_path / "a.zip", write_faces_folders(tmp_path / "d"))
    with zipfile.ZipFile(path) as packed:
        total = sum(member.file_size for member in packed.infolist())
    assert archive.MOST_BYTES == 1 << 30
    monkeypatch.setattr(archive, "MOST_BYTES", total)
    assert load_dataset(path).n == 9
    monkeypatch.setattr(archive, "MOST_BYTES", total - 1)
    monkeypatch.setattr(zipfile.ZipFile, "open", None)
    path.touch()
    with pytest.raises(
        DatasetError, match=rf"a\.zip: expected at most {total - 1:,} bytes \(1 GiB\) unpacked, received {total:,}"
    ):
        load_dataset(path)


def test_load_dataset_reads_no_more_of_a_member_than_its_entry_says(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("train/sad/a.png", bytes(1 << 20))
    content = path.read_bytes().replace(struct.pack("<I", 1 << 20), struct.pack("<I", 64))
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=r"a\.zip: expected a zip that can be unpacked, received a damaged one"):
        load_dataset(path)


def test_load_dataset_refuses_a_damaged_or_encrypted_zip(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", write_faces_folders(tmp_path / "d"))
    content = path.read_bytes()
    path.write_bytes(content[:-200])
    with pytest.raises(DatasetError, match="expected a zip that can be unpacked, received a damaged one"):
        load_dataset(path)
    entry = content.rindex(b"PK\1\2")
    path.write_bytes(content[: entry + 8] + b"\1\0" + content[entry + 10 :])
    with pytest.raises(DatasetError, match="expected a zip without a password"):
        load_dataset(path)


def test_load_dataset_follows_no_link_in_a_zip(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"secret")
    link = zipfile.ZipInfo("train/sad/a.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr(link, str(tmp_path / "secret.png"))
    with pytest.raises(DatasetError, match=r"a\.zip/train/sad/a\.png: expected a PNG or JPEG picture"):
        load_dataset(tmp_path / "a.zip")
