"""Ids by place and speed alone: the looks are all alike unless a test says otherwise."""

import numpy as np
import pytest

from fer_core.vision.flow import Motion
from fer_core.vision.tracks import SURVIVES_S, Tracker
from tests.vision.fakes import detections
from tests.vision.tracking import SIZE_WH, WIDTH, find, looks_of, square


def test_tracker_keeps_ids_when_detections_change_their_order() -> None:
    tracker = Tracker()
    left, right = [10, 10, 60, 60], [200, 10, 260, 70]
    assert find(tracker, [left, right], 0.0) == {1: left, 2: right}
    assert find(tracker, [right, left], 0.05) == {1: left, 2: right}


def test_tracker_pairs_all_faces_at_once_not_the_nearest_pair_first() -> None:
    tracker = Tracker()
    find(tracker, [square(100), square(160)], 0.0)
    # the nearest pair is the second face with the first place; that would leave the first face without one
    assert find(tracker, [square(142), square(205)], 0.05) == {1: [92, 150, 192, 250], 2: [155, 150, 255, 250]}


@pytest.mark.parametrize(("gap_s", "wanted"), [(1.0, 1), (SURVIVES_S - 0.05, 1), (SURVIVES_S + 0.05, 2)])
def test_tracker_remembers_a_hidden_face_for_two_seconds(gap_s: float, wanted: int) -> None:
    tracker = Tracker()
    find(tracker, [square(100)], 0.0)
    assert find(tracker, [], 0.2) == {}
    assert list(find(tracker, [square(104)], gap_s)) == [wanted]


def test_tracker_shows_a_face_through_one_missed_detection_and_no_longer() -> None:
    tracker = Tracker()
    find(tracker, [square(100)], 0.0)
    assert list(find(tracker, [], 0.1)) == [1]
    assert find(tracker, [], 0.15) == {}


def test_tracker_never_gives_an_id_twice() -> None:
    tracker = Tracker()
    given = [list(find(tracker, [square(60)], time_s)) for time_s in (0.0, 5.0, 10.0)]
    given += [list(find(tracker, [square(60)], time_s, size_wh=(320, 240))) for time_s in (10.1, 0.0)]
    assert given == [[1], [2], [3], [4], [5]]


@pytest.mark.parametrize(("score", "shown"), [(0.9, [[1], [1]]), (0.6, [[], [1]]), (0.44, [[], []])])
def test_tracker_shows_a_sure_face_at_once_and_a_weak_one_when_found_again(score: float, shown: list[list[int]]) -> None:
    tracker = Tracker()
    assert [list(find(tracker, [square(100)], time_s, score=score)) for time_s in (0.0, 0.05)] == shown


def test_tracker_shows_no_weak_likeness_that_comes_and_goes() -> None:
    tracker = Tracker()
    for number in range(20):
        assert find(tracker, [square(100 + 50 * (number % 2))] if number % 8 == 0 else [], number / 20, score=0.6) == {}
    assert list(find(tracker, [square(400)], 1.0)) == [1]


def test_tracker_keeps_a_face_that_was_once_sure_and_is_found_weakly() -> None:
    tracker = Tracker()
    find(tracker, [square(100)], 0.0)
    for number in range(1, 40):
        assert list(find(tracker, [square(100)], number / 20, score=0.35)) == [1]


def test_tracker_gives_up_a_face_that_was_never_sure_and_is_found_weakly() -> None:
    tracker, scores = Tracker(), [0.6, 0.5, *[0.35] * 8]
    shown = [list(find(tracker, [square(100)], number / 20, score=score)) for number, score in enumerate(scores)]
    assert shown[:3] == [[], [1], [1]]
    assert shown[-1] == []


@pytest.mark.parametrize(
    ("gap_s", "again", "wanted"),
    [
        (0.1, square(130), 1),
        (SURVIVES_S - 0.1, square(100), 1),
        (SURVIVES_S + 0.1, square(100), 2),
        (0.1, square(170), 2),
        (0.1, square(100, side=2.5 * WIDTH), 2),
    ],
    ids=["near", "late", "too late", "elsewhere", "much larger"],
)
def test_face_given_up_and_found_again_where_it_was_is_the_same_one(gap_s: float, again: list[float], wanted: int) -> None:
    tracker, scores = Tracker(), [0.6, 0.5, 0.35, 0.35]
    shown = [list(find(tracker, [square(100)], number / 20, score=score)) for number, score in enumerate(scores)]
    assert (shown[1], shown[3], tracker.tracks, tracker.ids) == ([1], [], [], [1])
    assert list(find(tracker, [again], 3 / 20 + gap_s)) == [wanted]
    assert tracker.ids.count(wanted) == 1
    assert tracker.begin(0.0, SIZE_WH)
    assert tracker.ids == []


def test_tracker_counts_as_missed_only_whom_a_look_should_have_found() -> None:
    tracker = Tracker()
    find(tracker, [square(100), square(400)], 0.0)
    first, second = tracker.visible()
    tracker.begin(0.05, SIZE_WH)
    tracker.advance({}, 0.05)
    tracker.find(detections([]), looks_of(), should_find=[second])
    assert (first.missed, second.missed) == (0, 1)


def test_tracker_shows_a_covered_face_as_soon_as_any_look_finds_it() -> None:
    tracker = Tracker()
    find(tracker, [square(100), square(150)], 0.0)
    assert list(find(tracker, [square(105)], 0.05)) == [1]
    hidden = tracker.tracks[1]
    assert hidden.covered
    tracker.begin(0.1, SIZE_WH)
    tracker.advance({}, 0.1)
    tracker.find(detections([square(150)]), looks_of(0), should_find=[], part=(0, 0, 480, 480))
    assert hidden in tracker.visible()


def test_tracker_begins_nothing_with_a_weak_likeness_beside_a_known_face() -> None:
    tracker = Tracker()
    find(tracker, [square(100)], 0.0)
    tracker.begin(0.05, SIZE_WH)
    tracker.advance({}, 0.05)
    tracker.find(detections([square(190), square(400)], 0.4), looks_of(1, 1))
    assert [track.centre[0] for track in tracker.tracks] == [100, 400]


def test_tracker_takes_in_how_faces_were_followed() -> None:
    tracker = Tracker()
    find(tracker, [square(100), square(300)], 0.0)
    first, second = tracker.visible()
    for number in range(1, 5):
        tracker.begin(number / 20, SIZE_WH)
        tracker.advance({first: Motion(np.array([6.0, -2.0]), 1.02, 3.0), second: Motion(np.zeros(2), 1.0, 0.0)}, number / 20)
    np.testing.assert_allclose(first.centre, [124, 192])
    assert first.width == pytest.approx(100 * 1.02**4)
    np.testing.assert_allclose(first.velocity, [120, -40], rtol=1e-6)
    eyes = first.keypoints[1] - first.keypoints[0]
    assert np.degrees(np.arctan2(eyes[1], eyes[0])) == pytest.approx(12)
    np.testing.assert_allclose(second.frame, square(300))
    assert [track.id for track in tracker.visible()] == [1, 2]


def test_tracker_believes_a_near_detection_of_a_followed_face_in_part_and_a_far_one_at_once() -> None:
    for off, wanted in ((2.0, 100.5), (20.0, 120.0)):
        tracker = Tracker()
        find(tracker, [square(100)], 0.0)
        (track,) = tracker.visible()
        tracker.begin(0.05, SIZE_WH)
        tracker.advance({track: Motion(np.zeros(2), 1.0, 0.0)}, 0.05)
        tracker.find(detections([square(100 + off)]), looks_of(0))
        assert track.centre[0] == pytest.approx(wanted)


def test_tracker_stops_showing_what_is_only_followed() -> None:
    tracker = Tracker()
    find(tracker, [square(100)], 0.0)
    (track,) = tracker.visible()
    shown = []
    for number in range(1, 13):
        tracker.begin(number / 20, SIZE_WH)
        tracker.advance({track: Motion(np.zeros(2), 1.0, 0.0)}, number / 20)
        tracker.find(detections([]), looks_of())
        shown.append(len(tracker.visible()))
    assert shown == [1] * 9 + [0] * 3


def test_tracker_keeps_thirty_ids() -> None:
    tracker, random = Tracker(), np.random.default_rng(0)
    places = np.array([square(60 + 90 * (n % 6), 50 + 90 * (n // 6), 60) for n in range(30)])
    for number in range(20):
        jittered = places + 2 * number + random.normal(0, 1, places.shape)
        order = random.permutation(30)
        shown = find(tracker, jittered[order].tolist(), number / 10)
        assert sorted(shown) == list(range(1, 31))
        if number == 0:
            ids = {key: int(order[key - 1]) for key in shown}
        for key, frame in shown.items():
            np.testing.assert_allclose(frame, jittered[ids[key]], atol=0.51)
