"""One viewer's live video: frames in, drawn frames out, figures for the page beside it."""

import logging
import time
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from fer_core.errors import FerError
from fer_core.model import Classifier, Model
from fer_core.vision import Detector, Faces, Mailbox, Pipeline, draw_faces

RATE_WINDOW_S = 2.0
"""Frames a second are counted over this time."""
RETRY_S = 3.0
"""After a pipeline could not be built, the next try comes this much later."""
CLOCK_DRIFT = 1e-4
"""Seconds a second that a camera's clock may run apart from ours and not count as delay."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Failure:
    """Why frames pass without being recognised."""

    sentence: str
    details: str
    """The traceback; for owners."""


@dataclass(frozen=True, eq=False)
class Reading:
    """What the page shows of the newest frame."""

    faces: Faces | None
    failure: Failure | None
    fps: float
    """Frames recognised a second over the last two seconds."""
    delay_ms: float
    """From a frame's arrival, its time in queues included, to its picture."""
    made_s: float
    """When, on the clock of ``LiveVideo``."""


def build_pipeline(model: Model) -> Pipeline:
    """Build a detector, a classifier and a pipeline that nobody else uses.

    Raises:
        ModelError: a file is missing or unreadable.
    """
    return Pipeline(Detector(), Classifier(model))


class LiveVideo:
    """Recognises one viewer's frames. ``annotate`` runs in the video's thread, all else in the page's."""

    def __init__(
        self,
        model: Model,
        *,
        build: Callable[[Model], Pipeline] = build_pipeline,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Keep what is needed to build the pipeline; the first frame builds it.

        Args:
            model: whose probabilities are shown.
            build: makes a pipeline of one's own from a model.
            clock: monotonic seconds.
        """
        self.mirror = False
        self._model = model
        self._build = build
        self._clock = clock
        self.end()

    def use(self, model: Model) -> None:
        """Recognise the next frames with ``model``."""
        if model != self._model:
            self._model = model

    def end(self) -> None:
        """Forget the stream that ended: its pipeline, its faces, its clock and its failure."""
        self._built: tuple[Model, Pipeline] | None = None
        self._mailbox: Mailbox[Reading] = Mailbox()
        self._failure: Failure | None = None
        self._retry_at = self._last_frame_s = float("-inf")
        self._least_late_s = float("inf")
        self._done: deque[float] = deque()

    def annotate(self, image: np.ndarray, time_s: float | None) -> np.ndarray:
        """Recognise and draw one frame; where that fails, give the frame as it came and keep why.

        Args:
            image: (h, w, 3) uint8 BGR.
            time_s: the frame's own time; None where the stream has none.

        Returns:
            A new (h, w, 3) uint8 BGR image, mirrored if asked.
        """
        arrived_s = self._clock()
        frame_s = arrived_s if time_s is None else time_s
        image = np.ascontiguousarray(image[:, ::-1]) if self.mirror else image
        try:
            pipeline = self._pipeline(frame_s)
            if pipeline is None:
                return image
            faces = pipeline.process(image, frame_s)
            drawn = draw_faces(image, faces)
        except Exception as error:  # whatever fails, the video goes on and the page says why
            self._keep_failure(error)
            return image
        self._failure = None
        self._keep_faces(faces, frame_s=frame_s, arrived_s=arrived_s)
        return drawn

    def reading(self) -> Reading | None:
        """Give the newest frame's figures; None before the first frame and after ``end``."""
        reading = self._mailbox.get()
        failure = self._failure
        if reading is None:
            return Reading(None, failure, 0.0, 0.0, self._clock()) if failure else None
        stale = self._clock() - reading.made_s > RATE_WINDOW_S
        return replace(reading, failure=failure, fps=0.0 if stale else reading.fps)

    def _pipeline(self, frame_s: float) -> Pipeline | None:
        went_back, self._last_frame_s = frame_s < self._last_frame_s, frame_s
        if self._built and self._built[0] is self._model and not went_back:
            return self._built[1]
        if self._clock() < self._retry_at:
            return None
        self._retry_at = self._clock() + RETRY_S
        self._built = (self._model, self._build(self._model))
        self._retry_at = float("-inf")
        return self._built[1]

    def _keep_failure(self, error: Exception) -> None:
        sentence = str(error) if isinstance(error, FerError) else "Frames could not be recognised; the video goes on without."
        if self._failure is None:
            _log.error("live: %s: %s", type(error).__name__, sentence)
        self._failure = Failure(sentence, "".join(traceback.format_exception(error)))

    def _keep_faces(self, faces: Faces, *, frame_s: float, arrived_s: float) -> None:
        now = self._clock()
        since_last_s = now - self._done[-1] if self._done else 0.0
        self._least_late_s = min(self._least_late_s + CLOCK_DRIFT * since_last_s, arrived_s - frame_s)
        self._done.append(now)
        while self._done[0] < now - RATE_WINDOW_S:
            self._done.popleft()
        fps = (len(self._done) - 1) / max(now - self._done[0], 1e-3)
        delay_ms = (now - frame_s - self._least_late_s) * 1000
        self._mailbox.put(Reading(faces, None, fps, delay_ms, now))
