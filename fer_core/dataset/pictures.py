"""A folder, or a zip, with one folder a split and in it one folder an emotion."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from fer_core.dataset.csv_file import WORKERS
from fer_core.dataset.folder_names import Place, read_path
from fer_core.dataset.picture import read_picture
from fer_core.dataset.table import Progress, Table, join_images
from fer_core.errors import DatasetError

_TOGETHER = 256
_NOTE = (
    "File names that begin with Training_, PublicTest_ or PrivateTest_ decide the split (here against the folder: {:,} images)."
)


class _Face(NamedTuple):
    place: Place
    image: np.ndarray
    converted: bool


def read_pictures(
    paths: list[str], read: Callable[[str], bytes], name: str, *, skip_bad_rows: bool, progress: Progress
) -> Table:
    """Read all pictures, in the order of their paths.

    Args:
        paths: POSIX paths like ``train/happy/7.png``.
        read: returns a file's bytes; called from several threads.
        name: what errors put before a path.
        skip_bad_rows: count the files that cannot be used instead of raising at the first.
        progress: told about the share read.

    Raises:
        DatasetError: naming the file or folder.
    """
    paths = sorted(paths)
    faces: list[_Face] = []
    rows: list[int] = []
    for row, result in enumerate(_read_all(paths, read, progress)):
        if not isinstance(result, ValueError):
            faces.append(result)
            rows.append(row)
        elif not skip_bad_rows:
            raise DatasetError(f"{name}{paths[row]}: {result}. Correct it, or run with --skip-bad-rows to leave it out.")
    if not faces:
        raise DatasetError(f"{name}: expected pictures, received none that can be used ({len(paths)} left out).")
    overruled = sum(face.place.overruled for face in faces)
    return Table(
        images=join_images([face.image for face in faces]),
        labels=np.array([face.place.label for face in faces], np.uint8),
        splits=np.array([face.place.split for face in faces], np.uint8),
        rows=np.array(rows, np.int32),
        skipped=len(paths) - len(faces),
        converted=sum(face.converted for face in faces),
        notes=(_NOTE.format(overruled),) if overruled else (),
    )


def _read_all(paths: list[str], read: Callable[[str], bytes], progress: Progress) -> Iterator[_Face | ValueError]:
    def read_one(path: str) -> _Face | ValueError:
        try:
            return _Face(read_path(path), *read_picture(read(path)))
        except ValueError as error:
            return error

    with ThreadPoolExecutor(WORKERS) as pool:
        for start in range(0, len(paths), _TOGETHER):
            yield from pool.map(read_one, paths[start : start + _TOGETHER])
            done = min(start + _TOGETHER, len(paths))
            progress(done / len(paths), f"Reading pictures: {done:,} of {len(paths):,}")
