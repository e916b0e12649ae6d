"""FER2013's CSV: every layout in the wild is read, every fault is found with its line."""

import io
import re
from pathlib import Path

import numpy as np
import pytest

from fer_core.dataset import csv_file, load_dataset
from fer_core.dataset.csv_file import read_csv
from fer_core.errors import DatasetError
from tests.dataset.files import HEADER, faces, line, pixels_of, write_csv, write_faces_csv

GOOD = [line(0, "Training"), line(6, "PublicTest"), line(3, "PrivateTest")]


def test_load_dataset_reads_images_labels_and_rows_of_each_split(tmp_path: Path) -> None:
    images, labels, _ = faces(9)
    dataset = load_dataset(write_faces_csv(tmp_path / "fer2013.csv"))
    assert list(dataset.splits) == ["train", "validation", "test"]
    for first, split in enumerate(dataset.splits.values()):
        rows = np.arange(first, 9, 3)
        assert split.rows.tolist() == rows.tolist()
        assert split.labels.tolist() == [labels[row] for row in rows]
        assert np.array_equal(split.images, images[rows])
    assert np.array_equal(dataset.image(4), images[4])
    assert dataset.label(8) == labels[8]
    assert (dataset.n, dataset.skipped, dataset.converted, dataset.notes) == (9, 0, 0, ())
    assert (dataset.name, dataset.source, dataset.is_sample) == ("fer2013", str(tmp_path / "fer2013.csv"), False)


def _quote(text: str) -> str:
    return ",".join(f'"{field}"' for field in text.split(","))


@pytest.mark.parametrize(
    ("header", "change"),
    [
        (HEADER, lambda text: text),
        ("emotion, Usage, pixels", lambda text: ",".join((text.split(",")[0], text.split(",")[2], text.split(",")[1]))),
        (" pixels ,Usage,emotion", lambda text: ",".join((text.split(",")[1], text.split(",")[2], text.split(",")[0]))),
        (_quote(HEADER), _quote),
        (HEADER, lambda text: ",".join((text.split(",")[0], f'"{text.split(",")[1]}"', text.split(",")[2]))),
        (HEADER, lambda text: text.replace(",", ", ")),
        (HEADER, lambda text: text.replace(" ", "  ")),
        (HEADER, lambda text: text.replace(" 7", " 007")),
        ("," + HEADER + ",note", lambda text: f'12,{text},"smile, wide"'),
        ("note," + HEADER, lambda text: f"Grüße,{text}"),
    ],
    ids=["kaggle", "competition", "any order", "quoted", "pixels quoted", "spaces", "two spaces", "zeros", "more", "utf-8"],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_load_dataset_reads_every_usual_way_to_write_a_row(tmp_path: Path, header: str, change, end: str) -> None:
    dataset = load_dataset(write_csv(tmp_path / "a.csv", [change(text) for text in GOOD], header=header, end=end))
    assert {name: split.labels.tolist() for name, split in dataset.splits.items()} == {
        "train": [0],
        "validation": [6],
        "test": [3],
    }
    assert all((split.images == 7).all() for split in dataset.splits.values())


def test_load_dataset_ignores_byte_order_mark_blank_lines_and_a_missing_last_newline(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbf" + "\n".join([HEADER, GOOD[0], "", GOOD[1], "", GOOD[2]]).encode())
    dataset = load_dataset(path)
    assert [split.rows.tolist() for split in dataset.splits.values()] == [[0], [1], [2]]


def test_load_dataset_keeps_every_pixel_value(tmp_path: Path) -> None:
    image = (np.arange(2304) % 256).reshape(48, 48).astype(np.uint8)
    dataset = load_dataset(write_csv(tmp_path / "a.csv", [line(pixels=pixels_of(image))]))
    assert np.array_equal(dataset.image(0), image)


BAD_ROWS = {
    "label too large": (line(7), r"expected an emotion 0\.\.6, received '7'"),
    "label negative": (line(-1), r"expected an emotion 0\.\.6, received '-1'"),
    "label no number": (line("happy"), r"expected an emotion 0\.\.6, received 'happy'"),
    "label a fraction": (line("3.0"), r"received '3\.0'"),
    "label empty": (line(""), r"expected an emotion 0\.\.6, received ''"),
    "label not ASCII": (line("٣"), r"expected an emotion 0\.\.6"),
    "a pixel short": (line(pixels=pixels_of(7)[:-2]), "expected 2304 pixels, received 2303"),
    "a pixel too many": (line(pixels=pixels_of(7) + " 7"), "expected 2304 pixels, received 2305"),
    "no pixels": (line(pixels=""), "expected 2304 pixels, received 0"),
    "value 256": (line(pixels=pixels_of(7)[:-1] + "256"), r"expected pixel values 0\.\.255, received '256' as pixel 2304"),
    "value 300": (line(pixels="300" + pixels_of(7)[1:]), "received '300' as pixel 1"),
    "value 1000": (line(pixels="1000" + pixels_of(7)[1:]), "received '1000' as pixel 1"),
    "value of many digits": (line(pixels="9" * 400 + pixels_of(7)[1:]), "received '9{24}…' as pixel 1"),
    "value negative": (line(pixels="-7" + pixels_of(7)[1:]), "received '-7' as pixel 1"),
    "value a fraction": (line(pixels="7.5" + pixels_of(7)[1:]), r"received '7\.5' as pixel 1"),
    "value no number": (line(pixels="x" + pixels_of(7)[1:]), "received 'x' as pixel 1"),
    "unknown Usage": (line(usage="Validation"), "expected a Usage of Training, PublicTest, PrivateTest, received 'Validation'"),
    "Usage in lower case": (line(usage="training"), "received 'training'"),
    "Usage of the same length": (line(usage="Draining"), "received 'Draining'"),
    "Usage empty": (line(usage=""), "received ''"),
    "a column short": (f"3,{pixels_of(7)}", "expected 3 columns, received 2"),
    "a column too many": (line() + ",1", "expected 3 columns, received 4"),
    "whole row quoted": (f'"{line()}"', "expected 3 columns, received 1"),
    "quote not closed": (f'3,"{pixels_of(7)},Training', "expected comma-separated fields"),
}


@pytest.mark.parametrize("name", BAD_ROWS)
def test_load_dataset_names_file_and_line_of_a_bad_row(tmp_path: Path, name: str) -> None:
    bad, message = BAD_ROWS[name]
    path = write_csv(tmp_path / "a.csv", [GOOD[0], "", bad, GOOD[1]])
    with pytest.raises(DatasetError, match=rf"^{re.escape(str(path))}:4: .*{message}.* --skip-bad-rows"):
        load_dataset(path)


def test_load_dataset_counts_the_bad_rows_it_was_told_to_skip(tmp_path: Path) -> None:
    bad = [text for text, _ in BAD_ROWS.values()]
    path = write_csv(tmp_path / "a.csv", [GOOD[0], *bad, GOOD[1]])
    dataset = load_dataset(path, skip_bad_rows=True)
    assert (dataset.n, dataset.skipped) == (2, len(bad))
    assert [split.rows.tolist() for split in dataset.splits.values()] == [[0], [len(bad) + 1]]


def test_load_dataset_skipped_before_is_still_strict_when_asked(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [GOOD[0], line(9)])
    assert load_dataset(path, skip_bad_rows=True).skipped == 1
    with pytest.raises(DatasetError, match=r":3: "):
        load_dataset(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r":1: expected a header and rows, received an empty file"),
        (b"\n \n", r":1: expected a header and rows, received an empty file"),
        (HEADER.encode(), r":1: expected rows below the header, received none"),
        (
            b"emotion,pixel,Usage\n" + GOOD[0].encode(),
            r":1: .*'pixels' is missing \(the nearest is 'pixel'\).*Received 'emotion', 'pixel', 'Usage'",
        ),
        (b"emotion,pixels\n", r":1: .*'Usage' is missing"),
        (b"emotion,pixels,Usage,emotion\n", r":1: .*'emotion' is there 2 times"),
        (b"0,1 2 3,Training\n", r":1: expected the columns emotion, pixels and Usage"),
        ((HEADER + "\n" + GOOD[0]).encode("utf-16"), r":1: expected UTF-8 text, received the byte 0xff"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), r":1: expected UTF-8 text, received the byte 0x89"),
    ],
    ids=["empty", "blank", "header only", "wrong column", "missing column", "column twice", "no header", "utf-16", "binary"],
)
def test_load_dataset_refuses_a_file_that_is_no_fer2013_csv(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    for skip_bad_rows in (False, True):
        with pytest.raises(DatasetError, match=re.escape(str(path)) + message):
            load_dataset(path, skip_bad_rows=skip_bad_rows)


@pytest.mark.parametrize("cut", [3, 200, 4000])
def test_load_dataset_says_that_a_file_ends_inside_its_last_row(tmp_path: Path, cut: int) -> None:
    path = write_csv(tmp_path / "a.csv", GOOD)
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(DatasetError, match=r":4: expected .* the file ends inside this row"):
        load_dataset(path)
    assert load_dataset(path, skip_bad_rows=True).skipped == 1


def test_load_dataset_names_the_line_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("\n".join(["note," + HEADER, "a," + GOOD[0], "é," + GOOD[1]]).encode("latin-1"))
    with pytest.raises(DatasetError, match=r":3: expected UTF-8 text, received the byte 0xe9"):
        load_dataset(path)


def test_read_csv_gives_the_same_rows_and_lines_whatever_the_size_of_its_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    images, labels, usages = faces(12)
    lines = [line(label, usage, pixels_of(image)) for image, label, usage in zip(images, labels, usages, strict=True)]
    content = "\r\n".join([HEADER, *lines[:10], "", line(8), lines[10], lines[11]]).encode()
    for block_bytes in (1000, 9_001, 50_000):
        monkeypatch.setattr(csv_file, "_BLOCK_BYTES", block_bytes)
        table = read_csv(io.BytesIO(content), "a.csv", len(content), skip_bad_rows=True, progress=lambda done, what: None)
        assert np.array_equal(table.images, images)
        assert table.rows.tolist() == [*range(10), 11, 12]
        with pytest.raises(DatasetError, match=r"^a\.csv:13: expected an emotion"):
            read_csv(io.BytesIO(content), "a.csv", len(content), skip_bad_rows=False, progress=lambda done, what: None)


def test_load_dataset_refuses_a_line_without_end(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(HEADER.encode() + b"\n" + b"1 " * 2_000_000)
    with pytest.raises(DatasetError, match=r":2: expected a line of text, received one of more than 1,048,576 bytes"):
        load_dataset(path, skip_bad_rows=True)


def test_load_dataset_reports_progress_up_to_one(tmp_path: Path) -> None:
    seen: list[float] = []
    load_dataset(write_faces_csv(tmp_path / "a.csv"), progress=lambda done, what: seen.append(done))
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_load_dataset_leaves_out_splits_without_rows_and_says_so(tmp_path: Path) -> None:
    dataset = load_dataset(write_csv(tmp_path / "a.csv", [line(usage="PrivateTest")]))
    assert list(dataset.splits) == ["test"]
    assert "no train split (no row says Training)" in dataset.notes[0]
    with pytest.raises(DatasetError, match="one of the splits test, received 'train'"):
        dataset.split("train")
    with pytest.raises(DatasetError, match="one of its 1 rows, received 5"):
        dataset.image(5)


@pytest.mark.real_data
def test_load_dataset_finds_the_published_counts(fer2013_csv: str) -> None:
    from fer_core.labels import EMOTIONS, FER2013_COUNTS, FER2013_SPLIT_COUNTS

    dataset = load_dataset(fer2013_csv)
    assert dataset.name == "FER2013"
    assert {name: len(split) for name, split in dataset.splits.items()} == FER2013_SPLIT_COUNTS
    assert dict(zip(EMOTIONS, sum(dataset.counts().values()).tolist(), strict=True)) == FER2013_COUNTS
