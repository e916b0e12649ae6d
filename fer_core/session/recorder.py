"""Records what is recognised in a live video: numbers, marked moments and, if asked, the pictures."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import av

from fer_core.session.clip import Clip
from fer_core.session.content import ModelUsed, Session
from fer_core.session.ids import UniqueIds
from fer_core.session.recording import Recording
from fer_core.vision import Faces
from fer_core.vision.planes import Planes

State = Literal["idle", "recording", "paused", "stopped"]


@dataclass(frozen=True)
class Progress:
    """What the page shows of a recording."""

    state: State = "idle"
    seconds: float = 0.0
    """Recorded, pauses left out."""
    frames: int = 0
    """Analysed while recording, those without faces included."""
    faces: int = 0
    """Different faces seen."""
    marks: int = 0
    note: str = ""
    """Why the recording ended by itself; empty where it did not."""


class Recorder:
    """One viewer's recording. ``add`` and ``begin_stream`` run in the video's thread, all else in the page's."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        ids: UniqueIds | None = None,
        make_clip: Callable[[], Clip] = Clip,
    ) -> None:
        """Record nothing yet.

        Args:
            clock: monotonic seconds.
            wall: seconds since 1970, for the date of the recording.
            ids: shared with whatever else calls faces by number.
            make_clip: begins to keep pictures, once asked.
        """
        self._lock = threading.Lock()
        self._clock, self._wall, self._make_clip = clock, wall, make_clip
        self._ids = ids or UniqueIds()
        self._last_frame_s = float("-inf")
        self._state: State = "idle"
        self._recording = Recording(0.0, 0.0)
        self._model: ModelUsed | None = None
        self._clip: Clip | None = None

    @property
    def clip(self) -> Clip | None:
        """The pictures kept of this recording; None where none were asked for."""
        return self._clip

    def use(self, model: ModelUsed) -> None:
        """Note whose probabilities come next; the session tells when that changed."""
        with self._lock:
            self._model = model

    def start(self, *, keep_video: bool = False) -> bool:
        """Begin a new recording and drop the last one. False, and nothing happens, where one is under way.

        Args:
            keep_video: whether to keep the pictures, too.
        """
        with self._lock:
            if self._state in ("recording", "paused"):
                return False
            self._recording = Recording(self._clock(), self._wall())
            self._state = "recording"
            self._swap_clip(self._make_clip() if keep_video else None)
        return True

    def pause(self) -> bool:
        """Record nothing until ``go_on``; time goes on, so that the export has a gap. False unless recording."""
        with self._lock:
            if self._state != "recording":
                return False
            self._recording.pause(self._clock())
            self._state = "paused"
        return True

    def go_on(self) -> bool:
        """Record on after a pause. False unless paused."""
        with self._lock:
            if self._state != "paused":
                return False
            self._recording.times.go_on(self._clock())
            self._state = "recording"
        return True

    def stop(self) -> bool:
        """End the recording; what was recorded stays until ``start`` or ``discard``. False unless one is under way."""
        with self._lock:
            if self._state not in ("recording", "paused"):
                return False
            self._end("")
        return True

    def discard(self) -> None:
        """Forget the recording, its pictures included."""
        with self._lock:
            self._state = "idle"
            self._recording = Recording(0.0, 0.0)
            self._swap_clip(None)

    def keep_video(self) -> bool:
        """Keep the pictures from the next frame on. False unless a recording without them is under way."""
        with self._lock:
            if self._state not in ("recording", "paused") or self._clip:
                return False
            self._swap_clip(self._make_clip())
        return True

    def drop_video(self) -> None:
        """Delete the pictures kept so far and keep no more; the numbers go on."""
        with self._lock:
            self._swap_clip(None)

    def mark(self, text: str = "") -> bool:
        """Mark this moment: the next frame analysed carries the text.

        Args:
            text: what the moment is called; without, "mark 1" and so on.

        Returns:
            False unless recording, and after a thousand marks.
        """
        with self._lock:
            return self._state == "recording" and self._recording.mark(self._clock(), text)

    def begin_stream(self) -> None:
        """Say that faces are counted anew from the next frame on: the pipeline is another one."""
        with self._lock:
            self._ids.begin_stream()

    def add(self, faces: Faces, size_wh: tuple[int, int], drawn: Planes | av.VideoFrame | None = None) -> float | None:
        """Take in an analysed frame, whether or not something is recorded; for the video's thread.

        Args:
            faces: what was recognised; none is a frame, too.
            size_wh: of the frame.
            drawn: the picture to keep if pictures are kept; must not be changed afterwards.

        Returns:
            The frame's ``time_s`` in the recording; None where it is not recorded.
        """
        with self._lock:
            if faces.time_s < self._last_frame_s:
                self._ids.begin_stream()
            self._last_frame_s = faces.time_s
            faces = replace(faces, ids=self._ids.unique(faces.ids))
            if self._state != "recording" or self._ended(len(faces)):
                return None
            time_s = self._recording.times.of_frame(self._clock(), faces.time_s)
            self._recording.add(faces, time_s, size_wh, self._model)
            clip = self._clip
        if clip and drawn is not None:
            clip.put(drawn, time_s)
        return time_s

    def progress(self) -> Progress:
        """Give the figures of the recording."""
        with self._lock:
            if self._state == "idle":
                return Progress()
            if self._state == "recording":
                self._ended(0)
            kept = self._recording
            seconds = kept.times.recorded_s(self._clock())
            return Progress(self._state, seconds, kept.frames, len(kept.seen), kept.marks, kept.note)

    def session(self) -> Session | None:
        """Give what was recorded so far; None before the first recording and after ``discard``."""
        with self._lock:
            if self._state == "idle":
                return None
            copy = self._recording.snapshot(self._clock())
        return copy()

    def _ended(self, rows: int) -> bool:
        note = self._recording.limit(self._clock(), rows)
        if note:
            self._end(note)
        return bool(note)

    def _end(self, note: str) -> None:
        self._recording.pause(self._clock())
        self._recording.note = note
        self._state = "stopped"
        if self._clip:
            self._clip.finish()

    def _swap_clip(self, clip: Clip | None) -> None:
        before, self._clip = self._clip, clip
        if before:
            before.discard()
