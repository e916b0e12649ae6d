import numpy as np
import pytest

from fer_core.vision.tracks import Tracker

SIZE_WH = (640, 480)


def ids_of(tracker: Tracker, frames: list[list[float]], time_s: float, size_wh: tuple[int, int] = SIZE_WH) -> list[int]:
    return [track.id for track in tracker.update(np.array(frames).reshape(-1, 4), time_s, size_wh)]


def test_tracker_keeps_ids_when_faces_change_their_order() -> None:
    tracker = Tracker()
    left, right = [10.0, 10, 60, 60], [200.0, 10, 260, 70]
    assert ids_of(tracker, [left, right], 0.0) == [1, 2]
    assert ids_of(tracker, [right, left], 0.05) == [2, 1]


def test_tracker_gives_a_face_to_the_best_overlap_only() -> None:
    tracker = Tracker()
    assert ids_of(tracker, [[10, 10, 60, 60]], 0.0) == [1]
    assert ids_of(tracker, [[20, 10, 70, 60], [11, 10, 61, 60]], 0.05) == [2, 1]


@pytest.mark.parametrize(("gap_s", "wanted"), [(0.45, [1]), (0.55, [2])])
def test_tracker_remembers_a_face_for_half_a_second(gap_s: float, wanted: list[int]) -> None:
    tracker = Tracker()
    ids_of(tracker, [[10, 10, 60, 60]], 0.0)
    assert ids_of(tracker, [], 0.2) == []
    assert ids_of(tracker, [[12, 10, 62, 60]], gap_s) == wanted


def test_tracker_never_gives_an_id_twice() -> None:
    tracker = Tracker()
    given = [ids_of(tracker, [[10, 10, 60, 60]], time_s)[0] for time_s in (0.0, 5.0, 10.0)]
    given += ids_of(tracker, [[10, 10, 60, 60]], 10.1, (320, 240))
    given += ids_of(tracker, [[10, 10, 60, 60]], 0.0, (320, 240))
    assert given == [1, 2, 3, 4, 5]


def test_track_follows_a_moving_face_at_once_and_calms_a_still_one() -> None:
    tracker = Tracker()
    tracker.update(np.array([[100.0, 100, 200, 200]]), 0.0, SIZE_WH)
    (moved,) = tracker.update(np.array([[120.0, 100, 220, 200]]), 0.05, SIZE_WH)
    np.testing.assert_allclose(moved.frame, [120, 100, 220, 200])
    (still,) = tracker.update(np.array([[121.0, 100, 221, 200]]), 0.1, SIZE_WH)
    np.testing.assert_allclose(still.frame, [120.35, 100, 220.35, 200])
