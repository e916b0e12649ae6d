"""The files below a folder, and what tells that they changed."""

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from fer_core.dataset.folder_names import is_hidden

_DEPTH = 5


class File(NamedTuple):
    """A file below a listed folder: its POSIX path relative to it, and what changes when it is written."""

    path: str
    size: int
    mtime_ns: int
    inode: int


def list_files(folder: Path) -> list[File]:
    """List the files that are not hidden, at most five levels deep, sorted by path."""
    return sorted(_walk(folder, "", _DEPTH))


def fingerprint(files: list[File]) -> str:
    """Digest a listing, in hexadecimal."""
    return sha256(repr([tuple(file) for file in files]).encode("utf-8", "surrogateescape")).hexdigest()


def _walk(folder: str | Path, prefix: str, depth: int) -> Iterator[File]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if is_hidden(entry.name):
                continue
            if entry.is_dir():
                if depth > 1:
                    yield from _walk(entry.path, f"{prefix}{entry.name}/", depth - 1)
            elif entry.is_file():
                status = entry.stat()
                yield File(prefix + entry.name, status.st_size, status.st_mtime_ns, status.st_ino)
