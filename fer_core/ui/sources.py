"""The datasets a person may choose: the drawn sample, the configured one, uploads, and server paths an owner opened.

Links and inputs name them by a short id, never by a path.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import streamlit as st

from fer_core.dataset import SAMPLE
from fer_core.errors import DatasetError
from fer_core.settings import Settings, load_settings

CONFIGURED = "fer2013"
"""Id of the dataset that FER2013_CSV names."""
RECORD = "record.json"
LEFT_OUT = "leave_bad_rows_out"
"""Session key: ids of the datasets whose bad rows this person chose to leave out."""
_ID = re.compile(r"[a-z0-9]{1,24}-[0-9a-f]{12}")


@dataclass(frozen=True)
class DataSource:
    """One dataset that may be chosen.

    Attributes:
        id: what links carry.
        title: what a person calls it.
        path: ``sample``, or where it lies on this machine; never shown to a viewer.
        kind: where it comes from.
        skip_bad_rows: whether rows that cannot be used are left out.
    """

    id: str
    title: str
    path: str
    kind: Literal["sample", "configured", "upload", "server"]
    skip_bad_rows: bool = False


SAMPLE_SOURCE = DataSource(SAMPLE, "Drawn sample", SAMPLE, "sample")
"""Always there."""


def uploads_dir(settings: Settings | None = None) -> Path:
    """Return the folder of uploads and of records of opened server paths."""
    return (settings or load_settings()).home / "uploads"


def list_sources() -> list[DataSource]:
    """List what may be chosen; the default one first."""
    settings = load_settings()
    left_out = st.session_state.get(LEFT_OUT, frozenset())
    sources = [SAMPLE_SOURCE]
    if settings.fer2013_csv:
        sources.insert(0, DataSource(CONFIGURED, "FER2013", str(settings.fer2013_csv), "configured", CONFIGURED in left_out))
    records = sorted(uploads_dir(settings).glob(f"*/{RECORD}"), key=lambda path: path.parent.name)
    return sources + [source for path in records if (source := _read_record(path, settings, left_out))]


def find_source(source_id: str) -> DataSource:
    """Find a dataset by its id.

    Raises:
        DatasetError: there is none of this id.
    """
    sources = {source.id: source for source in list_sources()}
    if source_id not in sources:
        raise DatasetError(f"expected one of the datasets {', '.join(sources)}, received {source_id!r}. Choose one of these.")
    return sources[source_id]


def make_id(name: str, digest: str) -> str:
    """Make an id that a person recognises and a link can carry.

    Args:
        name: a file's name.
        digest: hex, at least 12 long.
    """
    words = re.sub(r"[^a-z0-9]", "", Path(name).stem.lower())[:24]
    return f"{words or 'data'}-{digest[:12]}"


def is_below(path: Path, folders: tuple[Path, ...]) -> bool:
    """Tell whether a path, its links followed, lies in one of the folders."""
    resolved = path.resolve()
    return any(resolved.is_relative_to(folder.resolve()) for folder in folders)


def _read_record(path: Path, settings: Settings, left_out: frozenset[str]) -> DataSource | None:
    """Read a record; None where it is not whole, or points where an owner may no longer look."""
    try:
        record = json.loads(path.read_bytes())
        source_id, title, skip = path.parent.name, str(record["title"]), bool(record["skip_bad_rows"])
        server = record.get("path")
        target = Path(server) if server else path.parent / Path(record["file"]).name
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    if not _ID.fullmatch(source_id) or (server and not is_below(target, settings.data_dirs)):
        return None
    return DataSource(source_id, title, str(target), "server" if server else "upload", skip or source_id in left_out)
