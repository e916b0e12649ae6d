"""Recorder: times, marks, pauses, streams that begin anew, limits, and two threads at once."""

import threading

import numpy as np
import pytest

from fer_core.session import ModelUsed, Recorder, UniqueIds
from fer_core.session.recorder import Progress
from tests.builders import Clock
from tests.session.fakes import SIZE_WH, FakeClip, play, rows_of, seen


def test_nothing_is_recorded_before_the_start(recorder: Recorder, clock: Clock):
    assert play(recorder, clock, frames=3) == [None] * 3
    assert recorder.session() is None
    assert recorder.progress() == Progress("idle")
    assert [recorder.pause(), recorder.go_on(), recorder.stop(), recorder.mark()] == [False] * 4


def test_frames_are_timed_from_the_start_by_their_own_time(recorder: Recorder, clock: Clock):
    recorder.start()
    clock.now += 0.1
    recorder.add(seen((1, "happy"), time_s=7.0), SIZE_WH)
    clock.now += 0.3  # late, though the camera took it 50 ms after the first
    recorder.add(seen((1, "happy"), time_s=7.05), SIZE_WH)
    assert rows_of(recorder)["time_s"].tolist() == [0.1, 0.15]


def test_rows_hold_what_was_recognised(recorder: Recorder):
    recorder.start()
    recorder.add(seen((4, "sad"), (9, "fear"), unsure=[False, True]), SIZE_WH)
    rows = rows_of(recorder)
    assert rows["face_id"].tolist() == [4, 9]
    assert rows["box"].tolist() == [[0, 5, 9, 16], [10, 5, 19, 16]]
    assert rows["label"].tolist() == [4, 2]
    assert rows["unsure"].tolist() == [False, True]
    assert rows["score"].tolist() == pytest.approx([0.9, 0.9])
    assert rows["quality"].tolist() == pytest.approx([0.7, 0.7])
    assert rows["probabilities"][0] == pytest.approx([0.2 / 6] * 4 + [0.8] + [0.2 / 6] * 2)


def test_frame_without_faces_is_counted_and_has_no_row(recorder: Recorder, clock: Clock):
    recorder.start()
    for faces in (seen((1, "happy")), seen(time_s=0.1), seen((2, "sad"), time_s=0.2)):
        clock.now += 0.1
        assert recorder.add(faces, SIZE_WH) is not None
    assert rows_of(recorder)["frame"].tolist() == [0, 2]
    assert recorder.progress() == Progress("recording", pytest.approx(0.3), frames=3, faces=2)


def test_pause_is_a_gap_in_time_and_counts_as_nothing_recorded(recorder: Recorder, clock: Clock):
    recorder.start()
    play(recorder, clock, frames=2)
    assert recorder.pause()
    assert not recorder.pause()
    assert play(recorder, clock, frames=20, first_s=0.2) == [None] * 20
    assert recorder.go_on()
    assert not recorder.go_on()
    play(recorder, clock, frames=2, first_s=2.2)
    assert rows_of(recorder)["time_s"].tolist() == [0.1, 0.2, 2.3, 2.4]
    assert recorder.progress().seconds == pytest.approx(0.4)
    recorder.pause()
    recorder.stop()
    assert recorder.progress().seconds == pytest.approx(0.4)


def test_pause_of_a_stream_whose_own_time_stood_still_is_a_gap_too(recorder: Recorder, clock: Clock):
    recorder.start()
    play(recorder, clock, frames=1)
    recorder.pause()
    clock.now += 60
    recorder.go_on()
    assert play(recorder, clock, frames=2, first_s=0.1) == [60.2, 60.3]


@pytest.mark.parametrize("first_s", [0.0, 900.0], ids=["back", "far ahead"])
def test_stream_that_begins_anew_goes_on_by_the_clock(recorder: Recorder, clock: Clock, first_s: float):
    recorder.start()
    play(recorder, clock, frames=3, first_s=40.0)
    clock.now += 5
    play(recorder, clock, frames=3, first_s=first_s)
    assert rows_of(recorder)["time_s"].tolist() == [0.1, 0.2, 0.3, 5.4, 5.5, 5.6]


def test_times_grow_by_a_millisecond_at_least(recorder: Recorder):
    recorder.start()
    for time_s in (3.0, 3.0, 2.0, 2.0004):
        recorder.add(seen((1, "happy"), time_s=time_s), SIZE_WH)
    assert rows_of(recorder)["time_s"].tolist() == [0.0, 0.001, 0.002, 0.003]


def test_faces_of_another_stream_get_numbers_of_their_own(recorder: Recorder, clock: Clock):
    recorder.start()
    recorder.add(seen((1, "happy"), (3, "sad"), time_s=5.0), SIZE_WH)
    recorder.add(seen((1, "happy"), time_s=0.0), SIZE_WH)  # the time tells
    recorder.begin_stream()  # the pipeline tells
    recorder.begin_stream()
    recorder.add(seen((0, "happy"), (1, "sad"), time_s=0.1), SIZE_WH)
    assert rows_of(recorder)["face_id"].tolist() == [1, 3, 5, 6, 7]
    assert recorder.progress().faces == 5


def test_stream_that_began_anew_during_a_pause_is_another_one_too(recorder: Recorder):
    recorder.start()
    recorder.add(seen((1, "happy"), time_s=5.0), SIZE_WH)
    recorder.pause()
    recorder.add(seen((1, "happy"), time_s=0.0), SIZE_WH)
    recorder.go_on()
    recorder.add(seen((1, "happy"), time_s=6.0), SIZE_WH)
    assert rows_of(recorder)["face_id"].tolist() == [1, 3]


def test_ids_are_shared_with_whoever_else_numbers_faces(clock: Clock):
    ids = UniqueIds()
    recorder = Recorder(clock=clock, ids=ids)
    assert ids.unique(np.array([5])).tolist() == [5]
    recorder.begin_stream()
    recorder.start()
    recorder.add(seen((1, "happy")), SIZE_WH)
    assert rows_of(recorder)["face_id"].tolist() == [7]
    assert ids.unique(np.array([1])).tolist() == [7]


def test_models_and_sizes_are_noted_when_they_change(recorder: Recorder, clock: Clock):
    one, other = ModelUsed("seed", "run-1", "a"), ModelUsed("studio", "run-2", "b")
    recorder.start()
    for model, size_wh in ((one, (64, 48)), (one, (64, 48)), (other, (64, 48)), (other, (48, 64))):
        recorder.use(model)
        clock.now += 1
        recorder.add(seen(time_s=clock.now), size_wh)
    session = recorder.session()
    assert session is not None
    assert session.models == ((1.0, one), (3.0, other))
    assert session.sizes == ((1.0, 64, 48), (4.0, 48, 64))
    assert session.started == "1970-01-01T00:00:00+00:00"


def test_start_drops_the_last_recording_and_not_one_under_way(recorder: Recorder, clock: Clock, clips: list[FakeClip]):
    recorder.start(keep_video=True)
    play(recorder, clock, frames=3)
    assert not recorder.start()
    assert len(rows_of(recorder)) == 3
    recorder.stop()
    assert recorder.start()
    assert len(rows_of(recorder)) == 0
    assert clips[0].ends == ["finished", "discarded"]
    assert recorder.clip is None


def test_pictures_are_kept_only_when_asked(recorder: Recorder, clock: Clock, clips: list[FakeClip]):
    def add() -> None:
        clock.now += 1
        recorder.add(seen(time_s=clock.now), SIZE_WH, object())

    assert not recorder.keep_video()
    recorder.start()
    add()
    assert clips == []
    assert recorder.keep_video()
    assert not recorder.keep_video()
    add()
    recorder.pause()
    add()
    assert clips[0].put_s == [2.0]
    recorder.drop_video()
    assert recorder.clip is None
    assert clips[0].ends == ["discarded"]
    assert recorder.progress().frames == 2


def test_discard_forgets_numbers_and_pictures(recorder: Recorder, clock: Clock, clips: list[FakeClip]):
    recorder.start(keep_video=True)
    play(recorder, clock, frames=2)
    recorder.discard()
    assert recorder.session() is None
    assert recorder.progress() == Progress("idle")
    assert clips[0].ends == ["discarded"]


def test_page_reads_while_the_video_adds():
    recorder = Recorder()
    recorder.start()
    crowd = seen(*[(k, "happy") for k in range(5)])
    done = threading.Event()

    def video() -> None:
        for _ in range(3000):
            recorder.add(crowd, SIZE_WH)
        done.set()

    thread = threading.Thread(target=video)
    thread.start()
    sizes, marked = [], 0
    while not done.is_set():
        marked += recorder.mark()
        rows = rows_of(recorder)
        assert len(rows) % 5 == 0
        assert (np.diff(rows["time_s"].reshape(-1, 5)[:, 0]) > 0).all()
        sizes.append(len(rows))
    thread.join()
    assert sizes == sorted(sizes)
    assert len(rows_of(recorder)) == 15000
    assert recorder.progress().marks == marked
