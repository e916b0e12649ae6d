"""Labelled photographs of any size: a folder for each emotion, below a folder for each split or by themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fer_core.dataset.folder_names import (
    EMOTION_FOLDERS,
    describe_top,
    find_emotion_root,
    find_root,
    read_emotion_path,
    read_path,
)
from fer_core.dataset.listing import list_files
from fer_core.dataset.split import SAMPLE
from fer_core.errors import DatasetError
from fer_core.labels import EMOTIONS, SPLITS

ALL = "all"
"""The split of photographs that lie in no split's folder."""
_WANTED = "expected a folder with photographs in a folder for each emotion"
_ZIP = b"PK\3\4"


@dataclass(frozen=True, eq=False)
class Photos:
    """Where the photographs of one split are, and what they are labelled.

    Attributes:
        name: what a person calls the dataset.
        folder: what the paths are relative to.
        split: train, validation or test; "all" where there are no splits' folders.
        paths: (n) POSIX paths of files, sorted.
        labels: (n,) uint8 0..6.
        left_out: files left out because their folder is no emotion's (0 unless asked for).
    """

    name: str
    folder: Path
    split: str
    paths: tuple[str, ...]
    labels: np.ndarray
    left_out: int = 0

    def __len__(self) -> int:
        return len(self.paths)


def list_photos(source: str | Path, split: str | None = None, *, skip_bad_rows: bool = False) -> Photos:
    """List the labelled photographs in a folder; no file is opened, so some may turn out to be none.

    Args:
        source: a folder with ``emotion/file``, or ``split/emotion/file``, in it or in its one folder; files beside these are
            none of the dataset's. A file name like ``PublicTest_7.jpg`` decides the split.
        split: which one, where there are splits' folders; no validation split is held out of train here.
        skip_bad_rows: leave out what lies in other folders and count it, instead of raising.

    Raises:
        DatasetError: there is no such folder, it holds no such folders, a folder's name is unknown, or the split is not there.
    """
    folder = Path(source).expanduser().absolute()
    names = _list_names(str(source), folder)
    root = find_root(names)
    has_splits = root is not None
    root = find_emotion_root(names) if root is None else root
    if root is None:
        raise _refuse(folder, names)
    if not has_splits and split is not None:
        raise DatasetError(f"{folder}: expected the folder {split}, received emotions without splits. Leave the split out.")
    inside = [name.removeprefix(root) for name in names if name.startswith(root) and "/" in name.removeprefix(root)]
    read = _read_with_split if has_splits else _read_without_split
    placed, left_out = _place(inside, read, f"{folder / root}/", skip_bad_rows)
    chosen = _choose(folder, {place for _, place, _ in placed}, split) if has_splits else ALL
    kept = [(path, label) for path, place, label in placed if place == chosen]
    paths, labels = tuple(path for path, _ in kept), np.array([label for _, label in kept], np.uint8)
    return Photos(folder.name, folder / root, chosen, paths, labels, left_out)


def _list_names(source: str, folder: Path) -> list[str]:
    if source == SAMPLE:
        raise DatasetError(f"{_WANTED}, received the drawn sample. Leave --detect out: its images are faces already.")
    if folder.is_file():
        with folder.open("rb") as stream:
            is_zip = stream.read(4) == _ZIP
        remedy = "Unpack it" if is_zip else "Leave --detect out if its images are 48 x 48 pixels: they are faces already"
        raise DatasetError(f"{folder}: {_WANTED}, received a file. {remedy}.")
    if not folder.is_dir():
        raise DatasetError(f"{folder}: {_WANTED}, found nothing. Correct the path.")
    return [name for name, *_ in list_files(folder)]


def _refuse(folder: Path, names: list[str]) -> DatasetError:
    received = describe_top(names, EMOTION_FOLDERS, EMOTIONS)
    if any(name.lower().endswith(".csv") for name in names):
        received += " but a CSV"
        remedy = "Leave --detect out if its images are 48 x 48 pixels: they are faces already"
    else:
        remedy = "Rename the folders, or name the folder that holds these"
    return DatasetError(f"{folder}: {_WANTED} ({', '.join(EMOTIONS)}), received {received}. {remedy}.")


def _read_with_split(path: str) -> tuple[str, int]:
    place = read_path(path)
    return SPLITS[place.split], place.label


def _read_without_split(path: str) -> tuple[str, int]:
    return ALL, read_emotion_path(path)


def _place(
    paths: list[str], read: Callable[[str], tuple[str, int]], folder: str, skip: bool
) -> tuple[list[tuple[str, str, int]], int]:
    """Give path, split and label of each file, and how many were left out."""
    placed = []
    for path in sorted(paths):
        try:
            placed.append((path, *read(path)))
        except ValueError as error:
            if not skip:
                remedy = "Rename or move it, or run with --skip-bad-rows to leave it out."
                raise DatasetError(f"{folder}{path}: {error}. {remedy}") from None
    return placed, len(paths) - len(placed)


def _choose(folder: Path, present: set[str], split: str | None) -> str:
    if split in present:
        return split
    listed = ", ".join(name for name in SPLITS if name in present) or "none"
    received = "none was named" if split is None else f"received {split!r}"
    raise DatasetError(f"{folder}: expected one of the splits {listed}, {received}. Choose one with --split.")
