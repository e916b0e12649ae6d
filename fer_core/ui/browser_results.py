"""Takes apart what the browser tells of its video: numbers of some frames; its other side is frontend/src/results.ts.

A browser can tell anything, so everything is looked at before it is believed.
"""

import base64
import binascii
from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fer_core.errors import MediaError
from fer_core.labels import EMOTIONS
from fer_core.vision import HINTS, Faces, NeutralLook

MOST_TEXT = 4096
"""Longest text of frames; the browser keeps to 1,120."""
_FULL, _UNSURE = 65535, 128
_FRAME = np.dtype([("ms", "<u2"), ("n", "u1")])
_FACE = np.dtype(
    [("id", "<u2"), ("box", "<u2", 4), ("score", "u1"), ("quality", "u1"), ("label", "u1"), ("p", "<u2", len(EMOTIONS))]
)
Finite = Annotated[float, Field(allow_inf_nan=False, ge=0)]
Side = Annotated[int, Field(ge=1, le=8192)]


class Results(BaseModel):
    """One message: some frames of a stream, and what is so as of the last of them."""

    model_config = ConfigDict(frozen=True, strict=False)

    n: Annotated[int, Field(ge=0)]
    """Counts messages."""
    stream: Annotated[int, Field(ge=0)]
    """Differs from one START to the next."""
    size: tuple[Side, Side]
    """Width and height of the frames."""
    age: Annotated[Finite, Field(le=120)]
    """Seconds from the first of the frames to when this was sent."""
    fps: Annotated[Finite, Field(le=1000)]
    delay: Annotated[Finite, Field(le=1e6)]
    """Milliseconds."""
    hints: Annotated[tuple[str, ...], Field(max_length=len(HINTS))]
    focus: int | None
    neutral: tuple[Literal["off", "learning", "on"], int | None, Finite]
    t: Annotated[Finite, Field(le=1e9)]
    """Time of the first frame in its stream, in seconds."""
    frames: Annotated[str, Field(max_length=MOST_TEXT)]

    @property
    def look(self) -> NeutralLook:
        """How far the neutral look has come."""
        return NeutralLook(*self.neutral)


def read_results(value: Any) -> Results:
    """Read a message.

    Raises:
        MediaError: it is not one.
    """
    try:
        results = Results.model_validate(value if isinstance(value, Mapping) else None)
    except ValidationError as error:
        first = error.errors()[0]
        raise _refused(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    if not set(results.hints) <= set(HINTS):
        raise _refused(f"the hints {', '.join(results.hints)[:80]}")
    return results


def read_frames(results: Results, threshold: float) -> list[Faces]:
    """Read the faces of a message's frames, in order of time.

    Args:
        results: of ``read_results``.
        threshold: the model's.

    Raises:
        MediaError: the bytes are not what frontend/src/results.ts packs.
    """
    try:
        data = base64.b64decode(results.frames, validate=True)
    except binascii.Error as error:
        raise _refused(f"frames that are not base64 ({error})") from None
    frames, at = [], 0
    while at < len(data):
        if at + _FRAME.itemsize > len(data):
            raise _refused("a frame that ends too soon")
        head = np.frombuffer(data, _FRAME, 1, at)[0]
        at += _FRAME.itemsize
        if at + int(head["n"]) * _FACE.itemsize > len(data):
            raise _refused(f"{head['n']} faces in too few bytes")
        rows = np.frombuffer(data, _FACE, int(head["n"]), at)
        at += rows.nbytes
        frames.append(_to_faces(rows, results, threshold, results.t + int(head["ms"]) / 1000))
    if any(later.time_s < earlier.time_s for earlier, later in pairwise(frames)):
        raise _refused("frames that are not in order of time")
    return frames


def _to_faces(rows: np.ndarray, results: Results, threshold: float, time_s: float) -> Faces:
    labels = (rows["label"] % _UNSURE).astype(np.int64)
    shares = rows["p"].astype(np.float32)
    sums = shares.sum(axis=1, keepdims=True)
    if (labels >= len(EMOTIONS)).any() or (sums < _FULL / 2).any() or len(set(rows["id"].tolist())) < len(rows):
        raise _refused("labels, probabilities or ids that cannot be")
    return Faces(
        boxes=np.minimum(rows["box"].astype(np.int32), [*results.size, *results.size]).astype(np.int32),
        scores=rows["score"].astype(np.float32) / 255,
        probabilities=shares / sums,
        ids=rows["id"].astype(np.int32),
        threshold=threshold,
        time_s=time_s,
        labels=labels,
        unsure=rows["label"] >= _UNSURE,
        qualities=rows["quality"].astype(np.float32) / 255,
        hints=results.hints,
        focus_id=results.focus,
    )


def _refused(what: str) -> MediaError:
    return MediaError(f"expected the numbers of the browser's video, received {what}. Reload the page.")
