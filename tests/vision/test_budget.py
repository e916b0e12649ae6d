import numpy as np
import pytest

from fer_core.vision.budget import BUSY_S, EMPTY_S, LOST_S, STEADY_S, detection_gap, is_due
from fer_core.vision.flow import MOST_FOLLOWED
from fer_core.vision.track import Track


def face(x: float, *, key: int = 1, followed: bool = True, missed: int = 0) -> Track:
    frame = np.array([x, 0, x + 100, 100])
    track = Track(frame, np.zeros((6, 2)), 0.9, np.zeros(146), 0.0, 1.0, 1.0, key)
    track.followed, track.missed = followed, missed
    return track


def test_detection_gap_is_longest_while_all_is_well() -> None:
    pair = [face(0), face(200)]
    assert detection_gap(pair, pair) == STEADY_S


@pytest.mark.parametrize(
    "faces",
    [
        [face(0), face(200, followed=False)],
        [face(0), face(200, missed=1)],
        [face(0), face(60)],
    ],
)
def test_detection_gap_is_shortest_while_a_face_is_not_followed_missed_or_near_another(faces: list[Track]) -> None:
    assert detection_gap(faces, faces) == BUSY_S


def test_detection_gap_while_somebody_is_hidden_nobody_there_or_a_crowd() -> None:
    crowd = [face(200.0 * number, followed=number < MOST_FOLLOWED) for number in range(30)]
    assert detection_gap([face(0), face(200)], [face(0)]) == LOST_S
    assert detection_gap([], []) == detection_gap([face(0, key=0)], []) == EMPTY_S
    assert detection_gap(crowd, crowd) == LOST_S


@pytest.mark.parametrize(("time_s", "due"), [(1.0, False), (1.18, False), (1.195, True), (1.2, True), (9.0, True)])
def test_is_due_allows_for_a_cameras_unsteady_clock(time_s: float, due: bool) -> None:
    assert is_due(0.2, 1.0, time_s) is due


def test_is_due_at_once_after_nothing() -> None:
    assert is_due(STEADY_S, -np.inf, 0.0)
