"""A session as a table, as CSV and as Parquet: one row a face and analysed frame."""

import io
import json
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from fer_core.errors import MediaError
from fer_core.labels import EMOTIONS
from fer_core.session.content import MARK_JOINT, Session, moved_text

DIGITS = 4
"""Decimals of scores, qualities, confidences and probabilities; times have three."""
_SHARE = "0..1"
UNITS = {
    "time_s": "seconds since the start of the recording, pauses included",
    "frame": "analysed frames since the start, from 0",
    "face_id": "one number a face as long as it stays in view",
    **dict.fromkeys(("x1", "y1", "x2", "y2"), "pixels of the camera's frame, mirrored where the video was"),
    "score": f"{_SHARE}, the face detector's",
    "quality": f"{_SHARE}, how well the face can be read",
    "emotion": "the one shown",
    "confidence": f"{_SHARE}, the probability of the emotion shown",
    "unsure": "whether the confidence was called too low",
    **{f"p_{name}": f"{_SHARE}, probability" for name in EMOTIONS},
    "marker": "text of the marks at this frame; empty where there is none",
}
"""Every column, in order, and what it measures."""
COLUMNS = tuple(UNITS)
_TEXT = ("emotion", "marker")
_WHOLE = ("frame", "face_id", "x1", "y1", "x2", "y2")
_TYPES = {name: pa.float64() for name in COLUMNS} | dict.fromkeys(_WHOLE, pa.int64())
_TYPES |= dict.fromkeys(_TEXT, pa.string()) | {"unsure": pa.bool_()}
_SCHEMA = pa.schema([pa.field(name, _TYPES[name], metadata={"unit": unit}) for name, unit in UNITS.items()])
_ATTRIBUTES = "PANDAS_ATTRS"
"""Where pandas looks for what it gives as ``DataFrame.attrs``."""


def to_table(session: Session) -> pd.DataFrame:
    """Give the session as pandas reads it from either file: int64, float64, bool and text, missing where there is no mark."""
    return _frame(_arrow(session))


def to_csv(session: Session) -> bytes:
    """Give the session as CSV in UTF-8 with a header line.

    A mark stands in every row of its frame. Where that frame has no face it stands in the rows of the next frame with
    one (of the last, if there is none) and names its own time: "mark 2 (at 12.340 s)".
    """
    file = io.BytesIO()
    pa.csv.write_csv(_arrow(session), file, pa.csv.WriteOptions(quoting_style="needed"))
    return file.getvalue()


def to_parquet(session: Session) -> bytes:
    """Give the session as Parquet with the values of ``to_csv`` and, as ``DataFrame.attrs``, how they came to be."""
    file = io.BytesIO()
    attributes = json.dumps(describe(session))
    table = _arrow(session).replace_schema_metadata({_ATTRIBUTES: attributes})
    pa.parquet.write_table(table, file, compression="zstd")
    return file.getvalue()


def read_table(data: bytes) -> pd.DataFrame:
    """Read an export, CSV or Parquet.

    Returns:
        The columns ``COLUMNS`` as ``to_table`` gives them.

    Raises:
        MediaError: it is neither, or has other columns.
    """
    try:
        if data[:4] == b"PAR1":
            table = pa.parquet.read_table(io.BytesIO(data))
        else:
            options = pa.csv.ConvertOptions(column_types=_TYPES, strings_can_be_null=True, null_values=[""])
            table = pa.csv.read_csv(io.BytesIO(data), convert_options=options)
    except (pa.ArrowInvalid, OSError) as error:
        raise MediaError(f"expected a session's CSV or Parquet, received something else ({error}). Export it again.") from None
    if tuple(table.column_names) != COLUMNS:
        names = ", ".join(table.column_names[:20])
        raise MediaError(f"expected the columns {', '.join(COLUMNS)}, received {names}. Export the session again.")
    return _frame(table)


def describe(session: Session) -> dict[str, Any]:
    """Say how the numbers came to be: app, models, sizes of frames, marks, units of the columns."""
    return {
        "app": f"FER Studio {_version()}",
        "started": session.started,
        "seconds_recorded": round(session.seconds, 3),
        "frames_analysed": session.frames,
        "models": [
            {"time_s": time_s, "name": used.name, "run": used.run_id, "sha256": used.digest} for time_s, used in session.models
        ],
        "frame_sizes": [{"time_s": time_s, "width": width, "height": height} for time_s, width, height in session.sizes],
        "marks": [{"time_s": mark.time_s, "text": mark.text} for mark in session.marks],
        "ended": session.note,
        "units": UNITS,
    }


def _arrow(session: Session) -> pa.Table:
    rows = session.rows
    labels = rows["label"].astype(np.int64)
    probabilities = _rounded(rows["probabilities"])
    columns: dict[str, Any] = {
        "time_s": rows["time_s"],
        "frame": rows["frame"],
        "face_id": rows["face_id"],
        **{name: rows["box"][:, side] for side, name in enumerate(("x1", "y1", "x2", "y2"))},
        "score": _rounded(rows["score"]),
        "quality": _rounded(rows["quality"]),
        "emotion": pa.DictionaryArray.from_arrays(labels, list(EMOTIONS)).cast(pa.string()),
        "confidence": np.take_along_axis(probabilities, labels[:, None], axis=1)[:, 0],
        "unsure": rows["unsure"],
        **{f"p_{name}": probabilities[:, label] for label, name in enumerate(EMOTIONS)},
        "marker": _markers(session),
    }
    arrays = [pa.array(values).cast(_TYPES[name]) for name, values in columns.items()]
    return pa.Table.from_arrays(arrays, schema=_SCHEMA)


def _markers(session: Session) -> pa.Array:
    frames = session.rows["frame"]
    texts: dict[int, list[str]] = {}
    for mark in session.marks if len(frames) else ():
        row = min(int(np.searchsorted(frames, mark.frame)), len(frames) - 1)
        at_once = session.rows["time_s"][row] == mark.time_s
        texts.setdefault(int(frames[row]), []).append(mark.text if at_once else moved_text(mark))
    cells = np.full(len(frames), None, object)
    for frame, lines in texts.items():
        cells[np.searchsorted(frames, frame) : np.searchsorted(frames, frame, side="right")] = MARK_JOINT.join(lines)
    return pa.array(cells, pa.string())


def _frame(table: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas()
    return frame


def _rounded(values: np.ndarray) -> np.ndarray:
    return np.round(values.astype(np.float64), DIGITS)


def _version() -> str:
    try:
        return version("fer-studio")
    except PackageNotFoundError:
        return "unknown"
