"""Datasets that a person brings: files are copied below FER_HOME/uploads, server paths are recorded there.

A folder of uploads counts once its record is written, which is the last step.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import IO

from fer_core import audit
from fer_core.audit import Finding
from fer_core.dataset import Dataset
from fer_core.errors import DatasetError, NotAllowedError
from fer_core.files import write_json
from fer_core.settings import load_settings
from fer_core.ui import load
from fer_core.ui.sources import RECORD, DataSource, find_source, is_below, make_id, uploads_dir

Report = Callable[[float, str], None]
UPLOAD_BYTES = 500 << 20
"""Largest file taken; .streamlit/config.toml lets as much through."""
STORED_BYTES = 4 << 30
"""Largest sum of all uploads kept."""
_BLOCK = 4 << 20
_COPYING = 0.3
_INCOMING = ".incoming-"
_ABANDONED_S = 3600.0


def keep_upload(file: IO[bytes], name: str, *, skip_bad_rows: bool, progress: Report | None = None) -> DataSource:
    """Copy a CSV or zip, read it as a dataset, and keep it if it is one.

    Args:
        file: at its beginning or not; read in blocks.
        name: the file's name as the person knows it; only its letters are used.
        skip_bad_rows: leave out rows or files that cannot be used.
        progress: called with the share done and a short sentence.

    Raises:
        DatasetError: it is too large, or not a dataset.
    """
    progress = progress or _ignore
    folder = uploads_dir()
    folder.mkdir(parents=True, exist_ok=True)
    _drop_abandoned(folder)
    with tempfile.TemporaryDirectory(dir=folder, prefix=_INCOMING) as incoming:
        copy = Path(incoming) / "data"
        digest, is_zip = _copy(file, copy, room=STORED_BYTES - _stored_bytes(folder), progress=progress)
        target = folder / make_id(name, digest) / ("data.zip" if is_zip else "data.csv")
        is_new = not (target.parent / RECORD).exists()
        target.parent.mkdir(exist_ok=True)
        if not target.exists():
            os.replace(copy, target)
    source = DataSource(target.parent.name, _title(name), str(target), "upload", skip_bad_rows)
    try:
        load.read_dataset(source, lambda share, what: progress(_COPYING + (1 - _COPYING) * share, what))
        write_json(target.parent / RECORD, {"title": source.title, "file": target.name, "skip_bad_rows": skip_bad_rows})
    except BaseException as error:
        if is_new:
            shutil.rmtree(target.parent, ignore_errors=True)
        if isinstance(error, DatasetError):
            raise DatasetError(str(error).replace(str(target), source.title)) from None
        raise
    return source


def keep_path(text: str, *, skip_bad_rows: bool, progress: Report | None = None) -> DataSource:
    """Record a dataset that lies on this machine, below one of FER_DATA_DIRS.

    Raises:
        NotAllowedError: it lies elsewhere; whether there is something is not told.
        DatasetError: there is no dataset.
    """
    settings = load_settings()
    if "\0" in text or not text.strip():
        raise DatasetError("expected the path of a CSV, an image folder or a zip, received none. Type one.")
    path = Path(text.strip()).expanduser().absolute()
    if not is_below(path, settings.data_dirs):
        allowed = ", ".join(str(folder) for folder in settings.data_dirs) or "nothing, as FER_DATA_DIRS is not set"
        raise NotAllowedError(f"{text}: expected a path below FER_DATA_DIRS ({allowed}). Move it there, or set FER_DATA_DIRS.")
    resolved = path.resolve()
    source_id = make_id(resolved.name, sha256(f"path:{resolved}".encode("utf-8", "surrogateescape")).hexdigest())
    load.read_dataset(DataSource(source_id, resolved.name, str(resolved), "server", skip_bad_rows), progress or _ignore)
    record = {"title": resolved.name, "path": str(resolved), "skip_bad_rows": skip_bad_rows}
    write_json(uploads_dir(settings) / source_id / RECORD, record)
    return find_source(source_id)


def check_predictions(
    file: IO[bytes], name: str, data: Dataset, *, claimed_split: str, claimed_accuracy: float | None
) -> list[Finding]:
    """Check a file of predictions, and forget it.

    Raises:
        DatasetError: the file or the dataset cannot be used; the message calls the file by its own name.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "predictions.csv"
        file.seek(0)
        path.write_bytes(file.read())
        try:
            return audit.check_predictions(path, data, claimed_split=claimed_split, claimed_accuracy=claimed_accuracy)
        except DatasetError as error:
            raise DatasetError(str(error).replace(str(path), _title(name))) from None


def _copy(file: IO[bytes], copy: Path, *, room: int, progress: Report) -> tuple[str, bool]:
    """Copy in blocks; give the content's digest and whether it is a zip."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size > UPLOAD_BYTES:
        raise DatasetError(
            f"expected a file of at most {UPLOAD_BYTES >> 20} MB, received {size >> 20} MB. "
            "Put it on the server and set FER2013_CSV to its path."
        )
    if size > room:
        raise DatasetError(
            f"expected all uploads together to stay below {STORED_BYTES >> 30} GB, and this one goes beyond. "
            "Remove an upload that is no longer needed."
        )
    digest, done, beginning = sha256(), 0, b""
    with copy.open("wb") as target:
        while block := file.read(_BLOCK):
            beginning = beginning or block[:4]
            digest.update(block)
            target.write(block)
            done += len(block)
            progress(_COPYING * done / size, f"Copied {done >> 20} of {size >> 20} MB")
    return digest.hexdigest(), beginning.startswith(b"PK")


def _stored_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("*/data.*"))


def _drop_abandoned(folder: Path) -> None:
    """Delete what a kill left: copies that were never finished, folders that never got their record."""
    for entry in folder.iterdir():
        with suppress(OSError):
            if not (entry / RECORD).exists() and time.time() - entry.stat().st_mtime > _ABANDONED_S:
                shutil.rmtree(entry, ignore_errors=True)


def _title(name: str) -> str:
    """A name to show: no folder, nothing that Markdown reads, bounded."""
    plain = "".join(character for character in Path(name).name if character.isalnum() or character in " .-_")
    return plain.strip()[:60] or "upload"


def _ignore(share: float, what: str) -> None:
    """Report to nobody."""
