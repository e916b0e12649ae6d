import numpy as np
import pytest

from fer_core.vision.gaze import CLOSE_SIDES, Gaze, Look
from fer_core.vision.track import Track

SIZE_WH = (640, 480)
WHOLE = (0, 0, 640, 480)
FAR = (-320, -320, 960, 800)


def face(x: float, *, key: int = 1, missed: int = 0, score: float = 0.9) -> Track:
    track = Track(np.array([x, 100.0, x + 60, 160.0]), np.zeros((6, 2)), score, np.zeros(146), 0.0, 0.0, 0.0, key)
    track.followed, track.missed = True, missed
    return track


def looks(gaze: Gaze, tracks: list[Track], n: int, *, start: int = 0, fps: float = 20) -> list[Look | None]:
    visible = [track for track in tracks if track.id]
    return [gaze.choose(tracks, visible, SIZE_WH, (start + number) / fps) for number in range(n)]


def test_gaze_sees_an_empty_scene_as_a_whole_from_far_and_in_all_its_parts() -> None:
    boxes = [look.box for look in looks(Gaze(), [], 40) if look]
    assert len(boxes) == 40
    assert boxes[0] == WHOLE
    assert boxes.count(WHOLE) == 10
    assert boxes[:4] == [WHOLE, FAR, (0, 0, 480, 480), (160, 0, 640, 480)]
    small = {box for box in boxes if box[2] - box[0] == 320}
    assert len(small) == 6
    seen = np.zeros(SIZE_WH[::-1], bool)
    for left, top, right, bottom in small:
        seen[top:bottom, left:right] = True
    assert seen.all()


def test_gaze_looks_four_times_a_second_at_a_known_face_two_thirds_of_them_at_the_whole() -> None:
    known = face(100)
    chosen = [look for look in looks(Gaze(), [known], 120) if look]
    assert len(chosen) == 24
    whole = [look for look in chosen if look.box == WHOLE]
    assert len(whole) == 16
    assert all(look.should_find == (known,) for look in whole)
    assert all(look.should_find == () for look in chosen if look.box != WHOLE)


@pytest.mark.parametrize("kept", [{"missed": 1}, {"key": 0}])
def test_gaze_looks_closer_in_the_next_frame_at_a_face_missed_or_new(kept: dict[str, int]) -> None:
    gaze, doubtful = Gaze(), face(300, **kept)
    looks(gaze, [], 1)
    (closer,) = looks(gaze, [face(100, key=2), doubtful], 1, start=1)
    assert closer is not None
    assert closer.should_find == (doubtful,)
    left, top, right, bottom = closer.box
    assert (right - left) / 60 in CLOSE_SIDES
    assert ((left + right) / 2, (top + bottom) / 2) == (330, 130)


def test_gaze_looks_at_one_missed_face_between_looks_at_all_and_with_more_or_less_around_it() -> None:
    chosen = [look for look in looks(Gaze(), [face(300, missed=1)], 24) if look]
    sides = [(look.box[2] - look.box[0]) / 60 for look in chosen if len(look.should_find) and look.box != WHOLE]
    assert sides[:4] == [CLOSE_SIDES[1], CLOSE_SIDES[0]] * 2
    assert [look.box == WHOLE or not look.should_find for look in chosen] == [False, True] * 12


def test_gaze_looks_at_the_surest_of_new_faces_first() -> None:
    faint, sure = face(100, key=0, score=0.4), face(400, key=0, score=0.6)
    (look,) = looks(Gaze(), [faint, sure], 1)
    assert look is not None
    assert look.should_find == (sure,)


def test_gaze_looks_at_the_whole_while_a_face_in_sight_is_not_followed() -> None:
    crowd = [face(60.0 * number, key=number + 1) for number in range(12)]
    crowd[-1].followed = False
    assert {look.box for look in looks(Gaze(), crowd, 6) if look} == {WHOLE}
