"""FER+: what ten people saw in each image of FER2013 (Barsoum et al. 2016, arXiv:1608.01041; microsoft/FERPlus)."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from fer_core.dataset.split import Dataset
from fer_core.errors import DatasetError
from fer_core.labels import EMOTIONS, USAGES
from fer_core.settings import load_settings

VOTE_NAMES = (*EMOTIONS, "contempt", "unknown", "no face")
"""What a vote can be for: the seven emotions in label order, and three that FER2013 does not know."""
NO_FACE = VOTE_NAMES.index("no face")
_COLUMNS = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral", "contempt", "unknown", "NF")
_USAGE, _NAME = "Usage", "Image name"
_REMEDY = "Use fer2013new.csv of FER+ with the fer2013.csv that it was made for."
_NAMES_AS_PUBLISHED = "6215afa5820d2f17dc20f0465ada3dbefa38ef127ce083d6a615402e9643f89b"
"""SHA-256 of all names of the published file, one a line."""
_CHECKED_FROM = 200
_LEAST_AGREEMENT = 0.4
"""FER2013's labels agree with the crowd's majority for 65 %; shifted by one row, for about 20 %."""


@dataclass(frozen=True, eq=False)
class Votes:
    """The votes on every row of a dataset.

    Attributes:
        source: the file.
        digest: hex SHA-256 of ``counts``.
        counts: (rows, 10) uint8 by row number, in the order of ``VOTE_NAMES``.
    """

    source: str
    digest: str
    counts: np.ndarray

    def of(self, rows: np.ndarray) -> np.ndarray:
        """Give the counts (n, 10) of rows (n,)."""
        return np.asarray(self.counts[rows])

    def for_labels(self, rows: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Count who voted for each row's label: (n,) uint8 of rows (n,) and their labels (n,)."""
        return np.asarray(self.counts[rows, labels.astype(np.int64)])


def find_votes(votes: str | None) -> str | None:
    """Tell which file of votes is meant: what was asked for, else FERPLUS_CSV, else none."""
    configured = load_settings().ferplus_csv
    return votes or (str(configured) if configured else None)


def read_votes(path: str | Path, dataset: Dataset) -> Votes:
    """Read FER+'s file, whose lines are the dataset's rows in order.

    Args:
        path: a CSV with the columns Usage, Image name and one for each kind of vote, in any order.
        dataset: as read from fer2013.csv.

    Raises:
        DatasetError: the file cannot be read, or its lines are not the dataset's rows.
    """
    path = Path(path).expanduser().absolute()
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            counts, usages = _read_lines(csv.reader(file), str(path))
    except OSError as error:
        raise DatasetError(f"{path}: expected FER+'s votes, received none ({error.strerror}). {_REMEDY}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(f"{path}: expected FER+'s votes, received no CSV ({error}). {_REMEDY}") from None
    _check_rows(path, usages, dataset)
    votes = Votes(str(path), sha256(counts.tobytes()).hexdigest(), counts)
    _check_agreement(votes, dataset)
    return votes


def share_votes(counts: np.ndarray) -> np.ndarray:
    """Give each emotion's share of the votes for the seven emotions.

    Args:
        counts: (n, 10).

    Returns:
        (n, 7) float32, rows sum to 1, or to 0 where no vote is for one of the seven.
    """
    seven = counts[:, : len(EMOTIONS)].astype(np.float32)
    shares: np.ndarray = seven / np.maximum(seven.sum(axis=1, keepdims=True), 1)
    return shares


def find_majority(counts: np.ndarray) -> np.ndarray:
    """Give the emotion (n,) int64 that has the single largest count; -1 where none of the seven has it.

    Args:
        counts: (n, 10).
    """
    winner = counts.argmax(axis=1).astype(np.int64)
    single = (counts == counts.max(axis=1, keepdims=True)).sum(axis=1) == 1
    return np.where(single & (winner < len(EMOTIONS)), winner, -1)


def find_no_face(counts: np.ndarray) -> np.ndarray:
    """Say (n,) bool where every vote is for no face."""
    return np.asarray((counts[:, NO_FACE] > 0) & (counts[:, NO_FACE] == counts.sum(axis=1)))


def _read_lines(lines: Iterable[Sequence[str]], path: str) -> tuple[np.ndarray, list[str]]:
    """Read the counts (n, 10) uint8 and each line's split."""
    reader = iter(lines)
    header = [name.strip() for name in next(reader, [])]
    missing = [name for name in (_USAGE, _NAME, *_COLUMNS) if name not in header]
    if missing:
        raise DatasetError(f"{path}:1: expected the columns {', '.join(missing)}, received {', '.join(header)}. {_REMEDY}")
    places = [header.index(name) for name in _COLUMNS]
    usage, name = header.index(_USAGE), header.index(_NAME)
    counts: list[list[int]] = []
    splits: list[str] = []
    names: list[str] = []
    for row, fields in enumerate(reader):
        where = f"{path}:{row + 2}"
        if len(fields) != len(header):
            raise DatasetError(f"{where}: expected {len(header)} values, received {len(fields)}. {_REMEDY}")
        counts.append(_read_counts([fields[place] for place in places], where))
        splits.append(_read_usage(fields[usage], where))
        names.append(fields[name].strip())
    _check_names(names, path)
    return np.array(counts, np.uint8).reshape(-1, len(_COLUMNS)), splits


def _read_counts(fields: Sequence[str], where: str) -> list[int]:
    if not all(field.strip().isascii() and field.strip().isdigit() and int(field) <= 255 for field in fields):
        raise DatasetError(f"{where}: expected counts of votes, received {', '.join(fields)}. {_REMEDY}")
    return [int(field) for field in fields]


def _read_usage(field: str, where: str) -> str:
    split = USAGES.get(field.strip())
    if split is None:
        raise DatasetError(f"{where}: expected a Usage of {', '.join(USAGES)}, received {field!r}. {_REMEDY}")
    return split


def _check_names(names: Sequence[str], path: str) -> None:
    """See that each name there is, is its row's; but the file that FER+ gives out has a numbering of its own."""
    if sha256("\n".join(names).encode()).hexdigest() == _NAMES_AS_PUBLISHED:
        return
    for row, name in enumerate(names):
        if name not in ("", f"fer{row:07}.png"):
            raise DatasetError(
                f"{path}:{row + 2}: expected the votes on row {row} (fer{row:07}.png), received those on {name}. {_REMEDY}"
            )


def _check_rows(path: Path, usages: list[str], dataset: Dataset) -> None:
    expected = dataset.n + dataset.skipped
    if len(usages) != expected:
        raise DatasetError(
            f"{path}: expected votes on {expected:,} rows of {dataset.name}, received {len(usages):,}. {_REMEDY}"
        )
    given = np.array(usages)
    for name, split in dataset.splits.items():
        wrong = split.rows[given[split.rows] != name]
        if len(wrong):
            raise DatasetError(
                f"{path}:{wrong[0] + 2}: expected row {wrong[0]} of {dataset.name}, which is of {name}, received votes on one "
                f"of {given[wrong[0]]}; {len(wrong):,} such rows. {_REMEDY}"
            )


def _check_agreement(votes: Votes, dataset: Dataset) -> None:
    """See that people mostly saw what the labels say: a file in another order has the right Usage all the same."""
    rows = np.concatenate([split.rows for split in dataset.splits.values()])
    labels = np.concatenate([split.labels for split in dataset.splits.values()])
    majority = find_majority(votes.of(rows))
    known = majority >= 0
    agreement = float((majority == labels)[known].mean()) if known.any() else 0.0
    if known.sum() >= _CHECKED_FROM and agreement < _LEAST_AGREEMENT:
        raise DatasetError(
            f"{votes.source}: expected the crowd to agree with about 65 % of the labels of {dataset.name}, received "
            f"{agreement:.0%}: these are votes on other rows. {_REMEDY}"
        )
