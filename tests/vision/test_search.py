import cv2
import numpy as np
import pytest

from fer_core.vision import Detector, search_faces
from fer_core.vision.boxes import overlap
from tests.vision.conftest import PORTRAIT_BOX, sight


def group(portrait: np.ndarray, side: int) -> tuple[np.ndarray, np.ndarray]:
    """Eight portraits whose faces are ``side`` pixels wide, in a 640 x 480 picture; and the faces' boxes."""
    scale = side / 106
    small = cv2.resize(portrait[:260, 60:390], None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    canvas = np.full((480, 640, 3), 90, np.uint8)
    boxes = []
    for number in range(8):
        x, y = 30 + 150 * (number % 4), 60 + 190 * (number // 4)
        canvas[y : y + small.shape[0], x : x + small.shape[1]] = small
        boxes.append((PORTRAIT_BOX[0] - (60, 0, 60, 0)) * scale + (x, y, x, y))
    return canvas, np.array(boxes)


@pytest.mark.parametrize("side", [28, 40])
def test_search_finds_small_faces_of_a_group_and_nothing_else(detector: Detector, portrait: np.ndarray, side: int) -> None:
    picture, boxes = group(portrait, side)
    found = search_faces(picture, detector)
    assert len(found) == 8
    assert (overlap(boxes, found.boxes.astype(float)).max(axis=1) > 0.6).all()


def test_search_finds_a_face_that_fills_the_picture(detector: Detector, portrait: np.ndarray) -> None:
    picture = np.ascontiguousarray(portrait[72:172, 175:275])
    assert len(detector.detect(picture)) == 0
    found = search_faces(picture, detector)
    assert len(found) == 1
    assert overlap(found.boxes.astype(float), np.array([[0.0, 0.0, 100.0, 100.0]]))[0, 0] > 0.75


def test_search_finds_the_portraits_face_once(detector: Detector, portrait: np.ndarray) -> None:
    found = search_faces(portrait, detector)
    assert len(found) == 1
    assert overlap(found.boxes.astype(float), PORTRAIT_BOX)[0, 0] > 0.75


@pytest.mark.parametrize("name", ["coffee", "cat", "rocket", "gravel", "text"])
def test_search_takes_no_thing_for_a_face(detector: Detector, name: str) -> None:
    assert len(search_faces(sight(name), detector)) == 0


@pytest.mark.parametrize("shape", [(1, 1), (3, 900), (480, 640)])
def test_search_finds_nobody_in_black(detector: Detector, shape: tuple[int, int]) -> None:
    assert search_faces(np.zeros((*shape, 3), np.uint8), detector).boxes.shape == (0, 4)
