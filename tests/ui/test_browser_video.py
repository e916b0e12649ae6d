"""BrowserVideo: what comes late stands where it was seen."""

from pathlib import Path

import pytest

from fer_core.session import to_table
from fer_core.ui.browser_video import BrowserVideo
from tests.builders import Clock, make_model
from tests.ui.browser_messages import message, pack_face

HAPPY_FACE = pack_face(1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def video(clock: Clock, tmp_path: Path) -> BrowserVideo:
    return BrowserVideo(make_model(tmp_path / "model"), clock=clock)


def second(n: int, start_s: float, **values: object) -> dict[str, object]:
    """A message of ten frames a tenth of a second apart, sent with the last one."""
    return message(n, t=start_s, frames=[(100 * number, [HAPPY_FACE]) for number in range(10)], **values)


def test_reading_is_the_newest_frames(video: BrowserVideo, clock: Clock):
    assert video.reading() is None
    video.take(message(frames=[(0, [HAPPY_FACE]), (400, [pack_face(1, label=4)])], neutral=["on", 1, 0]))
    reading = video.reading()
    assert reading.faces.emotions == ("sad",)
    assert (reading.fps, reading.delay_ms, reading.neutral.state) == (21.5, 30, "on")
    video.end()
    assert video.reading() is None


def test_timeline_shows_frames_when_they_were_seen(video: BrowserVideo, clock: Clock):
    clock.now = 50.0
    video.take(second(1, 10.0))
    (lane,) = video.timeline.recent().lanes
    assert lane.ages_s.tolist() == pytest.approx([0.8, 0.6, 0.3, 0.1, 0.0])


def test_message_that_comes_twice_counts_once(video: BrowserVideo, clock: Clock):
    video.recorder.start()
    clock.now += 2
    for told in (second(1, 10.0), second(1, 10.0), second(2, 11.0)):
        video.take(told)
    assert video.recorder.progress().frames == 20


def test_browser_is_told_what_to_do_about_the_video_of_each_recording(video: BrowserVideo):
    recorder, told = video.recorder, []
    for action in (
        lambda: recorder.start(keep_video=True),
        recorder.pause,
        recorder.go_on,
        recorder.stop,
        recorder.start,
        recorder.stop,
        lambda: recorder.start(keep_video=True),
        recorder.stop,
        recorder.discard,
    ):
        action()
        film = recorder.film()
        told.append(film and (film["serial"], film["state"]))
    assert told == [(1, "on"), (1, "paused"), (1, "on"), (1, "done"), None, None, (2, "on"), (2, "done"), None]


def test_nonsense_changes_nothing(video: BrowserVideo, caplog: pytest.LogCaptureFixture):
    for told in ("nonsense", {"n": 1}, second(1, 0.0, frames_=1) | {"frames": "!"}):
        video.take(told)
    assert video.reading() is None
    assert len(caplog.records) == 3


def test_recording_begins_with_what_is_seen_after_its_start(video: BrowserVideo, clock: Clock):
    clock.now = 100.0
    video.recorder.start()
    clock.now = 100.5
    video.take(second(1, 10.0))
    table = to_table(video.recorder.session())
    assert table["time_s"].tolist() == pytest.approx([0.0, 0.1, 0.2, 0.3, 0.4, 0.5], abs=1e-3)


def test_mark_stands_at_the_first_frame_seen_after_it(video: BrowserVideo, clock: Clock):
    clock.now = 100.0
    video.recorder.start()
    clock.now = 100.65
    video.mark()
    assert video.recorder.progress().marks == 1
    clock.now = 101.0
    video.take(second(1, 10.0))
    table = to_table(video.recorder.session())
    marked = table[table["marker"].notna()]
    assert marked["marker"].tolist() == ["mark 1"]
    assert marked["time_s"].tolist() == pytest.approx([0.7], abs=1e-3)
    assert [text for _, text in video.timeline.recent().marks] == ["mark 1"]


def test_mark_without_a_frame_after_it_is_kept_at_the_end(video: BrowserVideo, clock: Clock):
    video.recorder.start()
    clock.now += 1
    video.take(second(1, 10.0))
    video.mark()
    video.recorder.stop()
    assert [mark.text for mark in video.recorder.session().marks] == ["mark 1"]


def test_pause_leaves_a_gap_and_what_was_seen_before_it_goes_on_is_left_out(video: BrowserVideo, clock: Clock):
    clock.now = 100.0
    video.recorder.start()
    clock.now = 101.0
    video.take(second(1, 10.0))
    video.recorder.pause()
    clock.now = 105.0
    video.recorder.go_on()
    clock.now = 105.3
    video.take(second(2, 14.4))
    times = to_table(video.recorder.session())["time_s"]
    assert times[times < 2].max() == pytest.approx(1.0, abs=1e-3)
    assert times[times > 2].min() == pytest.approx(5.0, abs=0.1)


def test_faces_of_another_start_are_others(video: BrowserVideo, clock: Clock):
    video.recorder.start()
    clock.now += 2
    video.take(second(1, 10.0, stream=1))
    clock.now += 2
    video.take(second(1, 3.0, stream=2))
    assert video.recorder.progress().faces == 2


def test_each_wish_for_a_neutral_look_is_another(video: BrowserVideo):
    serials = [video.neutral.serial]
    video.learn_neutral()
    serials.append(video.neutral.serial)
    assert video.neutral.want == "begin"
    video.forget_neutral()
    assert video.neutral.want == "forget"
    assert [*serials, video.neutral.serial] == [0, 1, 2]
