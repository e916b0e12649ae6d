"""Recorder: marks, and where a recording ends by itself."""

import pytest

from fer_core.session import Mark, Recorder, recording
from fer_core.session.content import clean_text, read_marks
from tests.builders import Clock
from tests.session.fakes import SIZE_WH, play, rows_of, seen


def test_mark_belongs_to_the_next_frame(recorder: Recorder, clock: Clock):
    recorder.start()
    play(recorder, clock, frames=1)
    assert recorder.mark("smile")
    assert recorder.mark()
    assert recorder.progress().marks == 2
    play(recorder, clock, frames=1, first_s=0.1)
    session = recorder.session()
    assert session is not None
    assert session.marks == (Mark(0.2, 1, "smile"), Mark(0.2, 1, "mark 2"))


@pytest.mark.parametrize("ending", ["pause", "stop"])
def test_mark_that_no_frame_followed_keeps_its_own_time(recorder: Recorder, clock: Clock, ending: str):
    recorder.start()
    play(recorder, clock, frames=2)
    clock.now += 0.25
    recorder.mark("late")
    clock.now += 9
    getattr(recorder, ending)()
    session = recorder.session()
    assert session is not None
    assert session.marks == (Mark(0.45, 1, "late"),)


def test_marks_are_bounded(recorder: Recorder):
    recorder.start()
    assert [recorder.mark() for _ in range(recording.MOST_MARKS + 1)] == [True] * recording.MOST_MARKS + [False]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  a\tb\n", "a b"),
        ("", "mark 3"),
        ("=1+1", "1+1"),
        ("a; b", "a, b"),
        ("x (at 3.000 s)", "x"),
        ("y" * 99, "y" * 80),
        ("\x00", "mark 3"),
    ],
)
def test_text_of_a_mark_is_one_short_harmless_line(typed: str, kept: str):
    assert clean_text(typed, 3) == kept
    assert read_marks(kept, 7.0) == [(7.0, kept)]


def test_recording_ends_by_itself_after_two_hours(recorder: Recorder, clock: Clock):
    recorder.start()
    play(recorder, clock, frames=1)
    clock.now += recording.MOST_S
    assert recorder.add(seen((1, "happy"), time_s=0.2), SIZE_WH) is None
    progress = recorder.progress()
    assert progress.state == "stopped"
    assert progress.note == "The recording ended by itself after 2 hours, the longest there is."
    assert len(rows_of(recorder)) == 1


def test_recording_without_frames_ends_by_itself_too(recorder: Recorder, clock: Clock):
    recorder.start()
    clock.now += recording.MOST_S
    assert recorder.progress().state == "stopped"


def test_recording_ends_by_itself_with_too_many_rows(recorder: Recorder, clock: Clock, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(recording, "MOST_ROWS", 5)
    recorder.start(keep_video=True)
    crowd = seen((1, "happy"), (2, "sad"))
    assert [recorder.add(crowd, SIZE_WH) is None for _ in range(4)] == [False, False, True, True]
    assert recorder.progress().note == "The recording ended by itself with 5 rows, the most there are."
    assert recorder.clip.ends == ["finished"]


def test_rows_of_many_blocks_stay_in_order(recorder: Recorder, clock: Clock):
    recorder.start()
    crowd = seen(*[(k, "happy") for k in range(30)])
    for _ in range(300):
        recorder.add(crowd, SIZE_WH)
    rows = rows_of(recorder)
    assert rows["frame"].tolist() == [frame for frame in range(300) for _ in range(30)]
    assert rows["face_id"].tolist() == list(range(30)) * 300
