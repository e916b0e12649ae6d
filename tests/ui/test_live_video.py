"""LiveVideo: one viewer's frames, with a pipeline and a clock of the test's own."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from fer_core.errors import ModelError
from fer_core.model import Model
from fer_core.session import to_table
from fer_core.ui.live_video import RETRY_S, LiveVideo
from fer_core.vision import Faces, NeutralLook, Planes
from tests.builders import Clock, make_model
from tests.ui.faces import make_faces

FRAME = Planes.from_bgr(np.arange(96 * 128 * 3, dtype=np.uint8).reshape(96, 128, 3))


class FakePipeline:
    """Sees one happy face in each frame, takes time on the test's clock, or fails."""

    def __init__(self, clock: "Clock") -> None:
        self.clock = clock
        self.error: Exception | None = None
        self.cost_s = 0.01
        self.neutral = NeutralLook()
        self.neutral_asked: list[bool] = []

    def process(self, picture: Planes, time_s: float) -> Faces:
        self.clock.now += self.cost_s
        if self.error:
            raise self.error
        return replace(make_faces(3), time_s=time_s)

    def begin_neutral(self) -> None:
        self.neutral_asked.append(True)

    def forget_neutral(self) -> None:
        self.neutral_asked.append(False)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pipeline(clock: Clock) -> FakePipeline:
    return FakePipeline(clock)


@pytest.fixture
def model(tmp_path) -> Model:
    return make_model(tmp_path / "model")


@pytest.fixture
def video(model: Model, clock: Clock, pipeline: FakePipeline) -> LiveVideo:
    return LiveVideo(model, build=lambda _: pipeline, clock=clock)


def annotate(video: LiveVideo, time_s: float | None) -> bool:
    """Feed one frame; says whether something was drawn on it."""
    picture = FRAME.copy()
    video.annotate(picture, time_s)
    return not (np.array_equal(picture.y, FRAME.y) and np.array_equal(picture.u, FRAME.u))


def play(video: LiveVideo, clock: Clock, *, frames: int, fps: float, late_s: Callable[[int], float] = lambda _: 0.0) -> None:
    """Feed frames as a camera of ``fps`` gives them, each late by ``late_s``."""
    start = clock.now
    for index in range(frames):
        clock.now = max(clock.now, start + index / fps + late_s(index))
        annotate(video, index / fps)


def test_annotate_draws_in_place(video: LiveVideo):
    assert annotate(video, 0.0)


def test_reading_is_none_before_the_first_frame_and_after_the_end(video: LiveVideo):
    assert video.reading() is None
    annotate(video, 0.0)
    assert video.reading() is not None
    video.end()
    assert video.reading() is None


def test_reading_gives_the_frames_a_second_of_the_last_two_seconds(video: LiveVideo, clock: Clock):
    play(video, clock, frames=100, fps=20)
    reading = video.reading()
    assert reading is not None
    assert reading.fps == pytest.approx(20, abs=0.5)
    assert reading.faces is not None
    assert reading.faces.emotions == ("happy",)


def test_reading_of_a_video_that_stalled_gives_no_frames_a_second(video: LiveVideo, clock: Clock):
    play(video, clock, frames=20, fps=20)
    clock.now += 3
    reading = video.reading()
    assert reading is not None
    assert reading.fps == 0


def test_delay_is_what_the_pipeline_takes_where_nothing_waits(video: LiveVideo, clock: Clock, pipeline: FakePipeline):
    pipeline.cost_s = 0.03
    play(video, clock, frames=20, fps=20)
    reading = video.reading()
    assert reading is not None
    assert reading.delay_ms == pytest.approx(30, abs=1)


def test_delay_counts_the_time_a_frame_waited(video: LiveVideo, clock: Clock):
    play(video, clock, frames=40, fps=20, late_s=lambda index: 0.5 if index > 20 else 0.0)
    reading = video.reading()
    assert reading is not None
    assert reading.delay_ms == pytest.approx(510, abs=5)


def test_frames_without_a_time_are_timed_by_their_arrival(video: LiveVideo):
    annotate(video, None)
    reading = video.reading()
    assert reading is not None
    assert reading.delay_ms == pytest.approx(10, abs=0.1)


def test_failing_pipeline_lets_the_frame_pass_and_says_why(video: LiveVideo, pipeline: FakePipeline):
    pipeline.error = ZeroDivisionError("secret detail")
    assert not annotate(video, 0.0)
    reading = video.reading()
    assert reading is not None
    assert reading.failure is not None
    assert "could not be recognised" in reading.failure.sentence
    assert "secret detail" not in reading.failure.sentence
    assert "ZeroDivisionError: secret detail" in reading.failure.details


def test_failure_is_over_with_the_next_good_frame(video: LiveVideo, pipeline: FakePipeline):
    pipeline.error = ZeroDivisionError()
    annotate(video, 0.0)
    pipeline.error = None
    assert annotate(video, 0.05)
    reading = video.reading()
    assert reading is not None
    assert reading.failure is None


def test_failure_is_logged_once_without_the_frame(video: LiveVideo, pipeline: FakePipeline, caplog):
    pipeline.error = ValueError(f"bad frame {FRAME!r}")
    for index in range(5):
        annotate(video, index / 20)
    assert len(caplog.records) == 1
    assert "array(" not in caplog.text


def test_pipeline_that_cannot_be_built_is_tried_again_later(model: Model, clock: Clock):
    tries: list[float] = []

    def build(_: Model) -> FakePipeline:
        tries.append(clock.now)
        if len(tries) < 2:
            raise ModelError("model.tflite: expected a file, received none. Promote the run again.")
        return FakePipeline(clock)

    video = LiveVideo(model, build=build, clock=clock)
    play(video, clock, frames=20, fps=20)
    reading = video.reading()
    assert len(tries) == 1
    assert reading is not None
    assert reading.failure is not None
    assert reading.failure.sentence.endswith("Promote the run again.")
    clock.now += RETRY_S
    assert annotate(video, 10.0)
    assert len(tries) == 2


@pytest.mark.parametrize(("times", "built"), [((0.0, 0.05, 0.1), 1), ((5.0, 5.05, 0.0), 2)])
def test_stream_that_begins_anew_gets_a_pipeline_without_a_past(model: Model, clock: Clock, times, built: int):
    builds: list[Model] = []
    video = LiveVideo(model, build=lambda m: builds.append(m) or FakePipeline(clock), clock=clock)
    for time_s in times:
        annotate(video, time_s)
    assert (len(builds), video.begun) == (built, built)


def test_another_model_is_used_from_the_next_frame_on(model: Model, clock: Clock, tmp_path):
    builds: list[Model] = []
    video = LiveVideo(model, build=lambda m: builds.append(m) or FakePipeline(clock), clock=clock)
    other = make_model(tmp_path / "other", name="other")
    for use in (model, model, other, other):
        video.use(use)
        annotate(video, clock.now)
    assert builds == [model, other]


def test_neutral_look_is_asked_of_the_pipeline_once_and_undone_once(video: LiveVideo, pipeline: FakePipeline):
    video.learn_neutral()
    annotate(video, 0.0)
    annotate(video, 0.1)
    video.forget_neutral()
    annotate(video, 0.2)
    assert pipeline.neutral_asked == [True, False]


def test_recording_keeps_what_was_recognised_and_outlives_the_stream(video: LiveVideo, clock: Clock):
    play(video, clock, frames=5, fps=20)
    video.recorder.start()
    play(video, clock, frames=10, fps=20)
    video.end()
    play(video, clock, frames=10, fps=20)
    video.recorder.stop()
    session = video.recorder.session()
    assert session is not None
    table = to_table(session)
    assert len(table) == session.frames == 20
    assert set(table["emotion"]) == {"happy"}
    assert table["time_s"].is_monotonic_increasing
    assert [used.name for _, used in session.models] == ["tiny"]
