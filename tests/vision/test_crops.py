import itertools

import cv2
import numpy as np
import pytest

from fer_core.labels import EMOTIONS
from fer_core.model import Classifier
from fer_core.vision import Detector, crop_faces, eye_tilts, face_squares
from fer_core.vision.crops import DROP, GROWTH, LEVEL, TURN_WHOLE


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


def turned_portrait(portrait: np.ndarray, degrees: float, scale: float = 1.0) -> np.ndarray:
    """The portrait turned clockwise about the face's middle."""
    move = cv2.getRotationMatrix2D((225, 121), -degrees, scale)
    return cv2.warpAffine(portrait, move, (512, 512), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)


def difference(left: np.ndarray, right: np.ndarray) -> float:
    return float(np.abs(left.astype(int) - right.astype(int)).mean())


def unlike(crop: np.ndarray, wanted: np.ndarray) -> float:
    """How unlike the middles of two crops are at best, moved by up to 4 pixels: the detector is no surer than that."""
    moves = range(4, 13)
    return min(difference(crop[y : y + 36, x : x + 32], wanted[8:44, 8:40]) for y in moves for x in moves)


@pytest.mark.parametrize("degrees", [-40, -30, -20, 20, 30, 40])
def test_crop_faces_turns_a_tilted_portrait_upright(
    detector: Detector, classifier: Classifier, portrait: np.ndarray, degrees: int
) -> None:
    level, tilted = portrait, turned_portrait(portrait, degrees)
    crops = []
    for image in (level, tilted):
        found = detector.detect(image)
        gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        crops.append(crop_faces(gray, found.frames, eye_tilts(found.keypoints))[0])
    as_it_is = crop_faces(gray, found.frames)[0]
    assert eye_tilts(found.keypoints)[0] == pytest.approx(degrees, abs=7)
    assert unlike(crops[1], crops[0]) < 0.6 * unlike(as_it_is, crops[0])
    happy = classifier.predict_probabilities(np.stack(crops))[:, EMOTIONS.index("happy")]
    assert happy.min() > 0.5


@pytest.mark.parametrize("side", [24, 60, 110, 250, 700])
@pytest.mark.parametrize("degrees", [-35, 20, 35])
def test_crop_faces_turned_equals_the_crop_of_a_level_face(side: int, degrees: int) -> None:
    rng = np.random.default_rng(0)
    face = cv2.resize(cv2.GaussianBlur(rng.integers(256, size=(32, 32), dtype=np.uint8), (0, 0), 1.2), (4 * side, 4 * side))
    middle = 2 * side
    down = DROP - 0.5
    growth = np.cos(np.radians(degrees)) ** GROWTH
    move = cv2.getRotationMatrix2D((middle - 0.5, middle - 0.5), -degrees, 1)
    turned = cv2.warpAffine(face, move, (4 * side, 4 * side), borderMode=cv2.BORDER_REPLICATE)
    level_box = [middle - side / 2, middle - side / 2 - down * side, middle + side / 2, middle + side / 2 - down * side]
    small = side * growth
    angle = np.radians(degrees)
    x, y = middle + np.sin(angle) * down * small, middle - np.cos(angle) * down * small
    tilted_box = [x - small / 2, y - small / 2, x + small / 2, y + small / 2]
    wanted = crop_faces(face, np.array([level_box]))[0]
    crop = crop_faces(turned, np.array([tilted_box]), np.array([degrees]))[0]
    assert difference(crop[2:-2, 2:-2], wanted[2:-2, 2:-2]) < 3.5
    assert crop.std() == pytest.approx(wanted.std(), rel=0.06)


def test_crop_faces_leaves_a_nearly_level_face_as_it_is_and_then_turns_it_without_a_jump() -> None:
    gray = cv2.GaussianBlur(np.random.default_rng(1).integers(256, size=(300, 300), dtype=np.uint8), (0, 0), 4)
    boxes = np.array([[90.0, 90, 200, 200]])
    plain = crop_faces(gray, boxes)
    for tilt in (-LEVEL, 0, 3, LEVEL):
        np.testing.assert_array_equal(crop_faces(gray, boxes, np.array([tilt])), plain)
    tilts = np.arange(LEVEL, TURN_WHOLE + 2, 0.25)
    crops = [crop_faces(gray, boxes, np.array([tilt]))[0] for tilt in tilts]
    steps = [difference(left, right) for left, right in itertools.pairwise(crops)]
    assert max(steps) < 2.5


def test_crop_faces_shows_no_pattern_of_a_fine_grid_in_a_large_turned_face() -> None:
    grid = np.where(np.add.outer(np.arange(1200), np.arange(1200)) % 4 < 2, 255, 0).astype(np.uint8)
    crop = crop_faces(grid, np.array([[200, 200, 1000, 1000]]), np.array([30.0]))[0]
    assert np.abs(crop.astype(int) - 127).max() < 16


@pytest.mark.parametrize("box", [[-40, 60, 40, 140], [160, 60, 240, 140], [60, -40, 140, 40], [300, 300, 340, 340]])
def test_crop_faces_turned_at_the_edge_goes_on_with_the_outermost_pixels(box: list[int]) -> None:
    image = np.full((200, 200), 50, np.uint8)
    image[:, 0] = image[:, -1] = image[0] = image[-1] = 150
    crop = crop_faces(image, np.array([box]), np.array([25.0]))[0]
    assert set(np.unique(crop)) & {149, 150}
    assert crop.min() >= 50


def test_crop_faces_refuses_another_number_of_tilts() -> None:
    with pytest.raises(ValueError, match="expected one tilt a box, received 1 boxes and tilts of shape"):
        crop_faces(np.zeros((9, 9), np.uint8), np.array([[0, 0, 5, 5]]), np.zeros(2))


def test_crop_faces_of_no_boxes_and_no_tilts_is_empty() -> None:
    assert crop_faces(np.zeros((9, 9), np.uint8), np.empty((0, 4)), np.empty(0, np.float32)).shape == (0, 48, 48)


def test_eye_tilts_are_clockwise_degrees() -> None:
    keypoints = np.zeros((4, 6, 2), np.float32)
    keypoints[:, 1] = [[10, 0], [10, 10], [10, -10], [0, 0]]
    tilts = eye_tilts(keypoints)
    np.testing.assert_allclose(tilts, [0, 45, -45, 0])
    assert (tilts.dtype, eye_tilts(np.empty((0, 6, 2))).shape) == (np.float32, (0,))
