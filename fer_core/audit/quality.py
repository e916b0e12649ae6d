"""What may be wrong with images and labels, as far as pixels and votes alone can tell."""

from dataclasses import dataclass

import numpy as np

from fer_core.audit.label_errors import DOUBTED_VOTES
from fer_core.audit.rows import all_rows
from fer_core.dataset import Copies, Dataset, Votes, find_majority, find_no_face
from fer_core.labels import EMOTIONS


@dataclass(frozen=True, eq=False)
class Flag:
    """Rows that have something in common that a person should look at.

    Attributes:
        name: short, for links and files.
        short: what they are, in two words.
        title: the same, in full.
        meaning: a sentence on why it matters.
        rows: (n,) int32; those of a group lie side by side.
        group: (n,) int64, the number of each row's group, from 1; None where there are no groups.
        leave_out: (k,) int32, the training rows that a list of this flag would leave out.
        notes: (n,) a few short lines on each row; None where there is nothing to say.
    """

    name: str
    short: str
    title: str
    meaning: str
    rows: np.ndarray
    group: np.ndarray | None
    leave_out: np.ndarray
    notes: tuple[tuple[str, ...], ...] | None = None


def find_flags(dataset: Dataset, copies: Copies, votes: Votes | None) -> list[Flag]:
    """Find everything to look at: copies, blank images and, with votes, what people saw otherwise."""
    train = dataset.splits["train"].rows if "train" in dataset.splits else np.empty(0, np.int32)
    found = [
        _groups(
            "leaks",
            "Across splits",
            "Copies across splits",
            "The same picture in two splits: a model is judged by what it has learned.",
            copies.cross_split,
            copies.train_in_others,
        ),
        _groups(
            "contradicting",
            "Two labels",
            "Copies with different labels",
            "The same picture under two labels: at least one of them is wrong.",
            copies.contradicting,
            _within(train, copies.contradicting),
        ),
        _groups(
            "copies",
            "Exact copies",
            "All exact copies",
            "The same picture more than once.",
            copies.groups,
            _repeated(train, copies),
        ),
        _rows("blank", "Blank", "Blank images", "Every pixel has the same gray.", copies.blank, train),
    ]
    if votes is not None:
        found += _voted(dataset, votes, train)
    return found


def count_agreement(dataset: Dataset, votes: Votes) -> np.ndarray:
    """Count labels against what most voters saw, over the rows that have such a majority: (7, 7) int64, rows are labels."""
    rows, labels = all_rows(dataset)
    majority = find_majority(votes.of(rows))
    known = majority >= 0
    cells = labels[known].astype(np.int64) * len(EMOTIONS) + majority[known]
    return np.bincount(cells, minlength=len(EMOTIONS) ** 2).reshape(len(EMOTIONS), -1).astype(np.int64)


def _voted(dataset: Dataset, votes: Votes, train: np.ndarray) -> list[Flag]:
    rows, labels = all_rows(dataset)
    counts = votes.of(rows)
    for_label = votes.for_labels(rows, labels)
    doubted = (for_label <= DOUBTED_VOTES) & (counts.sum(axis=1) > 0)
    undecided = (find_majority(counts) < 0) & ~find_no_face(counts)
    return [
        _rows("no_face", "No face", "No face, say all voters", "All votes are for no face.", rows[find_no_face(counts)], train),
        _rows(
            "doubted",
            "Doubted label",
            "Labels that hardly a voter chose",
            "At most one of the voters chose the label; votes for unknown and for no face count as votes against it.",
            rows[doubted],
            train,
        ),
        _rows(
            "undecided",
            "Undecided",
            "Images that people disagree on",
            "No emotion has the single largest count.",
            rows[undecided],
            train,
        ),
    ]


def _rows(name: str, short: str, title: str, meaning: str, rows: np.ndarray, train: np.ndarray) -> Flag:
    return Flag(name, short, title, meaning, rows, None, np.intersect1d(rows, train))


def _groups(name: str, short: str, title: str, meaning: str, groups: tuple[np.ndarray, ...], leave_out: np.ndarray) -> Flag:
    rows = np.concatenate(groups) if groups else np.empty(0, np.int32)
    number = np.repeat(np.arange(1, len(groups) + 1), [len(group) for group in groups])
    return Flag(name, short, title, meaning, rows, number, leave_out)


def _within(train: np.ndarray, groups: tuple[np.ndarray, ...]) -> np.ndarray:
    return np.intersect1d(np.concatenate(groups), train) if groups else np.empty(0, np.int32)


def _repeated(train: np.ndarray, copies: Copies) -> np.ndarray:
    """Give the training rows that repeat another training row, so that one of each group stays."""
    again = [group[np.isin(group, train)][1:] for group in copies.groups]
    return np.sort(np.concatenate(again)) if again else np.empty(0, np.int32)
