"""What a recording holds."""

import re
from dataclasses import dataclass

import numpy as np

from fer_core.model import Model

MARK_LETTERS = 80
"""Longest text of a mark."""
MARK_JOINT = "; "
"""Between the texts of marks in the same frame."""
_MOVED = re.compile(r"^(?P<text>.*) \(at (?P<time>\d+\.\d{3}) s\)$")


@dataclass(frozen=True)
class Mark:
    """A moment that a person marked."""

    time_s: float
    """Of the first frame analysed after the key was pressed; of the key where none followed."""
    frame: int
    """That frame's number; the last frame's where none followed."""
    text: str


@dataclass(frozen=True)
class ModelUsed:
    """Whose probabilities were recorded."""

    name: str
    run_id: str
    digest: str
    """SHA-256 of model.tflite, hex."""

    @classmethod
    def of(cls, model: Model) -> "ModelUsed":
        """Name a model.

        Raises:
            ModelError: its file is gone.
        """
        return cls(model.name, model.info.run_id, model.digest)


@dataclass(frozen=True, eq=False)
class Session:
    """A recording as it was at one moment."""

    rows: np.ndarray
    """(n,) ``rows.ROW``: one a face and analysed frame, in order of time."""
    frames: int
    """Frames analysed, those without faces included."""
    seconds: float
    """Recorded, pauses left out."""
    marks: tuple[Mark, ...]
    models: tuple[tuple[float, ModelUsed], ...]
    """Which model from when on, in seconds since the start."""
    sizes: tuple[tuple[float, int, int], ...]
    """Width and height of the frames that the boxes are measured in, from when on: (time_s, width, height)."""
    started: str
    """ISO 8601, UTC, to the second."""
    note: str
    """Why the recording ended by itself; empty where it did not."""


def clean_text(text: str, number: int) -> str:
    """Make a mark's text safe to keep in a table: one short line, never taken for a formula or for another mark's.

    Args:
        text: as typed.
        number: of the mark, counted from 1; named where the text is empty.
    """
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    line = _MOVED.sub(r"\g<text>", line.replace(";", ",").lstrip("=+-@ ")[:MARK_LETTERS]).strip()
    return line or f"mark {number}"


def moved_text(mark: Mark) -> str:
    """Give the text of a mark that stands in another frame's rows: its own time goes with it."""
    return f"{mark.text} (at {mark.time_s:.3f} s)"


def read_marks(marker: str, time_s: float) -> list[tuple[float, str]]:
    """Read the marks from a cell of the column ``marker``.

    Args:
        marker: the cell.
        time_s: of its row.

    Returns:
        (time_s, text) of each mark.
    """
    marks = []
    for text in marker.split(MARK_JOINT):
        moved = _MOVED.match(text)
        marks.append((float(moved["time"]), moved["text"]) if moved else (time_s, text))
    return marks
