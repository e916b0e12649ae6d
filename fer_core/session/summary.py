"""What a session comes down to, computed from the exported table alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from fer_core.labels import EMOTIONS
from fer_core.session.content import read_marks

GAP_S = 1.0
"""Frames further apart than this have a gap between them, as after a pause; a gap belongs to no face."""


@dataclass(frozen=True)
class Change:
    """A face began to show another emotion."""

    time_s: float
    before: str
    after: str


@dataclass(frozen=True)
class FaceSummary:
    """One face over the whole session."""

    face_id: int
    first_s: float
    last_s: float
    in_view_s: float
    """Each row counts until the next analysed frame."""
    shares: dict[str, float]
    """Of the time in view, by emotion in FER2013's order: while it was shown and not called unsure."""
    unsure: float
    """The rest of the time in view, 0..1."""
    changes: tuple[Change, ...]
    """From one emotion that was not called unsure to the next, whatever was unsure in between."""
    confidence: float
    """Mean over the time in view."""
    quality: float
    """Mean over the time in view."""


@dataclass(frozen=True)
class Summary:
    """A whole session."""

    faces: tuple[FaceSummary, ...]
    """The longest in view first."""
    marks: tuple[tuple[float, str], ...]
    """(time_s, text), in order of time."""


def summarise(table: Mapping[str, Any] | pd.DataFrame) -> Summary:
    """Summarise an exported session.

    Args:
        table: the columns of ``export.COLUMNS`` as a DataFrame or arrays of equal length, in order of time.

    Returns:
        Every face and mark; none for a table without rows.

    Raises:
        ValueError: an emotion is none of the seven.
    """
    columns = {name: np.asarray(table[name]) for name in ("time_s", "face_id", "unsure", "confidence", "quality")}
    columns["label"] = pd.Index(EMOTIONS).get_indexer(pd.Index(table["emotion"]))
    if (columns["label"] < 0).any():
        raise ValueError(f"emotion: expected {', '.join(EMOTIONS)}, received others. Export the session again.")
    columns["weight_s"] = time_of_rows(columns["time_s"], np.asarray(table["frame"]))
    order = np.argsort(columns["face_id"], kind="stable")
    columns = {name: values[order] for name, values in columns.items()}
    ids, first = np.unique(columns["face_id"], return_index=True)
    ends = np.append(first, len(order))[1:]
    faces = [
        _face(int(face_id), {name: values[start:end] for name, values in columns.items()})
        for face_id, start, end in zip(ids, first, ends, strict=True)
    ]
    return Summary(
        tuple(sorted(faces, key=lambda face: (-face.in_view_s, face.face_id))),
        _marks(np.asarray(table["time_s"]), np.asarray(table["frame"]), np.asarray(table["marker"], object)),
    )


def time_of_rows(time_s: np.ndarray, frame: np.ndarray) -> np.ndarray:
    """Say how much time each row stands for: until the next analysed frame.

    Frames without faces have no rows, but are counted, so that the mean interval up to the next row is known. The last
    frame, and one before a gap, counts as much as the typical one.

    Args:
        time_s: (n,) float seconds, not falling.
        frame: (n,) int, not falling.

    Returns:
        (n,) float64 seconds.
    """
    frames, first, back = np.unique(frame, return_index=True, return_inverse=True)
    if len(frames) < 2:
        return np.zeros(len(frame))
    intervals = np.diff(np.asarray(time_s, np.float64)[first]) / np.diff(frames)
    usual = intervals[intervals <= GAP_S]
    typical = float(np.median(usual if len(usual) else intervals))
    intervals = np.append(np.where(intervals > GAP_S, typical, intervals), typical)
    return intervals[back]


def _face(face_id: int, rows: dict[str, np.ndarray]) -> FaceSummary:
    weights = rows["weight_s"]
    total = float(weights.sum())
    shares = weights / total if total else np.full(len(weights), 1 / len(weights))
    sure = ~rows["unsure"].astype(bool)
    return FaceSummary(
        face_id=face_id,
        first_s=float(rows["time_s"][0]),
        last_s=float(rows["time_s"][-1]),
        in_view_s=total,
        shares={name: float(shares[sure & (rows["label"] == label)].sum()) for label, name in enumerate(EMOTIONS)},
        unsure=float(shares[~sure].sum()),
        changes=_changes(rows["time_s"][sure], rows["label"][sure]),
        confidence=float(shares @ rows["confidence"]),
        quality=float(shares @ rows["quality"]),
    )


def _changes(time_s: np.ndarray, label: np.ndarray) -> tuple[Change, ...]:
    where = np.flatnonzero(np.diff(label)) + 1
    return tuple(Change(float(time_s[row]), EMOTIONS[label[row - 1]], EMOTIONS[label[row]]) for row in where)


def _marks(time_s: np.ndarray, frame: np.ndarray, marker: np.ndarray) -> tuple[tuple[float, str], ...]:
    marks: list[tuple[float, str]] = []
    for row in np.unique(frame, return_index=True)[1]:
        if isinstance(marker[row], str) and marker[row]:
            marks += read_marks(marker[row], float(time_s[row]))
    return tuple(sorted(marks, key=lambda mark: mark[0]))
