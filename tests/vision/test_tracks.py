"""Ids by place and speed alone: the looks are all alike unless a test says otherwise."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from fer_core.vision.flow import Motion
from fer_core.vision.tracks import SURVIVES_S, Tracker
from tests.vision.fakes import detections

SIZE_WH = (640, 480)
WIDTH = 100.0


def looks_of(*kinds: int) -> np.ndarray:
    """Looks of so many kinds: those of two kinds differ by 1."""
    looks = np.zeros((len(kinds), 146), np.float32)
    looks[np.arange(len(kinds)), kinds] = 1
    return looks


def find(
    tracker: Tracker,
    boxes: list[list[float]],
    time_s: float,
    *,
    size_wh: tuple[int, int] = SIZE_WH,
    score: float = 0.9,
    kinds: list[int] | None = None,
) -> dict[int, list[int]]:
    """What is shown after a detection: the boxes as found, rounded, by id."""
    tracker.begin(time_s, size_wh)
    tracker.advance({}, time_s)
    tracker.find(detections(boxes, score), looks_of(*(kinds or [0] * len(boxes))))
    return {track.id: np.rint(track.frame).astype(int).tolist() for track in tracker.visible()}


def square(x: float, y: float = 200.0, side: float = WIDTH) -> list[float]:
    return [x - side / 2, y - side / 2, x + side / 2, y + side / 2]


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


def test_tracker_does_not_give_up_a_weak_face_that_another_hides_in_part() -> None:
    tracker, scores = Tracker(), [0.6, 0.5, *[0.35] * 8]
    for number, score in enumerate(scores):
        shown = list(find(tracker, [square(100), square(190)], number / 20, score=score))
    assert shown == [1, 2]


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


def follow(tracker: Tracker, time_s: float, *steps: float) -> None:
    """Let the faces go as many pixels to the right as their texture seems to."""
    tracker.begin(time_s, SIZE_WH)
    motions = {track: Motion(np.array([step, 0.0]), 1.0, 0.0) for track, step in zip(tracker.tracks, steps, strict=True)}
    tracker.advance(motions, time_s)


def test_tracker_lets_a_hidden_face_go_on_when_what_was_followed_is_the_face_before_it() -> None:
    tracker = Tracker()
    find(tracker, [square(160), square(300)], 0.0)
    hidden, front = tracker.tracks
    for number in range(1, 7):
        follow(tracker, number / 20, 5.0, -5.0)
    for number in range(7, 17):
        follow(tracker, number / 20, -5.0, -5.0)
    assert (hidden.followed, front.followed) == (False, True)
    assert 225 < hidden.centre[0] <= 160 + 5 * 16
    assert front.centre[0] == pytest.approx(300 - 5 * 16)


def test_tracker_follows_two_near_faces_that_the_camera_shakes() -> None:
    tracker = Tracker()
    find(tracker, [square(160), square(240)], 0.0)
    follow(tracker, 0.05, 0.0, 0.0)
    for number, step in enumerate((8.0, -8.0, 8.0), start=2):
        follow(tracker, number / 20, step, step)
        assert [track.followed for track in tracker.tracks] == [True, True]
    assert [track.centre[0] for track in tracker.tracks] == pytest.approx([168, 248])


def test_tracker_follows_a_face_that_comes_to_rest_beside_another() -> None:
    tracker = Tracker()
    find(tracker, [square(100), square(300)], 0.0)
    for number, step in enumerate((10, 10, 10, 10, 10, 10, 10, 10, 8, 6, 4, 2, 0, 0), start=1):
        follow(tracker, number / 20, step, 0.0)
        assert tracker.tracks[0].followed
    assert tracker.tracks[0].centre[0] == pytest.approx(200)


@pytest.mark.parametrize(("score", "wanted"), [(0.4, []), (0.6, [1])])
def test_tracker_takes_a_weak_likeness_for_a_hidden_face_only_where_that_is_thought_to_be(
    score: float, wanted: list[int]
) -> None:
    tracker = Tracker()
    find(tracker, [square(100)], 0.0)
    find(tracker, [], 0.3)
    assert list(find(tracker, [square(180)], 0.5, score=score)) == wanted


def test_tracker_takes_no_box_for_a_face_that_is_both_far_and_of_another_size() -> None:
    for x, side, wanted in ((140, 100, [1]), (100, 180, [1]), (160, 180, [2])):
        tracker = Tracker()
        find(tracker, [square(100)], 0.0)
        assert list(find(tracker, [square(x, side=side)], 0.05))[-1:] == wanted


Walk = Callable[[float], list[float]]


def walks(kind: str, speed: float) -> tuple[Walk, Walk]:
    """Two faces that meet after three seconds, in widths a second: they "cross", or "return" whence they came."""

    def place(side: float) -> Walk:
        def at(time_s: float) -> list[float]:
            passed = time_s - 3 if kind == "cross" else -abs(time_s - 3)
            return square(320 + side * passed * speed * WIDTH, 200 + 5 * side)

        return at

    return place(1), place(-1)


def film(rate: float, kind: str, speed: float, hidden_s: float) -> Iterator[tuple[float, list[list[float]], list[int]]]:
    """Jittered detections: time, boxes, whose; the second face hides the first about the middle."""
    random, (first, second) = np.random.default_rng(int(rate * 10 * speed)), walks(kind, speed)
    for number in range(round(6 * rate)):
        time_s = number / rate
        owners = [1] if abs(time_s - 3) < hidden_s / 2 else [0, 1]
        yield time_s, [list((first, second)[owner](time_s) + random.normal(0, 2, 4)) for owner in owners], owners


@pytest.mark.parametrize("rate", [5, 10, 15, 30])
@pytest.mark.parametrize(("speed", "hidden_s"), [(0.4, 1.0), (0.75, 1.0), (1.2, 0.6), (1.2, 1.0)])
def test_tracker_never_swaps_faces_that_cross_even_if_they_look_alike(rate: float, speed: float, hidden_s: float) -> None:
    tracker = Tracker()
    for time_s, boxes, owners in film(rate, "cross", speed, hidden_s):
        find(tracker, boxes, time_s)
        found = [track for track in tracker.visible() if track.found_s == time_s]
        by_place = {track.id: int(np.abs(np.array(boxes)[:, 0] - track.frame[0]).argmin()) for track in found}
        assert {key: owners[place] for key, place in by_place.items()} == {owner + 1: owner for owner in owners}, time_s


@pytest.mark.parametrize("rate", [5, 10, 15, 30])
@pytest.mark.parametrize(("speed", "hidden_s"), [(0.4, 1.0), (0.75, 1.0), (1.2, 0.6)])
def test_tracker_never_swaps_faces_that_turn_back_by_their_looks(rate: float, speed: float, hidden_s: float) -> None:
    tracker = Tracker()
    for time_s, boxes, owners in film(rate, "return", speed, hidden_s):
        find(tracker, boxes, time_s, kinds=owners)
        found = {track.id for track in tracker.visible() if track.found_s == time_s}
        assert found == {owner + 1 for owner in owners}, time_s
    assert tracker.visible()[0].centre[0] < 320 < tracker.visible()[1].centre[0]


def test_tracker_gives_a_face_in_front_of_another_the_id_of_who_it_looks_like() -> None:
    tracker = Tracker()
    find(tracker, [square(100), square(190)], 0.0, kinds=[0, 1])
    find(tracker, [square(120), square(170)], 0.2, kinds=[0, 1])
    assert find(tracker, [square(146)], 0.4, kinds=[1]) == {2: [96, 150, 196, 250]}


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
