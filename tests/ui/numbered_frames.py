"""A camera whose frames are numbered."""

import asyncio

from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError
from av import VideoFrame


class NumberedFrames(MediaStreamTrack):
    """Gives ``count`` frames, numbered by their pts, and ends."""

    kind = "video"

    def __init__(self, count: int) -> None:
        super().__init__()
        self.waiting = iter(range(count))

    async def recv(self) -> VideoFrame:
        await asyncio.sleep(0)
        number = next(self.waiting, None)
        if number is None:
            self.stop()
            raise MediaStreamError
        frame = VideoFrame(16, 16, "yuv420p")
        frame.pts = number
        return frame
