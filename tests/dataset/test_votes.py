"""FER+'s votes: read row by row, refused where they are not the dataset's."""

import numpy as np
import pytest

from fer_core.dataset import find_majority, find_no_face, find_votes, read_votes, share_votes
from fer_core.errors import DatasetError
from tests.builders import make_dataset, make_split, make_votes

HEADER = "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF"


@pytest.fixture
def dataset():
    return make_dataset(make_split(2, name="train"), make_split(1, name="validation", first_row=2), make_split(1, first_row=3))


def write(path, *lines, header=HEADER):
    path.write_text("\n".join([header, *lines]) + "\n")
    return path


LINES = (
    "Training,fer0000000.png,4,0,0,1,3,2,0,0,0,0",
    "Training,,0,0,0,0,0,0,0,0,0,10",
    "PublicTest,fer0000002.png,0,9,0,0,0,0,0,0,0,0",
    "PrivateTest,fer0000003.png,0,0,2,0,0,0,1,0,7,0",
)


def test_read_votes_orders_the_counts_as_the_labels(tmp_path, dataset):
    votes = read_votes(write(tmp_path / "votes.csv", *LINES), dataset)
    assert votes.counts.tolist() == [
        [3, 2, 0, 0, 1, 0, 4, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 10],
        [0, 0, 0, 9, 0, 0, 0, 0, 0, 0],
        [0, 0, 1, 0, 0, 2, 0, 0, 7, 0],
    ]
    assert votes.of(np.array([2, 0])).sum(axis=1).tolist() == [9, 10]


def test_shares_majority_and_no_face_of_votes(tmp_path, dataset):
    counts = read_votes(write(tmp_path / "votes.csv", *LINES), dataset).counts
    assert share_votes(counts)[0].tolist() == pytest.approx([0.3, 0.2, 0, 0, 0.1, 0, 0.4])
    assert share_votes(counts).sum(axis=1).tolist() == pytest.approx([1, 0, 1, 1])
    assert find_majority(counts).tolist() == [6, -1, 3, -1]
    assert find_majority(np.array([[5, 5, 0, 0, 0, 0, 0, 0, 0, 0]])).tolist() == [-1]
    assert find_no_face(counts).tolist() == [False, True, False, False]


WRONG = {
    "a row less": (LINES[:3], "expected votes on 4 rows of tiny, received 3"),
    "another split": ((*LINES[:2], LINES[2].replace("PublicTest", "Training"), LINES[3]), "which is of validation"),
    "another row's name": ((*LINES[:2], LINES[2].replace("002", "001"), LINES[3]), r"votes.csv:4: .*row 2 \(fer0000002.png\)"),
    "an unknown Usage": ((*LINES[:3], LINES[3].replace("PrivateTest", "Test")), "expected a Usage of Training"),
    "a negative count": ((*LINES[:3], LINES[3].replace(",7,", ",-7,")), "votes.csv:5: expected counts of votes"),
    "a value less": ((*LINES[:3], "PrivateTest,,1"), "votes.csv:5: expected 12 values, received 3"),
}


@pytest.mark.parametrize(("lines", "message"), WRONG.values(), ids=WRONG)
def test_read_votes_refuses_what_does_not_line_up(tmp_path, dataset, lines, message):
    with pytest.raises(DatasetError, match=message):
        read_votes(write(tmp_path / "votes.csv", *lines), dataset)


def test_read_votes_names_the_columns_that_are_missing(tmp_path, dataset):
    path = write(tmp_path / "votes.csv", *LINES, header=HEADER.replace("NF", "other"))
    with pytest.raises(DatasetError, match=r"votes.csv:1: expected the columns NF"):
        read_votes(path, dataset)


def test_read_votes_says_what_a_file_is_not(tmp_path, dataset):
    (tmp_path / "votes.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DatasetError, match="no CSV"):
        read_votes(tmp_path / "votes.csv", dataset)
    with pytest.raises(DatasetError, match="received none"):
        read_votes(tmp_path / "missing.csv", dataset)


def test_read_votes_refuses_votes_on_rows_in_another_order(tmp_path):
    dataset = make_dataset(make_split(300, name="train"))
    assert len(read_votes(make_votes(tmp_path / "right.csv", dataset), dataset).counts) == 300
    with pytest.raises(DatasetError, match="these are votes on other rows"):
        read_votes(make_votes(tmp_path / "shifted.csv", dataset, shift=1), dataset)


def test_find_votes_prefers_what_was_asked_for(monkeypatch, tmp_path):
    monkeypatch.setenv("FERPLUS_CSV", str(tmp_path / "configured.csv"))
    assert find_votes(None) == str(tmp_path / "configured.csv")
    assert find_votes("asked.csv") == "asked.csv"
    monkeypatch.delenv("FERPLUS_CSV")
    assert find_votes(None) is None
