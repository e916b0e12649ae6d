import cv2
import numpy as np
import pytest

from fer_core.vision import Detector, crop_faces, face_squares


def test_face_squares_are_framed_as_fer2013_frames_faces() -> None:
    squares = face_squares(np.array([[100, 200, 300, 420]]))
    centre_y = 200 + 0.428 * 220
    np.testing.assert_allclose(squares, [[97, centre_y - 103, 303, centre_y + 103]], atol=0.5)


def test_crop_faces_puts_the_portraits_eyes_and_mouth_where_fer2013_has_them(detector: Detector, portrait: np.ndarray) -> None:
    found = detector.detect(portrait)
    left, top, right, _ = face_squares(found.frames)[0]
    eyes, mouth = found.keypoints[0, :2], found.keypoints[0, 3]
    side = right - left
    assert (eyes[1, 0] - eyes[0, 0]) / side == pytest.approx(0.373, abs=0.04)
    assert (eyes[:, 1].mean() - top) / side == pytest.approx(0.390, abs=0.04)
    assert (mouth[1] - top) / side == pytest.approx(0.788, abs=0.05)


@pytest.mark.parametrize("side", [20, 48, 49, 150])
def test_crop_faces_resizes_what_the_square_shows(side: int) -> None:
    gray = cv2.GaussianBlur(np.random.default_rng(0).integers(256, size=(300, 300), dtype=np.uint8), (0, 0), 9)
    box = np.array([[80, 80, 80 + side, 80 + side]])
    left, top, right, bottom = face_squares(box)[0]
    shrink = right - left > 48
    wanted = cv2.resize(gray[top:bottom, left:right], (48, 48), interpolation=cv2.INTER_AREA if shrink else cv2.INTER_LINEAR)
    np.testing.assert_array_equal(crop_faces(gray, box)[0], wanted)


@pytest.mark.parametrize("box", [[-40, 60, 40, 140], [160, 60, 240, 140], [60, -40, 140, 40], [60, 160, 140, 240]])
def test_crop_faces_frames_an_edge_face_without_stretching_it(box: list[int]) -> None:
    ramp = np.add.outer(np.arange(200), np.arange(200)) // 2
    crop = crop_faces(ramp.astype(np.uint8), np.array([box]))[0].astype(int)
    x0, y0, x1, y1 = face_squares(np.array([box]))[0]
    columns = np.clip(x0 + (np.arange(48) + 0.5) * (x1 - x0) / 48 - 0.5, 0, 199)
    rows = np.clip(y0 + (np.arange(48) + 0.5) * (y1 - y0) / 48 - 0.5, 0, 199)
    assert np.abs(crop - np.add.outer(rows, columns) / 2).max() <= 1.5


def test_crop_faces_survives_boxes_without_size_or_outside() -> None:
    crops = crop_faces(np.full((3, 2), 7, np.uint8), np.array([[1, 1, 1, 1], [50, 50, 90, 90], [-9, -9, -5, -5]]))
    assert (crops == 7).all()


def test_crop_faces_of_no_boxes_is_empty() -> None:
    assert crop_faces(np.zeros((9, 9), np.uint8), np.empty((0, 4), np.int32)).shape == (0, 48, 48)


@pytest.mark.parametrize("gray", [np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4)), np.zeros((0, 4), np.uint8)])
def test_crop_faces_refuses_other_arrays(gray: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"expected \(h, w\) uint8, received"):
        crop_faces(gray, np.array([[0, 0, 2, 2]]))


def test_crop_faces_leaves_its_inputs_as_they_were() -> None:
    gray, boxes = np.arange(100, dtype=np.uint8).reshape(10, 10), np.array([[0, 0, 5, 5]])
    crop_faces(gray, boxes)
    assert gray[9, 9] == 99
    np.testing.assert_array_equal(boxes, [[0, 0, 5, 5]])
