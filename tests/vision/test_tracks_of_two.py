"""Ids of two faces that are near each other, cross, or hide each other."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from fer_core.vision.tracks import Tracker
from tests.vision.tracking import WIDTH, find, follow, square


def test_tracker_does_not_give_up_a_weak_face_that_another_hides_in_part() -> None:
    tracker, scores = Tracker(), [0.6, 0.5, *[0.35] * 8]
    for number, score in enumerate(scores):
        shown = list(find(tracker, [square(100), square(190)], number / 20, score=score))
    assert shown == [1, 2]


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
