"""Predictions from elsewhere: a CSV of dataset rows and what somebody's model said of them."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from fer_core.dataset import Dataset
from fer_core.errors import DatasetError
from fer_core.labels import EMOTIONS

_COLUMNS = "row, and predicted or the seven emotions' probabilities; true may be there, too"
_REMEDY = f"Give the columns {_COLUMNS}."
_AFFIX = re.compile(r"^(?:p|prob|proba|probability|score|class|logit)[_ ]?")


@dataclass(frozen=True, eq=False)
class Predictions:
    """What somebody's model said of rows of a dataset.

    Attributes:
        source: the file.
        rows: (n,) int64 numbers in the dataset, in the file's order.
        predicted: (n,) int64 0..6.
        scores: (n, 7) float64 in label order, as given: probabilities, if all is well; None where only labels were given.
        true: (n,) int64 0..6, the labels that the file claims; None where it claims none.
    """

    source: str
    rows: np.ndarray
    predicted: np.ndarray
    scores: np.ndarray | None
    true: np.ndarray | None

    def __len__(self) -> int:
        return len(self.rows)


def read_predictions(path: str | Path, dataset: Dataset) -> Predictions:
    """Read a CSV with a header, columns in any order.

    Emotions are named or numbered 0..6 in FER2013's order, in ``predicted``, in ``true`` and as columns of probabilities, where
    ``p_angry`` or ``prob_0`` will do as well.

    Raises:
        DatasetError: the file cannot be read, a column is missing, or a value cannot be used; the message names the line.
    """
    path = Path(path).expanduser().absolute()
    table = _read_table(path)
    if "row" not in table:
        raise DatasetError(f"{path}: expected the column row, received {', '.join(map(str, table.columns))}. {_REMEDY}")
    rows = _read_numbers(table["row"], path, "a row's number")
    whole = (rows == np.floor(rows)) & (rows >= 0) & (rows < dataset.n + dataset.skipped)
    if not whole.all():
        bad = int(np.flatnonzero(~whole)[0])
        raise DatasetError(
            f"{path}:{bad + 2}: expected a row's number, 0 to {dataset.n + dataset.skipped - 1}, received "
            f"{table['row'].iloc[bad]}. Number rows from 0 in the order of the dataset's file."
        )
    scores = _read_scores(table, path)
    if scores is None and "predicted" not in table:
        raise DatasetError(
            f"{path}: expected predicted or seven probabilities, received {', '.join(map(str, table.columns))}. {_REMEDY}"
        )
    predicted = _read_emotions(table["predicted"], path) if scores is None else scores.argmax(axis=1).astype(np.int64)
    true = _read_emotions(table["true"], path) if "true" in table else None
    return Predictions(str(path), rows.astype(np.int64), predicted, scores, true)


def _read_table(path: Path) -> pd.DataFrame:
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, skipinitialspace=True, encoding="utf-8-sig")
    except OSError as error:
        raise DatasetError(f"{path}: expected a file of predictions, received none ({error.strerror}).") from None
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise DatasetError(f"{path}: expected a CSV, received something else ({str(error).strip()}). {_REMEDY}") from None
    table.columns = [str(name).strip().lower() for name in table.columns]
    twice = table.columns[table.columns.duplicated()]
    if len(twice):
        raise DatasetError(f"{path}: expected each column once, received {twice[0]} more than once. {_REMEDY}")
    if not isinstance(table.index, pd.RangeIndex):
        raise DatasetError(f"{path}: expected a value for each column, received rows with more values than columns. {_REMEDY}")
    if not len(table):
        raise DatasetError(f"{path}: expected predictions, received a header alone. {_REMEDY}")
    return table


def _read_scores(table: pd.DataFrame, path: Path) -> np.ndarray | None:
    """Read the seven columns in label order; None where there is none of them."""
    found: dict[int, str] = {}
    for name in table.columns:
        bare = _AFFIX.sub("", name)
        place = int(bare) if re.fullmatch("[0-6]", bare) else EMOTIONS.index(bare) if bare in EMOTIONS else None
        if place is not None:
            found.setdefault(place, name)
    if not found:
        return None
    missing = [emotion for place, emotion in enumerate(EMOTIONS) if place not in found]
    if missing:
        raise DatasetError(
            f"{path}: expected probabilities of all seven emotions, received none of {', '.join(missing)}. {_REMEDY}"
        )
    return np.column_stack([_read_numbers(table[found[place]], path, "a finite number") for place in range(len(EMOTIONS))])


def _read_numbers(column: "pd.Series[Any]", path: Path, wanted: str) -> np.ndarray:
    values: np.ndarray = pd.to_numeric(column, errors="coerce").to_numpy(np.float64)
    bad = np.flatnonzero(~np.isfinite(values))
    if len(bad):
        raise DatasetError(
            f"{path}:{bad[0] + 2}: {column.name}: expected {wanted}, received {column.iloc[bad[0]]!r}; {len(bad):,} such "
            "values. Take these rows out, or predict them again."
        )
    return values


def _read_emotions(column: "pd.Series[Any]", path: Path) -> np.ndarray:
    words = column.str.strip().str.lower()
    numbers = {name: place for place, emotion in enumerate(EMOTIONS) for name in (emotion, str(place), f"{place}.0")}
    places = words.map(numbers)
    bad = np.flatnonzero(places.isna().to_numpy())
    if len(bad):
        raise DatasetError(
            f"{path}:{bad[0] + 2}: {column.name}: expected one of {', '.join(EMOTIONS)}, or 0 to 6, received "
            f"{column.iloc[bad[0]]!r}. Name FER2013's seven emotions."
        )
    result: np.ndarray = places.to_numpy(np.int64)
    return result
