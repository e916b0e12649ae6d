"""Which images of an evaluation are shown, and in what order."""

from dataclasses import replace

import numpy as np
import pytest

from fer_core.evaluation import cell_positions, evaluate, margins, most_uncertain, worst_errors
from tests.builders import make_dataset, make_model, make_split

pytestmark = pytest.mark.usefixtures("classifier")


def test_cell_positions_are_the_cells_rows_most_confident_first(tmp_path):
    split = make_split(210)
    result = evaluate(make_model(tmp_path / "m"), make_dataset(split), "test")
    positions = cell_positions(result, "happy", "sad")
    assert len(positions) == result.confusion[3, 4] > 1
    assert (split.labels[positions] == 3).all()
    assert (result.predicted[positions] == 4).all()
    assert (np.diff(result.probabilities[positions].max(axis=1)) <= 0).all()


def test_worst_errors_are_all_wrong_answers_most_confident_first_and_equal_ones_by_row(tmp_path):
    result = evaluate(make_model(tmp_path / "m"), make_dataset(make_split(5)), "test")
    probabilities = np.full((5, 7), 0.02)
    probabilities[np.arange(5), [0, 2, 1, 1, 0]] = [0.9, 0.5, 0.7, 0.7, 0.6]
    result = replace(result, probabilities=probabilities, predicted=probabilities.argmax(axis=1))
    assert result.labels.tolist() == [0, 1, 2, 3, 4]
    assert worst_errors(result).tolist() == [2, 3, 4, 1]


def test_most_uncertain_are_all_images_smallest_margin_first(tmp_path):
    result = evaluate(make_model(tmp_path / "m"), make_dataset(make_split(3)), "test")
    probabilities = np.array([[0.5, 0.3, 0.2, 0, 0, 0, 0], [0, 0, 0.4, 0.2, 0.4, 0, 0], [0, 0, 0, 0, 0, 0, 1]])
    assert margins(probabilities) == pytest.approx([0.2, 0, 1])
    assert most_uncertain(replace(result, probabilities=probabilities)).tolist() == [1, 0, 2]


def test_cell_positions_refuse_what_is_no_emotion(tmp_path):
    result = evaluate(make_model(tmp_path / "m"), make_dataset(make_split(7)), "test")
    with pytest.raises(ValueError, match="received joy"):
        cell_positions(result, "joy", "sad")
