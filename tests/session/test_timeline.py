"""The last minute of every face, and how it is drawn."""

import re
import threading

import numpy as np
import pytest

from fer_core.labels import EMOTIONS
from fer_core.session import Lane, Recent, Timeline
from fer_core.session.timeline import SPAN_S, STEP_S
from fer_core.ui.live_timeline import MOST_LANES, UNSURE, pieces, spoken, timeline_html
from tests.builders import Clock
from tests.session.fakes import seen


@pytest.fixture
def clock() -> Clock:
    return Clock(1000.0)


@pytest.fixture
def timeline(clock: Clock) -> Timeline:
    return Timeline(clock=clock)


def play(timeline: Timeline, clock: Clock, *faces: tuple[int, str], seconds: float, fps: int = 20) -> None:
    for _ in range(round(seconds * fps)):
        clock.now += 1 / fps
        timeline.add(seen(*faces))


def lane(*readings: tuple[float, str], face_id: int = 1) -> Lane:
    """Readings as (age_s, emotion); "?" before the emotion says unsure."""
    labels = np.array([EMOTIONS.index(name.lstrip("?")) for _, name in readings], np.int64)
    unsure = np.array([name.startswith("?") for _, name in readings], bool)
    return Lane(face_id, np.array([age_s for age_s, _ in readings]), labels, unsure, np.eye(7, dtype=np.float32)[labels])


def test_recent_is_empty_before_the_first_frame(timeline: Timeline):
    assert timeline.recent().lanes == ()


def test_four_readings_a_second_are_kept_the_newest_of_each_step(timeline: Timeline, clock: Clock):
    for index in range(48):
        timeline.add(seen((1, "happy" if index % 4 == 3 else "sad")))
        clock.now += 1 / 16
    (only,) = timeline.recent().lanes
    assert len(only.ages_s) == 12
    assert set(only.labels) == {EMOTIONS.index("happy")}
    assert np.diff(only.ages_s) == pytest.approx(-STEP_S)
    assert only.probabilities.shape == (12, 7)


def test_face_that_left_stays_until_a_minute_has_passed(timeline: Timeline, clock: Clock):
    play(timeline, clock, (1, "happy"), (2, "sad"), seconds=2)
    play(timeline, clock, (1, "happy"), seconds=SPAN_S - 1)
    assert [item.face_id for item in timeline.recent().lanes] == [1, 2]
    assert [item.face_id for item in timeline.recent(clock.now + 1.5).lanes] == [1]
    assert timeline.recent(clock.now + SPAN_S + 1).lanes == ()


def test_hours_of_thirty_faces_keep_a_minute(timeline: Timeline, clock: Clock):
    for hour in range(30):
        play(timeline, clock, *[(30 * hour + k, "happy") for k in range(30)], seconds=120, fps=4)
    lanes = timeline.recent().lanes
    assert [item.face_id for item in lanes] == list(range(870, 900))
    assert max(len(item.ages_s) for item in lanes) <= SPAN_S / STEP_S + 1


def test_readings_are_copies(timeline: Timeline):
    faces = seen((1, "happy"))
    timeline.add(faces)
    faces.probabilities[:] = 0
    assert timeline.recent().lanes[0].probabilities.sum() == pytest.approx(1)


def test_marks_age_and_go(timeline: Timeline, clock: Clock):
    timeline.mark("a")
    clock.now += 10
    assert timeline.recent().marks == ((10.0, "a"),)
    assert timeline.recent(clock.now + SPAN_S).marks == ()
    timeline.clear()
    assert timeline.recent().marks == ()


def test_page_reads_while_the_video_adds():
    timeline, done = Timeline(), threading.Event()

    def video() -> None:
        for _ in range(3000):
            timeline.add(seen((1, "happy"), (2, "sad")))
        done.set()

    thread = threading.Thread(target=video)
    thread.start()
    while not done.is_set():
        assert all(len(item.ages_s) == len(item.probabilities) for item in timeline.recent().lanes)
    thread.join()
    assert len(timeline.recent().lanes) == 2


def test_readings_that_look_alike_are_one_piece():
    readings = [
        (60.0, "happy"),
        (59.75, "happy"),
        (59.5, "?happy"),
        (59.25, "?sad"),
        (59.0, "sad"),
        (40.0, "sad"),
        (0.0, "fear"),
    ]
    assert pieces(lane(*readings)) == [
        (0.0, 0.5, 3),
        (0.5, 1.0, UNSURE),
        (1.0, 1.25, 4),
        (20.0, 20.25, 4),
        (60.0, 60.0, 2),
    ]


def test_face_in_view_reaches_up_to_now():
    assert pieces(lane((1.0, "happy"), (0.2, "happy"))) == [(59.0, 60.0, 3)]


def test_drawing_names_emotions_by_word_letter_and_place():
    steps = [(60 - k / 4, "happy" if k < 120 else "surprise" if k < 136 else "sad" if k < 138 else "?sad") for k in range(241)]
    html = timeline_html(Recent((lane(*steps),), ((15.0, "<here>"),)))
    shown = re.findall(r"left:([\d.]+)%;width:([\d.]+)%;[^>]*>([^<]*)</span>", html)
    assert shown == [("0.00", "50.00", "happy"), ("50.00", "6.67", "Su"), ("56.67", "0.83", ""), ("57.50", "42.50", "unsure")]
    assert 'title="sad"' in html
    assert 'left:75.00%" title="&lt;here&gt;"' in html
    assert "<here>" not in html


def test_drawing_is_one_image_that_says_in_words_what_is_seen():
    now, gone = lane((0.5, "happy"), (0.2, "?sad")), lane((20.0, "fear"), face_id=4)
    recent = Recent((now, gone), ((12.0, "smile"), (3.0, "")))
    assert spoken(recent) == (
        "The last 60 seconds: face 1 now unsure, happy 50 %, unsure 50 %; face 4 last seen 20 s ago, fear 100 %. "
        "Marked: smile 12 s ago, a moment 3 s ago."
    )
    html = timeline_html(recent)
    assert html.count('role="img"') == 1
    assert f'aria-label="{spoken(recent)}"' in html


def test_drawing_without_faces_has_an_empty_lane():
    html = timeline_html(Recent((), ()))
    assert "No face" in html
    assert "no face." in html
    assert "Marks" not in html


def test_drawing_of_a_crowd_shows_those_longest_in_view_and_counts_the_others():
    crowd = [lane(*[(k / 4, "happy") for k in range(2 * face_id, -1, -1)], face_id=face_id) for face_id in range(12)]
    gone = lane(*[(k / 4 + 9, "happy") for k in range(200, -1, -1)], face_id=99)
    html = timeline_html(Recent((*crowd, gone), ()))
    assert re.findall(r">Face (\d+)<", html) == ["7", "8", "9", "10", "11"]
    assert f"and {13 - MOST_LANES} more" in html
