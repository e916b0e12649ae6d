"""The pictures of a recording, kept only because somebody asked, compressed by a thread of their own."""

import logging
import threading
import weakref
from collections import deque
from dataclasses import dataclass
from pathlib import Path

import av

from fer_core.errors import MediaError
from fer_core.session.spool import Spool, clips_dir
from fer_core.vision.planes import Planes

MOST_S = 600.0
"""Pictures are kept for this time; pauses are left out."""
PAUSE_S = 1.0
"""Pictures further apart have a pause between them."""
WAITING = 4
"""Pictures that may wait to be compressed; with more the newest is left out, so that the video never waits."""
LOOK_S = 0.02
"""The thread looks for pictures this often: being woken by ``put``, it would take the processor from the video's thread."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ClipProgress:
    """What the page shows of the pictures kept."""

    frames: int
    seconds: float
    """Pauses left out."""
    megabytes: float
    left_out: int
    """Pictures that were not kept because the machine was busy."""
    first_s: float
    """``time_s`` of the first picture; 0 without one."""
    note: str
    """Why no more are kept; empty while they are."""


class Clip:
    """Keeps drawn pictures until it is discarded, garbage, or its process ends.

    ``put`` costs the video's thread no more than handing over a reference: the picture is copied and compressed elsewhere.
    It is the picture as drawn that is kept: nothing has to be drawn again, and the export shows what was seen.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Keep nothing yet; the first picture opens the file and starts the thread.

        Args:
            folder: where; FER_HOME/clips unless given.
        """
        self._store = _Store(folder)
        weakref.finalize(self, self._store.discard)

    def put(self, picture: Planes | av.VideoFrame, time_s: float) -> None:
        """Keep a picture; for the video's thread. Never waits and never raises.

        Args:
            picture: of any size; must not be changed afterwards.
            time_s: later than the last one's.
        """
        self._store.put(picture, time_s)

    def finish(self) -> None:
        """Take no more pictures; those that wait are still kept."""
        self._store.finish("")

    def finished(self, timeout_s: float = 10.0) -> Spool:
        """Wait until the last picture is kept.

        Raises:
            MediaError: there is none.
        """
        self._store.finish("")
        return self._store.finished(timeout_s)

    def discard(self) -> None:
        """Delete all pictures."""
        self._store.discard()

    def progress(self) -> ClipProgress:
        """Give the figures."""
        return self._store.progress()


class _Store:
    """What the clip and its thread share; the thread holds no clip, so that a forgotten clip ends it."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._changed = threading.Condition()
        self._waiting: deque[tuple[Planes | av.VideoFrame, float]] = deque()
        self._thread: threading.Thread | None = None
        self._spool: Spool | None = None
        self._open = True
        self._working = False
        self._discarded = False
        self._note = ""
        self._seconds = 0.0
        self._last_s: float | None = None
        self._left_out = 0

    def put(self, picture: Planes | av.VideoFrame, time_s: float) -> None:
        with self._changed:
            if not self._open:
                return
            if self._seconds >= MOST_S:
                self._end(f"The video is kept up to here: {MOST_S / 60:.0f} minutes are the most there are; the numbers go on.")
            elif len(self._waiting) >= WAITING:
                self._left_out += 1
            else:
                self._waiting.append((picture, time_s))
                step_s = 0.0 if self._last_s is None else time_s - self._last_s
                self._seconds += min(step_s, PAUSE_S)
                self._last_s = time_s
                if self._thread is None:
                    self._thread = threading.Thread(target=self._work, name="fer-clip", daemon=True)
                    self._working = True
                    self._thread.start()

    def finish(self, note: str) -> None:
        with self._changed:
            if self._open:
                self._end(note)

    def finished(self, timeout_s: float) -> Spool:
        if self._thread:
            self._thread.join(timeout_s)
            if self._thread.is_alive():
                raise MediaError("expected all pictures to be kept by now, received a busy machine. Try again in a moment.")
        if self._spool is None or not self._spool.kept or self._discarded:
            raise MediaError(self._note or "expected a picture or more, received none. Record while the camera is on.")
        return self._spool

    def discard(self) -> None:
        with self._changed:
            self._discarded = True
            self._waiting.clear()
            self._end(self._note)
            if self._spool and not self._working:
                self._spool.close()

    def progress(self) -> ClipProgress:
        with self._changed:
            frames, size = (len(self._spool.kept), self._spool.bytes) if self._spool else (0, 0)
            first_s = self._spool.kept[0].time_ms / 1000 if self._spool and frames else 0.0
            return ClipProgress(frames, self._seconds, size / 1e6, self._left_out, first_s, self._note)

    def _end(self, note: str) -> None:
        self._open, self._note = False, note
        self._changed.notify_all()

    def _work(self) -> None:
        while taken := self._take():
            try:
                self._spool = self._spool or Spool(self._folder or clips_dir())
                self._spool.append(*taken)
            except Exception as error:  # whatever fails, the numbers are recorded on
                self._fail(error)
                break
        with self._changed:
            if self._spool and self._discarded:
                self._spool.close()
            self._working = False

    def _take(self) -> tuple[Planes | av.VideoFrame, float] | None:
        """Wait for the next picture; None after the last."""
        with self._changed:
            while self._open and not self._waiting:
                self._changed.wait(LOOK_S)
            return self._waiting.popleft() if self._waiting else None

    def _fail(self, error: Exception) -> None:
        note = str(error)
        if not isinstance(error, MediaError):
            why = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
            note = f"The video is kept up to here: it could not be written ({why}); the numbers go on."
            _log.error("clip: %s: %s", type(error).__name__, error)
        with self._changed:
            self._waiting.clear()
            self._end(note)
