"""Numbers of faces that stay unique when a stream begins anew and counts its faces from the start again."""

import numpy as np


class UniqueIds:
    """Shifts the ids of each stream behind those of the streams before. For the video's thread.

    Share one between a ``Recorder`` and a ``Timeline``, and both call a face by the same number.
    """

    def __init__(self) -> None:
        self._shift = 0
        self._next = 0

    def begin_stream(self) -> None:
        """From now on ids are those of another stream; called twice in a row it does nothing more."""
        self._shift = self._next

    def unique(self, ids: np.ndarray) -> np.ndarray:
        """Give the session's ids of a frame's faces.

        Args:
            ids: (n,) int, 0 or more, unique within their stream.

        Returns:
            (n,) int32; those of the first stream as they came.
        """
        shifted = (np.asarray(ids, np.int64) + self._shift).astype(np.int32)
        if len(shifted):
            self._next = max(self._next, int(shifted.max()) + 1)
        return shifted
