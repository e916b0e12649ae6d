"""Messages of a browser, as frontend/src/results.ts packs them, and frames as its worker sees them."""

import base64
import struct
from collections.abc import Sequence
from typing import Any

import numpy as np

HAPPY = (0.02, 0.02, 0.02, 0.86, 0.03, 0.03, 0.02)


def pack_face(face_id: int, label: int = 3, *, unsure: bool = False, box: Sequence[int] = (10, 20, 110, 130)) -> bytes:
    shares = np.roll(HAPPY, label - 3)
    head = struct.pack("<HHHHHBBB", face_id, *box, 230, 200, label + 128 * unsure)
    return head + np.rint(65535 * shares).astype("<u2").tobytes()


def pack_frames(frames: Sequence[tuple[int, Sequence[bytes]]]) -> str:
    """Frames as (milliseconds since the first, faces)."""
    return base64.b64encode(b"".join(struct.pack("<HB", ms, len(faces)) + b"".join(faces) for ms, faces in frames)).decode()


def message(
    n: int = 1, *, stream: int = 7, frames: Sequence[tuple[int, Sequence[bytes]]] = (), **values: Any
) -> dict[str, Any]:
    """A message of frames, by default of two with one happy face."""
    frames = frames or [(0, [pack_face(1)]), (500, [pack_face(1)])]
    return {
        "n": n,
        "stream": stream,
        "size": [640, 480],
        "age": frames[-1][0] / 1000,
        "fps": 21.5,
        "delay": 30,
        "hints": ["dark"],
        "focus": 1,
        "neutral": ["off", None, 0],
        "t": 100.0,
        "frames": pack_frames(frames),
    } | values


def answer(time_s: float, faces: int) -> dict[str, Any]:
    """What the browser's worker tells of one frame."""
    face = {"score": 0.9, "quality": 0.8, "label": 3, "unsure": False, "tilt": 0.0, "probabilities": HAPPY}
    seen = [face | {"id": 1 + index, "box": [10 + index, 20, 110 + index, 130]} for index in range(faces)]
    rest = {"hints": ["far"], "focusId": 1, "neutral": {"state": "learning", "faceId": 1, "leftS": 2.5}}
    return {"faces": seen, "timeS": time_s, "width": 640, "height": 480, **rest}
