"""Pasted faces: where they lie, what of them is untouched, and what the camera does to them."""

from itertools import pairwise

import cv2
import numpy as np
import pytest

from benchmarks.clips import FRAME_S, box_of, draw_square, film, find_face, square_of
from benchmarks.pasting import FRAME_WH, Camera, draw_background, draw_camera, expose, make_bust, paste, without
from fer_core.vision import crop_faces, face_squares
from tests.vision.fakes import detections, make_faces

GRAY = np.full((480, 640, 3), 90, np.uint8)


def smooth_face(seed: int = 0) -> np.ndarray:
    """A face's stand-in (48, 48) uint8 without edges, so that resizing loses little."""
    noise = np.random.default_rng(seed).integers(40, 216, (6, 6), dtype=np.uint8)
    return cv2.resize(noise, (48, 48), interpolation=cv2.INTER_CUBIC)


def to_gray(image: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)


@pytest.mark.parametrize("tint", [0.0, 1.0, 1.6])
@pytest.mark.parametrize("side", [48, 60, 96, 150, 300])
def test_a_pasted_face_is_cut_out_again_as_it_was(side: int, tint: float) -> None:
    face = smooth_face()
    image = paste(GRAY, make_bust(face, tint), (100, 70, side))
    crop = crop_faces(to_gray(image), box_of((100, 70, side)))[0]
    assert np.abs(crop.astype(int) - face).max() <= 4
    assert np.abs(crop.astype(int) - face).mean() < 0.8


def test_paste_tints_the_face_and_leaves_the_scene_and_its_inputs_alone() -> None:
    scene, bust = GRAY.copy(), make_bust(np.full((48, 48), 120, np.uint8), 1.0)
    image = paste(scene, bust, (300, 200, 100))
    assert (scene == 90).all()
    blue, green, red = image[250, 350].tolist()
    assert (blue, red) == (94, 152)
    assert 0.114 * blue + 0.587 * green + 0.299 * red == pytest.approx(120, abs=1)
    assert (image[:, :180] == 90).all()
    assert (image[:90] == 90).all()
    assert len(np.unique(paste(scene, make_bust(np.full((48, 48), 120, np.uint8), 0.0), (300, 200, 100))[250, 350])) == 1


@pytest.mark.parametrize("square", [(-30.0, -20.0, 100.0), (600.0, 440.0, 100.0), (-500.0, 0.0, 100.0), (10.5, 20.25, 60.0)])
def test_paste_cuts_off_what_lies_outside(square: tuple[float, float, float]) -> None:
    image = paste(GRAY, make_bust(np.full((48, 48), 200, np.uint8), 0.0), square)
    left, top, side = square
    x0, y0, x1, y1 = (max(round(value), 0) for value in (left, top, left + side, top + side))
    inside = image[y0 + 1 : y1 - 1, x0 + 1 : x1 - 1] if x1 else np.array([200])
    assert image.shape == GRAY.shape
    assert (inside == 200).all()


def test_make_bust_fades_out_before_its_edge_and_covers_the_square() -> None:
    bust = make_bust(smooth_face())
    assert (bust.gray.shape, bust.alpha.shape) == ((144, 144), (144, 144))
    assert (bust.alpha[48:96, 48:96] == 1).all()
    np.testing.assert_array_equal(bust.gray[48:96, 48:96], smooth_face())
    assert max(edge.max() for edge in (bust.alpha[0], bust.alpha[-1], bust.alpha[:, 0], bust.alpha[:, -1])) < 0.2


def test_draw_background_and_camera_are_drawn_from_the_seed_alone() -> None:
    photo = np.random.default_rng(1).integers(256, size=(500, 700, 3), dtype=np.uint8)
    drawn = [draw_background([photo], np.random.default_rng(seed)) for seed in (3, 3, 4)]
    assert drawn[0].shape == (480, 640, 3)
    np.testing.assert_array_equal(drawn[0], drawn[1])
    assert not np.array_equal(drawn[0], drawn[2])
    assert draw_background([], np.random.default_rng(0)).shape == (480, 640, 3)
    assert draw_camera(np.random.default_rng(5)) == draw_camera(np.random.default_rng(5))
    assert (photo.dtype, FRAME_WH) == (np.uint8, (640, 480))


def test_expose_lights_adds_fresh_noise_and_codes() -> None:
    random = np.random.default_rng(0)
    np.testing.assert_array_equal(expose(GRAY, Camera(), random), GRAY)
    assert (expose(GRAY, Camera(gain=1.1), random) == 99).all()
    assert (expose(GRAY, Camera(exponent=2.0), random) == round(255 * (90 / 255) ** 2)).all()
    noisy = [expose(GRAY, Camera(noise=4.0), random) for _ in range(2)]
    assert not np.array_equal(*noisy)
    assert noisy[0].astype(float).mean() == pytest.approx(90, abs=0.1)
    assert noisy[0].astype(float)[..., 0].std() == pytest.approx(4 * np.hypot(1, 0.5), rel=0.02)
    coded = expose(GRAY, Camera(quality=60), random)
    assert np.abs(coded.astype(int) - 90).max() <= 2


def test_without_takes_faults_off_one_by_one() -> None:
    camera = Camera(gain=0.8, exponent=1.2, noise=3.0, quality=70)
    assert without(camera, "light") == Camera(noise=3.0, quality=70)
    assert without(camera, "noise", "quality") == Camera(gain=0.8, exponent=1.2)
    assert without(camera, "light", "noise", "quality") == Camera()


def test_film_gives_frames_in_time_and_says_where_the_face_is() -> None:
    bust = make_bust(np.full((48, 48), 200, np.uint8), 0.0)
    takes = list(film(GRAY, bust, (200, 100, 120), Camera(), np.random.default_rng(0), frames=4))
    assert [take.time_s for take in takes] == [0, FRAME_S, 2 * FRAME_S, 3 * FRAME_S]
    assert takes[0].square == (200, 100, 120)
    steps = [np.hypot(a.square[0] - b.square[0], a.square[1] - b.square[1]) for a, b in pairwise(takes)]
    assert all(0 < step < 3 for step in steps)
    left, top, side = takes[-1].square
    assert (takes[-1].image[round(top) + 2 : round(top + side) - 2, round(left) + 2 : round(left + side) - 2] == 200).all()


def test_box_of_and_square_of_are_the_inverse_of_each_other_and_of_face_squares() -> None:
    box = box_of((50.0, 40.0, 103.0))
    np.testing.assert_allclose(square_of(box[0]), (50, 40, 103))
    assert face_squares(box).tolist() == [[50, 40, 153, 143]]
    left, top, side = square_of(np.array([100.0, 100.0, 200.0, 200.0]), side=1.2, drop=0.5)
    assert (left, top, side) == pytest.approx((90, 90, 120))


def test_draw_square_keeps_the_face_within_the_frame() -> None:
    random = np.random.default_rng(0)
    for _ in range(50):
        left, top, side = draw_square(300, random)
        assert 0 <= left <= 640 - side
        assert 0 <= top <= 480 - side


def test_find_face_takes_the_face_that_overlaps_most_or_none() -> None:
    square = (100.0, 100.0, 100.0)
    assert find_face(make_faces([[0, 0, 90, 90], [110, 110, 190, 190], [100, 100, 150, 200]]), square) == 1
    assert find_face(detections([[300, 300, 400, 400]]), square) is None
    assert find_face(make_faces([]), square) is None
