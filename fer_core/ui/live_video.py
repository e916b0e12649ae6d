"""One viewer's live video: frames in, drawn frames out, figures for the page beside it."""

import logging
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import cv2

from fer_core.errors import FerError
from fer_core.model import Classifier, Model
from fer_core.session import ModelUsed, Recorder, Timeline, UniqueIds
from fer_core.ui.live_pace import Pace
from fer_core.vision import Detector, Faces, Mailbox, NeutralLook, Overlay, Pipeline, Planes, Zoom, cut_view, map_faces

RETRY_S = 3.0
"""After a pipeline could not be built, the next try comes this much later."""

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
    neutral: NeutralLook = field(default_factory=NeutralLook)
    still: bool = False
    """Whether no frame has come for a while."""


def build_pipeline(model: Model) -> Pipeline:
    """Build a detector, a classifier and a pipeline that nobody else uses.

    Raises:
        ModelError: a file is missing or unreadable.
    """
    cv2.setNumThreads(1)  # several viewers share the processors; sharing out one small picture costs more than it gains
    return Pipeline(Detector(), Classifier(model, small=True))


class LiveVideo:
    """Recognises one viewer's frames. ``annotate`` and ``end`` run in the video's thread, all else in the page's."""

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
        self.zoom = False
        self.begun = 0
        """How often frames began to be recognised."""
        ids = UniqueIds()
        self.recorder = Recorder(clock=clock, ids=ids)
        self.timeline = Timeline(clock=clock, ids=ids)
        self._build = build
        self._clock = clock
        self._pace = Pace(clock)
        self._model: Model | None = None
        self.use(model)
        self.end()

    def use(self, model: Model) -> None:
        """Recognise the next frames with ``model``."""
        if model != self._model:
            self._model = model
            self.recorder.use(ModelUsed.of(model))

    def end(self) -> None:
        """Forget the stream that ended: its pipeline, its faces, its clock and its failure. A recording stays."""
        self._built: tuple[Model, Pipeline] | None = None
        self._mailbox: Mailbox[Reading] = Mailbox()
        self._failure: Failure | None = None
        self._neutral_wanted: bool | None = None
        self._zoom, self._overlay = Zoom(), Overlay()
        self._retry_at = self._last_frame_s = float("-inf")
        self._pace.forget()

    def learn_neutral(self) -> None:
        """Take what the face in focus shows in the next three seconds for its neutral look."""
        self._neutral_wanted = True

    def forget_neutral(self) -> None:
        """Undo ``learn_neutral``."""
        self._neutral_wanted = False

    def mark(self) -> None:
        """Mark this moment of the recording."""
        if self.recorder.mark():
            self.timeline.mark(f"mark {self.recorder.progress().marks}")

    def annotate(self, picture: Planes, time_s: float | None) -> None:
        """Recognise and draw one frame, in place; where that fails, leave it as it is and keep why.

        Args:
            picture: the frame as it is to be shown, mirrored if asked.
            time_s: the frame's own time; None where the stream has none.
        """
        arrived_s = self._clock()
        frame_s = arrived_s if time_s is None else time_s
        try:
            pipeline = self._pipeline(frame_s)
            if pipeline is None:
                return
            self._ask_neutral(pipeline)
            faces = pipeline.process(picture, frame_s)
            self._draw(picture, faces)
        except Exception as error:  # whatever fails, the video goes on and the page says why
            self._keep_failure(error)
            return
        self._failure = None
        fps, delay_ms = self._pace.count(frame_s=frame_s, arrived_s=arrived_s)
        self._mailbox.put(Reading(faces, None, fps, delay_ms, self._clock(), pipeline.neutral))
        self.recorder.add(faces, picture.size_wh, picture)
        self.timeline.add(faces)

    def reading(self) -> Reading | None:
        """Give the newest frame's figures; None before the first frame and after ``end``."""
        reading = self._mailbox.get()
        failure = self._failure
        if reading is None:
            return Reading(None, failure, 0.0, 0.0, self._clock()) if failure else None
        still = self._pace.is_stale(reading.made_s)
        return replace(reading, failure=failure, fps=0.0 if still else reading.fps, still=still)

    def _draw(self, picture: Planes, faces: Faces) -> None:
        """Show the part that is zoomed on, and what was recognised in it."""
        view = self._zoom.view(faces, picture.size_wh, faces.time_s, self.zoom)
        picture.take(cut_view(picture, view))
        self._overlay.draw(picture, map_faces(faces, view, picture.size_wh))

    def _ask_neutral(self, pipeline: Pipeline) -> None:
        wanted, self._neutral_wanted = self._neutral_wanted, None
        if wanted is not None:
            (pipeline.begin_neutral if wanted else pipeline.forget_neutral)()

    def _pipeline(self, frame_s: float) -> Pipeline | None:
        went_back, self._last_frame_s = frame_s < self._last_frame_s, frame_s
        if self._built and self._built[0] is self._model and not went_back:
            return self._built[1]
        if self._model is None or self._clock() < self._retry_at:
            return None
        self._retry_at = self._clock() + RETRY_S
        self._built = (self._model, self._build(self._model))
        self._retry_at = float("-inf")
        self.begun += 1
        self.recorder.begin_stream()
        self.timeline.begin_stream()
        return self._built[1]

    def _keep_failure(self, error: Exception) -> None:
        sentence = str(error) if isinstance(error, FerError) else "Frames could not be recognised; the video goes on without."
        if self._failure is None:
            _log.error("live: %s: %s", type(error).__name__, sentence)
        self._failure = Failure(sentence, "".join(traceback.format_exception(error)))
