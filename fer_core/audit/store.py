"""Where a dataset's long audit is kept, part by part: below FER_HOME/audits, by the dataset's digest."""

import json
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fer_core.files import replace_file, write_json
from fer_core.runs.lock import is_locked
from fer_core.settings import load_settings

VERSION = 1
"""Of what the parts hold; another one is made anew."""
LOCK_FILE = "lock"
STOP_FILE = "stop"
LOG_FILE = "log.txt"
_STATE_FILE = "state.json"


@dataclass(frozen=True)
class AuditState:
    """How far an audit is.

    Attributes:
        state: none, running, stopping, stopped, interrupted, failed or done.
        share: done, 0..1.
        sentence: what it does, or why it ended.
        left_s: estimated time to the end in seconds; None where unknown.
    """

    state: str
    share: float = 0.0
    sentence: str = ""
    left_s: float | None = None

    @property
    def is_active(self) -> bool:
        """Whether a process works on it."""
        return self.state in ("running", "stopping")


def audit_dir(digest: str) -> Path:
    """Name the folder of a dataset's audit; it may not exist."""
    return load_settings().home / "audits" / f"{digest[:24]}-{VERSION}"


def read_state(digest: str) -> AuditState:
    """Read how far a dataset's audit is; who died in it left it interrupted."""
    folder = audit_dir(digest)
    try:
        known = json.loads((folder / _STATE_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        known = {"state": "none"}
    known.pop("time_s", None)
    if is_locked(folder / LOCK_FILE):
        return AuditState(**{**known, "state": "stopping" if (folder / STOP_FILE).exists() else "running"})
    return AuditState(**{**known, "state": "interrupted" if known["state"] == "running" else known["state"]})


def write_state(digest: str, state: str, share: float, sentence: str, left_s: float | None = None) -> None:
    """Write how far a dataset's audit is."""
    document = {"state": state, "share": share, "sentence": sentence, "left_s": left_s, "time_s": time.time()}
    write_json(audit_dir(digest) / _STATE_FILE, document)


def finished_parts(digest: str) -> tuple[tuple[str, int], ...]:
    """Name the finished parts, with their modification times in ns."""
    return tuple((path.name, path.stat().st_mtime_ns) for path in sorted(audit_dir(digest).glob("*.npz")))


def read_part(digest: str, name: str) -> dict[str, np.ndarray] | None:
    """Read a finished part; None where it is not there, or cannot be read and so is to be made anew."""
    try:
        with (audit_dir(digest) / f"{name}.npz").open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            return {key: file[key] for key in file.files}
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile):
        return None


def write_part(digest: str, name: str, **arrays: np.ndarray) -> None:
    """Keep a finished part."""
    with replace_file(audit_dir(digest) / f"{name}.npz") as temporary:
        np.savez_compressed(temporary, **arrays)  # type: ignore[arg-type]
