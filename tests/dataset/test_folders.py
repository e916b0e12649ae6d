"""Image folders: every usual spelling is understood, and what is no dataset is named."""

import re
from pathlib import Path

import cv2
import numpy as np
import pytest

from fer_core.dataset import load_dataset
from fer_core.dataset.folder_names import EMOTION_FOLDERS, SPLIT_FOLDERS, find_root, plain, read_path
from fer_core.dataset.picture import read_picture
from fer_core.errors import DatasetError
from tests.dataset.files import write_csv, write_faces_csv, write_faces_folders, write_picture


def test_load_dataset_gives_equal_data_equal_digests_in_all_layouts(tmp_path: Path) -> None:
    by_csv = load_dataset(write_faces_csv(tmp_path / "a.csv"))
    by_folders = load_dataset(write_faces_folders(tmp_path / "faces"))
    assert by_folders.digest == by_csv.digest
    assert {k: s.digest for k, s in by_folders.splits.items()} == {k: s.digest for k, s in by_csv.splits.items()}
    assert (by_folders.converted, by_folders.notes) == (0, ())


def test_load_dataset_numbers_the_rows_of_folders_by_their_sorted_paths(tmp_path: Path) -> None:
    for value, path in enumerate(("test/sad/b.png", "train/angry/c.png", "train/fear/a.png", "validation/happy/a.png")):
        write_picture(tmp_path / "d" / path, value)
    dataset = load_dataset(tmp_path / "d")
    assert [int(dataset.image(row)[0, 0]) for row in range(4)] == [0, 1, 2, 3]
    assert [dataset.label(row) for row in range(4)] == [4, 0, 2, 3]
    assert dataset.split("train").rows.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("folder", "split"),
    [
        *[(name, 0) for name in ("train", "Training")],
        *[(name, 1) for name in ("VAL", "valid", "validation", "PublicTest", "public_test")],
        *[(name, 2) for name in ("test", "PrivateTest", "Private Test")],
    ],
)
def test_read_path_knows_the_usual_names_of_splits(folder: str, split: int) -> None:
    assert SPLIT_FOLDERS[plain(folder)] == split
    assert read_path(f"{folder}/happy/1.png")[:2] == (split, 3)


@pytest.mark.parametrize(
    ("label", "names"),
    list(
        enumerate(
            (
                ("angry", "Anger", "0"),
                ("disgust", "DISGUSTED", "1"),
                ("fear", "fearful", "2"),
                ("happy", "Happiness", "3"),
                ("sad", "sadness", "4"),
                ("surprise", "Surprised", "5"),
                ("neutral", "Neutral", "6"),
            )
        )
    ),
)
def test_read_path_knows_the_usual_names_of_emotions(label: int, names: tuple[str, ...]) -> None:
    assert [EMOTION_FOLDERS[plain(name)] for name in names] == [label] * 3


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("train/hapy/1.png", r"expected an emotion's folder .* received the folder 'hapy' \(the nearest name is 'happy'\)"),
        ("train/surprized/1.png", r"'surprized' \(the nearest name is 'surprise'\)"),
        ("train/7/1.png", "received the folder '7'"),
        ("trian/happy/1.png", r"expected a split's folder .* received the folder 'trian' \(the nearest name is 'train'\)"),
        ("train/1.png", "expected pictures inside an emotion's folder"),
        ("train/happy/more/1.png", "expected pictures in train/happy, received the folder 'more'"),
        ("train/happy/readme.txt", "expected a PNG or JPEG picture, received a file that is none"),
        ("train/happy/empty.png", "expected a PNG or JPEG picture, received a file that is none"),
    ],
)
def test_load_dataset_names_the_file_or_folder_that_is_wrong(tmp_path: Path, path: str, message: str) -> None:
    folder = write_faces_folders(tmp_path / "d")
    if path.endswith(("txt", "empty.png")):
        (folder / path).write_text("" if "empty" in path else "no picture")
    else:
        write_picture(folder / path, 1)
    with pytest.raises(DatasetError, match=re.escape(str(folder / path)) + ": .*" + message):
        load_dataset(folder)
    dataset = load_dataset(folder, skip_bad_rows=True)
    assert (dataset.n, dataset.skipped) == (9, 1)


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_load_dataset_refuses_a_picture_that_was_cut(tmp_path: Path, suffix: str) -> None:
    path = write_picture(tmp_path / "d" / "train" / "sad" / f"a{suffix}", np.random.default_rng(0).integers(256, size=(48, 48)))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(DatasetError, match=re.escape(str(path)) + ": .*one that is damaged"):
        load_dataset(tmp_path / "d")


def test_load_dataset_converts_other_sizes_and_colours_and_counts_them(tmp_path: Path) -> None:
    folder = tmp_path / "d" / "test" / "neutral"
    write_picture(folder / "a.png", np.full((48, 48), 90, np.uint8))
    write_picture(folder / "b.png", np.full((96, 120), 90, np.uint8))
    write_picture(folder / "c.png", np.full((48, 48, 3), (0, 0, 255), np.uint8))
    write_picture(folder / "d.png", np.full((20, 20, 4), (0, 0, 0, 0), np.uint8))
    write_picture(folder / "e.png", np.full((48, 48), 90 * 257, np.uint16))
    write_picture(folder / "f.jpg", np.full((48, 48), 90, np.uint8))
    dataset = load_dataset(tmp_path / "d")
    assert dataset.converted == 4
    assert dataset.split("test").images[:, 24, 24].tolist() == [90, 90, 76, 255, 90, 90]


def test_read_picture_turns_a_photo_as_its_exif_says() -> None:
    image = np.zeros((48, 48), np.uint8)
    image[:24] = 255
    jpeg = cv2.imencode(".jpg", image)[1].tobytes()
    turned_half = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x03\0\0\0\0\0\0"
    exif = b"\xff\xe1" + (len(turned_half) + 2).to_bytes(2, "big") + turned_half
    gray, converted = read_picture(jpeg[:2] + exif + jpeg[2:])
    assert (int(gray[0, 0]), int(gray[47, 47]), converted) == (0, 255, False)


def test_read_picture_refuses_a_bomb_before_it_decodes_it() -> None:
    png = bytearray(cv2.imencode(".png", np.zeros((8, 8), np.uint8))[1].tobytes())
    png[16:24] = (60_000).to_bytes(4, "big") * 2
    with pytest.raises(ValueError, match="at most 50,000,000 pixels, received 60000 x 60000"):
        read_picture(bytes(png))


def test_load_dataset_splits_by_file_name_where_folders_merge_the_tests(tmp_path: Path) -> None:
    for value, path in enumerate(("train/sad/Training_1.jpg", "test/sad/PublicTest_2.jpg", "test/sad/PrivateTest_3.jpg")):
        write_picture(tmp_path / "d" / path, value)
    dataset = load_dataset(tmp_path / "d")
    assert {name: len(split) for name, split in dataset.splits.items()} == {"train": 1, "validation": 1, "test": 1}
    assert dataset.notes == (
        "File names that begin with Training_, PublicTest_ or PrivateTest_ decide the split "
        "(here against the folder: 1 images).",
    )


def test_load_dataset_ignores_what_systems_and_archivers_leave_behind(tmp_path: Path) -> None:
    folder = write_faces_folders(tmp_path / "d")
    for name in (
        "train/happy/.DS_Store",
        "train/Thumbs.db",
        "train/.cache/x.bin",
        "__MACOSX/train/happy/._a.png",
        "LICENSE.txt",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    assert load_dataset(folder).n == 9


@pytest.mark.parametrize(
    ("paths", "root"),
    [
        (["train/sad/a.png", "readme.md"], ""),
        (["fer/train/sad/a.png", "fer/test/sad/a.png"], "fer/"),
        (["a/train/sad/a.png", "b/train/sad/a.png"], None),
        (["sad/a.png", "happy/b.png"], None),
        (["data/fer2013.csv"], None),
        ([], None),
    ],
)
def test_find_root_finds_the_folder_that_has_splits(paths: list[str], root: str | None) -> None:
    assert find_root(paths) == root


def test_load_dataset_finds_splits_or_a_csv_one_folder_deep(tmp_path: Path) -> None:
    write_faces_folders(tmp_path / "a" / "FER-2013")
    (tmp_path / "b" / "fer2013").mkdir(parents=True)
    write_faces_csv(tmp_path / "b" / "fer2013" / "fer2013.csv")
    assert load_dataset(tmp_path / "a").digest == load_dataset(tmp_path / "b").digest


def test_load_dataset_takes_the_one_csv_of_a_folder_that_has_the_columns(tmp_path: Path) -> None:
    write_faces_csv(tmp_path / "icml_face_data.csv")
    write_csv(tmp_path / "train.csv", ["0,1 2 3"], header="emotion,pixels")
    assert load_dataset(tmp_path).n == 9
    write_faces_csv(tmp_path / "fer2013.csv")
    with pytest.raises(DatasetError, match=r"expected one CSV, received fer2013\.csv, icml_face_data\.csv"):
        load_dataset(tmp_path)


@pytest.mark.parametrize(
    ("paths", "received"),
    [
        ([], "0 files and no folder"),
        (["trian/happy/a.png"], r"the folder 'trian' \(the nearest name is 'train'\)"),
        (["happy/a.png", "sad/a.png"], "the folder 'happy' and 1 more"),
    ],
)
def test_load_dataset_says_what_a_folder_without_splits_holds(tmp_path: Path, paths: list[str], received: str) -> None:
    (tmp_path / "d").mkdir()
    for path in paths:
        write_picture(tmp_path / "d" / path, 1)
    with pytest.raises(DatasetError, match=f"expected the folders train, validation and test .* received {received}"):
        load_dataset(tmp_path / "d")


def test_load_dataset_says_that_nothing_is_there(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="expected a dataset, found nothing"):
        load_dataset(tmp_path / "none.csv")
