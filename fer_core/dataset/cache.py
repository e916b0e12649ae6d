"""Datasets that were read once, kept on disk to be memory-mapped.

An entry is a folder that appears whole, by a rename, or not at all. Only the newest few are kept.
"""

import json
import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from fer_core.dataset.split import Dataset, Split
from fer_core.labels import IMAGE_SIZE, SPLITS

KEPT = 4
"""How many datasets stay on disk."""
_FORMAT = 1
_WRITING = ".writing-"
_ABANDONED_S = 3600.0


@dataclass(frozen=True)
class Cache:
    """A folder of datasets that were read."""

    folder: Path

    def load(self, identity: str, source: str) -> Dataset | None:
        """Memory-map what was stored under an identity; None where nothing whole was.

        Args:
            identity: differs when the source's path or content does.
            source: becomes the dataset's source.
        """
        entry = self._entry(identity)
        try:
            stored = json.loads((entry / "dataset.json").read_bytes())
            splits = {name: _load_split(entry, name, stored["splits"][name]) for name in SPLITS if name in stored["splits"]}
            os.utime(entry)
        except (OSError, ValueError, EOFError, KeyError, TypeError):
            return None
        described = {key: stored[key] for key in ("name", "digest", "skipped", "converted")}
        return Dataset(source=source, splits=splits, notes=tuple(stored["notes"]), **described)

    def store(self, identity: str, dataset: Dataset) -> None:
        """Write a dataset, then drop the oldest ones.

        Raises:
            OSError: the folder cannot be written.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=_WRITING, dir=self.folder))
        try:
            for split in dataset.splits.values():
                for part in ("images", "labels", "rows"):
                    np.save(temporary / f"{split.name}-{part}.npy", getattr(split, part))
            (temporary / "dataset.json").write_text(json.dumps(_describe(dataset)), encoding="utf-8")
            entry = self._entry(identity)
            shutil.rmtree(entry, ignore_errors=True)
            try:
                os.rename(temporary, entry)
            except OSError:
                if not entry.is_dir():
                    raise
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        self._drop_old()

    def _entry(self, identity: str) -> Path:
        return self.folder / sha256(f"{_FORMAT} {identity}".encode("utf-8", "surrogateescape")).hexdigest()[:32]

    def _drop_old(self) -> None:
        ages = {}
        with os.scandir(self.folder) as entries:
            for entry in entries:
                try:
                    ages[entry.path] = time.time() - entry.stat().st_mtime
                except FileNotFoundError:
                    continue
        abandoned = [path for path, age in ages.items() if _WRITING in path and age > _ABANDONED_S]
        whole = sorted((path for path in ages if _WRITING not in path), key=ages.__getitem__)
        for path in abandoned + whole[KEPT:]:
            shutil.rmtree(path, ignore_errors=True)


def _describe(dataset: Dataset) -> dict[str, Any]:
    return {
        "name": dataset.name,
        "digest": dataset.digest,
        "skipped": dataset.skipped,
        "converted": dataset.converted,
        "notes": dataset.notes,
        "splits": {split.name: split.digest for split in dataset.splits.values()},
    }


def _load_split(entry: Path, name: str, digest: str) -> Split:
    images = np.load(entry / f"{name}-images.npy", mmap_mode="r")
    labels, rows = (np.load(entry / f"{name}-{part}.npy") for part in ("labels", "rows"))
    if images.shape != (len(labels), IMAGE_SIZE, IMAGE_SIZE) or len(rows) != len(labels):
        raise ValueError(f"{entry}: arrays of different lengths")
    labels.setflags(write=False)
    rows.setflags(write=False)
    return Split(name, images, labels, rows, digest)
