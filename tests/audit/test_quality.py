"""Flags: what pixels and votes alone say about rows and labels."""

from dataclasses import replace

import numpy as np
import pytest

from fer_core.audit import count_agreement, find_flags
from fer_core.dataset import Votes, find_copies
from tests.builders import make_dataset, make_split


@pytest.fixture
def dataset():
    """Rows 0..6 train, 7..9 test. Row 8 copies row 1, row 3 copies row 2 under another label, row 5 is blank."""
    train, test = make_split(7, name="train"), make_split(3, name="test", first_row=7, seed=1)
    images = train.images.copy()
    images[3], images[5] = images[2], 77
    others = np.stack([test.images[0], images[1], test.images[2]])
    return make_dataset(replace(train, images=images), replace(test, images=others))


def flags_of(dataset, votes=None):
    return {flag.name: flag for flag in find_flags(dataset, find_copies(dataset), votes)}


def test_flags_find_copies_and_blanks_and_what_a_training_would_leave_out(dataset):
    flags = flags_of(dataset)
    assert list(flags) == ["leaks", "contradicting", "copies", "blank"]
    assert flags["leaks"].rows.tolist() == [1, 8]
    assert flags["leaks"].leave_out.tolist() == [1]
    assert flags["copies"].rows.tolist() == [1, 8, 2, 3]
    assert flags["copies"].group.tolist() == [1, 1, 2, 2]
    assert flags["copies"].leave_out.tolist() == [3]
    assert flags["contradicting"].rows.tolist() == [2, 3]
    assert flags["blank"].rows.tolist() == [5]


def test_flags_find_what_voters_doubt_and_disagree_on(dataset):
    counts = np.zeros((10, 10), np.uint8)
    counts[np.arange(10), [dataset.label(row) for row in range(10)]] = 8
    counts[0] = (1, 9, 0, 0, 0, 0, 0, 0, 0, 0)
    counts[4] = (0, 0, 0, 0, 5, 5, 0, 0, 0, 0)
    counts[6] = (0, 0, 0, 0, 0, 0, 0, 0, 0, 10)
    votes = Votes("votes.csv", "v", counts)
    flags = flags_of(dataset, votes)
    assert flags["no_face"].rows.tolist() == [6]
    assert flags["doubted"].rows.tolist() == [0, 6]
    assert flags["undecided"].rows.tolist() == [4]
    agreement = count_agreement(dataset, votes)
    assert (agreement.sum(), np.trace(agreement), agreement[0, 1]) == (8, 7, 1)


def test_flags_of_clean_data_are_empty():
    flags = flags_of(make_dataset(make_split(7, name="train")))
    assert [len(flag.rows) for flag in flags.values()] == [0, 0, 0, 0]
    assert [len(flag.leave_out) for flag in flags.values()] == [0, 0, 0, 0]
