"""Predictions from elsewhere, read strictly."""

import pytest

from fer_core.audit import read_predictions
from fer_core.errors import DatasetError
from fer_core.labels import EMOTIONS
from tests.builders import make_dataset, make_split

DATASET = make_dataset(make_split(4, name="test"))
NAMES = ",".join(EMOTIONS)


def write(path, text):
    path.write_text(text)
    return path


def test_probabilities_are_read_in_label_order_whatever_the_columns_order_and_names(tmp_path):
    columns = ",".join(f"p_{name.upper()}" for name in reversed(EMOTIONS))
    given = read_predictions(
        write(tmp_path / "p.csv", f"{columns}, Row ,true\n0,0,0,.7,0,.2,.1,2,happy\n.4,0,0,0,0,0,.6,0,6\n"), DATASET
    )
    assert given.rows.tolist() == [2, 0]
    assert given.predicted.tolist() == [3, 0]
    assert given.scores[0].tolist() == pytest.approx([0.1, 0.2, 0, 0.7, 0, 0, 0])
    assert given.true.tolist() == [3, 6]


def test_predicted_may_be_names_or_numbers(tmp_path):
    given = read_predictions(write(tmp_path / "p.csv", "row,predicted\n0,Fear\n3,6\n1,0.0\n"), DATASET)
    assert (given.predicted.tolist(), given.scores, given.true) == ([2, 6, 0], None, None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("predicted\n1\n", "expected the column row, received predicted"),
        ("row\n1\n", "expected predicted or seven probabilities, received row"),
        ("row,predicted\n", "expected predictions, received a header alone"),
        ("", "expected a CSV, received something else"),
        ("row,Row,predicted\n0,0,1\n", "expected each column once, received row more than once"),
        ("row,predicted\n0,1,5\n", "received rows with more values than columns"),
        ("row,predicted\n0\n", "p.csv:2: predicted: expected one of angry, .*, received ''"),
        ("row,predicted\n0,1\n4,1\n", r"p.csv:3: expected a row's number, 0 to 3, received 4"),
        ("row,predicted\n0.5,1\n", r"p.csv:2: expected a row's number, 0 to 3, received 0.5"),
        ("row,predicted\n0,contempt\n", "p.csv:2: predicted: expected one of angry, .*, received 'contempt'"),
        ("row,predicted,true\n0,1,7\n", "p.csv:2: true: expected one of angry, .*, received '7'"),
        ("row,angry,sad\n0,1,0\n", "received none of disgust, fear, happy, surprise, neutral"),
        (
            f"row,{NAMES}\n0,.1,.1,.1,.1,.1,.1,.4\n1,.1,nan,.1,.1,.1,.1,.4\n",
            "p.csv:3: disgust: expected a finite number, received 'nan'; 1",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_line(tmp_path, text, said):
    with pytest.raises(DatasetError, match=said):
        read_predictions(write(tmp_path / "p.csv", text), DATASET)


def test_missing_file_is_said(tmp_path):
    with pytest.raises(DatasetError, match=r"nothing.csv: expected a file of predictions, received none"):
        read_predictions(tmp_path / "nothing.csv", DATASET)
