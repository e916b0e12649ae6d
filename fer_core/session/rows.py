"""What a recording keeps of each face in each analysed frame: 70 bytes."""

import numpy as np

from fer_core.labels import EMOTIONS
from fer_core.vision import Faces

ROW = np.dtype(
    [
        ("time_s", "f8"),
        ("frame", "i4"),
        ("face_id", "i4"),
        ("box", "i4", 4),
        ("score", "f4"),
        ("quality", "f4"),
        ("label", "i1"),
        ("unsure", "?"),
        ("probabilities", "f4", len(EMOTIONS)),
    ]
)
"""``box`` is xyxy pixels, ``label`` the emotion shown, in FER2013's order."""
BLOCK_ROWS = 4096


class Rows:
    """A table that only grows, block by block, so that no row is ever copied while frames come in.

    Rows once written stay as they are, so that ``parts`` of it may be read while another thread appends.
    """

    def __init__(self) -> None:
        self._blocks: list[np.ndarray] = []
        self._used: list[int] = []
        self.count = 0

    def append(self, faces: Faces, *, frame: int, time_s: float) -> None:
        """Add one row a face.

        Args:
            faces: what was recognised in the frame, with ids that are unique in the recording.
            frame: its number.
            time_s: its time in the recording.
        """
        n = len(faces)
        if not n:
            return
        if not self._blocks or self._used[-1] + n > len(self._blocks[-1]):
            self._blocks.append(np.empty(max(BLOCK_ROWS, n), ROW))
            self._used.append(0)
        rows = self._blocks[-1][self._used[-1] : self._used[-1] + n]
        rows["time_s"], rows["frame"], rows["face_id"] = time_s, frame, faces.ids
        rows["box"], rows["score"], rows["quality"] = faces.boxes, faces.scores, faces.qualities
        rows["label"], rows["unsure"], rows["probabilities"] = faces.labels, faces.unsure, faces.probabilities
        self._used[-1] += n
        self.count += n

    def parts(self) -> list[np.ndarray]:
        """Give views (k,) ROW of all rows written so far, in order."""
        return [block[:used] for block, used in zip(self._blocks, self._used, strict=True)]


def join(parts: list[np.ndarray]) -> np.ndarray:
    """Copy parts of a table into one (n,) ROW."""
    return np.concatenate(parts) if parts else np.empty(0, ROW)
