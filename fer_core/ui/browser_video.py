"""One viewer's video that is analysed in the browser: its numbers feed what the server's video feeds."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from fer_core.errors import MediaError
from fer_core.model import Model
from fer_core.session import ModelUsed, Progress, Recorder, Timeline, UniqueIds
from fer_core.ui.browser_results import Results, read_frames, read_results
from fer_core.ui.live_video import Reading
from fer_core.vision import Faces

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class NeutralWish:
    """What the browser shall do about the neutral look; a new serial is a new wish."""

    serial: int = 0
    want: Literal["begin", "forget"] = "forget"


class BrowserVideo:
    """Takes in what the browser recognised, a second's frames at a time; all of it in the page's thread."""

    def __init__(self, model: Model, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Know nothing yet.

        Args:
            model: whose probabilities come.
            clock: monotonic seconds.
        """
        self.neutral = NeutralWish()
        self._clock = clock
        self._at: float | None = None
        ids = UniqueIds()
        self.recorder = LateRecorder(clock=self._now, ids=ids)
        self.timeline = Timeline(clock=self._now, ids=ids)
        self._last: tuple[int, int] | None = None
        self._reading: Reading | None = None
        self._model: Model | None = None
        self.use(model)

    def use(self, model: Model) -> None:
        """Take the next frames to be read with ``model``."""
        if model != self._model:
            self._model = model
            self.recorder.use(ModelUsed.of(model))

    def take(self, value: Any) -> None:
        """Take in a message of the browser; one that came before, or is none, changes nothing."""
        try:
            results = read_results(value)
            if self._last == (results.stream, results.n) or self._model is None:
                return
            frames = read_frames(results, self._model.info.threshold)
        except MediaError as error:
            _log.warning("live: left out what a browser sent: %s", error)
            return
        if self._last is None or self._last[0] != results.stream:
            self.recorder.begin_stream()
            self.timeline.begin_stream()
        self._last = (results.stream, results.n)
        self._add(frames, results)

    def end(self) -> None:
        """Forget the stream that ended; a recording stays."""
        self._reading = None

    def reading(self) -> Reading | None:
        """Give the newest frame's figures; None before the first and after ``end``."""
        return self._reading

    def learn_neutral(self) -> None:
        """Take what the face in focus shows in the next three seconds for its neutral look."""
        self.neutral = NeutralWish(self.neutral.serial + 1, "begin")

    def forget_neutral(self) -> None:
        """Undo ``learn_neutral``."""
        self.neutral = NeutralWish(self.neutral.serial + 1, "forget")

    def mark(self) -> None:
        """Mark this moment of the recording."""
        if self.recorder.mark():
            self.timeline.mark(f"mark {self.recorder.progress().marks}")

    def _add(self, frames: list[Faces], results: Results) -> None:
        now = self._clock()
        for faces in frames:
            self._at = now - max(results.age - (faces.time_s - results.t), 0.0)
            self.recorder.add(faces, results.size)
            self.timeline.add(faces)
        self._at = None
        if frames:
            self._reading = Reading(frames[-1], None, results.fps, results.delay, now, results.look)

    def _now(self) -> float:
        """Give when what is being added was seen; else the time."""
        return self._clock() if self._at is None else self._at


class LateRecorder(Recorder):
    """Records frames that come up to a second after they were seen: marks and the start stand where they were made."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._since_s = float("-inf")
        self._marked: list[tuple[float, str]] = []
        self._films, self._filmed = 0, False

    def start(self, *, keep_video: bool = False) -> bool:
        """Begin, with the next frame seen; pictures stay in the browser, which keeps them if asked."""
        started = super().start()
        if started:
            self._since_s, self._marked = self._clock(), []
            self._filmed = keep_video
            self._films += keep_video
        return started

    def film(self) -> dict[str, Any] | None:
        """Give what the browser shall do about the recording's video; None where none is kept."""
        states = {"recording": "on", "paused": "paused", "stopped": "done"}
        state = states.get(self.progress().state)
        return {"serial": self._films, "state": state} if self._filmed and state else None

    def go_on(self) -> bool:
        """Record on after a pause."""
        self._since_s = self._clock()
        return super().go_on()

    def pause(self) -> bool:
        """Record nothing until ``go_on``."""
        self._mark_until(float("inf"))
        return super().pause()

    def stop(self) -> bool:
        """End the recording."""
        self._mark_until(float("inf"))
        return super().stop()

    def mark(self, text: str = "") -> bool:
        """Mark this moment: the first frame seen after it carries the text."""
        if self.progress().state != "recording":
            return False
        self._marked.append((self._clock(), text))
        return True

    def add(self, faces: Faces, size_wh: tuple[int, int], drawn: Any = None) -> float | None:
        """Take in a frame that was seen when the clock says."""
        seen_s = self._clock()
        if seen_s < self._since_s:
            return None
        self._mark_until(seen_s)
        return super().add(faces, size_wh)

    def progress(self) -> Progress:
        """Give the figures of the recording, marks that wait for their frame included."""
        progress = super().progress()
        return replace(progress, marks=progress.marks + len(self._marked)) if self._marked else progress

    def _mark_until(self, seen_s: float) -> None:
        due = [text for pressed_s, text in self._marked if pressed_s <= seen_s]
        self._marked = [(pressed_s, text) for pressed_s, text in self._marked if pressed_s > seen_s]
        for text in due:
            super().mark(text)
