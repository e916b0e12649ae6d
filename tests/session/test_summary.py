"""What a session comes down to."""

from typing import Any

import numpy as np
import pytest

from fer_core.labels import EMOTIONS
from fer_core.session import Change, summarise
from fer_core.session.summary import time_of_rows


def table(rows: list[tuple[float, int, int, str]], **columns: Any) -> dict[str, Any]:
    """Rows given as (time_s, frame, face_id, emotion); "?" before the emotion says unsure."""
    n = len(rows)
    return {
        "time_s": np.array([row[0] for row in rows], float),
        "frame": np.array([row[1] for row in rows], int),
        "face_id": np.array([row[2] for row in rows], int),
        "emotion": np.array([row[3].lstrip("?") for row in rows], object),
        "unsure": np.array([row[3].startswith("?") for row in rows], bool),
        "confidence": np.full(n, 0.5),
        "quality": np.full(n, 0.5),
        "marker": np.full(n, np.nan, object),
    } | columns


def steady(emotions: str, *, face_id: int = 1, step_s: float = 0.5, first: int = 0) -> list[tuple[float, int, int, str]]:
    return [(step_s * (first + k), first + k, face_id, name) for k, name in enumerate(emotions.split())]


def test_nothing_seen_has_an_empty_summary():
    summary = summarise(table([]))
    assert (summary.faces, summary.marks) == ((), ())


def test_shares_are_of_the_time_in_view_and_unsure_stands_apart():
    (face,) = summarise(table(steady("happy happy ?happy sad"))).faces
    assert face.shares == dict.fromkeys(EMOTIONS, 0.0) | {"happy": 0.5, "sad": 0.25}
    assert face.unsure == 0.25
    assert (face.first_s, face.last_s, face.in_view_s) == (0.0, 1.5, 2.0)


def test_shares_are_weighted_by_time_not_by_frames():
    rows = [(0.0, 0, 1, "happy"), (0.9, 1, 1, "sad"), (1.0, 2, 1, "sad"), (1.1, 3, 1, "sad")]
    (face,) = summarise(table(rows, confidence=np.array([1.0, 0.5, 0.5, 0.5]), quality=np.array([0.0, 1.0, 1.0, 1.0]))).faces
    assert face.in_view_s == pytest.approx(1.2)
    assert face.shares["happy"] == pytest.approx(0.75)
    assert face.confidence == pytest.approx(0.875)
    assert face.quality == pytest.approx(0.25)


def test_pause_belongs_to_no_face():
    rows = steady("happy happy happy", step_s=0.1) + [(60.0 + k / 10, 3 + k, 1, "sad") for k in range(3)]
    (face,) = summarise(table(rows)).faces
    assert face.in_view_s == pytest.approx(0.6)
    assert face.shares["happy"] == pytest.approx(0.5)


def test_time_without_any_face_belongs_to_no_face():
    rows = steady("happy happy", step_s=0.1) + steady("sad sad", step_s=0.1, first=500)
    (face,) = summarise(table(rows)).faces
    assert face.in_view_s == pytest.approx(0.4)


def test_frames_all_far_apart_are_no_gaps():
    (face,) = summarise(table(steady("happy sad sad", step_s=3.0))).faces
    assert face.in_view_s == pytest.approx(9.0)


def test_single_frame_has_shares_and_no_time():
    (face,) = summarise(table(steady("fear"))).faces
    assert (face.in_view_s, face.shares["fear"], face.changes) == (0.0, 1.0, ())


def test_changes_are_between_emotions_that_were_sure():
    (face,) = summarise(table(steady("happy ?sad happy ?neutral sad sad angry"))).faces
    assert face.changes == (Change(2.0, "happy", "sad"), Change(3.0, "sad", "angry"))


def test_faces_are_apart_the_longest_in_view_first():
    rows = sorted(steady("happy happy", face_id=1) + steady("sad sad ?sad sad", face_id=7))
    summary = summarise(table(rows))
    assert [(face.face_id, face.in_view_s, face.unsure) for face in summary.faces] == [(7, 2.0, 0.25), (1, 1.0, 0.0)]


def test_marks_are_read_once_a_frame_in_order_of_time():
    rows = [(0.0, 0, 1, "happy"), (0.0, 0, 2, "happy"), (5.0, 9, 1, "sad")]
    marker = np.array(["a", "a", "late; b (at 1.250 s)"], object)
    assert summarise(table(rows, marker=marker)).marks == ((0.0, "a"), (1.25, "b"), (5.0, "late"))


def test_every_row_of_a_frame_stands_for_the_same_time():
    weights = time_of_rows(np.array([0.0, 0.0, 0.4, 1.0]), np.array([0, 0, 2, 3]))
    assert weights.tolist() == pytest.approx([0.2, 0.2, 0.6, 0.4])


def test_emotion_that_is_none_of_the_seven_is_refused():
    with pytest.raises(ValueError, match="expected angry"):
        summarise(table(steady("happy bored")))
