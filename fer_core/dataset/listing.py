"""The files below a folder, and what tells that they changed."""

import os
from hashlib import sha256
from pathlib import Path

import numpy as np

from fer_core.dataset.folder_names import is_hidden

File = tuple[str, int, int, int]
"""A file's POSIX path relative to the listed folder, its size, mtime_ns and inode."""
_DEPTH = 5


def list_files(folder: Path) -> list[File]:
    """List the files that are not hidden, at most five levels deep, sorted by path."""
    files: list[File] = []
    _collect(str(folder), "", _DEPTH, files)
    return sorted(files)


def fingerprint(files: list[File]) -> str:
    """Digest a listing, in hexadecimal."""
    names = "\0".join(file[0] for file in files).encode("utf-8", "surrogateescape")
    return sha256(np.array([file[1:] for file in files], np.uint64).tobytes() + names).hexdigest()


def _collect(folder: str, prefix: str, depth: int, files: list[File]) -> None:
    with os.scandir(folder) as entries:
        for entry in entries:
            if is_hidden(entry.name):
                continue
            if entry.is_file():
                status = entry.stat()
                files.append((prefix + entry.name, status.st_size, status.st_mtime_ns, status.st_ino))
            elif depth > 1 and entry.is_dir():
                _collect(entry.path, f"{prefix}{entry.name}/", depth - 1, files)
