from dataclasses import replace

import cv2
import numpy as np
import pytest

from fer_core.vision import Faces
from fer_core.vision.framing import MOST_ZOOM, Zoom, cut_view, map_faces
from fer_core.vision.planes import Planes
from tests.vision.fakes import make_faces

SIZE_WH = (640, 480)
WHOLE = [0, 0, 640, 480]
NOBODY = make_faces([])
FACE = make_faces([[400, 100, 460, 160]])


def watch(zoom: Zoom, faces: list[Faces], *, start_s: float = 0.0, rate: float = 20, on: bool = True) -> np.ndarray:
    """Views of a stream, one a frame: (n, 4)."""
    return np.array([zoom.view(face, SIZE_WH, start_s + n / rate, on) for n, face in enumerate(faces)])


def assert_well_shaped(views: np.ndarray) -> None:
    assert (views[:, :2] >= 0).all()
    assert (views[:, 2:] <= np.array(SIZE_WH) + 1e-3).all()
    sides = views[:, 2:] - views[:, :2]
    np.testing.assert_allclose(sides[:, 0] / sides[:, 1], 640 / 480, rtol=1e-4)
    assert sides[:, 1].min() >= 480 / MOST_ZOOM - 1e-3


def test_zoom_begins_with_the_whole_frame_and_eases_to_the_face_within_two_seconds() -> None:
    views = watch(Zoom(), [FACE] * 60)
    assert_well_shaped(views)
    assert views[0].tolist() == WHOLE
    heights = views[:, 3] - views[:, 1]
    assert (np.diff(heights) <= 1e-3).all()
    assert np.abs(np.diff(views[:, 0])).max() < 40
    x0, y0, x1, y1 = views[40]
    assert 2.8 * 60 < y1 - y0 < 3.5 * 60
    assert x0 + 0.35 * (x1 - x0) < 430 < x1 - 0.35 * (x1 - x0)
    assert y0 + 0.35 * (y1 - y0) < 130 < y1 - 0.35 * (y1 - y0)


def test_zoom_takes_its_seconds_at_any_frame_rate() -> None:
    slow, fast = (watch(Zoom(), [FACE] * (rate + 1), rate=rate)[-1] for rate in (10, 30))
    np.testing.assert_allclose(slow, fast, atol=12)


def test_zoom_never_overshoots() -> None:
    zoom = Zoom()
    left, right = (watch(zoom, [make_faces([[x, 200, x + 60, 260]])] * 80, start_s=s) for x, s in ((100, 0.0), (480, 4.0)))
    middles = (right[:, 0] + right[:, 2]) / 2
    assert (np.diff(middles) >= -1e-3).all()
    assert 0 < middles[0] - (left[-1, 0] + left[-1, 2]) / 2 < 20
    assert 480 < middles[-1] <= 510


def test_zoom_stands_still_while_a_face_only_trembles() -> None:
    rng = np.random.default_rng(0)
    shaken = [make_faces((np.array([[300, 200, 380, 280]]) + rng.integers(-3, 4, (1, 4))).tolist()) for _ in range(140)]
    views = watch(Zoom(), shaken)
    assert np.abs(np.diff(views[100:], axis=0)).max() < 0.02


def test_zoom_waits_a_second_for_a_lost_face_and_then_goes_back_to_exactly_the_frame() -> None:
    zoom = Zoom()
    kept = watch(zoom, [FACE] * 80)[-1]
    lost = watch(zoom, [NOBODY] * 100, start_s=4.0)
    np.testing.assert_allclose(lost[:19], np.tile(kept, (19, 1)), atol=0.5)
    assert_well_shaped(lost)
    heights = lost[:, 3] - lost[:, 1]
    assert (np.diff(heights) >= -1e-3).all()
    assert np.diff(heights).max() < 40
    assert lost[-1].tolist() == WHOLE


def test_zoom_goes_back_at_once_when_switched_off() -> None:
    zoom = Zoom()
    kept = watch(zoom, [FACE] * 80)[-1]
    back = watch(zoom, [FACE] * 60, start_s=4.0, on=False)
    assert back[6, 3] - back[6, 1] > kept[3] - kept[1] + 30
    assert back[-1].tolist() == WHOLE


def test_zoom_follows_the_face_in_focus_and_else_stays_with_one() -> None:
    both = make_faces([[100, 200, 160, 260], [480, 200, 540, 260]])
    second = watch(Zoom(), [replace(both, focus_id=1)] * 80)[-1]
    assert second[0] < 510 < second[2]
    zoom = Zoom()
    watch(zoom, [make_faces([[100, 200, 160, 260]])] * 80)
    larger = make_faces([[100, 200, 160, 260], [470, 190, 550, 270]])
    first = watch(zoom, [larger] * 80, start_s=4.0)[-1]
    assert first[0] < 130 < first[2]


def test_zoom_takes_the_largest_face_when_the_one_in_focus_is_gone_for_long() -> None:
    zoom = Zoom()
    watch(zoom, [replace(make_faces([[100, 200, 160, 260]]), focus_id=0)] * 80)
    other = replace(make_faces([[470, 190, 550, 270]]), ids=np.array([7], np.int32), focus_id=0)
    views = watch(zoom, [other] * 100, start_s=4.0)
    assert views[18, 0] < 130 < views[18, 2]
    assert views[-1, 0] < 510 < views[-1, 2]


@pytest.mark.parametrize("box", [[0, 0, 30, 30], [620, 460, 640, 480], [0, 0, 640, 480], [5, 5, 5, 5]])
def test_zoom_stays_inside_the_frame(box: list[int]) -> None:
    assert_well_shaped(watch(Zoom(), [make_faces([box])] * 60))


def test_zoom_starts_anew_when_the_size_changes_or_time_goes_back() -> None:
    zoom = Zoom()
    watch(zoom, [FACE] * 60)
    assert zoom.view(FACE, (320, 240), 3.1, True).tolist() == [0, 0, 320, 240]
    zoom.view(FACE, (320, 240), 5.0, True)
    assert zoom.view(FACE, (320, 240), 1.0, True).tolist() == [0, 0, 320, 240]


def picture(size_wh: tuple[int, int]) -> np.ndarray:
    """Smooth colours: what a part of it looks like follows from where it lies."""
    x, y = np.meshgrid(np.arange(size_wh[0]) / size_wh[0], np.arange(size_wh[1]) / size_wh[1])
    return np.rint(np.stack([60 + 120 * x, 60 + 120 * y, 180 - 60 * x - 60 * y], axis=-1)).astype(np.uint8)


@pytest.mark.parametrize("size_wh", [(640, 480), (641, 479), (33, 21)])
@pytest.mark.parametrize("part", [(0.0, 0.0, 0.5), (0.5, 0.5, 0.5), (0.313, 0.207, 0.37), (0.66, 0.1, 1 / 3)])
def test_cut_view_shows_the_part_in_the_frames_size(size_wh: tuple[int, int], part: tuple[float, float, float]) -> None:
    image = picture(size_wh)
    view = np.array([part[0], part[1], part[0] + part[2], part[1] + part[2]], np.float32) * np.tile(size_wh, 2)
    scale = 1 / part[2]
    move = np.array([[scale, 0, (0.5 - view[0]) * scale - 0.5], [0, scale, (0.5 - view[1]) * scale - 0.5]])
    wanted = cv2.warpAffine(image, move, size_wh, borderMode=cv2.BORDER_REPLICATE).astype(int)
    planes = Planes.from_bgr(image)
    shown = cut_view(planes, view)
    assert (shown.size_wh, shown.u.shape, shown.v.shape) == (size_wh, planes.u.shape, planes.v.shape)
    tolerance = 4 + 2 * 120 / min(size_wh)
    assert np.abs(shown.to_bgr().astype(int) - wanted).max() <= tolerance


def test_cut_view_gives_the_whole_frame_as_it_is() -> None:
    planes = Planes.from_bgr(picture((64, 48)))
    assert cut_view(planes, np.array([0, 0, 64, 48], np.float32)) is planes


def test_cut_view_puts_a_sharp_edge_where_map_faces_puts_a_box() -> None:
    luma = np.full((480, 640), 30, np.uint8)
    luma[150:250, 300:400] = 200
    planes = Planes(luma, np.full((240, 320), 128, np.uint8), np.full((240, 320), 128, np.uint8))
    view = np.array([210.3, 90.7, 210.3 + 320, 90.7 + 240], np.float32)
    shown = cut_view(planes, view).y
    (box,) = map_faces(make_faces([[300, 150, 400, 250]]), view, SIZE_WH).boxes
    rows, columns = (np.flatnonzero((shown > 115).any(axis=axis)) for axis in (1, 0))
    np.testing.assert_allclose([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1], box, atol=1)


def test_map_faces_clips_drops_and_keeps_rows_together() -> None:
    faces = replace(
        make_faces([[0, 0, 40, 40], [310, 230, 350, 270], [290, 300, 330, 340], [600, 400, 640, 480]]),
        tilts=np.array([1, 2, 3, 4], np.float32),
        qualities=np.array([0.1, 0.2, 0.3, 0.4], np.float32),
        focus_id=1,
        hints=("dark",),
    )
    shown = map_faces(faces, np.array([320, 240, 640, 480], np.float32), SIZE_WH)
    assert shown.boxes.tolist() == [[0, 0, 60, 60], [0, 120, 20, 200], [560, 320, 640, 480]]
    assert (shown.ids.tolist(), shown.tilts.tolist()) == ([1, 2, 3], [2, 3, 4])
    np.testing.assert_allclose(shown.qualities, [0.2, 0.3, 0.4])
    assert (shown.focus, shown.focus_id, shown.hints, shown.labels.shape) == (0, 1, ("dark",), (3,))


def test_map_faces_of_nobody_and_of_the_whole_frame() -> None:
    view = np.array([100, 100, 420, 340], np.float32)
    assert map_faces(NOBODY, view, SIZE_WH).boxes.shape == (0, 4)
    assert map_faces(FACE, np.array(WHOLE, np.float32), SIZE_WH) is FACE
    gone = map_faces(make_faces([[500, 400, 560, 460]]), view, SIZE_WH)
    assert (len(gone), gone.focus, gone.probabilities.shape) == (0, None, (0, 7))
