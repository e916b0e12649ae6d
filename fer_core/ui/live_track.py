"""The video a viewer gets back: each newest frame of the camera, worked on in a thread of its own, and sent once.

``webrtc_streamer(source_video_track=track, sink_video_track=track)`` lets it take the camera's frames (a sink) and give the
video (a source). streamlit-webrtc's own track for callbacks gives the picture that was ready when the next frame came, so a
frame late, and once more where none was; its synchronous one works in the event loop, where it holds up everybody else.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError
from av import VideoFrame

_log = logging.getLogger(__name__)


class LiveTrack(MediaStreamTrack):
    """A sink for one camera and the source of one viewer's video, for one connection; ended, it does not come back."""

    kind = "video"

    def __init__(self, work: Callable[[VideoFrame], VideoFrame], on_ended: Callable[[], None] = lambda: None) -> None:
        """Keep what is to be done.

        Args:
            work: makes the frame to send of the camera's, which it must leave as it is; where it raises, that one is sent.
            on_ended: called after the last frame. Both run in one thread, one after the other.
        """
        super().__init__()
        self.work = work
        self.on_ended = on_ended
        self.connected = False
        """Whether the way to the viewer is there: nobody asks for a frame before."""
        self._camera: MediaStreamTrack | None = None
        self._thread: ThreadPoolExecutor | None = None

    def addTrack(self, track: MediaStreamTrack) -> None:
        """Take the camera's frames from a track."""
        self._camera = track

    def hasTrack(self) -> bool:
        """Say whether there is a camera."""
        return self._camera is not None

    def start(self) -> None:
        """Do nothing: frames are taken as they are asked for."""

    async def recv(self) -> VideoFrame:
        """Give the next frame."""
        self.connected = True
        try:
            if self.readyState != "live" or self._camera is None:
                raise MediaStreamError
            frame = await self._camera.recv()
            if self.readyState != "live":
                raise MediaStreamError
        except MediaStreamError:
            self._end()
            raise
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="live")
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._try, frame)

    def _try(self, frame: VideoFrame) -> VideoFrame:
        try:
            return self.work(frame)
        except Exception:  # whatever fails, the video goes on
            _log.exception("live: a frame could not be worked on")
            return frame

    def _end(self) -> None:
        """Let go of everything; in the event loop, where the last reader is told."""
        self.stop()
        if self._camera is not None:
            self._camera.stop()
        if self._thread is not None:
            self._thread.submit(self.on_ended)
            self._thread.shutdown(wait=False)
            self._thread = None
