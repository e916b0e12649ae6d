"""The overlay on a stream's planes: as on BGR, cheap, and calm."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from fer_core.labels import EMOTIONS
from fer_core.vision import Faces, draw_faces
from fer_core.vision.marks import COLOURS, label_sprite, text_sprite
from fer_core.vision.overlay import Overlay
from fer_core.vision.planes import Planes
from fer_core.vision.sprites import Layer
from tests.vision.fakes import make_faces

SIZES = [(640, 480), (640, 360), (1280, 720), (480, 640), (641, 479)]


def gray(size_wh: tuple[int, int] = (640, 480)) -> Planes:
    return Planes.from_bgr(np.full((*size_wh[::-1], 3), 128, np.uint8))


def inked(before: Planes, after: Planes) -> np.ndarray:
    return before.y != after.y


@pytest.mark.parametrize("size_wh", SIZES)
def test_draw_faces_draws_the_same_on_planes_as_on_bgr(portrait: np.ndarray, size_wh: tuple[int, int]) -> None:
    image = cv2.resize(portrait, size_wh, interpolation=cv2.INTER_AREA)
    faces = make_faces([[200, 100, 333, 241], [10, 9, 60, 77]], "sad", confidence=0.8)
    drawn = draw_faces(Planes.from_bgr(image), faces)
    assert np.abs(drawn.y.astype(int) - Planes.from_bgr(draw_faces(image, faces)).y).max() <= 3


@pytest.mark.parametrize("size_wh", [(640, 480), (641, 479)])
def test_draw_faces_averages_colours_of_four_pixels(size_wh: tuple[int, int]) -> None:
    faces = make_faces([[200, 100, 333, 241], [10, 9, 60, 77]], "sad", confidence=0.8)
    bgr = draw_faces(np.full((*size_wh[::-1], 3), 128, np.uint8), faces)[:478, :640]
    drawn, fine = draw_faces(gray(size_wh), faces), Planes.from_bgr(bgr.repeat(2, axis=0).repeat(2, axis=1))
    for seen, wanted in ((drawn.u, fine.u), (drawn.v, fine.v)):
        expected = cv2.resize(wanted, (320, 239), interpolation=cv2.INTER_AREA)
        assert np.abs(seen[:239, :320].astype(int) - expected).max() <= 3


def test_draw_faces_leaves_the_planes_it_was_given_alone() -> None:
    planes = gray()
    drawn = draw_faces(planes, make_faces([[200, 150, 320, 270]]))
    assert not inked(gray(), planes).any()
    assert inked(planes, drawn).any()


@pytest.mark.parametrize("size_wh", [(1, 1), (3, 200), (200, 3), (33, 17), (4096, 3000)])
def test_overlay_draws_on_planes_of_any_size(size_wh: tuple[int, int]) -> None:
    width, height = size_wh
    faces = make_faces([[width // 4, height // 4, width - width // 4, height - height // 4], [0, 0, width, height]])
    assert draw_faces(gray(size_wh), faces).size_wh == size_wh


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_overlay_fills_a_label_with_the_emotions_colour(emotion: str) -> None:
    drawn = draw_faces(gray(), make_faces([[200, 150, 320, 270]], emotion), bars=False).to_bgr()
    assert (np.abs(drawn.astype(int) - COLOURS[emotion]).max(axis=2) <= 4).sum() > 500


def test_labels_width_is_the_same_for_any_share() -> None:
    shapes = set()
    for share in np.linspace(0.5, 1, 51):
        drawn = draw_faces(gray(), make_faces([[200, 150, 320, 270]], confidence=float(share)), bars=False)
        columns = np.flatnonzero(inked(gray(), drawn).any(axis=0))
        shapes.add((columns[0], columns[-1]))
    assert len(shapes) == 1


def test_digits_are_all_as_wide() -> None:
    assert len({text_sprite(f"{value} %", 20, (0, 0, 0)).size_wh for value in range(10, 100)}) == 1


def label_rows(overlay: Overlay, faces: Faces) -> tuple[int, int]:
    """First and last row of the label: the most rows in a line that have much of its colour."""
    planes = gray()
    overlay.draw(planes, faces, bars=False)
    filled = np.abs(planes.to_bgr().astype(int) - COLOURS[faces.emotions[0]]).max(axis=2) <= 4
    rows = np.flatnonzero(filled.sum(axis=1) > 30)
    label = max(np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1), key=len)
    return int(label[0]), int(label[-1])


def test_label_of_a_face_that_hardly_moves_stays_on_its_side_and_keeps_its_size() -> None:
    overlay = Overlay()
    sides, heights = set(), set()
    for top in (28, 26, 30, 24, 29, 22, 31, 25):
        first, last = label_rows(overlay, make_faces([[200, top, 332 + top % 5, top + 130]]))
        sides.add(first > top + 100)
        heights.add(last - first)
    assert len(sides) == 1
    assert len(heights) == 1


def test_label_changes_sides_where_it_would_hide_the_face() -> None:
    overlay = Overlay()
    assert label_rows(overlay, make_faces([[200, 200, 332, 330]]))[0] < 200
    assert label_rows(overlay, make_faces([[200, 0, 332, 130]]))[0] > 130


def test_labels_of_neighbours_do_not_cover_each_other() -> None:
    boxes = [[10 + 78 * index, 180, 74 + 78 * index, 250] for index in range(8)]
    drawn = draw_faces(gray(), make_faces(boxes, "sad", confidence=0.8), bars=False).to_bgr()
    filled = (np.abs(drawn.astype(int) - COLOURS["sad"]).max(axis=2) <= 4).sum()
    alone = draw_faces(gray(), make_faces([boxes[3]], "sad", confidence=0.8), bars=False).to_bgr()
    assert filled >= 7.6 * (np.abs(alone.astype(int) - COLOURS["sad"]).max(axis=2) <= 4).sum()


def corner_of(overlay: Overlay, boxes: list[list[int]]) -> tuple[bool, bool]:
    """Whether the bars are on the right, and whether at the bottom."""
    planes, plain = gray(), gray()
    Overlay().draw(plain, make_faces(boxes), bars=False)
    overlay.draw(planes, make_faces(boxes))
    rows, columns = np.nonzero(inked(plain, planes))
    return bool(columns.mean() > 320), bool(rows.mean() > 240)


def test_bars_stay_in_their_corner_while_a_face_passes_near_another() -> None:
    overlay = Overlay()
    seen = {corner_of(overlay, [[x, 40, x + 130, 170], [x, 300, x + 60, 360]]) for x in (280, 250, 230, 215, 225, 260)}
    assert len(seen) == 1


def test_bars_are_left_out_where_they_would_hide_another_face() -> None:
    boxes = [
        [20 + 155 * (index % 4), 30 + 230 * (index // 4), 120 + 155 * (index % 4), 150 + 230 * (index // 4)]
        for index in range(8)
    ]
    np.testing.assert_array_equal(draw_faces(gray(), make_faces(boxes)).y, draw_faces(gray(), make_faces(boxes), bars=False).y)


@pytest.mark.parametrize(("size_wh", "least"), [((640, 480), 20), ((640, 360), 16), ((1280, 720), 30)])
def test_labels_of_a_face_before_the_camera_are_large_enough_to_read(size_wh: tuple[int, int], least: int) -> None:
    """Labels of a face a quarter of the picture wide: height in pixels, so a 15th of a 640 x 480 video or more."""
    width, height = size_wh
    left, top = round(0.4 * width), round(0.4 * height)
    faces = make_faces([[left, top, left + width // 4, top + width // 4]])
    columns = inked(gray(size_wh), draw_faces(gray(size_wh), faces, bars=False))[: top - 2].any(axis=1)
    assert columns.sum() >= 1.4 * least


def test_overlay_forgets_who_left() -> None:
    overlay = Overlay()
    for key in range(1000):
        overlay.draw(gray((64, 48)), replace(make_faces([[10, 10, 40, 40]]), ids=np.array([key], np.int32)))
    assert len(overlay._labels) == 1


def test_sprite_is_cut_where_it_leaves_the_picture() -> None:
    layer = Layer(8, 8)
    layer.paint(np.full((8, 8), 255, np.uint8), (0, 0), (255, 255, 255))
    planes = gray((10, 10))
    layer.sprite().stamp(planes, (-4, 6))
    assert (planes.y == 235).sum() == 4 * 4
    assert (planes.y[6:, :4] == 235).all()
    layer.sprite().stamp(planes, (40, 40))
    layer.sprite().stamp(planes, (0, 0), (2, 2))
    assert (planes.y == 235).sum() == 4 * 4 + 4


def test_label_sprite_is_made_once() -> None:
    assert label_sprite("happy", 20, COLOURS["happy"])[0] is label_sprite("happy", 20, COLOURS["happy"])[0]
