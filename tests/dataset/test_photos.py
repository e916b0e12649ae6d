"""Folders of labelled photographs: with and without splits, and what is no such folder."""

from pathlib import Path

import pytest

from fer_core.dataset import list_photos
from fer_core.errors import DatasetError
from tests.dataset.files import write_picture


def write_all(folder: Path, *paths: str) -> Path:
    for path in paths:
        write_picture(folder / path, 100)
    return folder


@pytest.mark.parametrize("below", ["", "photos/"])
def test_list_photos_without_splits_takes_all_in_the_order_of_their_paths(tmp_path: Path, below: str) -> None:
    write_all(tmp_path / "d", f"{below}sadness/b.jpg", f"{below}Happy/z.png", f"{below}Happy/a.png")
    (tmp_path / "d" / below / "readme.txt").write_text("about")
    (tmp_path / "d" / below / "Happy" / ".DS_Store").write_text("hidden")
    photos = list_photos(tmp_path / "d")
    assert (photos.name, photos.split, photos.left_out, len(photos)) == ("d", "all", 0, 3)
    assert photos.paths == ("Happy/a.png", "Happy/z.png", "sadness/b.jpg")
    assert photos.labels.tolist() == [3, 3, 4]
    assert all((photos.folder / path).is_file() for path in photos.paths)


def test_list_photos_takes_one_split_and_lets_file_names_decide_it(tmp_path: Path) -> None:
    write_all(tmp_path, "train/fear/1.png", "train/fear/PrivateTest_2.png", "test/0/3.png", "val/happy/4.png")
    assert list_photos(tmp_path, "test").paths == ("test/0/3.png", "train/fear/PrivateTest_2.png")
    assert list_photos(tmp_path, "test").labels.tolist() == [0, 2]
    assert list_photos(tmp_path, "train").paths == ("train/fear/1.png",)
    assert list_photos(tmp_path, "validation").paths == ("val/happy/4.png",)


@pytest.mark.parametrize(("split", "received"), [(None, "none was named"), ("validation", "received 'validation'")])
def test_list_photos_holds_no_split_out_and_guesses_none(tmp_path: Path, split: str | None, received: str) -> None:
    write_all(tmp_path, "train/fear/1.png", "test/fear/1.png")
    with pytest.raises(DatasetError, match=f"expected one of the splits train, test, {received}. Choose one with --split."):
        list_photos(tmp_path, split)


def test_list_photos_refuses_a_split_where_there_are_none(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"expected the folder test, received emotions without splits\. Leave the split out"):
        list_photos(write_all(tmp_path, "happy/1.png"), "test")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("hapy/1.png", r"hapy/1.png: expected an emotion's folder .*'hapy' \(the nearest name is 'happy'\)"),
        ("contempt/1.png", "expected an emotion's folder .*received the folder 'contempt'"),
        ("sad/more/1.png", "expected pictures in sad, received the folder 'more'"),
    ],
)
def test_list_photos_names_a_folder_it_does_not_know_or_leaves_it_out_when_asked(tmp_path: Path, path: str, said: str) -> None:
    write_all(tmp_path, "sad/1.png", path)
    with pytest.raises(DatasetError, match=f"{said}.*Rename or move it, or run with --skip-bad-rows"):
        list_photos(tmp_path)
    photos = list_photos(tmp_path, skip_bad_rows=True)
    assert (photos.paths, photos.left_out) == (("sad/1.png",), 1)


def test_list_photos_says_what_else_it_was_given(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    csv = tmp_path / "with_csv" / "fer2013.csv"
    csv.parent.mkdir()
    csv.write_text("emotion,pixels,Usage\n")
    packed = tmp_path / "a.zip"
    packed.write_bytes(b"PK\3\4rest")
    write_all(tmp_path / "wrong", "hapy/1.png", "sadd/1.png")
    for source, said in {
        "sample": r"the drawn sample\. Leave --detect out",
        tmp_path / "none": r"found nothing\. Correct the path",
        tmp_path / "empty": "received 0 files and no folder",
        csv: r"received a file\. Leave --detect out if its images are 48 x 48 pixels",
        csv.parent: r"received 1 files and no folder but a CSV\. Leave --detect out",
        packed: r"received a file\. Unpack it",
        tmp_path / "wrong": r"received the folder 'hapy' \(the nearest name is 'happy'\) and 1 more\. Rename the folders",
    }.items():
        with pytest.raises(DatasetError, match=f"expected a folder with photographs in a folder for each emotion.*{said}"):
            list_photos(source)
