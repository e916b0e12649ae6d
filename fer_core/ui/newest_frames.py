"""Keeps a slow reader of video from falling behind: it skips frames instead."""

import asyncio
from typing import Any

from aiortc import MediaStreamTrack
from aiortc.contrib.media import MediaRelay, RelayStreamTrack

WAITING = 2
"""Frames that may wait between two steps; enough for a burst, a tenth of a second at 20 frames a second."""


class NewestFrames(asyncio.Queue[Any]):
    """A queue in which a new frame pushes out the oldest where too many wait."""

    def put_nowait(self, item: Any) -> None:
        """Add the newest frame, or the ``None`` that ends a track."""
        while self.qsize() >= WAITING:
            self.get_nowait()
        super().put_nowait(item)


class NewestFramesRelay(MediaRelay):
    """A relay whose readers get the newest frames.

    aiortc's own lets any number wait for a reader: where encoding takes longer than a frame lasts, the delay grows by the
    difference with every frame, and the memory with it.
    """

    def subscribe(self, track: MediaStreamTrack, buffered: bool = True) -> MediaStreamTrack:
        """Give a reader of a track."""
        reader = super().subscribe(track, buffered)
        if isinstance(reader, RelayStreamTrack) and buffered:
            reader._queue = NewestFrames()
        return reader


def keep_newest(relay: MediaRelay) -> None:
    """Turn a relay that others made into one whose readers get the newest frames; a second time changes nothing."""
    relay.__class__ = NewestFramesRelay
