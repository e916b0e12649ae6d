"""A zip, checked before anything is unpacked; nothing of it is ever written to disk."""

import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from fer_core.dataset.folder_names import is_hidden
from fer_core.errors import DatasetError

MOST_BYTES = 1 << 30
"""How much a zip may hold, unpacked: 1 GiB."""


@contextmanager
def open_archive(path: Path) -> Iterator[tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]]:
    """Open a zip and list its files, those of the operating system left out.

    Raises:
        DatasetError: it is damaged or encrypted, unpacks outside its folder or to more than 1 GiB.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive, _check(archive.infolist(), path)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, lzma.LZMAError) as error:
        raise DatasetError(
            f"{path}: expected a zip that can be unpacked, received a damaged one ({error}). Pack it anew."
        ) from error


def _check(members: list[zipfile.ZipInfo], path: Path) -> list[zipfile.ZipInfo]:
    for member in members:
        if _leaves_folder(member.filename):
            raise DatasetError(
                f"{path}: expected files inside the zip's own folder, received {member.filename!r}, outside of it. "
                "Do not use this zip."
            )
        if member.flag_bits & 1:
            raise DatasetError(f"{path}: expected a zip without a password, received an encrypted one. Unpack it yourself.")
    total = sum(member.file_size for member in members)
    if total > MOST_BYTES:
        raise DatasetError(
            f"{path}: expected at most {MOST_BYTES:,} bytes (1 GiB) unpacked, received {total:,}. "
            "Unpack it yourself and name the folder, if you trust it."
        )
    return [member for member in members if not member.is_dir() and not is_hidden(member.filename)]


def _leaves_folder(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return name.startswith(("/", "\\")) or ".." in parts or (bool(parts) and parts[0][1:2] == ":")


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Unpack one file, and never more of it than its entry says it holds."""
    with archive.open(member) as stream:
        return stream.read(member.file_size)
