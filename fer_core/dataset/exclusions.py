"""Which rows a training leaves out: by rule, and by lists that people made and named."""

import json
import re
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from fer_core.dataset.copies import find_copies
from fer_core.dataset.split import Dataset
from fer_core.dataset.votes import Votes, find_no_face
from fer_core.errors import DatasetError
from fer_core.files import write_json
from fer_core.settings import load_settings

LEAVE_OUT = ("copies", "blank", "no_face")
"""Rules: training rows that copy a validation or test image; images of one gray; images whose voters all saw no face."""
_NAME = re.compile(r"[a-z0-9-]{1,40}")


def exclusions_dir() -> Path:
    """Where the lists are; it may not exist."""
    return load_settings().home / "exclusions"


def list_exclusions() -> list[str]:
    """Give the names of all lists."""
    return sorted(path.stem for path in exclusions_dir().glob("*.json"))


def save_exclusion(name: str, dataset: Dataset, rows: Sequence[int] | np.ndarray, *, note: str = "") -> Path:
    """Keep rows of a dataset as a named list, in place of one of the same name.

    Args:
        name: small letters, digits and hyphens.
        dataset: whose rows they are.
        rows: row numbers, in any order.
        note: why, for people.

    Raises:
        DatasetError: the name cannot be used, or the dataset has no such row.
    """
    path = _path(name)
    chosen = sorted({int(row) for row in rows})
    _check_rows(str(path), chosen, dataset)
    document = {
        "name": name,
        "note": note,
        "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "data_name": dataset.name,
        "data_digest": dataset.digest,
        "rows": chosen,
    }
    write_json(path, document)
    return path


def read_exclusion(name: str, dataset: Dataset) -> np.ndarray:
    """Read a list's rows (n,) int32, ascending.

    Raises:
        DatasetError: there is no such list, it is damaged, or it was made for another dataset.
    """
    path = _path(name)
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        rows, digest = [int(row) for row in document["rows"]], str(document["data_digest"])
    except FileNotFoundError:
        known = ", ".join(list_exclusions()) or "none yet"
        raise DatasetError(
            f"expected the name of an exclusion list ({known}), received {name!r}. Choose one of these."
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DatasetError(f"{path}: expected an exclusion list, received something else ({error!r}). Make it again.") from None
    if digest != dataset.digest:
        raise DatasetError(
            f"{path}: expected a list made for {dataset.name} ({dataset.digest[:12]}), received one for "
            f"{document.get('data_name') or 'another dataset'} ({digest[:12]}). Make one for this dataset."
        )
    _check_rows(str(path), rows, dataset)
    return np.unique(np.array(rows, np.int32))


def find_left_out(
    dataset: Dataset, rules: Sequence[str], votes: Votes | None = None, exclusion: str | None = None
) -> dict[str, np.ndarray]:
    """Find the training rows to leave out, by rule.

    Args:
        dataset: with a split train.
        rules: of ``LEAVE_OUT``.
        votes: needed by ``no_face``.
        exclusion: name of a list, or None.

    Returns:
        For each rule, and for ``list NAME``, its rows (n,) int32 ascending; a row may be under several.

    Raises:
        DatasetError: votes are needed and there are none, or the list cannot be used.
        ValueError: there is no such rule.
    """
    unknown = [rule for rule in rules if rule not in LEAVE_OUT]
    if unknown:
        raise ValueError(f"expected rules of {LEAVE_OUT}, received {unknown}")
    train = dataset.split("train")
    found: dict[str, np.ndarray] = {}
    if "copies" in rules or "blank" in rules:
        copies = find_copies(dataset)
        found |= {rule: rows for rule, rows in (("copies", copies.train_in_others), ("blank", copies.blank)) if rule in rules}
    if "no_face" in rules:
        if votes is None:
            raise DatasetError(
                "leave_out: no_face needs FER+'s votes, received none. Name them with --votes or FERPLUS_CSV, "
                "or set leave_out=copies,blank."
            )
        found["no_face"] = train.rows[find_no_face(votes.of(train.rows))]
    if exclusion:
        found[f"list {exclusion}"] = read_exclusion(exclusion, dataset)
    return {rule: rows[np.isin(rows, train.rows)] for rule, rows in found.items()}


def _path(name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise DatasetError(f"expected a list's name of small letters, digits and hyphens, up to 40; received {name!r}.")
    return exclusions_dir() / f"{name}.json"


def _check_rows(where: str, rows: Sequence[int], dataset: Dataset) -> None:
    known = np.concatenate([split.rows for split in dataset.splits.values()])
    unknown = np.setdiff1d(np.asarray(rows, np.int64), known)
    if len(unknown):
        raise DatasetError(
            f"{where}: expected rows of {dataset.name}, received {unknown[0]} and {len(unknown) - 1} more that it lacks. "
            "Make the list again."
        )
