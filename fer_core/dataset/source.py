"""Where a dataset comes from: a CSV, an image folder, or a zip of either."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from fer_core.dataset.archive import open_archive, read_member
from fer_core.dataset.csv_file import read_csv
from fer_core.dataset.csv_row import BYTE_ORDER_MARK, read_header
from fer_core.dataset.folder_names import describe_top, find_root
from fer_core.dataset.holdout import hold_out_validation
from fer_core.dataset.listing import fingerprint, list_files
from fer_core.dataset.pictures import read_pictures
from fer_core.dataset.table import Progress, Table
from fer_core.errors import DatasetError

_HEADER_BYTES = 4096
_ZIP = b"PK\3\4"


@dataclass(frozen=True)
class Source:
    """A dataset on disk that has not been read.

    Attributes:
        name: what a person calls it.
        identity: differs when the path or the content does.
        read: called with skip_bad_rows and a progress callback.
    """

    name: str
    identity: str
    read: Callable[[bool, Progress], Table]


def open_source(path: Path) -> Source:
    """Tell what kind of dataset lies at a path, reading as little as that takes.

    Raises:
        DatasetError: there is none.
        OSError: the path cannot be read.
    """
    if path.is_dir():
        return _open_folder(path)
    if not path.exists():
        raise DatasetError(f"{path}: expected a dataset, found nothing. Correct the path, or use 'sample' for drawn faces.")
    if not path.is_file():
        raise DatasetError(f"{path}: expected a file or a folder, received neither. Name a CSV, an image folder or a zip.")
    with path.open("rb") as stream:
        is_zip = stream.read(4) == _ZIP
    return _open_zip(path) if is_zip or zipfile.is_zipfile(path) else _open_csv(path)


def _open_csv(path: Path) -> Source:
    status = path.stat()

    def read(skip_bad_rows: bool, progress: Progress) -> Table:
        with path.open("rb", buffering=0) as stream:
            return read_csv(stream, str(path), status.st_size, skip_bad_rows=skip_bad_rows, progress=progress)

    return Source(path.stem, _identify(path), read)


def _open_folder(path: Path) -> Source:
    files = list_files(path)
    names = [name for name, *_ in files]
    root = find_root(names)
    if root is None:
        return _open_csv(path / _find_csv(names, str(path), lambda name: (path / name).open("rb")))
    pictures = [file for file in files if _is_below(file[0], root)]

    def read(skip_bad_rows: bool, progress: Progress) -> Table:
        folder = path / root
        return hold_out_validation(
            read_pictures(
                [name.removeprefix(root) for name, *_ in pictures],
                lambda name: (folder / name).read_bytes(),
                f"{folder}/",
                skip_bad_rows=skip_bad_rows,
                progress=progress,
            )
        )

    return Source(path.name, f"{path} {fingerprint(pictures)}", read)


def _open_zip(path: Path) -> Source:
    def read(skip_bad_rows: bool, progress: Progress) -> Table:
        with open_archive(path) as (archive, members):
            files = {member.filename: member for member in members}
            root = find_root(list(files))
            if root is None:
                name = _find_csv(list(files), str(path), lambda name: archive.open(files[name]))
                with archive.open(files[name]) as stream:
                    size = files[name].file_size
                    return read_csv(stream, f"{path}/{name}", size, skip_bad_rows=skip_bad_rows, progress=progress)
            return hold_out_validation(
                read_pictures(
                    [name.removeprefix(root) for name in files if _is_below(name, root)],
                    lambda name: read_member(archive, files[root + name]),
                    f"{path}/{root}",
                    skip_bad_rows=skip_bad_rows,
                    progress=progress,
                )
            )

    return Source(path.stem, _identify(path), read)


def _identify(path: Path) -> str:
    status = path.stat()
    return f"{path} {status.st_size} {status.st_mtime_ns} {status.st_ino}"


def _is_below(name: str, root: str) -> bool:
    """Whether a file lies in a folder of ``root``; what lies beside the splits' folders is none of the dataset's."""
    return name.startswith(root) and "/" in name.removeprefix(root)


def _find_csv(names: list[str], source: str, open_file: Callable[[str], IO[bytes]]) -> str:
    """Find the one CSV at the top or one folder deep; where there are several, the one that has FER2013's columns."""
    found = [name for name in names if name.lower().endswith(".csv") and name.count("/") <= 1]
    if len(found) > 1:
        found = [name for name in found if _has_columns(name, open_file)] or found
    if len(found) == 1:
        return found[0]
    if found:
        raise DatasetError(f"{source}: expected one CSV, received {', '.join(sorted(found)[:6])}. Name the one that is meant.")
    raise DatasetError(
        f"{source}: expected the folders train, validation and test (or train and test) or a FER2013 CSV, "
        f"received {describe_top(names)}. Name the folder that holds these."
    )


def _has_columns(name: str, open_file: Callable[[str], IO[bytes]]) -> bool:
    with open_file(name) as stream:
        line = stream.read(_HEADER_BYTES).removeprefix(BYTE_ORDER_MARK).partition(b"\n")[0]
    try:
        read_header(line.removesuffix(b"\r"), name)
    except DatasetError:
        return False
    return True
